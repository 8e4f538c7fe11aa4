#include "controller/units/quantities.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <limits>

namespace plinth::units {
namespace {

template <typename Left, typename Right>
concept CanBeAdded = requires(Left left, Right right) { left + right; };
template <typename Left, typename Right>
concept CanBeCompared = requires(Left left, Right right) { left < right; };

// What must not compile does not; what must, does.
static_assert(CanBeAdded<Force, Force>);
static_assert(CanBeAdded<Torque, Torque>);
static_assert(!CanBeAdded<Force, Torque>);
static_assert(!CanBeAdded<Angle, AngularVelocity>);
static_assert(!CanBeAdded<Mass, Force>);
static_assert(!CanBeAdded<Force, double>);
static_assert(!CanBeCompared<Force, Torque>);
static_assert(!CanBeCompared<Angle, AngularVelocity>);
static_assert(!CanBeCompared<Angle, double>);
static_assert(!std::convertible_to<double, Force>);
static_assert(!std::convertible_to<double, Angle>, "an angle says whether it is in degrees or radians");
static_assert(!std::convertible_to<Torque, Force>);
static_assert(!std::assignable_from<Force&, Torque>);

TEST(Quantities, ConvertDegreesAndRadiansBothWays) {
  EXPECT_DOUBLE_EQ(in_radians(degrees(180)), std::numbers::pi);
  EXPECT_DOUBLE_EQ(in_degrees(radians(std::numbers::pi / 2)), 90.0);
  EXPECT_DOUBLE_EQ(in_radians_per_second(degrees_per_second(-90)), -std::numbers::pi / 2);
  EXPECT_DOUBLE_EQ(in_degrees_per_second(radians_per_second(1)), 180.0 / std::numbers::pi);
}

TEST(Quantities, GiveBackTheNumberTheyWereMadeOf) {
  EXPECT_EQ(in_newtons(newtons(120)), 120.0);
  EXPECT_EQ(in_metres(metres(0.79)), 0.79);
  EXPECT_EQ(in_kilograms(kilograms(78)), 78.0);
  EXPECT_EQ(in_seconds(seconds(0.25)), 0.25);
  EXPECT_EQ(in_newton_metres(newton_metres(95)), 95.0);
  EXPECT_EQ(in_newton_metre_seconds_per_radian(newton_metre_seconds_per_radian(25)), 25.0);
  EXPECT_EQ(in_newton_metres_per_radian(newton_metres_per_radian(2000)), 2000.0);
  EXPECT_EQ(in_newton_metres_per_second(newton_metres_per_second(4000)), 4000.0);
}

TEST(Quantities, TurnAForceOnALeverIntoATorqueAndBack) {
  const Torque torque = moment(newtons(120), metres(0.79));
  EXPECT_DOUBLE_EQ(in_newton_metres(torque), 94.8);
  EXPECT_DOUBLE_EQ(in_newtons(force_at(torque, metres(0.79))), 120.0);
}

TEST(Quantities, DeriveTheDimensionsOfTheLaws) {
  const Torque of_damping = newton_metre_seconds_per_radian(25) * radians_per_second(2);
  EXPECT_DOUBLE_EQ(in_newton_metres(of_damping), 50.0);
  const Torque of_stiffness = newton_metres_per_radian(2000) * radians(0.01);
  EXPECT_DOUBLE_EQ(in_newton_metres(of_stiffness), 20.0);
  const Torque of_slew = newton_metres_per_second(2000) * seconds(0.06);
  EXPECT_DOUBLE_EQ(in_newton_metres(of_slew), 120.0);
  const Angle travelled = radians_per_second(2) * seconds(0.25);
  EXPECT_DOUBLE_EQ(in_radians(travelled), 0.5);
}

TEST(Quantities, HaveAMagnitudeWithoutSign) {
  EXPECT_EQ(magnitude(newtons(-3)), newtons(3));
  EXPECT_EQ(magnitude(newtons(3)), newtons(3));
}

TEST(Quantities, AreFiniteUnlessInfiniteOrNotANumber) {
  EXPECT_TRUE(is_finite(newtons(std::numeric_limits<double>::max())));
  EXPECT_FALSE(is_finite(newtons(std::numeric_limits<double>::infinity())));
  EXPECT_FALSE(is_finite(newtons(-std::numeric_limits<double>::infinity())));
  EXPECT_FALSE(is_finite(degrees(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Quantities, TakeTheCosineOfAnAngle) {
  EXPECT_DOUBLE_EQ(cosine(degrees(60)), 0.5);
}

}  // namespace
}  // namespace plinth::units
