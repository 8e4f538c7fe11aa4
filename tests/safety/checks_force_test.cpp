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

constexpr ArmPast Settled{.brake_open_for = milliseconds(300)};
constexpr ArmPast TooSoon{.brake_open_for = milliseconds(299), .sank = true};
constexpr ArmPast Sank{.brake_open_for = milliseconds(300), .sank = true};

TEST(TwoForces, MayDifferBy20NAndATenthOfTheLarger) {
  const auto differ = [](double by_torque, double by_cells) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    return check_forces_disagree(moment, Settled);
  };
  EXPECT_FALSE(differ(0, 22.1));
  EXPECT_TRUE(differ(0, 22.4));
  EXPECT_FALSE(differ(200, 160.1));
  EXPECT_TRUE(differ(200, 159.9));
  EXPECT_TRUE(differ(159.9, 200));
  EXPECT_FALSE(differ(-200, -160.1));
  EXPECT_TRUE(differ(-200, -159.9));
  EXPECT_TRUE(differ(15, -15));
}

TEST(TwoForces, DifferByFrictionAgainstTheMovement) {
  const auto differ = [](double rad_s, double by_cells) {
    SetMoment moment;
    moment.forces(0, by_cells);
    moment.estimate.velocity = units::radians_per_second(rad_s);
    return check_forces_disagree(moment, Settled);
  };
  // 4 N·m + 2 N·m·s/rad: 7.6 N at 0.79 m.
  EXPECT_FALSE(differ(1.0, 30.0));
  EXPECT_TRUE(differ(1.0, 31.5));
  EXPECT_FALSE(differ(1.0, -13.0));
  EXPECT_TRUE(differ(1.0, -14.5));
  EXPECT_FALSE(differ(-1.0, -30.0));
  EXPECT_TRUE(differ(-1.0, -31.5));
  // Near standstill it may point either way: half of the dry one at 0.025 rad/s, 2.6 N.
  EXPECT_FALSE(differ(0.025, 24.5));
  EXPECT_TRUE(differ(0.025, 26.0));
  EXPECT_TRUE(differ(0.0, 24.5));
}

TEST(TwoForces, DifferByAnyPartOfTheArmsInertia) {
  const auto differ = [](double rad_s2, double by_cells) {
    SetMoment moment;
    moment.forces(0, by_cells);
    moment.estimate.acceleration_now_rad_s2 = rad_s2;
    return check_forces_disagree(moment, Settled);
  };
  // 3.2 kg·m²: 40.6 N at 0.79 m.
  EXPECT_FALSE(differ(10, 66));
  EXPECT_TRUE(differ(10, 69));
  EXPECT_FALSE(differ(10, 0));
  EXPECT_FALSE(differ(10, -22));
  EXPECT_TRUE(differ(10, -23));
  EXPECT_FALSE(differ(-10, -66));
  EXPECT_TRUE(differ(-10, -69));
  EXPECT_FALSE(differ(-10, 22));
  EXPECT_TRUE(differ(-10, 23));
}

TEST(TwoForces, AreNotBlamedWhereSomethingCatchesAnArmOnItsWayDown) {
  const auto differ = [](const ArmPast& past, rehab::Moment now, double by_cells, double speed_deg_s,
                         double rad_s2) {
    SetMoment moment;
    moment.expectation.moment = now;
    moment.forces(100, by_cells);
    moment.speed(speed_deg_s);
    moment.estimate.acceleration_rad_s2 = rad_s2;
    return check_forces_disagree(moment, past);
  };
  using enum rehab::Moment;
  EXPECT_FALSE(differ(Sank, Lowering, 50, 0, 0)) << "stands on it";
  EXPECT_TRUE(differ(Settled, Lowering, 50, 0, 0)) << "stood before";
  EXPECT_TRUE(differ(Sank, Lowering, 150, 0, 0)) << "an obstacle bears, it does not pull";
  EXPECT_TRUE(differ(Sank, Holding, 50, 0, 0));
  EXPECT_FALSE(differ(Sank, Lowering, 50, -20, 0.9)) << "is being braked";
  EXPECT_TRUE(differ(Sank, Lowering, 50, -20, 0.7));
}

TEST(TheArm, SinksWhereTheLegsAreLoweredInASet) {
  SetMoment moment;
  moment.expectation.moment = rehab::Moment::Lowering;
  moment.speed(-4.1);
  EXPECT_TRUE(sinks(moment));
  moment.speed(-3.9);
  EXPECT_FALSE(sinks(moment));
  moment.speed(-4.1);
  moment.expectation.moment = rehab::Moment::Holding;
  EXPECT_FALSE(sinks(moment));
  moment.expectation.moment = rehab::Moment::Lowering;
  moment.granted = false;
  EXPECT_FALSE(sinks(moment));
}

TEST(TwoForces, AreComparedOnceTheBrakeHasBeenOpenFor300Ms) {
  SetMoment moment;
  moment.forces(120, 0);
  EXPECT_FALSE(check_forces_disagree(moment, TooSoon));
  EXPECT_FALSE(check_torque_missing(moment, TooSoon));
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

TEST(Obstacle, IsWhatTheArmComesToStandOnWhileTheLegsAreLowered) {
  const auto stands = [](rehab::Moment now, double by_torque, double by_cells, double speed_deg_s) {
    SetMoment moment;
    moment.expectation.moment = now;
    moment.forces(by_torque, by_cells);
    moment.speed(speed_deg_s);
    const bool found = check_obstacle(moment, Sank);
    if (found) {
      EXPECT_FALSE(check_torque_missing(moment, Sank)) << "one thing, said once";
      EXPECT_FALSE(check_forces_disagree(moment, Sank)) << "one thing, said once";
      EXPECT_FALSE(check_obstacle(moment, TooSoon));
      EXPECT_FALSE(check_obstacle(moment, Settled)) << "an arm that stood before stands on nothing new";
    }
    return found;
  };
  using enum rehab::Moment;
  EXPECT_TRUE(stands(Lowering, 100, 84, 0));
  EXPECT_FALSE(stands(Lowering, 100, 86, 0));
  EXPECT_TRUE(stands(Lowering, 100, 0, -3.9));
  EXPECT_FALSE(stands(Lowering, 100, 0, -4.1));
  EXPECT_TRUE(stands(Lowering, 100, 0, 3.9));
  EXPECT_FALSE(stands(Lowering, 100, 0, 4.1));
  EXPECT_FALSE(stands(Holding, 100, 0, 0));
  EXPECT_FALSE(stands(Lifting, 100, 0, 0));
  // The arm's own weight is 34 N at the cuff here: cells that tell just that miss a torque.
  EXPECT_FALSE(stands(Lowering, 100, 34, 0));
  EXPECT_TRUE(stands(Lowering, 100, 43, 0));
  EXPECT_TRUE(stands(Lowering, 100, 25, 0));
}

TEST(Obstacle, IsFoundWhileItStillBrakesTheArm) {
  const auto brakes = [](double by_cells, double rad_s2) {
    SetMoment moment;
    moment.expectation.moment = rehab::Moment::Lowering;
    moment.forces(100, by_cells);
    moment.speed(-10);
    moment.estimate.acceleration_rad_s2 = rad_s2;
    return check_obstacle(moment, Sank);
  };
  // Friction holds the arm on its way down: 5.5 N at 0.79 m.
  EXPECT_TRUE(brakes(79, 0.9));
  EXPECT_FALSE(brakes(80, 0.9)) << "no more than friction and noise";
  EXPECT_FALSE(brakes(79, 0.7)) << "no more than a person does";
}

// Torque that is gone leaves the arm's weight of 34 N to the legs, and what they brake it with: 41 N at 10
// rad/s².
TEST(Obstacle, IsToldFromTorqueThatIsGoneByWhatBrakesTheArm) {
  const auto brakes = [](double by_cells) {
    SetMoment moment;
    moment.expectation.moment = rehab::Moment::Lowering;
    moment.forces(200, by_cells);
    moment.speed(-10);
    moment.estimate.acceleration_rad_s2 = 10;
    moment.estimate.acceleration_now_rad_s2 = 10;
    return check_obstacle(moment, Sank);
  };
  // 34 + 41 − 5.5 of friction is 69 N; the inertia is known to a fifth.
  EXPECT_TRUE(brakes(51));
  EXPECT_FALSE(brakes(55));
  EXPECT_FALSE(brakes(84));
  EXPECT_TRUE(brakes(88));
}

TEST(Torque, IsMissingWhenAThirdOfItOrLessArrives) {
  const auto missing = [](double by_torque, double by_cells, double speed_deg_s, double gathers_rad_s2 = 0) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    moment.speed(speed_deg_s);
    moment.estimate.acceleration_rad_s2 = gathers_rad_s2;
    return check_torque_missing(moment, Settled);
  };
  EXPECT_TRUE(missing(200, 69, 0));
  EXPECT_FALSE(missing(200, 71, 0));
  EXPECT_TRUE(missing(100, -100, 0)) << "a cell of the wrong sign";
  EXPECT_TRUE(missing(51, 0, 0));
  EXPECT_FALSE(missing(49, 0, 0));
  EXPECT_TRUE(missing(100, 0, -20));
  // Legs that are let fall gather speed and take the arm with them.
  EXPECT_FALSE(missing(100, 0, -9, -1.1));
  EXPECT_TRUE(missing(100, 0, -9, -0.9));
  EXPECT_TRUE(missing(100, 0, -7, -1.1));
}

TEST(Torque, IsMissingWhereTheCellsCarryTheArmsWeightAlone) {
  const auto missing = [](double by_torque, double by_cells) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    return check_torque_missing(moment, Settled);
  };
  // 31 N·m · cos 30° at 0.79 m is 34.1 N; 8 N beside it are friction's.
  EXPECT_TRUE(missing(100, 41.5));
  EXPECT_FALSE(missing(100, 43));
  EXPECT_TRUE(missing(65, 26.5));
  EXPECT_FALSE(missing(65, 25.5));
  EXPECT_TRUE(missing(-30, 34)) << "support, too";
  // What is within the cells' and the torque's own error cannot be told.
  EXPECT_TRUE(missing(62, 34));
  EXPECT_FALSE(missing(57, 34));
  EXPECT_FALSE(missing(55.5, 27));
  // Cells that agree with the torque miss nothing.
  EXPECT_FALSE(missing(57, 41.5));
}

// 3.2 kg·m² at 0.79 m: an arm that slows by 12 rad/s² takes 49 N from the straps, whoever let go of it.
TEST(Torque, IsNotMissingWhereTheArmsInertiaTakesIt) {
  const auto missing = [](double slows_rad_s2) {
    SetMoment moment;
    moment.forces(65, 20);
    moment.estimate.acceleration_now_rad_s2 = slows_rad_s2;
    return check_torque_missing(moment, Settled);
  };
  EXPECT_TRUE(missing(0));
  EXPECT_TRUE(missing(12)) << "an arm that is thrown up puts more on them";
  EXPECT_FALSE(missing(-12));
}

TEST(OneLeg, DoesItAllAboveFourFifthsOf55NOrMore) {
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
  EXPECT_TRUE(uneven(56, 0));
  EXPECT_FALSE(uneven(54, 0));
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
