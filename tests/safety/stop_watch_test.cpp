// Is a release seen to happen? A set at 120 N that has just ended in mid-range.
#include "controller/safety/stop_watch.hpp"

#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;
using units::newtons;

struct WayDown : SetMoment {
  StopWatch watch;
  StopWatch::Witnesses witnesses;
  Action action = Action::Release;

  WayDown() { begin(120); }
  void begin(double load) {
    granted = false;
    commanded.mode = sensing::DriveMode::Lowering;
    forces(load, load);
    watch.begin(scene());
    lower();
  }
  // The load is gone and the arm carried.
  void lower() {
    forces(0, 0);
    speed(-8);
  }
  StopWatch::Findings cycles(int count) {
    StopWatch::Findings findings;
    for (int i = 0; i < count; ++i) {
      estimate.at += milliseconds(10);
      findings = watch.watch(scene(), action, witnesses);
    }
    return findings;
  }
};

bool is_amiss(const StopWatch::Findings& found) {
  return found.release_unverified || found.lowering_amiss || found.stop_unverified;
}

TEST(AWayDown, IsInOrderWhenTheLoadIsGoneAndTheLegsSink) {
  WayDown down;
  EXPECT_FALSE(is_amiss(down.cycles(1000)));
  down.action = Action::DriveStop;
  EXPECT_FALSE(is_amiss(down.cycles(1000)));
}

// A tenth of 120 N, 20 N, and 34 N of the arm's weight at −30°: 66 N.
TEST(AWayDown, LeavesATenthOfTheLoad20NAndTheArmsWeight) {
  const auto left = [](double by_torque, double by_cells) {
    WayDown down;
    down.forces(by_torque, by_cells);
    return down.cycles(60).release_unverified;
  };
  EXPECT_FALSE(left(65, 0));
  EXPECT_TRUE(left(67, 0));
  EXPECT_FALSE(left(0, 65));
  EXPECT_TRUE(left(0, 67));
}

struct WayDownByAWrongAngle : WayDown {
  WayDownByAWrongAngle() {
    witnesses.angle_doubted = true;
    estimate.angle_sensors_agree = false;
    witnesses.rest = units::degrees(-72);
    second(-30, -10);
  }
  void second(double degrees, double degrees_per_second) {
    estimate.second_angle = units::degrees(degrees);
    estimate.second_velocity = units::degrees_per_second(degrees_per_second);
  }
};

TEST(AWayDownByAWrongAngle, GoesOnAsLongAsTheOtherSensorSeesTheLegsLowered) {
  WayDownByAWrongAngle down;
  EXPECT_FALSE(is_amiss(down.cycles(300)));
  down.second(-30, -24);
  EXPECT_FALSE(is_amiss(down.cycles(300)));
}

TEST(AWayDownByAWrongAngle, EndsInTheBrakeWhenTheOtherSensorSeesTheLegsFall) {
  WayDownByAWrongAngle down;
  down.second(-30, -26);
  EXPECT_FALSE(down.cycles(49).stop_unverified);  // legs that somebody lets go are still being caught
  EXPECT_TRUE(down.cycles(1).stop_unverified);
  down.witnesses.angle_doubted = false;
  EXPECT_FALSE(down.cycles(1).stop_unverified);
}

TEST(AWayDownByAWrongAngle, EndsInTheBrakeWhenTheDriveStopsByThatAngleItself) {
  WayDownByAWrongAngle down;
  down.action = Action::DriveStop;
  EXPECT_FALSE(down.cycles(100).stop_unverified);
  down.second(-30, -30);
  EXPECT_TRUE(down.cycles(50).stop_unverified);
}

TEST(AWayDownByAWrongAngle, EndsInTheBrakeWhereTheLegsRestWhileTheDriveThinksThemBelow) {
  const auto ends = [](double encoder, double second, double speed = -7,
                       std::optional<units::Angle> rest = units::degrees(-72)) {
    WayDownByAWrongAngle down;
    down.witnesses.rest = rest;
    down.estimate.angle = units::degrees(encoder);
    down.second(second, speed);
    EXPECT_FALSE(down.cycles(10).stop_unverified);
    return down.cycles(1).stop_unverified;
  };
  EXPECT_TRUE(ends(-79, -69));
  EXPECT_FALSE(ends(-79, -67));
  EXPECT_FALSE(ends(-77, -69));      // nearer to the rest it may be the other one that is wrong
  EXPECT_FALSE(ends(-79, -69, -9));  // a brake that shuts on moving legs is a blow
  EXPECT_FALSE(ends(-79, -69, -7, std::nullopt));
}

TEST(AWayDownByAWrongAngle, IsNoneOnceBothSensorsTellTheSameAgain) {
  WayDownByAWrongAngle down;
  down.second(-30, -30);
  down.estimate.angle_sensors_agree = true;
  EXPECT_FALSE(down.cycles(100).stop_unverified);
  down.estimate.angle_sensors_agree = false;
  EXPECT_TRUE(down.cycles(21).stop_unverified);
}

TEST(AWayDownByAWrongAngle, IsNoneWithoutTheOtherSensor) {
  for (const bool angle : {true, false}) {
    WayDownByAWrongAngle down;
    down.second(-70, -30);
    if (angle)
      down.estimate.second_angle.reset();
    else
      down.estimate.second_velocity.reset();
    EXPECT_FALSE(down.cycles(100).stop_unverified);
  }
}

TEST(AWayDownByAWrongAngle, HasNoTorqueToSwitchOffWhenTheDriveGivesNone) {
  WayDownByAWrongAngle down;
  down.second(-30, -30);
  down.estimate.drive_report->torque_on = false;
  EXPECT_FALSE(down.cycles(100).stop_unverified);
  down.estimate.drive_report->torque_on = true;
  EXPECT_TRUE(down.cycles(1).stop_unverified);
  down.estimate.drive.age = milliseconds(200);
  EXPECT_FALSE(down.cycles(1).stop_unverified);
}

TEST(AWayDown, IsAFallOfLegsThatSinkFasterThan15DegreesASecondAndBy10FasterThanAsItBegan) {
  const auto falls = [](double began_deg_s, double now_deg_s) {
    WayDown down;
    down.speed(-began_deg_s);
    down.watch.begin(down.scene());
    down.speed(-now_deg_s);
    return down.watch.falls(down.scene());
  };
  EXPECT_TRUE(falls(0, 15.1));
  EXPECT_FALSE(falls(0, 14.9));
  EXPECT_TRUE(falls(-40, 15.1)) << "they rose as it began";
  EXPECT_TRUE(falls(30, 40.1));
  EXPECT_FALSE(falls(30, 39.9));
  WayDown over;
  over.speed(-60);
  over.watch.end();
  EXPECT_FALSE(over.watch.falls(over.scene()));
}

TEST(AWayDown, MeasuresWhatIsLeftByThePrescribedLoadAtMost) {
  WayDown down;
  down.watch.end();
  down.begin(1000);
  down.forces(70, 0);  // 17 N, 20 N and 34 N may be left of the 170 N that were the limit
  EXPECT_FALSE(down.cycles(60).release_unverified);
  down.forces(73, 0);
  EXPECT_TRUE(down.cycles(60).release_unverified);
}

TEST(AWayDown, DoesNotAskCellsThatAreDoubtedFrozenOrSilent) {
  const auto left = [](auto bend) {
    WayDown down;
    down.forces(0, 150);
    bend(down);
    return down.cycles(60).release_unverified;
  };
  EXPECT_TRUE(left([](WayDown&) {}));
  EXPECT_FALSE(left([](WayDown& d) { d.witnesses.cells_doubted = true; }));
  EXPECT_FALSE(left([](WayDown& d) { d.estimate.strap_frozen = true; }));
  EXPECT_FALSE(left([](WayDown& d) { d.estimate.hub.frozen = true; }));
  EXPECT_FALSE(left([](WayDown& d) { d.estimate.hub.age = milliseconds(100); }));
  EXPECT_FALSE(left([](WayDown& d) { d.estimate.strap.reset(); }));
  EXPECT_FALSE(left([](WayDown& d) { d.speed(5.1); })) << "somebody kicks against the arm";
  EXPECT_TRUE(left([](WayDown& d) { d.speed(4.9); }));
}

// The arm's 31 N·m at −30°, and 20 N·m more: 46.8 N·m upward.
TEST(AWayDown, CallsItAPushWhatRaisesTheArmBeyondItsWeight) {
  const auto pushed = [](double torque_nm, double speed_deg_s) {
    WayDown down;
    down.estimate.drive_torque = units::newton_metres(torque_nm);
    down.speed(speed_deg_s);
    return down.cycles(60).release_unverified;
  };
  EXPECT_FALSE(pushed(-46, 8));
  EXPECT_TRUE(pushed(-48, 8));
  EXPECT_TRUE(pushed(-48, 5.1));
  EXPECT_FALSE(pushed(-48, 4.9));
}

TEST(AWayDown, CarriesNothingBeyondTheVertical) {
  WayDown down;
  down.angle(-100);
  down.estimate.strap = newtons(31);  // a tenth of 120 N and 20 N; the arm hangs and weighs on nobody
  EXPECT_FALSE(down.cycles(60).release_unverified);
  down.estimate.strap = newtons(33);
  EXPECT_TRUE(down.cycles(60).release_unverified);
}

TEST(AWayDown, IsJudgedAfterHalfASecondByWhatHasLasted200Ms) {
  WayDown down;
  down.forces(100, 100);
  EXPECT_FALSE(down.cycles(49).release_unverified);
  EXPECT_TRUE(down.cycles(1).release_unverified);
  WayDown later;
  later.cycles(100);
  later.forces(100, 100);
  EXPECT_FALSE(later.cycles(20).release_unverified);
  EXPECT_TRUE(later.cycles(1).release_unverified);
}

TEST(AWayDown, IsAmissWhenTheLegsSinkFasterThan15DegreesASecondOrNobodySeesThem) {
  const auto amiss = [](auto bend) {
    WayDown down;
    bend(down);
    EXPECT_FALSE(down.cycles(49).lowering_amiss);
    return down.cycles(1).lowering_amiss;
  };
  EXPECT_FALSE(amiss([](WayDown& d) { d.speed(-14.9); }));
  EXPECT_TRUE(amiss([](WayDown& d) { d.speed(-15.1); }));
  EXPECT_TRUE(amiss([](WayDown& d) { d.estimate.drive.age = milliseconds(100); }));
  EXPECT_TRUE(amiss([](WayDown& d) { d.estimate.drive.frozen = true; }));
  EXPECT_TRUE(amiss([](WayDown& d) { d.estimate.drive_report.reset(); }));
}

// At −30° the legs weigh 104 N at the cuff.
TEST(AWayDown, IsAmissWhenLegsThatHangInTheCuffsStandForFourSeconds) {
  const auto stands = [](auto bend) {
    WayDown down;
    down.forces(0, -53);
    down.speed(0);
    bend(down);
    return down.cycles(401).lowering_amiss;
  };
  EXPECT_TRUE(stands([](WayDown&) {}));
  EXPECT_FALSE(stands([](WayDown& d) { d.forces(0, -51); }));
  EXPECT_FALSE(stands([](WayDown& d) { d.estimate.strap.reset(); }));
  EXPECT_TRUE(stands([](WayDown& d) { d.speed(0.9); }));
  EXPECT_TRUE(stands([](WayDown& d) { d.speed(-0.9); }));
  EXPECT_FALSE(stands([](WayDown& d) { d.speed(1.1); }));
  EXPECT_FALSE(stands([](WayDown& d) { d.speed(-1.1); }));
  EXPECT_TRUE(stands([](WayDown& d) { d.angle(-54.9); }));
  EXPECT_FALSE(stands([](WayDown& d) { d.angle(-55.1); })) << "legs hang there by themselves";
  WayDown down;
  down.forces(0, -60);
  down.speed(0);
  EXPECT_FALSE(down.cycles(400).lowering_amiss);
  EXPECT_TRUE(down.cycles(1).lowering_amiss);
}

TEST(ADriveStop, IsUnverifiedWhenTheDriveStillGivesLoadAfter600Ms) {
  WayDown down;
  down.action = Action::DriveStop;
  down.forces(100, 0);
  EXPECT_FALSE(down.cycles(60).stop_unverified);
  EXPECT_TRUE(down.cycles(1).stop_unverified);
  const auto found = [](auto bend) {
    WayDown stop;
    stop.action = Action::DriveStop;
    stop.forces(100, 0);
    bend(stop);
    return is_amiss(stop.cycles(100));
  };
  EXPECT_TRUE(found([](WayDown& d) { d.forces(67, 0); }));
  EXPECT_FALSE(found([](WayDown& d) { d.forces(65, 0); }));
  EXPECT_FALSE(found([](WayDown& d) { d.drive().torque_on = false; }));
  EXPECT_FALSE(found([](WayDown& d) { d.estimate.drive.age = milliseconds(100); }));
  EXPECT_FALSE(found([](WayDown& d) { d.estimate.drive.frozen = true; }));
}

TEST(ADriveStop, HasItsTimeFromWhenItWasAskedFor) {
  WayDown down;
  down.cycles(100);
  down.action = Action::DriveStop;
  down.forces(100, 0);
  EXPECT_FALSE(down.cycles(60).stop_unverified);
  EXPECT_TRUE(down.cycles(1).stop_unverified);
}

TEST(ADriveStop, IsUnverifiedWhenTorqueStraysForATenthOfASecond) {
  WayDown down;
  down.action = Action::DriveStop;
  down.witnesses.torque_strays = true;
  EXPECT_FALSE(down.cycles(10).stop_unverified);
  EXPECT_TRUE(down.cycles(1).stop_unverified);
  down.drive().torque_on = false;
  EXPECT_FALSE(down.cycles(1).stop_unverified);
}

TEST(ADriveStop, IsUnverifiedAtOnceWhenTorqueIsAgainstItsSetPoint) {
  WayDown down;
  down.action = Action::DriveStop;
  down.witnesses.torque_opposes = true;
  EXPECT_TRUE(down.cycles(1).stop_unverified);
  down.drive().torque_on = false;
  EXPECT_FALSE(down.cycles(1).stop_unverified);
}

TEST(AWayDown, BeginsAnewForTheNextSet) {
  WayDown down;
  down.action = Action::DriveStop;
  down.forces(100, 0);
  down.witnesses.torque_strays = true;
  down.witnesses.torque_opposes = true;
  ASSERT_TRUE(down.cycles(100).stop_unverified);
  down.watch.end();
  EXPECT_FALSE(is_amiss(down.cycles(100)));
  down.begin(120);
  down.witnesses.torque_strays = false;
  down.witnesses.torque_opposes = false;
  down.forces(100, 100);
  EXPECT_FALSE(down.cycles(60).stop_unverified);
  EXPECT_TRUE(down.cycles(1).stop_unverified);
}

TEST(AWayDown, WithoutAPrescriptionIsThatOfAPersonOf78Kg) {
  WayDown down;
  down.watch.end();
  const auto legs = down.limits->legs;
  down.forces(120, 120);
  down.limits.reset();
  down.watch.begin(down.scene());
  // No load is known: 20 N and the arm's weight at −30°.
  const double arm = units::in_newtons(
      units::force_at(sensing::ArmGravity * units::cosine(down.estimate.angle), legs.cuff_radius));
  const auto left = [&](double newton) {
    down.estimate.strap = newtons(newton);
    down.estimate.drive_torque = -sensing::ArmGravity * units::cosine(down.estimate.angle);
    down.speed(0);
    return down.cycles(60).release_unverified;
  };
  EXPECT_FALSE(left(arm + 19.5));
  EXPECT_TRUE(left(arm + 20.5));
}

}  // namespace
}  // namespace plinth::safety::testing
