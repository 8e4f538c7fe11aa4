// The two channels of the machine's force over a second or so.
#include "controller/safety/force_watch.hpp"

#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;

struct TwoChannels : SetMoment {
  ForceWatch watch;
  units::Duration brake_open_for = milliseconds(300);

  // True when the last of so many cycles finds that they drift.
  bool cycles(int count) {
    bool drifts = false;
    for (int i = 0; i < count; ++i) drifts = watch.drifts(scene(), brake_open_for);
    return drifts;
  }
};

TEST(ADrift, IsToldAfterASecond) {
  TwoChannels channels;
  channels.forces(120, 20);
  EXPECT_FALSE(channels.cycles(99));
  EXPECT_TRUE(channels.cycles(1));
}

// A step of 40 N has grown beyond 10 N and 8 % of 120 N after ln(40 / 20.4) s.
TEST(ADrift, IsAveragedOverASecond) {
  TwoChannels channels;
  channels.forces(120, 120);
  EXPECT_FALSE(channels.cycles(1000));
  channels.forces(120, 80);
  EXPECT_FALSE(channels.cycles(64));
  EXPECT_TRUE(channels.cycles(8));
}

TEST(ADrift, IsTheSameAtEveryControlPeriod) {
  const auto drifts = [](double difference) {
    TwoChannels channels;
    channels.estimate.period = milliseconds(1000);
    channels.forces(120, 120 - difference);
    return channels.cycles(1);
  };
  // Half of it counts, and half of the force: 10 N and 8 % of 60 N.
  EXPECT_FALSE(drifts(29));
  EXPECT_TRUE(drifts(30));
  EXPECT_FALSE(drifts(-29));
  EXPECT_TRUE(drifts(-30));
}

TEST(ADrift, IsForgottenWhereTheChannelsCannotBeCompared) {
  for (int what = 0; what < 6; ++what) {
    TwoChannels channels;
    channels.forces(120, 20);
    ASSERT_TRUE(channels.cycles(200));
    TwoChannels before = channels;
    if (what == 0) channels.granted = false;
    if (what == 1) channels.commanded.mode = sensing::DriveMode::Lowering;
    if (what == 2) channels.estimate.strap.reset();
    if (what == 3) channels.estimate.drive.age = milliseconds(100);
    if (what == 4) channels.estimate.hub.age = milliseconds(100);
    if (what == 5) channels.brake_open_for = milliseconds(299);
    EXPECT_FALSE(channels.cycles(1)) << what;
    before.watch = channels.watch;
    EXPECT_FALSE(before.cycles(99)) << what;
    EXPECT_TRUE(before.cycles(1)) << what;
  }
}

}  // namespace
}  // namespace plinth::safety::testing
