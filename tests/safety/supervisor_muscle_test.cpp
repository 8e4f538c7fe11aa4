#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newtons;

// A station in training whose arm moves as a test says.
struct Moving : Training {
  // The speed goes from one value to another within `time`.
  void gather(double from_deg_s, double to_deg_s, int time_ms) {
    for (int ms = 0; ms <= time_ms; ms += 10) {
      const double share = static_cast<double>(ms) / time_ms;
      estimate.velocity = degrees_per_second(from_deg_s + (to_deg_s - from_deg_s) * share);
      cycle();
    }
  }
  // The arm's speed beats about `mean` for a second.
  void beat(double hertz, double amplitude_deg_s, double mean_deg_s = 0.0, int time_ms = 1500) {
    for (int ms = 0; ms < time_ms && verdict().first_cause == Cause::None; ms += 10) {
      const double turn = 2.0 * std::numbers::pi * hertz * 1e-3 * ms;
      estimate.velocity = degrees_per_second(mean_deg_s + amplitude_deg_s * std::sin(turn));
      cycle();
    }
  }
};

TEST(Spasm, EndsTheSetWithinATenthOfASecondOfBeingThrownUp) {
  Moving station;
  station.gather(0, 0, 200);
  station.gather(0, 32, 80);
  EXPECT_EQ(station.verdict().first_cause, Cause::Spasm);
  EXPECT_EQ(station.verdict().action, Action::Release);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

// 9 rad/s² act on the arm's inertia with 36 N, before the arm has gathered much.
TEST(Spasm, IsSeenInTheKickAgainstTheArmBeforeItsSpeedIs) {
  for (const bool kicks : {true, false}) {
    Moving station;
    station.drive_follows = false;
    station.gather(0, 0, 200);
    const units::Force before = *station.estimate.strap;
    station.estimate.strap = before + newtons(kicks ? 30 : 15);
    station.gather(2, 15, 60);
    EXPECT_EQ(station.verdict().first_cause, kicks ? Cause::Spasm : Cause::None);
  }
}

TEST(Spasm, IsNotSeenInALiftThatKeepsPaceWithTheGuide) {
  Moving station;
  station.gather(0, 0, 200);
  station.gather(0, 45, 500);  // 9 °/s in 100 ms
  EXPECT_EQ(permission(station), "granted");
}

TEST(Spasm, IsNotSeenInLegsThatAreStoppedOrSink) {
  Moving station;
  station.gather(0, 35, 600);
  station.gather(35, -20, 100);
  EXPECT_NE(station.verdict().first_cause, Cause::Spasm);
}

TEST(Spasm, IsTheHurryOfWhoStartsALiftWithAJerk) {
  Moving station;
  station.place(degrees(-56));
  station.gather(0, 0, 200);
  station.place(degrees(-56));
  station.gather(0, 32, 80);
  EXPECT_NE(station.verdict().first_cause, Cause::Spasm);
}

TEST(OverForce, IsNotWhatAPersonPushesAgainstTheArmsInertia) {
  for (const bool gathers : {true, false}) {
    Moving station;
    station.drive_follows = false;
    station.estimate.strap = newtons(190);                       // 170 N is the limit
    station.estimate.acceleration_rad_s2 = gathers ? 8.0 : 0.0;  // 33 N at the cuff
    station.run(milliseconds(20));
    EXPECT_EQ(station.verdict().first_cause, gathers ? Cause::None : Cause::OverForce);
  }
}

TEST(Spasm, NeedsNoMemoryOfTheLastSet) {
  Moving station;
  station.expect(rehab::Moment::Resting, degrees(-30));
  station.gather(0, 0, 200);
  station.gather(0, 35, 60);
  EXPECT_EQ(permission(station), "granted");
  station.expect(rehab::Moment::Lifting, degrees(-30));
  station.gather(35, 35, 60);
  EXPECT_EQ(permission(station), "granted");
}

TEST(Clonus, EndsTheSetAfterThreeBeatsOfSixHertz) {
  Moving station;
  station.gather(0, 0, 200);
  station.beat(6, 4);
  EXPECT_EQ(station.verdict().first_cause, Cause::Clonus);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(Clonus, IsFoundInTheMiddleOfALift) {
  Moving station;
  station.gather(0, 30, 600);
  station.beat(5, 4, 30);
  EXPECT_EQ(station.verdict().first_cause, Cause::Clonus);
}

TEST(Clonus, IsNotAFineTremor) {
  Moving station;
  station.beat(5, 1.6, 0, 3000);
  station.beat(10, 3, 0, 3000);
  EXPECT_EQ(permission(station), "granted");
}

TEST(Clonus, IsNotASlowSway) {
  Moving station;
  station.beat(1.5, 8, 0, 4000);
  EXPECT_EQ(permission(station), "granted");
}

TEST(Clonus, NeedsThreeBeatsInARow) {
  Moving station;
  for (int i = 0; i < 6; ++i) {
    station.beat(6, 4, 0, 330);  // two beats
    station.gather(0, 0, 400);
  }
  EXPECT_EQ(permission(station), "granted");
}

// At the top of each beat they stand, with less in the straps than the drive gives.
TEST(Obstacle, IsNotUnderLegsThatBeat) {
  for (const bool beat : {true, false}) {
    Moving station;
    station.drive_follows = false;
    station.expect(rehab::Moment::Lowering, degrees(-30));
    station.gather(0, 0, 200);
    if (beat)
      station.beat(6, 8, 0, 330);
    else
      station.gather(-5, -5, 100);
    station.estimate.strap = *station.estimate.strap - newtons(22);
    station.beat(6, beat ? 8 : 0);
    EXPECT_EQ(name_of(station.verdict().first_cause), name_of(beat ? Cause::Clonus : Cause::Obstacle));
  }
}

// The middle of the bench is 0; the pads stand half a metre apart.
TEST(APersonWhoSlides, EndsTheSet) {
  for (const double metres : {0.07, -0.07}) {
    Moving station;
    station.estimate.centre_of_pressure->y = units::metres(metres);
    station.run(milliseconds(80));
    EXPECT_EQ(permission(station), "granted");
    station.cycle();
    EXPECT_EQ(station.verdict().first_cause, Cause::PatientSlid) << metres;
    EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
  }
}

TEST(APersonWhoSlides, IsComparedWithWhereTheyLayAtTheStart) {
  Station station;
  station.estimate.centre_of_pressure->y = units::metres(0.05);
  station.train();
  station.estimate.centre_of_pressure->y = units::metres(0.10);
  station.run(milliseconds(300));
  EXPECT_EQ(permission(station), "granted");
  station.estimate.centre_of_pressure->y = units::metres(-0.02);
  station.run(milliseconds(110));
  EXPECT_EQ(station.verdict().first_cause, Cause::PatientSlid);
}

TEST(APersonWhoSlides, ShowsInTheWeightThatIsLeft) {
  Moving station;
  station.estimate.trunk = newtons(765 * 0.61);
  station.run(milliseconds(300));
  EXPECT_EQ(permission(station), "granted");
  station.estimate.trunk = newtons(765 * 0.59);
  station.run(milliseconds(110));
  EXPECT_EQ(station.verdict().first_cause, Cause::PatientSlid);
}

TEST(APersonWhoSlides, IsNotGuessedFromPadsThatTellNothing) {
  Moving station;
  station.estimate.centre_of_pressure.reset();
  station.run(milliseconds(300));
  EXPECT_NE(station.verdict().first_cause, Cause::PatientSlid);
}

TEST(OneLegThatDoesItAll, EndsTheSetAfterHalfASecond) {
  for (const bool left : {true, false}) {
    Moving station;
    station.drive_follows = false;
    station.estimate.strap_left = newtons(left ? 100 : 20);
    station.estimate.strap_right = newtons(left ? 20 : 100);
    station.run(milliseconds(500));
    EXPECT_EQ(permission(station), "granted");
    station.cycle();
    EXPECT_EQ(station.verdict().first_cause, Cause::Uneven);
    EXPECT_EQ(station.verdict().latch, LatchLevel::Patient);
  }
}

TEST(OneLegThatDoesItAll, IsNotAnUnevenPair) {
  Moving station;
  station.drive_follows = false;
  station.estimate.strap_left = newtons(90);
  station.estimate.strap_right = newtons(30);
  station.run(milliseconds(3000));
  EXPECT_EQ(permission(station), "granted");
}

TEST(Spasm, IsNotGuessedFromStrapsThatTellNothing) {
  for (const bool known_before : {true, false}) {
    Moving station;
    station.drive_follows = false;
    const units::Force before = *station.estimate.strap;
    if (!known_before) station.estimate.strap.reset();
    station.gather(0, 0, 200);
    station.estimate.strap.reset();
    if (!known_before) station.estimate.strap = before + newtons(30);
    station.gather(2, 15, 60);
    EXPECT_NE(station.verdict().first_cause, Cause::Spasm);
  }
}

}  // namespace
}  // namespace plinth::safety::testing
