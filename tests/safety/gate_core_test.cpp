#include <gtest/gtest.h>

#include <algorithm>

#include "tests/safety/gate_moves.hpp"

namespace plinth::safety::testing {
namespace {

using sensing::DriveMode;
using Phase = GateCore::Phase;
using Want = GateInput::Want;

TEST(Gate, EnablesNothingWithoutAPermission) {
  GateCore gate = fresh_gate();
  GateInput in = training(500);
  in.granted = false;
  in.brake = Brake::Closed;
  const WireCommand command = gate.step(in);
  EXPECT_FALSE(command.enable);
  EXPECT_FALSE(command.run);
  EXPECT_EQ(command.torque_dnm, 0);
  EXPECT_EQ(command.resisting_limit_dnm, 0);
  EXPECT_EQ(command.mode, DriveMode::None);
}

TEST(Gate, GivesNoTorqueBeforeItHasSeenTheBrakeShut) {
  GateCore gate{10};
  const WireCommand command = gate.step(training(500));
  EXPECT_EQ(command.torque_dnm, 0);
  EXPECT_TRUE(command.controlled_stop);
}

// 1300 is the force limit at the strap; the arm adds 310 of it when it is level.
TEST(Gate, KeepsToTheHighestTorqueAndCountsTheArmsWeight) {
  EXPECT_EQ(gate_at(989).step(training(989)).torque_dnm, 989);
  EXPECT_EQ(gate_at(990).step(training(991)).torque_dnm, 990);
  EXPECT_EQ(gate_at(990).step(training(32'767)).torque_dnm, 990);
  GateInput hanging = training(32'767);
  hanging.gravity_permille = 0;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(hanging);
  EXPECT_EQ(gate.step(hanging).torque_dnm, 1300);
}

TEST(Gate, KeepsWallsAndDampingToWhatTheDriveRendersStably) {
  GateInput in = training(100);
  in.torque.wall_high_dmrad = -899;
  in.torque.wall_stiffness_nm_rad = 5001;
  in.torque.lifting_damping_dnms = 4001;
  in.torque.lowering_damping_dnms = 65'535;
  const WireCommand command = gate_at(100).step(in);
  EXPECT_EQ(command.wall_high_dmrad, -900);
  EXPECT_EQ(command.wall_stiffness_nm_rad, 5000);
  EXPECT_EQ(command.lifting_damping_dnms, 4000);
  EXPECT_EQ(command.lowering_damping_dnms, 4000);
}

TEST(Gate, LetsNobodyTakeAWallAway) {
  GateCore gate = gate_at(100);
  GateInput in = training(100);
  in.torque.wall_stiffness_nm_rad = 1999;
  in.torque.wall_low_dmrad = -9000;
  EXPECT_EQ(gate.step(in).wall_stiffness_nm_rad, 2000);
  EXPECT_EQ(gate.step(in).wall_low_dmrad, -9000) << "it rises as the legs enter the range";
  in.torque.wall_low_dmrad = -9001;
  EXPECT_EQ(gate.step(in).wall_low_dmrad, -9000);
}

TEST(Gate, TakesNoLongerForTheWayDownWhenCyclesAreLost) {
  GateCore gate = gate_at(700);
  GateInput in = released();
  in.elapsed_ms = 50;
  WireCommand command;
  for (int ms = 50; ms <= 250; ms += 50) command = gate.step(in);
  EXPECT_EQ(command.mode, DriveMode::Lowering);
}

TEST(Gate, KeepsTorqueWithinTheLimitThatIsSentWithIt) {
  GateInput in = training(900);
  in.torque.resisting_limit_dnm = 700;
  EXPECT_EQ(gate_at(900).step(in).torque_dnm, 700);
}

TEST(Gate, NeverSendsALimitAboveItsCeiling) {
  GateInput in = training(100);
  in.torque.resisting_limit_dnm = 65'535;
  in.torque.supporting_limit_dnm = 65'535;
  in.torque.lifting_speed_limit_mrad_s = 65'535;
  in.torque.lowering_speed_limit_mrad_s = 65'535;
  const WireCommand command = gate_at(100).step(in);
  EXPECT_EQ(command.resisting_limit_dnm, 2000);
  EXPECT_EQ(command.supporting_limit_dnm, 2500);
  EXPECT_EQ(command.lifting_speed_limit_mrad_s, 1300);
  EXPECT_EQ(command.lowering_speed_limit_mrad_s, 800);
}

TEST(Gate, LetsTorqueRiseFourNewtonMetresACycleAndFallFreely) {
  GateCore gate = fresh_gate();
  EXPECT_EQ(gate.step(training(1000)).torque_dnm, 40);
  EXPECT_EQ(gate.step(training(1000)).torque_dnm, 80);
  GateCore high = gate_at(1000);
  EXPECT_EQ(high.step(training(0)).torque_dnm, 0);
}

TEST(Gate, LetsSupportCarryTheArmAndNeverPush) {
  GateCore gate = gate_at(0);
  EXPECT_EQ(gate.step(training(-2000)).torque_dnm, -100);
  for (int i = 0; i < 100; ++i) gate.step(training(-2000));
  EXPECT_EQ(gate.step(training(-2000)).torque_dnm, -340);  // 31 N·m and 3 N·m for rounding
  GateInput hanging = training(-2000);
  hanging.gravity_permille = 300;
  EXPECT_EQ(gate.step(hanging).torque_dnm, -123);
}

TEST(Gate, LetsSupportCarryThePrescribedShareOfTheLegs) {
  GateInput in = training(-2000);
  in.caps.carried_legs_dnm = 400;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(in);
  EXPECT_EQ(gate.step(in).torque_dnm, -740);
}

TEST(Gate, RaisesNothingUnderALimit) {
  GateInput in = training(1000);
  in.action = Action::Limit;
  EXPECT_EQ(gate_at(600).step(in).torque_dnm, 600);
  in.torque.torque_dnm = 500;
  EXPECT_EQ(gate_at(600).step(in).torque_dnm, 500);
}

TEST(Gate, DrivesNothingOutwardAtTheEnds) {
  GateInput low = training(600);
  low.no_downward_torque = true;
  EXPECT_EQ(gate_at(600).step(low).torque_dnm, -310);  // the arm weightless, nothing more
  GateInput high = training(-500);
  high.no_upward_torque = true;
  high.caps.carried_legs_dnm = 500;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(high);
  EXPECT_EQ(gate.step(high).torque_dnm, -310);
}

TEST(Gate, CarriesTheRestAngleInEveryCommand) {
  GateCore gate = fresh_gate();
  EXPECT_EQ(gate.step(at_rest()).position_dmrad, -12000);
  EXPECT_EQ(gate_at(500).step(training(500)).position_dmrad, -12000);
  EXPECT_EQ(gate_at(500).step(released()).position_dmrad, -12000);
}

TEST(DriveStop, LeavesEverythingToTheDriveButStaysEnabled) {
  GateInput stop = released();
  stop.action = Action::DriveStop;
  GateCore gate = gate_at(800);
  int before = 800;
  for (int i = 0; i < 40; ++i) {
    const WireCommand command = gate.step(stop);
    EXPECT_TRUE(command.enable);
    EXPECT_TRUE(command.controlled_stop);
    EXPECT_FALSE(command.run);
    EXPECT_EQ(command.torque_dnm, 0);
    EXPECT_LE(command.resisting_limit_dnm, before);
    before = command.resisting_limit_dnm;
  }
  EXPECT_EQ(before, 0);
}

TEST(DriveStop, IsNotTakenBack) {
  GateInput stop = released();
  stop.action = Action::DriveStop;
  GateCore gate = gate_at(800);
  gate.step(stop);
  EXPECT_TRUE(gate.step(released()).controlled_stop);
}

TEST(TorqueOff, SwitchesEverythingOffUntilTheLatchIsCleared) {
  GateInput off = released();
  off.action = Action::TorqueOff;
  GateCore gate = gate_at(800);
  EXPECT_FALSE(gate.step(off).enable);
  EXPECT_FALSE(gate.step(released()).enable);
  EXPECT_EQ(gate.step(training(800)).torque_dnm, 0);
  EXPECT_EQ(gate.phase(), Phase::Dead);
  GateInput cleared = at_rest();
  cleared.latch_cleared = true;
  gate.step(cleared);
  EXPECT_EQ(gate.phase(), Phase::Off);
}

TEST(TorqueOff, IsFollowedByTorqueOnlyBehindABrakeThatWasSeenShut) {
  GateInput off = released();
  off.action = Action::TorqueOff;
  GateCore gate = gate_at(800);
  gate.step(off);
  GateInput cleared = training(800);
  cleared.latch_cleared = true;
  EXPECT_TRUE(gate.step(cleared).controlled_stop);
  EXPECT_EQ(gate.step(training(800)).torque_dnm, 0);
}

TEST(TorqueOff, EndsTheSetLikeEveryOtherStop) {
  GateInput off = training(800);
  off.action = Action::TorqueOff;
  GateCore gate = gate_at(800);
  gate.step(off);
  GateInput cleared = training(800);
  cleared.brake = Brake::Closed;
  cleared.latch_cleared = true;
  gate.step(cleared);
  EXPECT_FALSE(gate.step(training(800)).run);
}

TEST(FaultReset, IsNotMadeUpForAfterTheNextSet) {
  GateCore gate = fresh_gate();
  GateInput cleared = at_rest();
  cleared.latch_cleared = true;
  gate.step(cleared);
  for (int i = 0; i < 100; ++i) gate.step(training(100));
  GateInput braked = released();
  braked.brake = Brake::Closed;
  EXPECT_FALSE(gate.step(braked).fault_reset);
}

TEST(FaultReset, IsOneEdgeWhileDisabled) {
  GateCore gate = fresh_gate();
  gate.step(at_rest());
  GateInput cleared = at_rest();
  cleared.latch_cleared = true;
  EXPECT_TRUE(gate.step(cleared).fault_reset);
  int high = 1;
  for (int i = 0; i < 100; ++i) {
    const WireCommand command = gate.step(at_rest());
    EXPECT_FALSE(command.enable);
    high += command.fault_reset ? 1 : 0;
  }
  EXPECT_EQ(high, 10);
}

TEST(AtRest, NothingIsEnabledBecauseTheDriveFallsSilent) {
  GateCore gate = fresh_gate();
  gate.step(at_rest());
  GateInput silent = at_rest();
  silent.brake = Brake::Unknown;
  EXPECT_FALSE(gate.step(silent).enable);
}

TEST(AtRest, ABrakeThatIsSeenOpenStopsTheDriveInControl) {
  GateCore gate = fresh_gate();
  gate.step(at_rest());
  GateInput open = at_rest();
  open.brake = Brake::Open;
  const WireCommand command = gate.step(open);
  EXPECT_TRUE(command.enable);
  EXPECT_TRUE(command.controlled_stop);
  EXPECT_FALSE(command.run);
}

TEST(Gate, NeverWrapsACapThatIsBeyondTheWire) {
  GateInput in = training(100);
  in.torque.resisting_limit_dnm = 65'535;
  in.torque.supporting_limit_dnm = 65'535;
  in.caps.slew_nm_s = 70'000;
  in.caps.resisting_limit_dnm = -5;
  in.caps.supporting_limit_dnm = 70'000;
  in.caps.wall_high_dmrad = -40'000;
  const WireCommand command = gate_at(100).step(in);
  EXPECT_EQ(command.slew_nm_s, 65'535);
  EXPECT_EQ(command.resisting_limit_dnm, 0);
  EXPECT_EQ(command.supporting_limit_dnm, 65'535);
  EXPECT_EQ(command.wall_high_dmrad, -32'767);
}

TEST(Gate, TakesNoAngleForMoreThanHorizontal) {
  GateInput in = training(-2000);
  in.gravity_permille = 1500;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(in);
  EXPECT_EQ(gate.step(in).torque_dnm, -340);
  in.gravity_permille = -1000;
  EXPECT_EQ(gate.step(in).torque_dnm, -30);
}

TEST(Gate, LetsNoRegisterThroughThatIsNotItsToAsk) {
  GateInput in = training(100);
  in.torque.controlled_stop = true;
  in.torque.fault_reset = true;
  in.torque.hold_position = true;
  in.torque.velocity_mrad_s = 50;
  in.torque.position_dmrad = 50;
  in.torque.slew_nm_s = 50;
  in.torque.mode = DriveMode::Position;
  const WireCommand command = gate_at(100).step(in);
  EXPECT_TRUE(command.enable && command.run);
  EXPECT_FALSE(command.controlled_stop || command.fault_reset || command.hold_position);
  EXPECT_EQ(command.mode, DriveMode::Torque);
  EXPECT_EQ(command.velocity_mrad_s, 0);
  EXPECT_EQ(command.position_dmrad, -12'000);
  EXPECT_EQ(command.slew_nm_s, 4000);
}

TEST(Gate, LetsSupportComeBackTenNewtonMetresACycleFromALoad) {
  EXPECT_EQ(gate_at(600).step(training(-2000)).torque_dnm, -100);
}

TEST(DriveStop, AsksForTheLoweringWithTheMachinesOwnRegisters) {
  GateInput stop = released();
  stop.action = Action::DriveStop;
  GateCore gate = gate_at(800);
  const WireCommand command = gate.step(stop);
  EXPECT_EQ(command.mode, DriveMode::None);
  EXPECT_EQ(command.velocity_mrad_s, 0);
  EXPECT_EQ(command.resisting_limit_dnm, 768);  // 800 · 240 / 250
  EXPECT_EQ(command.supporting_limit_dnm, 1900);
  EXPECT_EQ(command.lifting_speed_limit_mrad_s, 1300);
  EXPECT_EQ(command.lowering_speed_limit_mrad_s, 174);
  EXPECT_EQ(command.slew_nm_s, 4000);
  GateCore supporting = gate_at(-300);
  EXPECT_EQ(supporting.step(stop).resisting_limit_dnm, 0);
}

TEST(TorqueOff, IsClearedByThatResetAloneAndNotBesideIt) {
  GateCore gate = gate_at(800);
  GateInput reset = training(800);
  reset.latch_cleared = true;
  EXPECT_EQ(gate.step(reset).mode, DriveMode::Torque) << "a reset is no stop";
}

TEST(FaultReset, LastsATenthOfASecondAtEveryPeriod) {
  GateCore gate = fresh_gate();
  GateInput cleared = at_rest();
  cleared.latch_cleared = true;
  cleared.elapsed_ms = 50;
  EXPECT_TRUE(gate.step(cleared).fault_reset);
  GateInput late = at_rest();
  late.elapsed_ms = 50;
  EXPECT_TRUE(gate.step(late).fault_reset);
  EXPECT_FALSE(gate.step(late).fault_reset);
}

TEST(FaultReset, IsNotBegunByASetThatEnds) {
  GateCore gate = gate_at(800);
  GateInput shut = released();
  shut.brake = Brake::Closed;
  EXPECT_FALSE(gate.step(shut).fault_reset);
  EXPECT_FALSE(GateCore{10}.step(at_rest()).fault_reset);
}

}  // namespace
}  // namespace plinth::safety::testing
