#include <gtest/gtest.h>

#include <cmath>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using rehab::Moment;
using units::degrees;
using units::degrees_per_second;
using units::milliseconds;

class InASet : public ::testing::Test {
 protected:
  InASet() { station.train(); }
  void SetUp() override { ASSERT_EQ(permission(station), "granted"); }

  void expect_trip(Cause cause, rehab::SetEnd end) const {
    EXPECT_EQ(permission(station), "latched");
    EXPECT_EQ(name_of(station.verdict().first_cause), name_of(cause));
    EXPECT_EQ(rule_of(station.verdict().first_cause).set_end, end);
    EXPECT_GE(station.verdict().action, Action::Release);
  }
  void expect_going_on() const {
    EXPECT_EQ(permission(station), "granted") << name_of(station.verdict().cause);
  }

  // In half a second: hasty, but nobody is thrown.
  void come_to(units::AngularVelocity speed, units::Angle angle = degrees(-30)) {
    station.expect(speed > units::AngularVelocity{} ? Moment::Lifting : Moment::Lowering, angle);
    for (int i = 1; i <= 50; ++i) {
      station.place(angle, speed * (i / 50.0));
      station.cycle();
    }
  }

  Station station;
};

class OverSpeed : public InASet {};
class RangeEnds : public InASet {};
class Tempo : public InASet {};
class Hold : public InASet {};
class LegsDropped : public InASet {};
class SetLength : public InASet {};

rehab::SpeedLimits speeds() {
  const auto prescription = strength_prescription();
  return rehab::speed_limits(prescription, prescription.range());
}

TEST_F(OverSpeed, IsNotJustBelowTheTrip) {
  come_to(speeds().lifting.trip - degrees_per_second(0.1));
  station.run(milliseconds(100));
  expect_going_on();
}

TEST_F(OverSpeed, TripsAboveItInTheSecondSample) {
  come_to(speeds().lifting.trip - degrees_per_second(0.1));
  station.place(degrees(-30), speeds().lifting.trip + degrees_per_second(0.1));
  station.cycle();
  expect_going_on();
  station.cycle();
  expect_trip(Cause::OverSpeed, rehab::SetEnd::Tempo);
}

TEST_F(OverSpeed, HasALimitOfItsOwnForLowering) {
  come_to(-speeds().lowering.trip + degrees_per_second(0.1));
  station.run(milliseconds(100));
  expect_going_on();
  station.place(degrees(-30), -speeds().lowering.trip - degrees_per_second(0.1));
  station.run(milliseconds(20));
  expect_trip(Cause::OverSpeed, rehab::SetEnd::Tempo);
}

TEST_F(OverSpeed, IsSeenByTheSecondSensorAlone) {
  station.estimate.second_velocity = speeds().lifting.trip + degrees_per_second(10.1);
  station.run(milliseconds(20));
  expect_trip(Cause::OverSpeed, rehab::SetEnd::Tempo);
}

TEST(ApproachSpeed, EndsAtTheEndOfTheRangeAndNotBeyond) {
  EXPECT_EQ(approach_speed(degrees(0)).value(), 0.0);
  EXPECT_EQ(approach_speed(degrees(-5)).value(), 0.0);
  // −a·t + √(a²t² + 2·a·d) with a = 8 rad/s², t = 60 ms, d = 10°
  EXPECT_NEAR(approach_speed(degrees(10)).value(), -0.48 + std::sqrt(0.2304 + 16 * 0.174533), 1e-5);
}

TEST(ApproachSpeed, LeavesRoomToStopWithinTheDistance) {
  for (double distance_deg = 0.1; distance_deg < 60; distance_deg += 0.1) {
    const double v = approach_speed(degrees(distance_deg)).value();
    const double travel = v * 0.060 + v * v / (2 * 8.0);
    EXPECT_NEAR(travel, distance_deg * units::RadiansPerDegree, 1e-9);
  }
}

TEST_F(RangeEnds, LimitWhoComesTooFastAtTheUpperEnd) {
  const auto allowed = approach_speed(degrees(3));
  come_to(allowed, degrees(-20));
  station.expect(Moment::Lifting, degrees(-8));
  station.place(degrees(-8), allowed + degrees_per_second(0.9));
  EXPECT_FALSE(station.cycle().no_upward_torque);
  station.place(degrees(-8), allowed + degrees_per_second(1.1));
  EXPECT_TRUE(station.cycle().no_upward_torque);
  EXPECT_EQ(station.verdict().action, Action::Limit);
  EXPECT_EQ(station.verdict().cause, Cause::RangeApproach);
  expect_going_on();
}

TEST_F(RangeEnds, LiftTheLimitByThemselves) {
  station.place(degrees(-8), approach_speed(degrees(3)) + degrees_per_second(2));
  station.cycle();
  station.place(degrees(-8), degrees_per_second(0));
  EXPECT_EQ(station.cycle().action, Action::Allow);
}

TEST_F(RangeEnds, ReleaseWhoComesAQuarterTooFast) {
  const auto allowed = approach_speed(degrees(3));
  come_to(1.25 * allowed, degrees(-20));
  station.expect(Moment::Lifting, degrees(-8));
  station.place(degrees(-8), 1.25 * allowed + degrees_per_second(4.9));
  station.cycle();
  expect_going_on();
  station.place(degrees(-8), 1.25 * allowed + degrees_per_second(5.1));
  station.cycle();
  expect_trip(Cause::RangeCrossed, rehab::SetEnd::Range);
}

TEST_F(RangeEnds, ReleaseOneDegreeBeyondTheUpperEnd) {
  station.place(degrees(-4.1));
  station.run(milliseconds(50));
  expect_going_on();
  EXPECT_TRUE(station.verdict().no_upward_torque);
  station.place(degrees(-3.9));
  station.cycle();
  expect_trip(Cause::RangeCrossed, rehab::SetEnd::Range);
}

TEST_F(RangeEnds, ReleaseOneDegreeBelowTheLowerEnd) {
  station.expect(Moment::Lowering, degrees(-56));
  station.place(degrees(-60.9));
  station.run(milliseconds(50));
  expect_going_on();
  EXPECT_TRUE(station.verdict().no_downward_torque);
  station.place(degrees(-61.1));
  station.cycle();
  expect_trip(Cause::RangeCrossed, rehab::SetEnd::Range);
}

TEST_F(RangeEnds, AreTakenFromTheExpectationOnlyWhenItIsTighter) {
  station.expectation.working = {degrees(-80), degrees(10)};
  station.place(degrees(-3.9));
  station.cycle();
  expect_trip(Cause::RangeCrossed, rehab::SetEnd::Range);
}

TEST_F(RangeEnds, BecomeTighterWithTheExpectation) {
  station.expectation.working = {degrees(-50), degrees(-15)};
  station.place(degrees(-13.9));
  station.cycle();
  expect_trip(Cause::RangeCrossed, rehab::SetEnd::Range);
}

TEST_F(RangeEnds, LetTheLegsBeLoweredToRestAfterTheSet) {
  station.expect(Moment::Unloading, degrees(-60));
  station.demand = rehab::LoweringDemand{};
  for (double angle = -30; angle > -70; angle -= 0.1) {
    station.place(degrees(angle), degrees_per_second(-10));
    station.cycle();
  }
  expect_going_on();
}

TEST(RangeLowerEnd, CountsOnlyOnceTheArmHasBeenInside) {
  Station station;
  station.reset();
  station.start();
  station.squeeze();
  station.demand = station.load_demand();
  station.expect(Moment::Lifting, degrees(-56));
  station.place(degrees(-66), degrees_per_second(5));
  station.run(milliseconds(500));
  EXPECT_EQ(permission(station), "granted");
  station.place(degrees(-57));
  station.cycle();
  station.place(degrees(-62));
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::RangeCrossed);
}

TEST_F(Tempo, FarAheadOfTheGuideEndsTheSetAfterFourTenthsOfASecond) {
  station.expect(Moment::Lifting, degrees(-50));
  station.place(degrees(-50 + 9.1));
  station.run(milliseconds(400));
  expect_going_on();
  station.run(milliseconds(20));
  expect_trip(Cause::TempoFarOff, rehab::SetEnd::Tempo);
}

TEST_F(Tempo, OutsideTheTubeButNotFarIsCoachedAndNotStopped) {
  station.expect(Moment::Lifting, degrees(-50));
  station.place(degrees(-50 + 8.9));
  station.run(milliseconds(5000));
  expect_going_on();
}

TEST_F(Tempo, ComingBackOnceStartsTheTimeAnew) {
  for (int i = 0; i < 5; ++i) {
    station.expect(Moment::Lifting, degrees(-50));
    station.place(degrees(-30));
    station.run(milliseconds(380));
    station.place(degrees(-50));
    station.run(milliseconds(10));
  }
  expect_going_on();
}

TEST_F(Tempo, SlowLoweringNeverLooksLikeAStall) {
  station.expect(Moment::Lowering, degrees(-55));
  station.place(degrees(-10), degrees_per_second(-0.5));
  station.run(milliseconds(10'000));
  expect_going_on();
}

TEST_F(Tempo, LoweringFarAheadOfTheGuideDoes) {
  station.expect(Moment::Lowering, degrees(-10));
  station.place(degrees(-25));
  station.run(milliseconds(1520));
  expect_trip(Cause::TempoFarOff, rehab::SetEnd::Tempo);
}

TEST_F(Tempo, AHoldNeverLooksLikeAStall) {
  station.expect(Moment::Holding, degrees(-9));
  station.place(degrees(-9));
  station.run(milliseconds(1900));
  expect_going_on();
}

TEST_F(Tempo, RestingAtTheBottomIsNoStallHoweverFarTheGuideIs) {
  station.expect(Moment::Resting, degrees(-20));
  station.place(degrees(-56));
  station.run(milliseconds(10'000));
  expect_going_on();
}

TEST_F(Hold, SaggingTenDegreesForThreeTenthsOfASecondEndsTheSet) {
  station.expect(Moment::Holding, degrees(-9));
  station.place(degrees(-19.1));
  station.run(milliseconds(300));
  expect_going_on();
  station.run(milliseconds(10));
  expect_trip(Cause::Sag, rehab::SetEnd::Sag);
}

TEST_F(Hold, SaggingGoesOnWhenTheGuideHasEndedIt) {
  station.expect(Moment::Holding, degrees(-9));
  station.place(degrees(-19.1));
  station.run(milliseconds(100));
  station.expect(Moment::Lowering, degrees(-9));
  station.run(milliseconds(200));
  expect_going_on();
  station.run(milliseconds(10));
  expect_trip(Cause::Sag, rehab::SetEnd::Sag);
}

TEST_F(Hold, SaggingLessIsCoached) {
  station.expect(Moment::Holding, degrees(-9));
  station.place(degrees(-18.9));
  station.run(milliseconds(1500));
  expect_going_on();
}

TEST_F(Hold, EndsWhenTheProgramForgetsToEndIt) {
  station.expect(Moment::Holding, degrees(-9));
  station.place(degrees(-9));
  const auto longest = station.limits->longest_hold;
  station.run(longest);
  expect_going_on();
  station.run(milliseconds(30));
  expect_trip(Cause::HoldTooLong, rehab::SetEnd::Fatigue);
}

TEST_F(SetLength, HasAnEnd) {
  station.expect(Moment::Resting, degrees(-56));
  station.place(degrees(-56));
  station.run(station.limits->longest_set - milliseconds(1000));
  expect_going_on();
  station.run(milliseconds(1000));
  expect_trip(Cause::SetTooLong, rehab::SetEnd::Fatigue);
}

TEST_F(LegsDropped, AreSeenBySpeedThatIsGatheredWithinATenthOfASecond) {
  station.drive_follows = false;  // the strap stays as it is
  station.expect(Moment::Lowering, degrees(-20));
  double speed = -22;
  for (int i = 0; i < 15 && permission(station) == "granted"; ++i) {
    station.place(degrees(-20), degrees_per_second(speed));
    station.cycle();
    speed -= 5;  // 8.7 rad/s²
  }
  expect_trip(Cause::LegsDropped, rehab::SetEnd::LegsDropped);
}

TEST_F(LegsDropped, AreSeenByTheForceThatGoesWithin60Ms) {
  station.drive_follows = false;
  station.expect(Moment::Lowering, degrees(-20));
  station.place(degrees(-20), degrees_per_second(-10));
  station.estimate.strap = units::newtons(120);
  station.run(milliseconds(200));
  double force = 120;
  double speed = -10;
  for (int i = 0; i < 8 && permission(station) == "granted"; ++i) {
    force -= 15;
    speed -= 3;
    station.estimate.strap = units::newtons(force);
    station.place(degrees(-20), degrees_per_second(speed));
    station.cycle();
  }
  expect_trip(Cause::LegsDropped, rehab::SetEnd::LegsDropped);
}

TEST_F(LegsDropped, IsNotALoweringThatOnlyBecomesTooFast) {
  station.drive_follows = false;
  station.expect(Moment::Lowering, degrees(-20));
  double speed = -22;
  while (permission(station) == "granted" && speed > -90) {
    station.place(degrees(-20), degrees_per_second(speed));
    station.cycle();
    speed -= 1;  // 1.7 rad/s²
  }
  EXPECT_EQ(station.verdict().first_cause, Cause::OverSpeed);
}

TEST_F(LegsDropped, IsNotALoadThatFadesAtTheEndOfTheLowering) {
  station.drive_follows = false;
  station.expect(Moment::Lowering, degrees(-55));
  double force = 120;
  double speed = -18;
  for (int i = 0; i < 40; ++i) {
    station.estimate.strap = units::newtons(force = std::max(0.0, force - 6));
    station.place(degrees(-55), degrees_per_second(speed = std::min(0.0, speed + 0.5)));
    station.cycle();
  }
  EXPECT_NE(station.verdict().first_cause, Cause::LegsDropped);
}

TEST_F(LegsDropped, IsHandedToTheDrivesLoweringAtOnce) {
  station.drive_follows = false;
  station.expect(Moment::Lowering, degrees(-20));
  for (double speed = -22; permission(station) == "granted" && speed > -90; speed -= 5) {
    station.place(degrees(-20), degrees_per_second(speed));
    station.cycle();
  }
  EXPECT_EQ(station.wire().mode, sensing::DriveMode::Lowering);
  EXPECT_EQ(station.wire().torque_dnm, 0);
  EXPECT_EQ(station.wire().resisting_limit_dnm, 0);
}

}  // namespace
}  // namespace plinth::safety::testing
