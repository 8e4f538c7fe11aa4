#include "controller/resistance/walls.hpp"

#include <gtest/gtest.h>

#include "tests/resistance/laws.hpp"

namespace plinth::resistance {
namespace {

using units::degrees;
using units::milliseconds;
using units::newton_metre_seconds_per_radian;

// The stiffness below which a virtual wall is passive, K < (b + B)/(T/2 + td): Colgate and Schenkel's bound
// with the loop's delay as Hulin has it. `friction`: b, of the arm. `damping`: B, of the wall itself.
// `period`: T, of the loop that renders it. `delay`: td, sensor to torque.
units::AngularStiffness stiffness_bound(units::AngularDamping friction, units::AngularDamping damping,
                                        units::Duration period, units::Duration delay) {
  const double lag_s = units::in_seconds(period) / 2.0 + units::in_seconds(delay);
  return units::newton_metres_per_radian((friction + damping).value() / lag_s);
}

TEST(Walls, BeginInsideTheUpperEndAndWhereTheLawSaysBelow) {
  ConstantLoad law = typical_law();
  law.lower_wall = degrees(-73);
  const auto walls = torque_demand(law, arm_at(-70)).walls;
  EXPECT_EQ(walls.low(), degrees(-73));
  EXPECT_EQ(walls.high(), degrees(-5) - rehab::WallMargin);
}

TEST(Walls, AreNeverInverted) {
  ConstantLoad law = typical_law();
  law.lower_wall = degrees(10);
  const auto walls = walls_of(law);
  EXPECT_EQ(walls.low(), walls.high());
}

TEST(Walls, AreTooStiffForTheHostAndWellWithinWhatTheDriveRenders) {
  const auto friction = newton_metre_seconds_per_radian(3);
  const auto none = newton_metre_seconds_per_radian(0);
  // 10 ms period and 15 ms from sensor to torque: 150 N·m/rad. That is why walls live in the drive.
  const auto host = stiffness_bound(friction, none, milliseconds(10), milliseconds(15));
  EXPECT_NEAR(units::in_newton_metres_per_radian(host), 150, 1e-9);
  EXPECT_GT(rehab::WallStiffness, host);
  const auto drive = stiffness_bound(friction, none, milliseconds(1), units::Duration{100'000});
  EXPECT_NEAR(units::in_newton_metres_per_radian(drive), units::in_newton_metres_per_radian(StiffestWall),
              1e-6);
  EXPECT_LT(rehab::WallStiffness, StiffestWall);
}

}  // namespace
}  // namespace plinth::resistance
