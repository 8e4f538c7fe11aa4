// Legs that are let fall, at both sides of every threshold.
#include "controller/safety/drop_watch.hpp"

#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;
using units::newtons;

struct Legs : SetMoment {
  DropWatch watch;

  // Each time of so many cycles; true when the last of them is a fall.
  bool sink(double speed_deg_s, int cycles = 1) {
    bool falling = false;
    speed(-speed_deg_s);
    for (int i = 0; i < cycles; ++i) {
      estimate.at += milliseconds(10);
      falling = watch.watch(scene());
    }
    return falling;
  }
  [[nodiscard]] double stop_speed_deg_s() const {
    return units::in_degrees_per_second(rehab::speed_limits(limits->prescription, *working).lowering.trip);
  }
};

// They sank at `before` for a while and now sink at `now`, without the straps' force going.
bool gathered(double before_deg_s, double now_deg_s) {
  Legs legs;
  legs.forces(120, 120);
  legs.sink(before_deg_s, 20);
  return legs.sink(now_deg_s);
}

TEST(LegsThatFall, AreFasterThanTheStopSpeedAndGathered20DegreesASecondOfItWithin100Ms) {
  const double stop = Legs{}.stop_speed_deg_s();
  EXPECT_TRUE(gathered(stop - 22, stop + 0.1));
  EXPECT_FALSE(gathered(stop - 22, stop - 0.1));
  EXPECT_TRUE(gathered(stop + 1 - 20.1, stop + 1));
  EXPECT_FALSE(gathered(stop + 1 - 19.9, stop + 1));
}

TEST(LegsThatFall, AreComparedWithTheirSpeed100MsBefore) {
  Legs legs;
  legs.forces(120, 120);
  legs.sink(0, 20);
  EXPECT_TRUE(legs.sink(legs.stop_speed_deg_s() + 20, 10));
  EXPECT_FALSE(legs.sink(legs.stop_speed_deg_s() + 20));
}

TEST(LegsThatFall, AreNotToldInTheFirstTenthOfASecond) {
  Legs legs;
  legs.forces(120, 120);
  EXPECT_FALSE(legs.sink(legs.stop_speed_deg_s() + 50, 10));
}

// The straps bore `before` while the legs sank at `before_deg_s`, and bear `now` while they sink at
// `now_deg_s`.
struct GivingWay {
  double before = 100;
  double now = 60;
  double by_torque = 100;
  double before_deg_s = 4;
  double now_deg_s = 12;
  double angle_deg = -30;
  int cycles = 1;

  bool falls() const {
    Legs legs;
    legs.angle(angle_deg);
    legs.forces(by_torque, before);
    legs.sink(before_deg_s, 20);
    legs.forces(by_torque, now);
    return legs.sink(now_deg_s, cycles);
  }
};

TEST(LegsThatGiveWay, TakeMoreThanAThirdOfTheStrapsForceWithThem) {
  EXPECT_TRUE((GivingWay{.now = 64}.falls()));
  EXPECT_FALSE((GivingWay{.now = 66}.falls()));
}

TEST(LegsThatGiveWay, TakeHalfOfItAtTheUpperWall) {
  EXPECT_TRUE((GivingWay{.now = 49, .angle_deg = -9.5}.falls()));
  EXPECT_FALSE((GivingWay{.now = 51, .angle_deg = -9.5}.falls()));
  EXPECT_TRUE((GivingWay{.now = 64, .angle_deg = -10.5}.falls()));
}

TEST(LegsThatGiveWay, TakeItFromWhatTheDriveGives) {
  EXPECT_TRUE((GivingWay{.now = 38, .by_torque = 60}.falls()));
  EXPECT_FALSE((GivingWay{.now = 40, .by_torque = 60}.falls()));
}

TEST(LegsThatGiveWay, Bore40NewtonOrMore60MsBefore) {
  EXPECT_TRUE((GivingWay{.before = 41, .now = 20}.falls()));
  EXPECT_FALSE((GivingWay{.before = 39, .now = 20}.falls()));
  EXPECT_TRUE((GivingWay{.cycles = 6}.falls()));
  EXPECT_FALSE((GivingWay{.cycles = 7}.falls()));
}

TEST(LegsThatGiveWay, SinkAt10DegreesASecondAndGathered7OfThem) {
  EXPECT_TRUE((GivingWay{.before_deg_s = 1, .now_deg_s = 10.1}.falls()));
  EXPECT_FALSE((GivingWay{.before_deg_s = 1, .now_deg_s = 9.9}.falls()));
  EXPECT_TRUE((GivingWay{.before_deg_s = 4.9}.falls()));
  EXPECT_FALSE((GivingWay{.before_deg_s = 5.1}.falls()));
}

TEST(LegsThatGiveWay, AreNotGuessedFromStrapsThatTellNothing) {
  Legs unknown_before;
  unknown_before.forces(100, 100);
  unknown_before.estimate.strap.reset();
  unknown_before.sink(4, 20);
  unknown_before.forces(100, 20);
  EXPECT_FALSE(unknown_before.sink(12));
  Legs unknown_now;
  unknown_now.forces(100, 100);
  unknown_now.sink(4, 20);
  unknown_now.estimate.strap.reset();
  EXPECT_FALSE(unknown_now.sink(12));
}

TEST(LegsThatFall, AreFastInAHoldFrom30DegreesASecond) {
  const auto falls = [](rehab::Moment moment, double now_deg_s) {
    Legs legs;
    legs.forces(120, 120);
    legs.expectation.moment = moment;
    legs.sink(0, 20);
    return legs.sink(now_deg_s);
  };
  ASSERT_GT(Legs{}.stop_speed_deg_s(), 31);
  EXPECT_TRUE(falls(rehab::Moment::Holding, 30.1));
  EXPECT_FALSE(falls(rehab::Moment::Holding, 29.9));
  EXPECT_FALSE(falls(rehab::Moment::Lowering, 30.1));
}

TEST(LegsThatFall, SinkFasterThanInTheLastBeat) {
  const double stop = Legs{}.stop_speed_deg_s();
  for (const double last_beat_deg_s : {-19.0, -21.0}) {
    Legs legs;
    legs.forces(120, 120);
    legs.sink(0, 20);
    legs.sink(stop + 1 + last_beat_deg_s, 3);  // 130 to 150 ms before
    legs.sink(0, 12);
    EXPECT_EQ(legs.sink(stop + 1), last_beat_deg_s < -20) << last_beat_deg_s;
  }
}

// Legs that beat: they bore the load, swung up and now sink with less of it.
TEST(LegsThatGiveWay, HaveNotSwungUpBefore) {
  const auto falls = [](rehab::Moment moment, double up_deg_s) {
    Legs legs;
    legs.forces(100, 100);
    legs.expectation.moment = moment;
    legs.sink(4, 20);
    legs.sink(4 - up_deg_s, 3);
    legs.sink(4, 5);
    legs.forces(100, 60);
    return legs.sink(12);
  };
  EXPECT_TRUE(falls(rehab::Moment::Lowering, 5.9));
  EXPECT_FALSE(falls(rehab::Moment::Lowering, 6.1));
  EXPECT_FALSE(falls(rehab::Moment::Holding, 6.1));
  EXPECT_TRUE(falls(rehab::Moment::Lifting, 6.1)) << "who lifts has to gather speed";
}

TEST(LegsThatGiveWay, MayHaveGatheredSpeedBeforeWhichIsNoSwing) {
  Legs legs;
  legs.forces(100, 100);
  legs.expectation.moment = rehab::Moment::Lowering;
  for (int i = 0; i < 20; ++i) legs.sink(i);
  legs.forces(100, 60);
  EXPECT_TRUE(legs.sink(26));
}

// They sank at `before`, at `soon` 20 ms ago, and now at `now`, with all the force on the straps.
struct RunningAway {
  double before = 20;
  double soon = 26;
  double now = 36;
  rehab::Moment moment = rehab::Moment::Lowering;
  double swung_up = 0;

  bool falls() const {
    Legs legs;
    legs.forces(120, 120);
    legs.expectation.moment = moment;
    legs.sink(before, 20);
    legs.sink(before - swung_up, 3);
    legs.sink(before, 5);
    legs.sink(soon, 2);
    return legs.sink(now);
  }
};

TEST(LegsThatRunAway, SinkFasterThan30DegreesASecondAndGathered15OfThemIn60Ms) {
  EXPECT_TRUE((RunningAway{.before = 14, .soon = 20, .now = 30.1}.falls()));
  EXPECT_FALSE((RunningAway{.before = 13, .soon = 20, .now = 29.9}.falls()));
  EXPECT_TRUE((RunningAway{.now = 35.1}.falls()));
  EXPECT_FALSE((RunningAway{.now = 34.9}.falls()));
}

TEST(LegsThatRunAway, DidNotDoSoFromOneReadingToTheNext) {
  EXPECT_TRUE((RunningAway{.soon = 25.1}.falls()));
  EXPECT_FALSE((RunningAway{.soon = 24.9}.falls()));
  Legs unseen;
  unseen.forces(120, 120);
  unseen.sink(20, 20);
  unseen.estimate.at += milliseconds(45);
  EXPECT_FALSE(unseen.sink(36)) << "between the two nobody looked";
}

TEST(LegsThatRunAway, HaveNotSwungUpBeforeButInALift) {
  EXPECT_TRUE((RunningAway{.swung_up = 5.9}.falls()));
  EXPECT_FALSE((RunningAway{.swung_up = 6.1}.falls()));
  EXPECT_TRUE((RunningAway{.moment = rehab::Moment::Lifting, .swung_up = 6.1}.falls()));
}

// 50° in 1.8 s peak at 44 °/s; four times what that gathers in 60 ms is 18 °/s.
TEST(LegsThatRunAway, GatherMoreThanAHurriedGuide) {
  rehab::PrescriptionDraft draft = strength_prescription().draft();
  draft.tempo.lower = milliseconds(1800);
  const auto quick = rehab::Prescription::checked(draft, strength_prescription().person());
  ASSERT_TRUE(quick.has_value());
  const double peak_deg_s = units::in_degrees_per_second(
      rehab::peak_speed(rehab::guide_range(*SetMoment{}.working).width(), milliseconds(1800)));
  const double most = 4.0 * peak_deg_s * 3.14159265 * 0.06 / 1.8;
  ASSERT_GT(most, 16);
  for (const double beyond : {-0.1, 0.1}) {
    Legs legs;
    legs.limits = limits_for(*quick);
    legs.forces(120, 120);
    legs.sink(20, 20);
    legs.sink(28, 2);
    EXPECT_EQ(legs.sink(20 + most + beyond), beyond > 0) << most;
  }
}

TEST(LegsThatFall, AreWatchedUnderLoadInASetWhileTheDriveIsHeard) {
  for (int what = 0; what < 4; ++what) {
    Legs legs;
    legs.forces(120, 120);
    legs.sink(0, 20);
    if (what == 1) legs.granted = false;
    if (what == 2) legs.commanded.mode = sensing::DriveMode::Lowering;
    if (what == 3) legs.estimate.drive.age = milliseconds(100);
    EXPECT_EQ(legs.sink(legs.stop_speed_deg_s() + 20), what == 0) << what;
  }
}

}  // namespace
}  // namespace plinth::safety::testing
