// Muscles that act by themselves, at both sides of every threshold.
#include "controller/safety/spasm_watch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using rehab::Moment;
using units::degrees;
using units::milliseconds;

struct Legs : SetMoment {
  SpasmWatch watch;
  int step_ms = 10;

  Legs() { forces(100, 100); }
  SpasmWatch::Findings move(double speed_deg_s, int cycles = 1) {
    SpasmWatch::Findings findings;
    speed(speed_deg_s);
    estimate.period = milliseconds(step_ms);
    for (int i = 0; i < cycles; ++i) {
      estimate.at += milliseconds(step_ms);
      findings = watch.watch(scene());
    }
    return findings;
  }
};

// They moved at `before` for a while and now move at `now`, without a kick against the arm.
bool thrown(double before_deg_s, double now_deg_s, int cycles = 1) {
  Legs legs;
  legs.move(before_deg_s, 20);
  return legs.move(now_deg_s, cycles).spasm;
}

// Through 47° in 2 s, the quicker of lift and lowering: 4.2 · π²/2 · 47° / (2 s)² · 0.1 s.
TEST(LegsThatAreThrown, GatherFourTimesWhatTheGuideDoesWithin100Ms) {
  EXPECT_FALSE(thrown(0, 24.2));
  EXPECT_TRUE(thrown(0, 24.5));
  EXPECT_FALSE(thrown(10, 34.2));
  EXPECT_TRUE(thrown(10, 34.5));
  EXPECT_TRUE(thrown(0, 30, 10));
  EXPECT_FALSE(thrown(0, 30, 11));
}

TEST(LegsThatAreThrown, GatherNeverLessThan18DegreesASecond) {
  const auto slowly = [](double now_deg_s) {
    Legs legs;
    auto draft = strength_prescription().draft();
    draft.tempo.lift = milliseconds(4000);
    legs.limits = limits_for(rehab::Prescription::checked(draft, strength_prescription().person()).value());
    legs.move(0, 20);
    return legs.move(now_deg_s).spasm;
  };
  EXPECT_FALSE(slowly(17.9));
  EXPECT_TRUE(slowly(18.1));
}

TEST(LegsThatAreThrown, Gather22DegreesASecondWhereNobodyLifts) {
  const auto against_the_guide = [](Moment moment, double now_deg_s) {
    Legs legs;
    legs.expectation.moment = moment;
    legs.move(0, 20);
    return legs.move(now_deg_s).spasm;
  };
  for (const Moment moment : {Moment::Holding, Moment::Lowering}) {
    EXPECT_FALSE(against_the_guide(moment, 21.9));
    EXPECT_TRUE(against_the_guide(moment, 22.1));
  }
  EXPECT_FALSE(against_the_guide(Moment::Lifting, 22.1));
}

TEST(LegsThatAreThrown, RiseFasterFromALoweringThanTheCuffSpringsBack) {
  const auto turned = [](Moment moment, double now_deg_s) {
    Legs legs;
    legs.expectation.moment = moment;
    legs.move(-40, 20);
    return legs.move(now_deg_s).spasm;
  };
  EXPECT_FALSE(turned(Moment::Lowering, 7.9));
  EXPECT_TRUE(turned(Moment::Lowering, 8.1));
  EXPECT_TRUE(turned(Moment::Holding, 0.1));
}

TEST(LegsThatAreThrown, GoUp) {
  EXPECT_FALSE(thrown(-40, -0.1));
  EXPECT_TRUE(thrown(-40, 0.1));
}

struct Kicking {
  double kick_n = 30;
  double gives_n = 0;  // more than before, by the drive
  double before_n = 0;
  double before_deg_s = 1;
  double now_deg_s = 12;
  int cycles = 1;

  bool kicks() const {
    Legs legs;
    legs.forces(100, 100 + before_n);
    legs.move(before_deg_s, 20);
    legs.forces(100 + gives_n, 100 + gives_n + before_n + kick_n);
    return legs.move(now_deg_s, cycles).spasm;
  }
};

TEST(LegsThatKick, PushTheArmWith20NAndAThirdOfTheSpeedOfAThrow) {
  EXPECT_TRUE((Kicking{.kick_n = 21}.kicks()));
  EXPECT_FALSE((Kicking{.kick_n = 19}.kicks()));
  EXPECT_TRUE((Kicking{.now_deg_s = 9.7}.kicks()));
  EXPECT_FALSE((Kicking{.now_deg_s = 9.3}.kicks()));
  EXPECT_FALSE((Kicking{.before_deg_s = 5, .now_deg_s = 13.3}.kicks()));
  EXPECT_TRUE((Kicking{.before_deg_s = 5, .now_deg_s = 13.7}.kicks()));
}

TEST(LegsThatKick, PushMoreThan60MsBeforeAndMoreThanTheDriveGives) {
  EXPECT_TRUE((Kicking{.cycles = 6}.kicks()));
  EXPECT_FALSE((Kicking{.cycles = 7}.kicks()));
  EXPECT_FALSE((Kicking{.kick_n = 15, .before_n = 15}.kicks()));
  EXPECT_FALSE((Kicking{.kick_n = 0, .gives_n = 30}.kicks()));
}

TEST(LegsThatKick, AreNotGuessedFromStrapsThatTellNothing) {
  for (const bool known_before : {true, false}) {
    Legs legs;
    if (!known_before) legs.estimate.strap.reset();
    legs.move(1, 20);
    legs.forces(100, 150);
    if (known_before) legs.estimate.strap.reset();
    EXPECT_FALSE(legs.move(12).spasm) << known_before;
  }
}

// The drive gave `before_n`, then `now_n`, and the straps bear as much.
bool thrown_while_the_drive_gives(double before_n, double now_n, double strap_now_n) {
  Legs legs;
  legs.forces(before_n, before_n);
  legs.move(0, 20);
  legs.forces(now_n, strap_now_n);
  return legs.move(40).spasm;
}

TEST(LegsThatShootUp, WereLetGoByADriveThatGives20NLessThanInTheLastFifthOfASecond) {
  EXPECT_FALSE(thrown_while_the_drive_gives(100, 79, 100));
  EXPECT_TRUE(thrown_while_the_drive_gives(100, 81, 100));
  for (const int cycles : {19, 22}) {
    Legs legs;
    legs.forces(100, 100);
    legs.move(0, 20);
    legs.forces(60, 60);
    legs.move(0, cycles);
    EXPECT_EQ(legs.move(40).spasm, cycles > 20) << cycles;
  }
}

TEST(LegsThatShootUp, WereLetGoWhenTheStrapsBear20NLessThanTheDriveTells) {
  EXPECT_FALSE(thrown_while_the_drive_gives(100, 100, 79));
  EXPECT_TRUE(thrown_while_the_drive_gives(100, 100, 81));
  Legs unknown;
  unknown.forces(100, 100);
  unknown.move(0, 20);
  unknown.estimate.strap.reset();
  EXPECT_TRUE(unknown.move(40).spasm);
}

TEST(LegsThatAreThrown, MayBeginALiftWithAJerk) {
  const auto at = [](Moment moment, double above_low_deg) {
    Legs legs;
    legs.expectation.moment = moment;
    legs.estimate.angle = legs.working->low() + degrees(above_low_deg);
    legs.move(0, 20);
    return legs.move(40).spasm;
  };
  EXPECT_FALSE(at(Moment::Lifting, 4.9));
  EXPECT_TRUE(at(Moment::Lifting, 5.1));
  EXPECT_TRUE(at(Moment::Holding, 4.9));
  EXPECT_TRUE(at(Moment::Lowering, 4.9));
  EXPECT_FALSE(at(Moment::Resting, 20)) << "between reps";
}

TEST(Muscles, AreWatchedInARepUnderLoadByAnAngleThatIsBelieved) {
  for (int what = 0; what < 5; ++what) {
    Legs legs;
    legs.move(0, 20);
    if (what == 1) legs.granted = false;
    if (what == 2) legs.commanded.mode = sensing::DriveMode::Lowering;
    if (what == 3) legs.estimate.drive.age = milliseconds(100);
    if (what == 4) legs.estimate.angle_plausible = false;
    EXPECT_EQ(legs.move(40).spasm, what == 0) << what;
  }
}

// The speed swings by 10 °/s about `mean`, so many times for `half_ms` to each side.
struct Beating : Legs {
  bool up = true;
  bool beat(int halves, int half_ms = 80, double mean_deg_s = 0) {
    bool clonus = false;
    for (int i = 0; i < halves; ++i, up = !up)
      clonus = move(mean_deg_s + (up ? 10 : -10), half_ms / step_ms).clonus;
    return clonus;
  }
};

// The first half beat is a movement, the second may be its end; from there they are counted.
TEST(Clonus, IsToldAfterThreeBeatsAndASwing) {
  for (const bool up : {true, false}) {
    Beating legs;
    legs.up = up;
    legs.move(0, 20);
    EXPECT_FALSE(legs.beat(7)) << up;
    EXPECT_TRUE(legs.beat(1)) << up;
    EXPECT_TRUE(legs.beat(1)) << up;
  }
}

TEST(Clonus, BeatsOnTopOfAMovement) {
  Beating legs;
  legs.move(30, 20);
  EXPECT_FALSE(legs.beat(7, 80, 30));
  EXPECT_TRUE(legs.beat(1, 80, 30));
}

TEST(Clonus, IsNotGuessedWithoutAPast) {
  Beating legs;
  EXPECT_FALSE(legs.beat(8));
  EXPECT_TRUE(legs.beat(2));
}

TEST(Clonus, IsNotTheBeatOfASetPointThatSwingsBy5NewtonMetresToEachSide) {
  for (const int swing_dnm : {49, 51}) {
    Beating legs;
    legs.commanded.torque_dnm = 400;
    legs.move(0, 20);
    bool clonus = false;
    for (int i = 0; i < 12; ++i) {
      legs.commanded.torque_dnm = static_cast<std::int16_t>(400 + (legs.up ? -swing_dnm : swing_dnm));
      clonus = legs.beat(1) || clonus;
    }
    EXPECT_EQ(clonus, swing_dnm < 50) << swing_dnm;
  }
}

TEST(Clonus, BeatsFor55To140MsToEachSide) {
  const auto told = [](int half_ms) {
    Beating legs;
    legs.step_ms = 5;
    legs.move(0, 40);
    bool clonus = false;
    for (int i = 0; i < 14; ++i) clonus = legs.beat(1, half_ms) || clonus;
    return clonus;
  };
  EXPECT_FALSE(told(50));
  EXPECT_TRUE(told(60));
  EXPECT_TRUE(told(140));
  EXPECT_FALSE(told(150));
}

TEST(Clonus, IsOverAfterItsLastBeatAndCountsAnewAfterwards) {
  Beating legs;
  legs.move(0, 20);
  ASSERT_TRUE(legs.beat(8));
  EXPECT_TRUE(legs.move(0, 10).clonus);
  EXPECT_FALSE(legs.move(0, 30).clonus);
  EXPECT_FALSE(legs.beat(7));
  EXPECT_TRUE(legs.beat(1));
}

TEST(LegsThatBeat, AreKnownToFromTheSecondHalfBeatInTime) {
  Beating legs;
  legs.move(0, 20);
  legs.beat(2);
  EXPECT_FALSE(legs.move(legs.up ? 10 : -10, 8).beating);
  EXPECT_TRUE(legs.move(legs.up ? -10 : 10).beating);
}

// Of 5 Hz the filter leaves 0.90: 2.8 °/s are 3.09.
TEST(Clonus, IsACoarserBeatThan2Point8DegreesASecond) {
  const auto told = [](double amplitude_deg_s) {
    Legs legs;
    bool clonus = false;
    for (int ms = 0; ms < 3000; ms += 10)
      clonus = legs.move(amplitude_deg_s * std::sin(2.0 * std::numbers::pi * 5e-3 * ms)).clonus || clonus;
    return clonus;
  };
  EXPECT_FALSE(told(3.0));
  EXPECT_TRUE(told(3.2));
}

}  // namespace
}  // namespace plinth::safety::testing
