#include "controller/safety/recent.hpp"

#include <gtest/gtest.h>

namespace plinth::safety {
namespace {

using units::Duration;
using units::Instant;
using units::milliseconds;

constexpr Instant Start{milliseconds(100'000)};

// Takes the number of each millisecond at which a cycle came.
template <std::size_t Length>
Recent<int, Length> taken(std::initializer_list<int> at_ms) {
  Recent<int, Length> recent;
  for (const int ms : at_ms) recent.take(Start + milliseconds(ms), ms);
  return recent;
}
int found(const int* value) {
  return value == nullptr ? -1 : *value;
}

TEST(TheRecentPast, IsNothingBeforeAnythingHasHappened) {
  EXPECT_EQ(found(taken<4>({}).before(Start, milliseconds(10))), -1);
}

TEST(TheRecentPast, GivesTheYoungestValueThatIsOldEnough) {
  const auto recent = taken<4>({0, 10, 20, 30});
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(10))), 20);
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(20))), 10);
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(30))), 0);
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(40))), -1);
}

TEST(TheRecentPast, ForgivesALoopThatWokeAMillisecondEarly) {
  const auto recent = taken<4>({0});
  EXPECT_EQ(found(recent.before(Start + milliseconds(19), milliseconds(20))), 0);
  EXPECT_EQ(found(recent.before(Start + milliseconds(19) - Duration{1}, milliseconds(20))), -1);
}

TEST(TheRecentPast, IsNothingAfterAGapOfTwiceTheTime) {
  const auto recent = taken<4>({0});
  EXPECT_EQ(found(recent.before(Start + milliseconds(40), milliseconds(20))), 0);
  EXPECT_EQ(found(recent.before(Start + milliseconds(40) + Duration{1}, milliseconds(20))), -1);
}

TEST(TheRecentPast, ReachesBackAsFarAsItsLengthAndForgetsWhatIsOlder) {
  const auto recent = taken<3>({0, 10, 20, 30, 40});
  EXPECT_EQ(found(recent.before(Start + milliseconds(40), milliseconds(20))), 20);
  EXPECT_EQ(found(recent.before(Start + milliseconds(40), milliseconds(30))), -1);
}

TEST(TheRecentPast, IsTheSameAtEveryControlPeriod) {
  Recent<int, 4> quick;
  for (int ms = 0; ms <= 36; ++ms) quick.take(Start + milliseconds(ms), ms);
  // One value every 9 ms: 0, 9, 18, 27, 36.
  EXPECT_EQ(found(quick.before(Start + milliseconds(36), milliseconds(18))), 18);
  EXPECT_EQ(found(quick.before(Start + milliseconds(36), milliseconds(27))), 9);
  EXPECT_EQ(found(quick.before(Start + milliseconds(36), milliseconds(36))), -1);
}

}  // namespace
}  // namespace plinth::safety
