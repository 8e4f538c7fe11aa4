// Each criterion at both sides of its threshold: 120 N are prescribed, 170 N the limit.
#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;
using units::newtons;

bool over(double by_torque, double by_cells) {
  SetMoment moment;
  moment.forces(by_torque, by_cells);
  return check_over_force(moment);
}

TEST(ForceLimit, HoldsForEitherChannel) {
  EXPECT_FALSE(over(169, 169));
  EXPECT_TRUE(over(171, 100));
  EXPECT_TRUE(over(100, 171));
}

TEST(ForceLimit, HoldsAlsoAgainstSupportBeyondTheLegsWeight) {
  // 94.6 N·m · cos 30° at 0.79 m is 104 N, and 200 N in reserve.
  EXPECT_FALSE(over(-300, 0));
  EXPECT_TRUE(over(-308, 0));
  EXPECT_TRUE(over(0, -308));
}

TEST(ForceLimit, IsWatchedAsLongAsLegsMayMove) {
  SetMoment moment;
  moment.forces(180, 180);
  moment.granted = false;
  EXPECT_TRUE(check_over_force(moment));
  moment.under_way = false;
  EXPECT_FALSE(check_over_force(moment));
}

TEST(ForceLimit, IsJudgedByNoDriveThatIsSilentAndNoPrescriptionThatIsNotThere) {
  SetMoment moment;
  moment.forces(180, 180);
  moment.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_over_force(moment));
  moment.estimate.drive.age = {};
  moment.limits.reset();
  EXPECT_FALSE(check_over_force(moment));
}

TEST(ForceLimit, ForgivesTheInertiaOfAJerkButNotMoreThan60N) {
  SetMoment moment;
  moment.forces(100, 229);
  moment.estimate.acceleration_rad_s2 = 100.0;
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(100, 231);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, LeavesWhoIsTooFastToTheSpeedRule) {
  SetMoment moment;
  moment.forces(180, 180);
  const auto trip = rehab::speed_limits(moment.limits->prescription, *moment.working).lifting.trip;
  moment.estimate.velocity = trip * 1.02;
  EXPECT_FALSE(check_over_force(moment));
  moment.estimate.velocity = trip * 0.98;
  EXPECT_TRUE(check_over_force(moment));
  moment.estimate.velocity = trip * 1.02;
  moment.granted = false;  // no set, no speed rule
  EXPECT_TRUE(check_over_force(moment));
}

struct AtTheWall : SetMoment {
  // `into_mrad` beyond the wall's beginning at −8°.
  explicit AtTheWall(double into_mrad) {
    commanded.wall_high_dmrad = static_cast<std::int16_t>(-8.0 * 174.533);
    commanded.wall_stiffness_nm_rad = 2000;
    estimate.angle = units::radians(1e-4 * commanded.wall_high_dmrad + 1e-3 * into_mrad);
  }
};

TEST(ForceLimit, AllowsTheWallWhatItPushesBackWith) {
  AtTheWall moment{20};  // 40 N·m at 0.79 m: 51 N
  moment.forces(219, 219);
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(223, 223);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, AllowsTheWallItsDampingOfAnArmThatMovesIntoIt) {
  AtTheWall moment{20};
  moment.speed(10);  // 2·√(2000·3.2)·0.175 = 28 N·m more: 35 N
  moment.forces(253, 253);
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(260, 260);
  EXPECT_TRUE(check_over_force(moment));
  moment.speed(-10);  // none out of it
  moment.forces(223, 223);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, AllowsTheWallNoMoreThan200N) {
  AtTheWall moment{200};
  moment.forces(365, 365);
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(375, 375);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, AllowsNothingToAWallThatIsNotAtTheEndOfTheRange) {
  AtTheWall moment{20};
  moment.commanded.wall_high_dmrad = -7000;
  moment.angle(-9.5);
  moment.forces(175, 175);
  EXPECT_TRUE(check_over_force(moment));
  moment.angle(-8.5);
  moment.forces(175, 175);
  EXPECT_FALSE(check_over_force(moment));
  moment.commanded.wall_stiffness_nm_rad = 0;
  EXPECT_TRUE(check_over_force(moment));
}

constexpr units::Duration Settled = milliseconds(300);

TEST(TwoForces, MayDifferBy40NAndAFifthOfTheLarger) {
  const auto differ = [](double by_torque, double by_cells) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    return check_forces_disagree(moment, Settled);
  };
  EXPECT_FALSE(differ(0, 49));
  EXPECT_TRUE(differ(0, 51));
  EXPECT_FALSE(differ(200, 121));
  EXPECT_TRUE(differ(200, 119));
  EXPECT_TRUE(differ(119, 200));
  EXPECT_FALSE(differ(-200, -121));
  EXPECT_TRUE(differ(-200, -119));
  EXPECT_TRUE(differ(30, -30));
}

TEST(TwoForces, AreComparedOnceTheBrakeHasBeenOpenFor300Ms) {
  SetMoment moment;
  moment.forces(120, 0);
  EXPECT_FALSE(check_forces_disagree(moment, milliseconds(299)));
  EXPECT_FALSE(check_torque_missing(moment, milliseconds(299)));
  EXPECT_TRUE(check_forces_disagree(moment, Settled));
  EXPECT_TRUE(check_torque_missing(moment, Settled));
}

TEST(TwoForces, AreComparedOnlyUnderLoadInASet) {
  for (const int what : {0, 1, 2}) {
    SetMoment moment;
    moment.forces(120, 0);
    if (what == 0) moment.granted = false;
    if (what == 1) moment.commanded.mode = sensing::DriveMode::Lowering;
    if (what == 2) moment.estimate.strap.reset();
    EXPECT_FALSE(check_forces_disagree(moment, Settled)) << what;
    EXPECT_FALSE(check_torque_missing(moment, Settled)) << what;
    EXPECT_FALSE(check_uneven(moment)) << what;
  }
}

TEST(Obstacle, IsWhatTheArmStandsOnWhileTheLegsAreLowered) {
  const auto stands = [](rehab::Moment now, double by_torque, double by_cells, double speed_deg_s) {
    SetMoment moment;
    moment.expectation.moment = now;
    moment.forces(by_torque, by_cells);
    moment.speed(speed_deg_s);
    const bool found = check_obstacle(moment, Settled);
    if (found) {
      EXPECT_FALSE(check_torque_missing(moment, Settled)) << "one thing, said once";
      EXPECT_FALSE(check_obstacle(moment, milliseconds(299)));
    }
    return found;
  };
  using enum rehab::Moment;
  EXPECT_TRUE(stands(Lowering, 60, 41, 0));
  EXPECT_FALSE(stands(Lowering, 60, 43, 0));
  EXPECT_TRUE(stands(Lowering, 100, 0, -2.9));
  EXPECT_FALSE(stands(Lowering, 100, 0, -3.1));
  EXPECT_TRUE(stands(Lowering, 100, 0, 2.9));
  EXPECT_FALSE(stands(Lowering, 100, 0, 3.1));
  EXPECT_FALSE(stands(Holding, 100, 0, 0));
  EXPECT_FALSE(stands(Lifting, 100, 0, 0));
}

TEST(Torque, IsMissingWhenAThirdOfItOrLessArrives) {
  const auto missing = [](double by_torque, double by_cells, double speed_deg_s, double gathers_rad_s2 = 0) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    moment.speed(speed_deg_s);
    moment.estimate.acceleration_rad_s2 = gathers_rad_s2;
    return check_torque_missing(moment, Settled);
  };
  EXPECT_TRUE(missing(100, 34, 0));
  EXPECT_FALSE(missing(100, 36, 0));
  EXPECT_TRUE(missing(100, -100, 0)) << "a cell of the wrong sign";
  EXPECT_TRUE(missing(51, 0, 0));
  EXPECT_FALSE(missing(49, 0, 0));
  EXPECT_TRUE(missing(100, 0, -20));
  // Legs that are let fall gather speed and take the arm with them.
  EXPECT_FALSE(missing(100, 0, -9, -1.1));
  EXPECT_TRUE(missing(100, 0, -9, -0.9));
  EXPECT_TRUE(missing(100, 0, -7, -1.1));
}

TEST(OneLeg, DoesItAllAboveFourFifthsOf60NOrMore) {
  const auto uneven = [](double left, double right) {
    SetMoment moment;
    moment.estimate.strap = newtons(left + right);
    moment.estimate.strap_left = newtons(left);
    moment.estimate.strap_right = newtons(right);
    return check_uneven(moment);
  };
  EXPECT_FALSE(uneven(79, 21));
  EXPECT_TRUE(uneven(81, 19));
  EXPECT_TRUE(uneven(19, 81));
  EXPECT_TRUE(uneven(61, 0));
  EXPECT_FALSE(uneven(59, 0));
  SetMoment lowering;
  lowering.forces(100, 100);
  lowering.estimate.strap_left = newtons(100);
  EXPECT_TRUE(check_uneven(lowering));
  lowering.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_uneven(lowering));
  lowering.commanded.mode = sensing::DriveMode::Torque;
  lowering.granted = false;
  EXPECT_FALSE(check_uneven(lowering));
}

}  // namespace
}  // namespace plinth::safety::testing
