#include "controller/units/time.hpp"

#include <gtest/gtest.h>

#include <concepts>

namespace plinth::units {
namespace {

template <typename Clock>
concept HasNow = requires { Clock::now(); };
static_assert(!HasNow<StationClock>, "whoever owns the loop passes the time in");
static_assert(!std::convertible_to<std::chrono::steady_clock::time_point, Instant>);

TEST(Time, ConvertsBetweenDurationsAndSeconds) {
  EXPECT_DOUBLE_EQ(in_seconds(milliseconds(1500)), 1.5);
  EXPECT_EQ(in_milliseconds(milliseconds(1500)), 1500);
  EXPECT_EQ(seconds_long(1.5), milliseconds(1500));
  EXPECT_DOUBLE_EQ(in_seconds(time_span(milliseconds(60))), 0.06);
}

TEST(Time, RoundsSecondsToTheNearestNanosecond) {
  EXPECT_EQ(seconds_long(0.1), milliseconds(100));
  EXPECT_EQ(seconds_long(1e-9 * 0.6).count(), 1);
  EXPECT_EQ(seconds_long(-2.5), milliseconds(-2500));
}

TEST(Time, MeasuresFromInstantToInstant) {
  const Instant start{};
  EXPECT_EQ((start + milliseconds(30)) - start, milliseconds(30));
}

}  // namespace
}  // namespace plinth::units
