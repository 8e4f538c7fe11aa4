#include "controller/units/interval.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "controller/units/quantities.hpp"

namespace plinth::units {
namespace {

constexpr double NotANumber = std::numeric_limits<double>::quiet_NaN();

TEST(Interval, HoldsItsEndsAndWhatLiesBetween) {
  constexpr Interval<double> range{-2.0, 3.0};
  EXPECT_EQ(range.low(), -2.0);
  EXPECT_EQ(range.high(), 3.0);
  EXPECT_EQ(range.width(), 5.0);
  EXPECT_EQ(range.middle(), 0.5);
  EXPECT_TRUE(range.contains(-2.0));
  EXPECT_TRUE(range.contains(3.0));
  EXPECT_FALSE(range.contains(std::nextafter(-2.0, -3.0)));
  EXPECT_FALSE(range.contains(std::nextafter(3.0, 4.0)));
}

TEST(Interval, MayBeASinglePoint) {
  constexpr Interval<int> point{4, 4};
  EXPECT_TRUE(point.contains(4));
  EXPECT_EQ(point.width(), 0);
}

TEST(Interval, CannotBeInverted) {
  EXPECT_THROW((Interval<double>{1.0, 0.0}), std::invalid_argument);
  EXPECT_FALSE(Interval<double>::checked(1.0, 0.0).has_value());
  EXPECT_TRUE(Interval<double>::checked(0.0, 1.0).has_value());
}

TEST(Interval, HasNoEndThatIsNotANumber) {
  EXPECT_FALSE(Interval<double>::checked(NotANumber, 1.0).has_value());
  EXPECT_FALSE(Interval<double>::checked(0.0, NotANumber).has_value());
  EXPECT_THROW((Interval<double>{NotANumber, NotANumber}), std::invalid_argument);
}

TEST(Interval, NeverContainsNotANumber) {
  EXPECT_FALSE((Interval<double>{0.0, 1.0}.contains(NotANumber)));
}

TEST(Interval, ContainsAnotherOnlyWhenBothItsEndsFit) {
  constexpr Interval<int> outer{0, 10};
  EXPECT_TRUE(outer.contains(Interval<int>{0, 10}));
  EXPECT_TRUE(outer.contains(Interval<int>{3, 4}));
  EXPECT_FALSE(outer.contains(Interval<int>{-1, 4}));
  EXPECT_FALSE(outer.contains(Interval<int>{3, 11}));
}

TEST(Interval, ClampsToItsNearestEnd) {
  constexpr Interval<int> range{-3, 5};
  EXPECT_EQ(range.clamp(-10), -3);
  EXPECT_EQ(range.clamp(0), 0);
  EXPECT_EQ(range.clamp(10), 5);
}

TEST(Interval, IntersectsToWhatBothAllow) {
  constexpr Interval<int> left{0, 5};
  EXPECT_EQ(left.intersection({3, 9}), (Interval<int>{3, 5}));
  EXPECT_EQ(left.intersection({5, 9}), (Interval<int>{5, 5}));
  EXPECT_FALSE(left.intersection({6, 9}).has_value());
}

TEST(Interval, ShrinksFromBothEndsUntilTheyMeet) {
  constexpr Interval<Angle> range{degrees(-60), degrees(-5)};
  const auto inner = range.shrunk_by(degrees(4));
  ASSERT_TRUE(inner.has_value());
  EXPECT_NEAR(in_degrees(inner->low()), -56.0, 1e-9);
  EXPECT_NEAR(in_degrees(inner->high()), -9.0, 1e-9);
  EXPECT_FALSE(range.shrunk_by(degrees(28)).has_value());
}

}  // namespace
}  // namespace plinth::units
