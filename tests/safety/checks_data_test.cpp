// Each criterion at both sides of its threshold.
#include <gtest/gtest.h>

#include <limits>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newtons;

constexpr double Nan = std::numeric_limits<double>::quiet_NaN();

TEST(Data, IsStaleAfterThreePeriodsAndAMillisecond) {
  SetMoment moment;
  moment.estimate.drive.age = moment.estimate.hub.age = milliseconds(31);
  EXPECT_FALSE(check_drive_stale(moment) || check_hub_stale(moment));
  moment.estimate.drive.age += units::Duration{1};
  moment.estimate.hub.age += units::Duration{1};
  EXPECT_TRUE(check_drive_stale(moment) && check_hub_stale(moment));
}

TEST(Data, OfAUnitThatWasNeverHeardIsStale) {
  SetMoment moment;
  moment.estimate.drive.ever_seen = false;
  EXPECT_TRUE(check_drive_stale(moment));
  EXPECT_FALSE(check_hub_stale(moment));
}

TEST(Data, OfASilentHubIsNotCalledInvalidToo) {
  SetMoment moment;
  moment.estimate.strap.reset();
  EXPECT_TRUE(check_strap_invalid(moment));
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_strap_invalid(moment));
}

TEST(Data, OfADriveThatWasNeverHeardDoesNotJump) {
  SetMoment moment;
  moment.estimate.angle_plausible = false;
  EXPECT_TRUE(check_angle_jump(moment));
  moment.estimate.drive.ever_seen = false;
  EXPECT_FALSE(check_angle_jump(moment));
}

TEST(Data, DisagreesOnlyWhenBothUnitsAreHeard) {
  SetMoment moment;
  moment.estimate.angle_sensors_agree = false;
  EXPECT_TRUE(check_angles_disagree(moment));
  moment.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_angles_disagree(moment));
  moment.estimate.drive.age = {};
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_angles_disagree(moment));
}

TEST(ANumber, ThatIsNoneIsNoticedWhereverItIs) {
  EXPECT_FALSE(check_not_finite(SetMoment{}));
  const auto bent = [](auto bend) {
    SetMoment moment;
    bend(moment);
    return check_not_finite(moment);
  };
  EXPECT_TRUE(bent([](SetMoment& m) { m.angle(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.speed(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.drive_torque = units::newton_metres(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.drive_setpoint = units::newton_metres(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.strap = newtons(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.trunk = newtons(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.second_angle = degrees(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.expectation.target = degrees(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.expectation.target_speed = degrees_per_second(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.expectation.tolerance = degrees(Nan); }));
}

TEST(ANumber, ThatIsMissingIsNoWrongOne) {
  SetMoment moment;
  moment.estimate.strap.reset();
  moment.estimate.trunk.reset();
  moment.estimate.second_angle.reset();
  EXPECT_FALSE(check_not_finite(moment));
}

TEST(AnImpossibleState, IsASetWhoseRangeNobodyKnowsOrWhoseGateWasAskedForNonsense) {
  SetMoment moment;
  EXPECT_FALSE(check_internal(moment, Cause::None));
  EXPECT_TRUE(check_internal(moment, Cause::Internal));
  moment.working.reset();
  EXPECT_TRUE(check_internal(moment, Cause::None));
  moment.granted = false;
  EXPECT_FALSE(check_internal(moment, Cause::Internal)) << "no set runs";
  moment.angle(Nan);
  EXPECT_TRUE(check_internal(moment, Cause::None));
}

}  // namespace
}  // namespace plinth::safety::testing
