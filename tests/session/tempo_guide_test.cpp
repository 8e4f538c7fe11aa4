#include "controller/session/tempo_guide.hpp"

#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using units::degrees;
using units::milliseconds;

RepPath turn_to_turn(const rehab::Tempo& tempo = Tempo2140) {
  return rep_path(tempo, Working, rehab::guide_range(Working).low());
}

TEST(TempoGuide, KeepsThePrescribedTempoToTheNanosecond) {
  const RepPath path = turn_to_turn();
  EXPECT_EQ(path.lift.length, milliseconds(2000));
  EXPECT_EQ(path.hold, milliseconds(1000));
  EXPECT_EQ(path.lower.length, milliseconds(4000));
  EXPECT_EQ(point_at(path, milliseconds(1999)).moment, Moment::Lifting);
  EXPECT_EQ(point_at(path, milliseconds(2000)).moment, Moment::Holding);
  EXPECT_EQ(point_at(path, milliseconds(3000)).moment, Moment::Lowering);
  EXPECT_EQ(point_at(path, milliseconds(7000)).moment, Moment::Resting);
}

TEST(TempoGuide, IsContinuousInAngleAndSpeed) {
  const RepPath path =
      turn_to_turn({milliseconds(1300), milliseconds(500), milliseconds(2700), milliseconds(400)});
  const double dt = 0.001;
  GuidePoint before = point_at(path, milliseconds(-100));
  for (int t = -99; t < 5200; ++t) {
    const GuidePoint point = point_at(path, milliseconds(t));
    const double step = units::in_radians(point.reference.angle - before.reference.angle);
    const double mean = units::in_radians_per_second(point.reference.speed + before.reference.speed) / 2.0;
    EXPECT_NEAR(step / dt, mean, 1e-3) << t;
    EXPECT_NEAR(units::in_radians_per_second(point.reference.speed - before.reference.speed), 0.0, 0.005)
        << t;
    before = point;
  }
}

TEST(TempoGuide, PeaksAtTheSpeedThatTheLimitsReckonWith) {
  const RepPath path = turn_to_turn();
  const auto peak = rehab::peak_speed(rehab::guide_range(Working).width(), Tempo2140.lift);
  EXPECT_NEAR(units::in_degrees_per_second(path.lift.at(milliseconds(1000)).speed),
              units::in_degrees_per_second(peak), 1e-9);
}

TEST(TempoGuide, TakesLongerForALongerWaySoThatTheSpeedStays) {
  const RepPath path = rep_path(Tempo2140, Working, degrees(-70));
  EXPECT_EQ(path.lift.from, degrees(-70));
  const auto middle = path.lift.at(path.lift.length / 2).speed;
  EXPECT_NEAR(units::in_degrees_per_second(middle),
              units::in_degrees_per_second(turn_to_turn().lift.at(milliseconds(1000)).speed), 1e-6);
}

TEST(TempoGuide, WaitsBeforeTheRepAndRestsAfterIt) {
  const RepPath path = turn_to_turn();
  const auto turns = rehab::guide_range(Working);
  EXPECT_EQ(point_at(path, milliseconds(-5000)).reference.angle, turns.low());
  EXPECT_EQ(point_at(path, milliseconds(60'000)).reference.angle, turns.low());
  EXPECT_EQ(point_at(path, milliseconds(60'000)).reference.speed, units::AngularVelocity{});
}

TEST(TempoGuide, CarriesATubeInAngleAndInTime) {
  const RepPath path = turn_to_turn();
  EXPECT_NEAR(units::in_degrees(point_at(path, milliseconds(2500)).tolerance), 4.0, 1e-9);
  const GuidePoint fast = point_at(path, milliseconds(1000));
  EXPECT_NEAR(units::in_degrees(fast.tolerance),
              4.0 + 0.25 * units::in_degrees_per_second(fast.reference.speed), 1e-9);
}

TEST(TempoGuide, ComesDownFromWhereTheLegsAre) {
  const Stroke planned = turn_to_turn().lower;
  const Stroke lower = lowering_from(planned, degrees(-25));
  EXPECT_EQ(lower.from, degrees(-25));
  EXPECT_EQ(lower.to, planned.to);
  EXPECT_LT(lower.length, planned.length);
  const Stroke below = lowering_from(planned, degrees(-65));
  EXPECT_EQ(below.to, degrees(-65));
}

}  // namespace
}  // namespace plinth::session
