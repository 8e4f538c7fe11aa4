#include "controller/safety/gate_core.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plinth::safety {
namespace {

using sensing::DriveMode;
using Phase = GateCore::Phase;
using Want = GateInput::Want;

WireCaps caps() {
  return {.torque_dnm = 1300,
          .resisting_limit_dnm = 2000,
          .supporting_limit_dnm = 2500,
          .lowering_support_dnm = 1900,
          .arm_dnm = 310,
          .carried_legs_dnm = 0,
          .lifting_speed_mrad_s = 1300,
          .lowering_speed_mrad_s = 800,
          .slew_nm_s = 4000,
          .wall_high_dmrad = -900};
}

GateInput at_rest() {
  GateInput in;
  in.elapsed_ms = 10;
  in.caps = caps();
  in.action = Action::Allow;
  in.brake = Brake::Closed;
  in.gravity_permille = 1000;
  in.rest_dmrad = -12000;
  return in;
}

GateInput training(int torque_dnm) {
  GateInput in = at_rest();
  in.granted = true;
  in.brake = Brake::Open;
  in.want = Want::Torque;
  in.torque.torque_dnm = static_cast<std::int16_t>(torque_dnm);
  in.torque.resisting_limit_dnm = 1500;
  in.torque.supporting_limit_dnm = 2000;
  in.torque.lifting_speed_limit_mrad_s = 1200;
  in.torque.lowering_speed_limit_mrad_s = 700;
  in.torque.wall_high_dmrad = -1000;
  in.torque.wall_low_dmrad = -10000;
  in.torque.wall_stiffness_nm_rad = 2000;
  return in;
}

GateInput released() {
  GateInput in = training(0);
  in.granted = false;
  in.action = Action::Release;
  in.want = Want::Nothing;
  return in;
}

// A gate that has seen the brake shut.
GateCore fresh_gate() {
  GateCore gate{10};
  gate.step(at_rest());
  return gate;
}

GateCore gate_at(int torque_dnm) {
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(training(torque_dnm));
  return gate;
}

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

TEST(Release, TakesTheLoadOffMonotonicallyWithin250Ms) {
  GateCore gate = gate_at(800);
  int before = 800;
  for (int ms = 10; ms < 250; ms += 10) {
    const WireCommand command = gate.step(released());
    EXPECT_LT(command.torque_dnm, before) << ms;
    EXPECT_LE(command.resisting_limit_dnm, std::max(before, 0)) << ms;
    EXPECT_EQ(command.mode, DriveMode::Torque);
    before = command.torque_dnm;
  }
  const WireCommand last = gate.step(released());
  EXPECT_EQ(last.mode, DriveMode::Lowering);
  EXPECT_EQ(last.torque_dnm, 0);
  EXPECT_EQ(last.resisting_limit_dnm, 0);
}

TEST(Release, LeavesATenthOfTheLoadAfter225Ms) {
  GateCore gate = gate_at(800);
  WireCommand command;
  for (int ms = 10; ms <= 230; ms += 10) command = gate.step(released());
  // Load = torque + the arm's weight: from 111 N·m to 8.9.
  EXPECT_LE(command.torque_dnm + 310, (800 + 310) / 10);
}

TEST(Release, BeginsInItsFirstTelegram) {
  EXPECT_LT(gate_at(800).step(released()).torque_dnm, 800);
}

TEST(Release, BrakesARiseWithNoMoreThanTheLoadItHadFadingOver500Ms) {
  GateCore gate = gate_at(800);
  GateInput rising = released();
  rising.rising = true;
  // A torque of zero still leaves the arm's weight on the legs: the load it had is torque and weight
  // together.
  const int weight = rising.caps.arm_dnm * rising.gravity_permille / 1000;
  for (int ms = 10; ms < 500; ms += 10) {
    const WireCommand command = gate.step(rising);
    const int envelope = (800 + weight) * (500 - ms) / 500 - weight;
    EXPECT_EQ(command.mode, DriveMode::Torque) << ms;
    EXPECT_EQ(command.resisting_limit_dnm, std::max(envelope, 0)) << ms;
    EXPECT_EQ(command.lifting_damping_dnms, envelope > 0 ? 1500 : 0) << ms;
  }
  EXPECT_EQ(gate.step(rising).mode, DriveMode::Lowering);
}

TEST(Release, StopsBrakingOnceTheRiseIsOverAndDoesNotBeginAgain) {
  GateCore gate = gate_at(800);
  GateInput rising = released();
  rising.rising = true;
  for (int ms = 10; ms <= 100; ms += 10) gate.step(rising);
  const WireCommand over = gate.step(released());
  EXPECT_EQ(over.lifting_damping_dnms, 0);
  EXPECT_LT(over.resisting_limit_dnm, 800 * 300 / 500);
  const WireCommand again = gate.step(rising);
  EXPECT_EQ(again.lifting_damping_dnms, 0);
  EXPECT_LE(again.resisting_limit_dnm, over.resisting_limit_dnm);
}

TEST(Release, HandsFallingLegsToTheDriveAtOnce) {
  GateInput falling = released();
  falling.falling = true;
  GateCore gate = gate_at(800);
  const WireCommand command = gate.step(falling);
  EXPECT_EQ(command.mode, DriveMode::Lowering);
  EXPECT_EQ(command.resisting_limit_dnm, 0);
  EXPECT_EQ(command.supporting_limit_dnm, 2500);  // all there is, to catch
  EXPECT_EQ(command.lowering_speed_limit_mrad_s, 174);
}

TEST(Release, KeepsSupportThatWasThere) {
  GateInput supporting = training(-700);
  supporting.caps.carried_legs_dnm = 500;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(supporting);
  GateInput in = released();
  in.caps.carried_legs_dnm = 500;
  EXPECT_EQ(gate.step(in).torque_dnm, -700);
}

TEST(Release, KeepsTheWallThatCarriesWhileLoadIsLeft) {
  EXPECT_EQ(gate_at(800).step(released()).wall_low_dmrad, -10'000);
}

TEST(Release, TakesTheUpperWallAwayOnceThereIsNothingLeftToPushWithAndTheLegsHaveStopped) {
  GateCore gate = gate_at(400);
  GateInput in = released();
  in.rising = true;
  WireCommand command = gate.step(in);
  for (int i = 0; i < 45 && command.resisting_limit_dnm > 0; ++i) command = gate.step(in);
  ASSERT_EQ(command.resisting_limit_dnm, 0);
  ASSERT_EQ(gate.phase(), Phase::Unloading);
  EXPECT_LT(command.torque_dnm, 0);
  EXPECT_EQ(command.wall_high_dmrad, -1000) << "legs that rise are slowed by the arm's own weight";
  in.rising = false;
  GateCore stopped = gate_at(100);
  in = released();
  for (int i = 0; i < 20; ++i) command = stopped.step(in);
  ASSERT_EQ(stopped.phase(), Phase::Unloading);
  ASSERT_EQ(command.resisting_limit_dnm, 0);
  EXPECT_EQ(command.wall_high_dmrad, GateCore::HighestDmrad) << "the arm is carried, wherever it stands";
}

TEST(Release, GoesOnUntilTheBrakeIsShutAndThenDisables) {
  GateCore gate = gate_at(800);
  for (int i = 0; i < 1000; ++i) gate.step(released());
  EXPECT_EQ(gate.phase(), Phase::Lowering);
  GateInput unseen = released();
  unseen.brake = Brake::Unknown;
  gate.step(unseen);
  EXPECT_EQ(gate.phase(), Phase::Lowering);
  GateInput shut = released();
  shut.brake = Brake::Closed;
  EXPECT_FALSE(gate.step(shut).enable);
  EXPECT_EQ(gate.phase(), Phase::Off);
}

TEST(Release, IsNotUndoneByADemandForTorque) {
  GateCore gate = gate_at(800);
  GateInput lowering = training(800);
  lowering.want = Want::Lowering;
  gate.step(lowering);
  for (int i = 0; i < 10; ++i) EXPECT_LT(gate.step(training(800)).torque_dnm, 800);
  for (int i = 0; i < 100; ++i) gate.step(training(800));
  EXPECT_EQ(gate.phase(), Phase::Lowering);
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

}  // namespace
}  // namespace plinth::safety
