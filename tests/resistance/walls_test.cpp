#include "controller/resistance/walls.hpp"

#include <gtest/gtest.h>

#include "tests/resistance/laws.hpp"

namespace plinth::resistance {
namespace {

using units::degrees;
using units::milliseconds;
using units::newton_metre_seconds_per_radian;

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
  EXPECT_GT(WallStiffness, host);
  const auto drive = stiffness_bound(friction, none, milliseconds(1), units::Duration{100'000});
  EXPECT_NEAR(units::in_newton_metres_per_radian(drive), units::in_newton_metres_per_radian(StiffestWall),
              1e-6);
  EXPECT_LT(WallStiffness, StiffestWall);
}

TEST(Walls, MayBeStifferWithDampingAndMustBeSofterWithDelay) {
  const auto bound = [](double damping, int delay_ms) {
    return stiffness_bound(newton_metre_seconds_per_radian(3), newton_metre_seconds_per_radian(damping),
                           milliseconds(10), milliseconds(delay_ms));
  };
  EXPECT_GT(bound(30, 15), bound(0, 15));
  EXPECT_LT(bound(0, 30), bound(0, 15));
}

}  // namespace
}  // namespace plinth::resistance
