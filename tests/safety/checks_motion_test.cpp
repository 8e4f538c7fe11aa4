// Each criterion at both sides of its threshold.
#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::degrees_per_second;

TEST(SecondSensor, MayBe10DegreesASecondFasterAndIsHeardOnlyWhileItAgrees) {
  SetMoment moment;
  const auto speed = rehab::speed_limits(moment.limits->prescription, *moment.working);
  moment.estimate.second_velocity = speed.lifting.trip + degrees_per_second(9.5);
  EXPECT_FALSE(check_over_speed(moment));
  moment.estimate.second_velocity = speed.lifting.trip + degrees_per_second(10.5);
  EXPECT_TRUE(check_over_speed(moment));
  moment.estimate.second_velocity = -speed.lowering.trip - degrees_per_second(9.5);
  EXPECT_FALSE(check_over_speed(moment));
  moment.estimate.second_velocity = -speed.lowering.trip - degrees_per_second(10.5);
  EXPECT_TRUE(check_over_speed(moment));
  moment.estimate.angle_sensors_agree = false;
  EXPECT_FALSE(check_over_speed(moment));
  moment.estimate.second_velocity.reset();
  moment.estimate.velocity = -speed.lowering.trip - degrees_per_second(0.1);
  EXPECT_TRUE(check_over_speed(moment));
  moment.granted = false;
  EXPECT_FALSE(check_over_speed(moment));
}

TEST(Guide, IsLeftFarBehindOrFarAheadBeyond5DegreesOutsideItsTube) {
  const auto far = [](rehab::Moment when, double from_target_deg) {
    SetMoment moment;
    moment.expectation.moment = when;
    moment.expectation.target = moment.estimate.angle - degrees(from_target_deg);
    return check_tempo_far_off(moment);
  };
  EXPECT_FALSE(far(rehab::Moment::Lifting, 8.9));
  EXPECT_TRUE(far(rehab::Moment::Lifting, 9.1));
  EXPECT_FALSE(far(rehab::Moment::Lifting, -20));
  EXPECT_FALSE(far(rehab::Moment::Lowering, -8.9));
  EXPECT_TRUE(far(rehab::Moment::Lowering, -9.1));
  EXPECT_FALSE(far(rehab::Moment::Lowering, 20));
  EXPECT_FALSE(far(rehab::Moment::Holding, 20));
  SetMoment lowering;
  lowering.expectation.target = degrees(-60);
  EXPECT_TRUE(check_tempo_far_off(lowering));
  lowering.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_tempo_far_off(lowering));
  lowering.commanded.mode = sensing::DriveMode::Torque;
  lowering.granted = false;
  EXPECT_FALSE(check_tempo_far_off(lowering));
}

TEST(Sag, IsTenDegreesOfAHoldGivenUp) {
  SetMoment moment;
  moment.expectation.moment = rehab::Moment::Holding;
  moment.expectation.target = moment.estimate.angle + degrees(9.9);
  EXPECT_FALSE(check_sag(moment, false));
  moment.expectation.target = moment.estimate.angle + degrees(10.1);
  EXPECT_TRUE(check_sag(moment, false));
  moment.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_sag(moment, false));
  moment.commanded.mode = sensing::DriveMode::Torque;
  moment.expectation.moment = rehab::Moment::Lifting;
  EXPECT_FALSE(check_sag(moment, false));
  moment.expectation.moment = rehab::Moment::Holding;
  moment.granted = false;
  EXPECT_FALSE(check_sag(moment, false));
}

TEST(Sag, GoesOnInTheLoweringThatFollowsAndInNothingElse) {
  SetMoment moment;
  moment.expectation.target = moment.estimate.angle + degrees(10.1);
  moment.expectation.moment = rehab::Moment::Lowering;
  EXPECT_FALSE(check_sag(moment, false)) << "who lowers ahead of the guide never held";
  EXPECT_TRUE(check_sag(moment, true));
  moment.expectation.target = moment.estimate.angle + degrees(9.9);
  EXPECT_FALSE(check_sag(moment, true)) << "the guide has taken the legs on from where they are";
  moment.expectation.target = moment.estimate.angle + degrees(10.1);
  moment.expectation.moment = rehab::Moment::Lifting;
  EXPECT_FALSE(check_sag(moment, true));
}

// With 60 ms until braking begins and 8 rad/s² of it: √(0.48² + 16·d) − 0.48.
TEST(Range, MayBeApproachedAsFastAsTheArmStillStops) {
  EXPECT_EQ(approach_speed(degrees(0)), units::AngularVelocity{});
  EXPECT_EQ(approach_speed(degrees(-5)), units::AngularVelocity{});
  EXPECT_NEAR(units::in_radians_per_second(approach_speed(units::radians(0.1))), 0.8729, 0.0005);
  EXPECT_NEAR(units::in_radians_per_second(approach_speed(units::radians(0.01))), 0.1449, 0.0005);
}

struct AtAnEnd : SetMoment {
  bool upper;
  explicit AtAnEnd(bool high) : upper{high} {}
  // `distance` before the end, `speed` towards it.
  [[nodiscard]] RangeState judge(double distance_deg, double speed_deg_s) {
    estimate.angle = upper ? working->high() - degrees(distance_deg) : working->low() + degrees(distance_deg);
    speed(upper ? speed_deg_s : -speed_deg_s);
    return judge_range(scene());
  }
  [[nodiscard]] bool near(const RangeState& state) const { return upper ? state.near_high : state.near_low; }
  [[nodiscard]] bool other(const RangeState& state) const { return upper ? state.near_low : state.near_high; }
};

TEST(Range, IsGuardedAlikeAtBothEnds) {
  for (const bool upper : {true, false}) {
    AtAnEnd end{upper};
    const double allowed = units::in_degrees_per_second(approach_speed(degrees(5)));
    EXPECT_FALSE(end.near(end.judge(5, allowed + 0.9)));
    EXPECT_TRUE(end.near(end.judge(5, allowed + 1.1)));
    EXPECT_FALSE(end.judge(5, 1.25 * allowed + 4.9).crossed);
    EXPECT_TRUE(end.judge(5, 1.25 * allowed + 5.1).crossed);
    EXPECT_TRUE(end.near(end.judge(-0.01, -20)));
    EXPECT_FALSE(end.judge(-0.99, 0).crossed);
    EXPECT_TRUE(end.judge(-1.01, 0).crossed);
    EXPECT_FALSE(end.other(end.judge(5, allowed + 1.1)));
  }
}

TEST(Range, IsMadeSmallerByWhatTheSessionExpectsAndNeverLarger) {
  SetMoment moment;
  const auto inside = units::Interval<units::Angle>{moment.working->low() + degrees(10),
                                                    moment.working->high() - degrees(10)};
  moment.expectation.working = inside;
  moment.estimate.angle = inside.high() + degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
  moment.estimate.angle = inside.low() - degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
  const auto outside = units::Interval<units::Angle>{moment.working->low() - degrees(10),
                                                     moment.working->high() + degrees(10)};
  moment.expectation.working = outside;
  moment.estimate.angle = moment.working->high() + degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
  moment.estimate.angle = moment.working->low() - degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
}

TEST(Range, HasNoLowerEndBeforeTheLegsAreInItAndWhenTheyAreLowered) {
  SetMoment moment;
  moment.estimate.angle = moment.working->low() - degrees(3);
  EXPECT_TRUE(judge_range(moment).near_low && judge_range(moment).crossed);
  moment.entered = false;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
  moment.entered = true;
  moment.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
  moment.commanded.mode = sensing::DriveMode::Torque;
  moment.granted = false;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
}

TEST(Range, HasNoLowerEndWhileTheLoadComesOnBeneathLegsThatHang) {
  SetMoment moment;
  moment.estimate.angle = moment.working->low() - degrees(3);
  moment.expectation.moment = rehab::Moment::RampIn;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
  moment.expectation.moment = rehab::Moment::Resting;
  EXPECT_TRUE(judge_range(moment).near_low && judge_range(moment).crossed);
}

TEST(Range, LiesAboveTheArmWhetherOrNotItHasBeenInside) {
  for (const bool entered : {true, false}) {
    SetMoment moment;
    moment.entered = entered;
    moment.estimate.angle = moment.working->low() - degrees(0.1);
    EXPECT_TRUE(judge_range(moment).below);
    moment.estimate.angle = moment.working->low() + degrees(0.1);
    EXPECT_FALSE(judge_range(moment).below);
    moment.granted = false;
    EXPECT_FALSE(judge_range(moment).below);
  }
}

TEST(Range, IsEnteredTwoDegreesAboveItsLowerEnd) {
  SetMoment moment;
  moment.estimate.angle = moment.working->low() + degrees(1.9);
  EXPECT_FALSE(has_entered(moment));
  moment.estimate.angle = moment.working->low() + degrees(2.1);
  EXPECT_TRUE(has_entered(moment));
  moment.granted = false;
  EXPECT_FALSE(has_entered(moment));
}

TEST(ASet, IsOneOnlyWithPermissionPrescriptionAndRange) {
  EXPECT_TRUE(SetMoment{}.scene().in_set());
  SetMoment moment;
  moment.granted = false;
  EXPECT_FALSE(moment.scene().in_set());
  moment = {};
  moment.limits.reset();
  EXPECT_FALSE(moment.scene().in_set());
  moment = {};
  moment.working.reset();
  EXPECT_FALSE(moment.scene().in_set());
}

}  // namespace
}  // namespace plinth::safety::testing
