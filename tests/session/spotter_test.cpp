#include "controller/session/spotter.hpp"

#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using units::degrees;
using units::Duration;
using units::milliseconds;

// Watches legs at `angle` for `time`; gives how often the load was reduced.
int watch(Spotter& spotter, units::Angle angle, bool trails, Duration time) {
  int reductions = 0;
  for (Duration t{}; t < time; t += Period) reductions += spotter.watch(angle, trails, Period) ? 1 : 0;
  return reductions;
}

TEST(Spotter, WaitsForASecondAndAHalfWithoutProgress) {
  Spotter spotter;
  spotter.lift_begins(degrees(-40));
  EXPECT_EQ(watch(spotter, degrees(-39), true, milliseconds(1490)), 0);
  EXPECT_EQ(watch(spotter, degrees(-39), true, milliseconds(10)), 1);
  EXPECT_NEAR(spotter.share(), 0.9, 1e-12);
}

TEST(Spotter, TakesATenthOffEveryHalfSecondDownToHalfAndThenGivesUp) {
  Spotter spotter;
  spotter.lift_begins(degrees(-40));
  watch(spotter, degrees(-40), true, milliseconds(1500));
  for (const double share : {0.8, 0.7, 0.6, 0.5}) {
    EXPECT_EQ(watch(spotter, degrees(-40), true, milliseconds(500)), 1);
    EXPECT_NEAR(spotter.share(), share, 1e-12);
  }
  EXPECT_FALSE(spotter.gave_up());
  EXPECT_EQ(watch(spotter, degrees(-40), true, milliseconds(500)), 0);
  EXPECT_TRUE(spotter.gave_up());
  EXPECT_NEAR(spotter.share(), 0.5, 1e-12);
}

TEST(Spotter, StopsHelpingWhenTheLegsRiseAgainButGivesNothingBack) {
  Spotter spotter;
  spotter.lift_begins(degrees(-40));
  watch(spotter, degrees(-40), true, milliseconds(2100));
  EXPECT_NEAR(spotter.share(), 0.8, 1e-12);
  for (double angle = -37.5; angle < -10; angle += 2.5)
    watch(spotter, degrees(angle), true, milliseconds(1000));
  EXPECT_NEAR(spotter.share(), 0.8, 1e-12);
  spotter.lift_begins(degrees(-56));
  EXPECT_NEAR(spotter.share(), 0.8, 1e-12);
}

TEST(Spotter, NeverMistakesASlowLiftThatKeepsUpWithItsGuideForAStall) {
  Spotter spotter;
  spotter.lift_begins(degrees(-40));
  EXPECT_EQ(watch(spotter, degrees(-40), false, milliseconds(20'000)), 0);
  EXPECT_NEAR(spotter.share(), 1.0, 1e-12);
}

TEST(Spotter, TellsLegsThatSankAgainFromLegsThatOnlyStoppedRising) {
  Spotter stuck;
  stuck.lift_begins(degrees(-40));
  watch(stuck, degrees(-36), true, milliseconds(4000));
  EXPECT_FALSE(stuck.sank());
  watch(stuck, degrees(-42), true, milliseconds(1000));
  EXPECT_TRUE(stuck.sank());
  stuck.lift_begins(degrees(-56));
  EXPECT_FALSE(stuck.sank()) << "of the new lift nothing is known yet";
}

TEST(Spotter, ATwitchIsNoProgress) {
  Spotter spotter;
  spotter.lift_begins(degrees(-40));
  int reductions = 0;
  for (int i = 0; i < 200; ++i)
    reductions += spotter.watch(degrees(-40 + (i % 2 == 0 ? 1.5 : -1.5)), true, Period) ? 1 : 0;
  EXPECT_GT(reductions, 0);
}

}  // namespace
}  // namespace plinth::session
