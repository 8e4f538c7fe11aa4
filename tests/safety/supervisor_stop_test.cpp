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

// A station whose drive does as it is told, gives this torque while it lowers, and whose straps tell their
// own.
struct ReleasedByHand : Released {
  ReleasedByHand() { drive_follows = false; }
  void hold(units::Duration time, double lowering_torque_nm, double strap_n, double speed_deg_s) {
    for (units::Duration done{}; done < time; done += Period) {
      const double told_nm = 0.1 * wire().torque_dnm;
      const double torque_nm = wire().mode == sensing::DriveMode::Torque ? told_nm : lowering_torque_nm;
      drive().mode = wire().mode;
      drive().stopping = wire().controlled_stop;
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

TEST(Release, BecomesADriveStopWhenTheStrapsStillCarryTheLoadAfterHalfASecond) {
  ReleasedByHand station;
  station.hold(milliseconds(490), -27, 115, 0);
  EXPECT_EQ(station.verdict().action, Action::Release) << name_of(station.verdict().cause);
  station.hold(milliseconds(20), -27, 115, 0);
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
  EXPECT_EQ(station.verdict().cause, Cause::ReleaseUnverified);
  EXPECT_EQ(station.verdict().first_cause, Cause::ComfortStop);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
  EXPECT_TRUE(station.wire().controlled_stop);
  EXPECT_FALSE(station.command().permit());
}

TEST(Release, DoesNotAskCellsThatWereItsReason) {
  Station station;
  station.train();
  station.drive_follows = false;
  station.estimate.strap = newtons(46);
  station.run(milliseconds(40));
  ASSERT_EQ(station.verdict().first_cause, Cause::ForcesDisagree);
  station.drive_follows = true;
  for (int i = 0; i < 200; ++i) {
    station.cycle();
    station.estimate.strap = newtons(150);
  }
  EXPECT_EQ(station.verdict().action, Action::Release) << name_of(station.verdict().cause);
}

TEST(Release, BecomesADriveStopWhenTheDrivePushesTheLegsUp) {
  ReleasedByHand station;
  station.hold(milliseconds(490), -60, -40, 8);
  EXPECT_EQ(station.verdict().action, Action::Release) << name_of(station.verdict().cause);
  station.hold(milliseconds(30), -60, -40, 8);
  EXPECT_EQ(station.verdict().cause, Cause::ReleaseUnverified);
}

TEST(Release, BecomesADriveStopWhenLegsThatHangInTheCuffsAreNotLowered) {
  ReleasedByHand station;
  station.hold(milliseconds(3900), -90, -80, 0);
  EXPECT_EQ(station.verdict().action, Action::Release) << name_of(station.verdict().cause);
  station.hold(milliseconds(200), -90, -80, 0);
  EXPECT_EQ(station.verdict().cause, Cause::LoweringAmiss);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(Release, WaitsForAPersonWhoHoldsTheLegsUp) {
  ReleasedByHand station;
  station.hold(milliseconds(20'000), -27, 5, 0);
  EXPECT_EQ(station.verdict().action, Action::Release) << name_of(station.verdict().cause);
}

TEST(Release, BecomesADriveStopWhenTheLegsSinkFasterThan15DegreesASecond) {
  ReleasedByHand slow;
  slow.hold(milliseconds(1000), -60, -60, -14.9);
  EXPECT_EQ(slow.verdict().action, Action::Release);
  ReleasedByHand fast;
  fast.hold(milliseconds(1000), -60, -60, -15.1);
  EXPECT_EQ(fast.verdict().cause, Cause::LoweringAmiss);
  EXPECT_EQ(fast.verdict().latch, LatchLevel::Therapist);
}

TEST(LegsOnTheWayDown, AreCaughtFrom15DegreesASecondUntilTheyHardlySink) {
  ReleasedByHand station;
  const auto sinking = [&station](double speed_deg_s) {
    station.hold(milliseconds(10), -60, -60, speed_deg_s);
    return station.verdict().sinking;
  };
  EXPECT_FALSE(sinking(-14.9));
  EXPECT_TRUE(sinking(-15.1));
  EXPECT_TRUE(sinking(-5.1));
  EXPECT_FALSE(sinking(-4.9));
  EXPECT_FALSE(sinking(-5.1));
}

TEST(LegsOnTheWayDown, AreTakenToSinkWhileNobodySeesThem) {
  ReleasedByHand station;
  station.hold(milliseconds(10), -60, -60, -5);
  EXPECT_FALSE(station.verdict().sinking);
  station.estimate.drive.age = milliseconds(100);
  station.cycle();
  EXPECT_TRUE(station.verdict().sinking);
}

TEST(Release, HandsLegsThatAreLetGoWithTheLoadToTheDriveBeforeTheLoadIsGone) {
  for (const double speed : {-14.0, -16.0}) {
    Training station;
    station.requests.stop = true;
    station.cycle();
    ASSERT_EQ(station.wire().mode, sensing::DriveMode::Torque);
    station.place(units::degrees(-30), units::degrees_per_second(speed));
    station.cycle();
    EXPECT_EQ(station.wire().mode == sensing::DriveMode::Lowering, speed < -15) << speed;
  }
}

TEST(Release, HandsLegsThatSankWhenLastSeenToTheDriveAtOnce) {
  for (const double speed : {-14.0, -16.0}) {
    for (const bool seen : {false, true}) {
      Training station;
      station.place(units::degrees(-30), units::degrees_per_second(speed));
      station.run(units::milliseconds(50));
      ASSERT_EQ(permission(station), "granted");
      station.requests.stop = true;
      if (!seen) station.estimate.drive.age = units::milliseconds(40);
      station.cycle();
      EXPECT_EQ(station.wire().mode == sensing::DriveMode::Lowering, !seen && speed < -15) << speed << seen;
    }
  }
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
  EXPECT_EQ(station.verdict().cause, Cause::LoweringAmiss);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
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

TEST(DriveStop, BecomesTorqueOffWhenTheDriveKeepsGivingWhatItDoesNotMean) {
  for (const double stray : {60.0, -60.0}) {
    Station station;
    station.train();
    station.hub().estop_a_closed = false;
    station.cycle();
    station.drive_follows = false;
    station.drive().stopping = true;
    station.drive().torque_setpoint = newton_metres(stray / 3.0);
    for (int i = 0; i < 9; ++i) {
      station.drive().torque = newton_metres(stray);
      station.cycle();
    }
    EXPECT_EQ(station.verdict().action, Action::DriveStop) << stray;
    for (int i = 0; i < 3; ++i) station.cycle();
    EXPECT_EQ(station.verdict().cause, Cause::StopUnverified) << stray;
    EXPECT_EQ(station.verdict().action, Action::TorqueOff) << stray;
  }
}

TEST(DriveStop, DoesNotBecomeTorqueOffBecauseOfWhatTheCellsAloneSay) {
  Station station;
  station.train();
  station.hub().estop_a_closed = false;
  station.cycle();
  station.drive_follows = false;
  for (int i = 0; i < 300; ++i) {
    station.estimate.strap = newtons(300);
    station.estimate.drive_torque = -sensing::ArmGravity;
    station.cycle();
  }
  EXPECT_EQ(station.verdict().action, Action::DriveStop) << name_of(station.verdict().cause);
}

TEST(DriveStop, DoesNotBecomeTorqueOffBecauseOfAReportThatStandsStill) {
  Station station;
  station.train();
  station.hub().estop_a_closed = false;
  station.cycle();
  station.drive_follows = false;
  for (int i = 0; i < 300; ++i) {
    station.estimate.drive_torque = newton_metres(64);
    station.drive().torque = newton_metres(64);
    station.estimate.drive.frozen = true;
    station.cycle();
  }
  EXPECT_EQ(station.verdict().action, Action::DriveStop) << name_of(station.verdict().cause);
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

TEST(Lowering, ThatIsDoneWhileTheBrakeStaysOpenIsAFaultOfTheBrake) {
  ReleasedByHand station;
  station.hold(milliseconds(300), 0, 20, -10);
  station.place(degrees(-70));
  station.hold(milliseconds(550), 0, 20, 0);
  EXPECT_EQ(station.verdict().cause, Cause::ComfortStop) << name_of(station.verdict().cause);
  station.hold(milliseconds(150), 0, 20, 0);
  EXPECT_EQ(station.verdict().cause, Cause::BrakeFault);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
}

// The drive shuts its brake within five degrees of rest: a brake that does not follow there is a fault.
TEST(Lowering, IsDoneWithinFiveDegreesOfRest) {
  for (const double above : {4.9, 5.1}) {
    ReleasedByHand station;
    station.hold(milliseconds(300), 0, 20, -10);
    station.place(degrees(-70 + above));
    station.hold(milliseconds(700), 0, 20, 0);
    EXPECT_EQ(station.verdict().cause, above < 5 ? Cause::BrakeFault : Cause::ComfortStop) << above;
  }
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
  station.brake(true);
  station.place(degrees(-70));
  station.run(milliseconds(50));
  EXPECT_FALSE(station.wire().enable);
  EXPECT_FALSE(station.command().permit());
  EXPECT_EQ(permission(station), "latched");
}

// --- the way down after a set that ended well: nobody has latched anything ---

struct SetDone : Station {
  SetDone() {
    train();
    demand = rehab::NoDemand{};
    requests.set_finished = true;
    cycle();
    drive_follows = false;
  }
};

TEST(AFinishedSet, IsLoweredWithoutALatch) {
  SetDone station;
  station.drive_follows = true;
  station.run(milliseconds(3000));
  EXPECT_EQ(permission(station), "ready");
  EXPECT_EQ(station.wire().mode, sensing::DriveMode::Lowering);
}

TEST(AFinishedSet, IsWatchedUntilTheLoadIsGone) {
  SetDone station;  // whose drive keeps the torque and the mode of the last cycle
  station.run(milliseconds(400));
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
  EXPECT_FALSE(station.command().permit());
}

TEST(AFinishedSet, IsWatchedUntilTheBrakeIsSeenShut) {
  SetDone station;
  station.drive_follows = true;
  station.run(milliseconds(400));
  station.estimate.drive.age = milliseconds(100);
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveDataStale);
}

TEST(ABrake, IsShutOnlyWhenItsOwnContactSaysSoToo) {
  Released station;
  station.run(milliseconds(400));
  station.drive_follows = false;
  station.drive().brake_released = false;
  station.place(degrees(-70));
  station.run(milliseconds(400));
  EXPECT_TRUE(station.wire().enable);
  station.run(milliseconds(200));
  EXPECT_EQ(station.verdict().cause, Cause::BrakeFault);
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
}

TEST(ABrake, ThatSlipsIsServices) {
  Station station;
  station.place(degrees(-70), degrees_per_second(4));
  station.run(milliseconds(600));
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
}

TEST(AServiceLatch, IsClearedAtTheConsoleWithTheWiredKey) {
  Station station;
  station.place(degrees(-70), degrees_per_second(4));
  station.run(milliseconds(600));
  station.place(degrees(-70));
  station.reset();
  EXPECT_EQ(permission(station), "latched");
  station.hub().service_key = true;
  station.reset(LatchLevel::Patient);
  EXPECT_EQ(permission(station), "latched");
  station.reset();
  EXPECT_EQ(permission(station), "ready");
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
