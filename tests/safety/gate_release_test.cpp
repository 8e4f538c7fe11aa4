#include <gtest/gtest.h>

#include <algorithm>

#include "tests/safety/gate_moves.hpp"

namespace plinth::safety::testing {
namespace {

using sensing::DriveMode;
using Phase = GateCore::Phase;
using Want = GateInput::Want;

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
  falling.sinking = true;
  GateCore gate = gate_at(800);
  const WireCommand command = gate.step(falling);
  EXPECT_EQ(command.mode, DriveMode::Lowering);
  EXPECT_EQ(command.resisting_limit_dnm, 0);
  EXPECT_EQ(command.supporting_limit_dnm, 2500);  // all there is, to catch
  EXPECT_EQ(command.lowering_speed_limit_mrad_s, 174);
}

TEST(Release, CatchesLegsThatSinkWhileTheDriveLowersWithAllTheSupportThereIs) {
  GateInput in = released();
  GateCore gate = gate_at(800);
  in.sinking = true;
  EXPECT_EQ(gate.step(in).mode, DriveMode::Torque) << "before, it is the load that goes";
  for (int ms = 20; ms <= 250; ms += 10) gate.step(in);
  const WireCommand caught = gate.step(in);
  EXPECT_EQ(caught.mode, DriveMode::Lowering);
  EXPECT_EQ(caught.supporting_limit_dnm, 2500);
  in.sinking = false;
  EXPECT_LT(gate.step(in).supporting_limit_dnm, 2500);
}

TEST(Release, CatchesLegsThatHangWithAsMuchLessAsTheyHaveToBeHeldWith) {
  GateInput in = released();
  in.falling = true;
  in.caps.weight_dnm = 1260;
  in.caps.lowering_support_dnm = 1900;
  const auto support = [&in](bool sinking, int permille) {
    in.sinking = sinking;
    in.gravity_permille = permille;
    return gate_at(800).step(in).supporting_limit_dnm;
  };
  EXPECT_EQ(support(true, 1000), 2500);
  EXPECT_EQ(support(true, 500), 2500 - 630);
  EXPECT_EQ(support(true, 0), 2500 - 1260);
  EXPECT_EQ(support(false, 1000), 1900) << "legs that have been caught are carried";
  EXPECT_EQ(support(false, 500), 2500 - 630);
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

TEST(Release, HoldsNobodyByAWallWhoseAngleIsDoubted) {
  GateInput in = released();
  in.angle_doubted = true;
  GateCore gate = gate_at(800);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(gate.step(in).wall_stiffness_nm_rad, 0);
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

TEST(Release, LowersWithTheMachinesOwnRegisters) {
  GateCore gate = gate_at(800);
  WireCommand command;
  for (int i = 0; i < 30; ++i) command = gate.step(released());
  EXPECT_TRUE(command.enable && command.run);
  EXPECT_FALSE(command.controlled_stop);
  EXPECT_EQ(command.mode, DriveMode::Lowering);
  EXPECT_EQ(command.velocity_mrad_s, -174);
  EXPECT_EQ(command.supporting_limit_dnm, 1900);
  EXPECT_EQ(command.lifting_speed_limit_mrad_s, 1300);
  EXPECT_EQ(command.slew_nm_s, 4000);
}

TEST(Release, CarriesWithWhatCatchesOrWithWhatItCarriedWhicheverIsMore) {
  EXPECT_EQ(gate_at(800).step(released()).supporting_limit_dnm, 1900);
  GateInput supporting = training(-900);
  supporting.caps.carried_legs_dnm = 900;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(supporting);
  GateInput in = released();
  in.caps.lowering_support_dnm = 500;
  EXPECT_EQ(gate.step(in).supporting_limit_dnm, 900);
}

TEST(Release, KeepsItsWallsWhereTheyAreNotDoubted) {
  EXPECT_EQ(gate_at(800).step(released()).wall_stiffness_nm_rad, 2000);
}

TEST(Release, DampsNoLoweringAndTellsTheRestOfNow) {
  GateInput damped = training(800);
  damped.torque.lowering_damping_dnms = 500;
  damped.torque.lifting_damping_dnms = 500;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(damped);
  GateInput in = released();
  in.rest_dmrad = -11'000;
  const WireCommand command = gate.step(in);
  EXPECT_EQ(command.lowering_damping_dnms, 0);
  EXPECT_EQ(command.lifting_damping_dnms, 0);
  EXPECT_EQ(command.position_dmrad, -11'000);
}

TEST(Release, KeepsTheUpperWallWhileThereIsLoadToPushWith) {
  GateCore gate = gate_at(800);
  const WireCommand command = gate.step(released());
  ASSERT_GT(command.resisting_limit_dnm, 0);
  EXPECT_EQ(command.wall_high_dmrad, -1000);
  EXPECT_EQ(GateCore::HighestDmrad, 15'708);  // +90°
}

TEST(Release, OfTheNextSetBeginsAnew) {
  GateCore gate = gate_at(800);
  for (int i = 0; i < 100; ++i) gate.step(released());
  gate.step(at_rest());
  gate.step(at_rest());
  for (int i = 0; i < 100; ++i) gate.step(training(700));
  int before = 700;
  for (int ms = 10; ms < 250; ms += 10) {
    const WireCommand command = gate.step(released());
    EXPECT_EQ(command.mode, DriveMode::Torque) << ms;
    EXPECT_LT(command.torque_dnm, before) << ms;
    before = command.torque_dnm;
  }
}

TEST(Release, BrakesNoMoreThanTheLoadThatWasLimited) {
  GateInput limited = training(100);
  limited.torque.resisting_limit_dnm = 300;
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(limited);
  GateInput rising = released();
  rising.rising = true;
  EXPECT_LE(gate.step(rising).resisting_limit_dnm, 100);
  GateCore supporting = gate_at(-300);
  EXPECT_EQ(supporting.step(rising).resisting_limit_dnm, 0);
}

}  // namespace
}  // namespace plinth::safety::testing
