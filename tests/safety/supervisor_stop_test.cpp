#include <gtest/gtest.h>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newton_metres;
using units::newtons;

// A set that has just been ended by the comfort stop, in mid-range.
struct Released : Station {
  Released() {
    train();
    hub().comfort_pressed = true;
    cycle();
    hub().comfort_pressed = false;
  }
};

// A station whose drive says and does what the test tells it.
struct ReleasedByHand : Released {
  ReleasedByHand() { drive_follows = false; }
  void hold(units::Duration time, double torque_nm, double strap_n, double speed_deg_s) {
    for (units::Duration done{}; done < time; done += Period) {
      drive().mode = wire().mode;
      drive().torque_setpoint = newton_metres(torque_nm);
      drive().torque = newton_metres(torque_nm);
      estimate.drive_torque = newton_metres(torque_nm);
      estimate.strap = newtons(strap_n);
      place(estimate.angle, degrees_per_second(speed_deg_s));
      cycle();
    }
  }
};

TEST(Release, IsNeverQuestionedWhenTheLoadGoesAndTheLegsAreLowered) {
  Released station;
  for (double angle = -30; angle > -70; angle -= 0.1) {
    station.place(degrees(angle), degrees_per_second(-10));
    station.cycle();
  }
  EXPECT_EQ(station.verdict().action, Action::Release);
  EXPECT_EQ(station.wire().mode, sensing::DriveMode::Lowering);
  EXPECT_TRUE(station.command().permit());
}

TEST(Release, BecomesADriveStopWhenTheLoadIsStillThereAfterHalfASecond) {
  ReleasedByHand station;
  station.hold(milliseconds(490), 64, 115, 0);
  EXPECT_EQ(station.verdict().action, Action::Release) << name_of(station.verdict().cause);
  station.hold(milliseconds(20), 64, 115, 0);
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
  EXPECT_EQ(station.verdict().cause, Cause::ReleaseUnverified);
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
  EXPECT_TRUE(station.wire().controlled_stop);
  EXPECT_FALSE(station.command().permit());
}

TEST(Release, BecomesADriveStopWhenTheLegsSinkFasterThan15DegreesASecond) {
  ReleasedByHand slow;
  slow.hold(milliseconds(1000), -60, -60, -14.9);
  EXPECT_EQ(slow.verdict().action, Action::Release);
  ReleasedByHand fast;
  fast.hold(milliseconds(1000), -60, -60, -15.1);
  EXPECT_EQ(fast.verdict().action, Action::DriveStop);
}

TEST(Release, AllowsTheArmsOwnWeightToRestOnTheLegs) {
  ReleasedByHand station;
  station.hold(milliseconds(1500), 0, 34, 0);  // 31 N·m · cos 30° / 0.79 m
  EXPECT_EQ(station.verdict().action, Action::Release);
}

TEST(Release, ForgivesAKickAgainstTheArm) {
  ReleasedByHand station;
  station.hold(milliseconds(800), 0, 30, 0);
  station.hold(milliseconds(150), 0, 150, 20);
  station.hold(milliseconds(800), 0, 30, 0);
  EXPECT_EQ(station.verdict().action, Action::Release);
}

TEST(Release, BecomesADriveStopWithoutTheRelayWhenTheDriveFallsSilent) {
  ReleasedByHand station;
  station.estimate.drive.age = milliseconds(100);
  station.hold(milliseconds(600), 0, 30, 0);
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
  EXPECT_FALSE(station.command().permit());
}

TEST(DriveStop, BecomesTorqueOffWhenTheLoadIsSeenToRemain) {
  Station station;
  station.train();
  station.hub().estop_a_closed = false;
  station.cycle();
  station.drive_follows = false;
  for (int i = 0; i < 59; ++i) {
    station.estimate.drive_torque = newton_metres(64);
    station.cycle();
  }
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
  for (int i = 0; i < 3; ++i) station.cycle();
  EXPECT_EQ(station.verdict().action, Action::TorqueOff);
  EXPECT_EQ(station.wire(), [&] {
    WireCommand off;
    off.position_dmrad = station.wire().position_dmrad;
    return off;
  }());
  EXPECT_FALSE(station.command().permit());
}

TEST(DriveStop, DoesNotBecomeTorqueOffBecauseNothingCanBeSeen) {
  Station station;
  station.train();
  station.hub().estop_a_closed = false;
  station.cycle();
  station.estimate.drive.age = milliseconds(200);
  station.run(milliseconds(3000));
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
}

TEST(Lowering, EndsWhereTheLegsHangStillThoughTheyRestedLowerBefore) {
  ReleasedByHand station;
  station.hold(milliseconds(300), 0, 20, -10);
  station.place(degrees(-60));
  station.hold(milliseconds(2000), 0, 20, 0);
  EXPECT_EQ(station.wire().position_dmrad, -12217);  // −70°, from before the set
  station.hold(milliseconds(200), 0, 20, 0);
  EXPECT_EQ(station.wire().position_dmrad, -10472);  // −60°
}

TEST(Lowering, DoesNotTakeLegsThatAPersonHoldsUpForLegsAtRest) {
  ReleasedByHand station;
  station.hold(milliseconds(5000), 0, 20, 0);
  EXPECT_EQ(station.wire().position_dmrad, -12217);
}

TEST(Lowering, IsOverWhenTheBrakeIsSeenShutAndThenNothingIsEnabled) {
  Released station;
  station.run(milliseconds(400));
  station.drive_follows = false;
  station.drive().brake_released = false;
  station.drive().torque_on = false;
  station.place(degrees(-70));
  station.run(milliseconds(50));
  EXPECT_FALSE(station.wire().enable);
  EXPECT_FALSE(station.command().permit());
  EXPECT_EQ(permission(station), "latched");
}

TEST(Lowering, MustBeOverBeforeAReset) {
  Released station;
  station.run(milliseconds(1000));
  station.requests.reset = LatchLevel::Service;
  EXPECT_EQ(station.cycle().refused, rehab::RefusalCode::CauseStillPresent);
}

TEST(Restart, LetsADriveFinishItsOwnStopBeforeItIsSwitchedOff) {
  Station station;  // a new program, an arm in the air, brake open
  station.place(degrees(-30), degrees_per_second(-10));
  station.drive_follows = false;
  station.drive().stopping = true;
  station.brake(false);
  station.run(milliseconds(500));
  EXPECT_EQ(permission(station), "latched");
  EXPECT_TRUE(station.wire().enable);
  EXPECT_TRUE(station.wire().controlled_stop);
  EXPECT_FALSE(station.wire().run);
  EXPECT_EQ(station.wire().torque_dnm, 0);
  station.brake(true);
  station.cycle();
  EXPECT_FALSE(station.wire().enable);
}

}  // namespace
}  // namespace plinth::safety::testing
