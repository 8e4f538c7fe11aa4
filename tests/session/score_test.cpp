#include "controller/session/score.hpp"

#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using units::Angle;
using units::degrees;
using units::degrees_per_second;
using units::milliseconds;

const RepPlan Plan{.path = rep_path(Tempo2140, Working, rehab::guide_range(Working).low()),
                   .hold_tolerance = degrees(4)};

// A tally of the moment for `cycles`, the legs this far from the guide.
void observe(RepTally& tally, Moment moment, int cycles, double off_deg, double velocity_deg_s = 0.0,
             double left_n = 60, double right_n = 60) {
  for (int i = 0; i < cycles; ++i) {
    RepStep step;
    step.point = point_in(Plan.path, moment, Period * i);
    sensing::Estimate estimate;
    estimate.angle = step.point.reference.angle + degrees(off_deg);
    estimate.velocity = degrees_per_second(velocity_deg_s);
    estimate.strap_left = units::newtons(left_n);
    estimate.strap_right = units::newtons(right_n);
    step.behind = degrees(moment == Moment::Lowering ? off_deg : -off_deg);
    tally.observe(step, estimate, Period);
  }
}

TEST(Score, IsTheShareOfTimeInTheTubeForEachPart) {
  RepTally tally;
  observe(tally, Moment::Lifting, 100, 0);
  observe(tally, Moment::Holding, 30, 0);
  observe(tally, Moment::Holding, 70, 4.5);
  observe(tally, Moment::Lowering, 100, -30);
  const RepScore score = tally.score(1, true);
  EXPECT_NEAR(score.in_tube_lift, 1.0, 1e-9);
  EXPECT_NEAR(score.in_tube_hold, 0.3, 1e-9);
  EXPECT_NEAR(score.in_tube_lower, 0.0, 1e-9);
  EXPECT_NEAR(tally.in_tube().share(), 130.0 / 300.0, 1e-9);
}

TEST(Score, OfNothingIsNothing) {
  EXPECT_EQ(TubeTime{}.share(), 0.0);
  EXPECT_NEAR(RepTally{}.score(1, false).left_share, 0.5, 1e-12);
}

TEST(Score, TellsTheRangeReachedAndThePeakSpeeds) {
  RepTally tally;
  observe(tally, Moment::Lifting, 200, 1, 41);
  observe(tally, Moment::Holding, 100, 2);
  observe(tally, Moment::Lowering, 400, -1, -23);
  const RepScore score = tally.score(3, true);
  EXPECT_EQ(score.number, 3);
  EXPECT_NEAR(units::in_degrees(score.top), units::in_degrees(Plan.path.lift.to) + 2, 1e-6);
  EXPECT_LT(units::in_degrees(score.bottom), -55);
  EXPECT_NEAR(units::in_degrees_per_second(score.peak_lift), 41, 1e-9);
  EXPECT_NEAR(units::in_degrees_per_second(score.peak_lower), 23, 1e-9);
}

TEST(Score, MeasuresHowSteadyTheHoldWas) {
  RepTally tally;
  for (int i = 0; i < 500; ++i) observe(tally, Moment::Holding, 1, i % 2 == 0 ? 1.0 : -1.0);
  EXPECT_NEAR(units::in_degrees(tally.score(1, true).hold_spread), 1.0, 0.01);
  RepTally still;
  observe(still, Moment::Holding, 100, -3);
  EXPECT_NEAR(units::in_degrees(still.score(1, true).hold_spread), 0.0, 1e-6);
}

TEST(Score, TellsTheLeftLegsShareUnderLoad) {
  RepTally tally;
  observe(tally, Moment::Lifting, 100, 0, 0, 80, 40);
  observe(tally, Moment::Lowering, 100, 0, 0, 5, 1);  // too little to say anything
  EXPECT_NEAR(tally.score(1, true).left_share, 2.0 / 3.0, 1e-9);
  EXPECT_TRUE(tally.faults(Plan).uneven);
}

TEST(Score, FindsWhatACoachWouldSay) {
  RepTally hasty;
  observe(hasty, Moment::Lifting, 41, 30);
  EXPECT_TRUE(hasty.faults(Plan).lift_early);
  RepTally brief;
  observe(brief, Moment::Lifting, 39, 30);
  observe(brief, Moment::Lifting, 39, 0);
  observe(brief, Moment::Lifting, 39, 30);
  EXPECT_FALSE(brief.faults(Plan).lift_early);
  RepTally late;
  observe(late, Moment::Lifting, 50, -30);
  observe(late, Moment::Lowering, 50, 30);
  EXPECT_TRUE(late.faults(Plan).lift_late);
  EXPECT_TRUE(late.faults(Plan).lower_late);
  EXPECT_FALSE(late.faults(Plan).lower_early);
  RepTally low;
  observe(low, Moment::Holding, 100, -5);
  EXPECT_TRUE(low.faults(Plan).low);
  EXPECT_FALSE(low.faults(Plan).high);
}

}  // namespace
}  // namespace plinth::session
