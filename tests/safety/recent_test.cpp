#include "controller/safety/recent.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace plinth::safety {
namespace {

using units::Duration;
using units::Instant;
using units::milliseconds;

constexpr Instant Start{milliseconds(100'000)};

// At each of these milliseconds the arm's speed is their number.
Recent taken(const std::vector<int>& at_ms) {
  Recent recent;
  for (const int ms : at_ms)
    recent.take(Start + milliseconds(ms), {.velocity = units::radians_per_second(ms), .force = {}});
  return recent;
}
// −1: nothing.
double found(const Recent::Past* value) {
  return value == nullptr ? -1 : units::in_radians_per_second(value->velocity);
}

TEST(TheRecentPast, IsNothingBeforeAnythingHasHappened) {
  EXPECT_EQ(found(taken({}).before(Start, milliseconds(10))), -1);
}

TEST(TheRecentPast, GivesTheYoungestValueThatIsOldEnough) {
  const auto recent = taken({0, 10, 20, 30});
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(10))), 20);
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(20))), 10);
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(30))), 0);
  EXPECT_EQ(found(recent.before(Start + milliseconds(30), milliseconds(40))), -1);
}

TEST(TheRecentPast, ForgivesALoopThatWokeAMillisecondEarly) {
  const auto recent = taken({0});
  EXPECT_EQ(found(recent.before(Start + milliseconds(19), milliseconds(20))), 0);
  EXPECT_EQ(found(recent.before(Start + milliseconds(19) - Duration{1}, milliseconds(20))), -1);
}

TEST(TheRecentPast, IsNothingAfterAGapOfTwiceTheTime) {
  const auto recent = taken({0});
  EXPECT_EQ(found(recent.before(Start + milliseconds(40), milliseconds(20))), 0);
  EXPECT_EQ(found(recent.before(Start + milliseconds(40) + Duration{1}, milliseconds(20))), -1);
}

TEST(TheRecentPast, ReachesBackAsFarAsItsLengthAndForgetsWhatIsOlder) {
  std::vector<int> each_cycle_ms;
  for (int ms = 0; ms <= 200; ms += 10) each_cycle_ms.push_back(ms);
  const auto recent = taken(each_cycle_ms);
  EXPECT_EQ(found(recent.before(Start + milliseconds(200), milliseconds(190))), 10);
  EXPECT_EQ(found(recent.before(Start + milliseconds(200), milliseconds(200))), -1);
}

TEST(TheRecentPast, IsTheSameAtEveryControlPeriod) {
  std::vector<int> every_ms(181);
  std::iota(every_ms.begin(), every_ms.end(), 0);
  const auto quick = taken(every_ms);
  // One value every 9 ms, twenty of them: 9, 18 … 180.
  EXPECT_EQ(found(quick.before(Start + milliseconds(180), milliseconds(18))), 162);
  EXPECT_EQ(found(quick.before(Start + milliseconds(180), milliseconds(171))), 9);
  EXPECT_EQ(found(quick.before(Start + milliseconds(180), milliseconds(180))), -1);
}

TEST(TheRecentPast, ShowsWhatIsNeitherYoungerNorOlderThanAsked) {
  std::vector<double> seen;
  taken({0, 10, 20, 30, 40})
      .look_back(
          Start + milliseconds(41), milliseconds(12), milliseconds(31),
          [&seen](const Recent::Past& past) { seen.push_back(units::in_radians_per_second(past.velocity)); });
  EXPECT_EQ(seen, (std::vector<double>{10, 20, 30}));
}

TEST(TheRecentPast, IsShownTheOldestFirstHoweverLongItIs) {
  std::vector<int> each_cycle_ms;
  for (int ms = 0; ms <= 250; ms += 10) each_cycle_ms.push_back(ms);
  std::vector<double> seen;
  taken(each_cycle_ms)
      .look_back(
          Start + milliseconds(250), milliseconds(0), milliseconds(1000),
          [&seen](const Recent::Past& past) { seen.push_back(units::in_radians_per_second(past.velocity)); });
  std::vector<double> expected;
  for (int ms = 60; ms <= 250; ms += 10) expected.push_back(ms);
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace plinth::safety
