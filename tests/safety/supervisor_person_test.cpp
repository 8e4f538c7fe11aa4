#include <gtest/gtest.h>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::milliseconds;

TEST(ComfortStop, ReleasesInTheCycleInWhichItIsRead) {
  Training station;
  station.hub().comfort_pressed = true;
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
  EXPECT_EQ(station.verdict().action, Action::Release);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Patient);
  EXPECT_EQ(station.command().action(), Action::Release);
}

TEST(ComfortStop, ActsWhenItsContactsDisagree) {
  Training station;
  station.hub().comfort_plausible = false;
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
}

TEST(ComfortStop, IsNotBlamedForASilentHub) {
  Training station;
  station.hub().comfort_pressed = true;
  station.estimate.hub.age = milliseconds(50);
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::HubDataStale);
}

TEST(Grips, LetChatterOfOneSamplePass) {
  Training station;
  station.estimate.left_grip = false;
  station.run(milliseconds(20));
  EXPECT_EQ(permission(station), "granted");
  station.estimate.left_grip = true;
  station.run(milliseconds(100));
  EXPECT_EQ(permission(station), "granted");
}

TEST(Grips, EndTheSetWhenEitherIsLetGo) {
  for (const bool left : {true, false}) {
    Training station;
    (left ? station.estimate.left_grip : station.estimate.right_grip) = false;
    station.run(milliseconds(30));
    EXPECT_EQ(station.verdict().first_cause, Cause::GripReleased);
    EXPECT_EQ(station.verdict().latch, LatchLevel::Patient);
  }
}

TEST(Grips, MayBeLetGoOnceTheDriveLowersAfterTheSet) {
  Training station;
  station.demand = rehab::LoweringDemand{};
  station.run(milliseconds(400));
  ASSERT_EQ(station.wire().mode, sensing::DriveMode::Lowering);
  station.estimate.left_grip = false;
  station.estimate.right_grip = false;
  station.run(milliseconds(500));
  EXPECT_EQ(permission(station), "granted");
}

TEST(Patient, MayRockOnThePads) {
  Training station;
  station.estimate.patient_present = false;
  station.run(milliseconds(80));
  EXPECT_EQ(permission(station), "granted");
  station.estimate.patient_present = true;
  station.run(milliseconds(50));
  EXPECT_EQ(permission(station), "granted");
}

TEST(Patient, WhoLeavesWhileTheLegsAreStillInTheAirIsTheTherapistsToLookAfter) {
  Training station;
  station.estimate.left_grip = false;
  station.run(milliseconds(50));
  ASSERT_EQ(station.verdict().first_cause, Cause::GripReleased);
  ASSERT_EQ(station.verdict().latch, LatchLevel::Patient);
  station.estimate.patient_present = false;
  station.run(milliseconds(90));
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(Patient, WhoLeavesEndsTheSet) {
  Training station;
  station.estimate.patient_present = false;
  station.run(milliseconds(90));
  EXPECT_EQ(station.verdict().first_cause, Cause::PatientAbsent);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(EmergencyStop, StopsTheDriveWhicheverChainOpens) {
  for (int chain = 0; chain < 4; ++chain) {
    Training station;
    if (chain == 0) station.drive().estop_a_closed = false;
    if (chain == 1) station.drive().estop_b_closed = false;
    if (chain == 2) station.hub().estop_a_closed = false;
    if (chain == 3) station.hub().estop_b_closed = false;
    station.cycle();
    EXPECT_EQ(station.verdict().first_cause, Cause::EStopOpen) << chain;
    EXPECT_EQ(station.verdict().action, Action::DriveStop);
    EXPECT_TRUE(station.wire().controlled_stop);
    EXPECT_FALSE(station.wire().run);
  }
}

TEST(ConsoleStop, IsHonouredWhateverElseIsAskedInTheSameCycle) {
  Training station;
  station.requests = {.stop = true, .start = true, .reset = LatchLevel::Service, .set_finished = true};
  station.cycle();
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().first_cause, Cause::ConsoleStop);
}

TEST(SeveralCauses, AreAllShownAndTheParticularOneIsTold) {
  Training station;
  station.hub().comfort_pressed = true;
  station.requests.stop = true;
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
  EXPECT_TRUE(station.verdict().active.test(static_cast<std::size_t>(Cause::ConsoleStop)));
}

TEST(SeveralCauses, LetTheWorstWinWhileTheFirstIsKept) {
  Training station;
  station.hub().comfort_pressed = true;
  station.cycle();
  station.hub().estop_a_closed = false;
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
  EXPECT_EQ(station.verdict().cause, Cause::EStopOpen);
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
}

TEST(SeveralCauses, AreClearedByWhomTheStrictestNames) {
  Training station;
  station.hub().comfort_pressed = true;
  station.estimate.strap_frozen = true;
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(Limits, ThatBecomeLooserInASetEndIt) {
  Training station;
  station.limits->force_limit += units::newtons(1);
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::LimitsLoosened);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(Limits, MayBecomeTighterInASet) {
  Training station;
  station.limits->longest_hold -= milliseconds(500);
  station.cycle();
  EXPECT_EQ(permission(station), "granted");
}

TEST(Prescription, ThatVanishesInASetEndsItAndMustBeCleared) {
  Training station;
  station.limits.reset();
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::NoPrescription);
  station.limits = limits_for(strength_prescription());
  station.run(milliseconds(100));
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().latch, LatchLevel::Patient);
}

}  // namespace
}  // namespace plinth::safety::testing
