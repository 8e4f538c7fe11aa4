#include <gtest/gtest.h>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::milliseconds;
using units::newton_metres;

TEST(DriveFault, StopsTheDriveAndIsClearedWithTheReset) {
  Training station;
  station.drive().fault_latched = true;
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveFault);
  EXPECT_TRUE(station.wire().controlled_stop);

  station.demand = rehab::NoDemand{};
  station.brake(true);
  station.place(degrees(-70));
  station.run(milliseconds(700));
  EXPECT_FALSE(station.wire().fault_reset);
  station.requests.reset = LatchLevel::Therapist;
  station.cycle();
  EXPECT_EQ(permission(station), "ready");
  EXPECT_TRUE(station.wire().fault_reset);
  EXPECT_FALSE(station.wire().enable);
  station.drive().fault_latched = false;
  station.run(milliseconds(200));
  EXPECT_FALSE(station.wire().fault_reset);
  station.run(milliseconds(1000));
  EXPECT_EQ(permission(station), "ready");
}

TEST(DriveFault, ThatComesBackAfterTheResetLatchesAgain) {
  Training station;
  station.drive().fault_latched = true;
  station.cycle();
  station.demand = rehab::NoDemand{};
  station.brake(true);
  station.place(degrees(-70));
  station.reset();
  EXPECT_EQ(permission(station), "ready");
  station.run(milliseconds(800));
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveFault);
}

TEST(DriveWatchdog, IsToldAsItself) {
  EXPECT_EQ(after(milliseconds(10),
                  [](Station& s) {
                    s.drive().watchdog_tripped = true;
                    s.drive().fault_latched = true;
                  }),
            Cause::DriveWatchdog);
}

TEST(ObedientDrive, IsNotAccusedWhenTheLoadChanges) {
  Training station;
  for (int i = 0; i < 300; ++i) {
    auto demand = station.load_demand();
    demand.torque = newton_metres(60 + 30 * ((i / 20) % 2));
    station.demand = demand;
    station.cycle();
  }
  EXPECT_EQ(permission(station), "granted") << name_of(station.verdict().first_cause);
}

TEST(ObedientDrive, IsNotAccusedOfItsOwnDampingWallsAndSpeedLimits) {
  Training station;
  station.drive_follows = false;
  const auto with_setpoint = [&station](double nm) {
    for (int i = 0; i < 30; ++i) {
      station.drive().torque_setpoint = newton_metres(nm);
      station.drive().torque = newton_metres(nm);
      station.cycle();
    }
  };
  station.drive().limiting = 1U << 4U;  // at the upper wall
  with_setpoint(110);
  EXPECT_EQ(permission(station), "granted");
}

TEST(IgnorantDrive, IsSeenByItsSetPoint) {
  const auto stays = [](Training& s, double change) {
    auto demand = s.load_demand();
    demand.torque -= newton_metres(change);
    s.demand = demand;
    const auto held = s.drive().torque_setpoint;
    s.drive_follows = false;
    for (int i = 0; i < 20; ++i) {
      s.drive().torque_setpoint = held;
      s.cycle();
    }
    return s.verdict().first_cause;
  };
  Training slightly;
  EXPECT_EQ(stays(slightly, 0.4), Cause::None);
  Training plainly;
  EXPECT_EQ(stays(plainly, 0.7), Cause::DriveIgnores);
  EXPECT_TRUE(plainly.verdict().withdraw_permit);
  EXPECT_FALSE(plainly.command().permit());
}

TEST(IgnorantDrive, IsSeenByAHeartbeatThatItDoesNotAccept) {
  const auto deaf = [](Training& s) { s.drive_hears = false; };
  EXPECT_EQ(after(milliseconds(20), deaf), Cause::None);
  EXPECT_EQ(after(milliseconds(30), deaf), Cause::DriveIgnores);
}

TEST(IgnorantDrive, IsSeenByItsMode) {
  Training station;
  station.drive_follows = false;
  for (int i = 0; i < 7; ++i) {
    station.drive().mode = sensing::DriveMode::Position;
    station.cycle();
  }
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveIgnores);
}

TEST(IgnorantDrive, IsSeenByTorqueThatGoesSilently) {
  Training station;
  station.drive_follows = false;
  for (int i = 0; i < 7; ++i) {
    station.drive().torque_on = false;
    station.cycle();
  }
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveIgnores);
}

TEST(IgnorantDrive, IsSeenWhenItNeverStarts) {
  Station station;
  station.reset();
  station.start();
  station.squeeze();
  station.expect(rehab::Moment::RampIn, degrees(-56));
  station.demand = station.load_demand();
  station.drive_follows = false;
  for (int i = 0; i < 190; ++i) {
    station.cycle();
  }
  EXPECT_EQ(permission(station), "granted");
  for (int i = 0; i < 30; ++i) {
    station.cycle();
  }
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveIgnores);
}

TEST(ADriveThatStopsByItself, IsNotIgnorantButEndsTheSet) {
  for (const bool ss1 : {true, false}) {
    Training station;
    station.drive_follows = false;
    (ss1 ? station.drive().ss1_active : station.drive().stopping) = true;
    station.drive().mode = sensing::DriveMode::Lowering;
    station.run(milliseconds(10));
    EXPECT_EQ(permission(station), "granted");
    station.run(milliseconds(200));
    EXPECT_EQ(station.verdict().first_cause, Cause::DriveStopped);
    EXPECT_EQ(station.verdict().cause, Cause::DriveStopped);
    EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
  }
}

TEST(TooEagerDrive, IsSeenBesideItsOwnSetPoint) {
  const auto more = [](double nm) {
    Training s;
    s.drive_follows = false;
    const double setpoint = units::in_newton_metres(s.drive().torque_setpoint);
    for (int i = 0; i < 10; ++i) {
      s.drive().torque = newton_metres(setpoint * 1.1 + nm);
      s.cycle();
    }
    return s.verdict().first_cause;
  };
  EXPECT_EQ(more(19.5), Cause::None);
  EXPECT_EQ(more(20.5), Cause::DriveOverDelivers);
}

TEST(ADriveWithoutTorque, IsSeenBesideItsOwnSetPoint) {
  const auto gives = [](double share, double less_nm) {
    Training s;
    s.drive_follows = false;
    for (int i = 0; i < 10; ++i) {
      const double setpoint = units::in_newton_metres(s.drive().torque_setpoint);
      s.drive().torque = newton_metres(setpoint * share - less_nm);
      s.cycle();
    }
    return s.verdict().first_cause;
  };
  EXPECT_EQ(gives(0.9, 19.5), Cause::None);
  EXPECT_EQ(gives(0.9, 20.5), Cause::DriveIgnores);
  EXPECT_EQ(gives(0.0, 0.0), Cause::DriveIgnores);
}

TEST(TooEagerDrive, LosesTheRelayToo) {
  Training station;
  station.drive_follows = false;
  for (int i = 0; i < 10; ++i) {
    station.drive().torque = newton_metres(200);
    station.cycle();
  }
  EXPECT_EQ(station.verdict().action, Action::DriveStop);
  EXPECT_FALSE(station.command().permit());
}

TEST(DriveWatchdog, MayTakeAMomentToClearAfterTheReset) {
  Training station;
  station.drive().watchdog_tripped = true;
  station.cycle();
  station.demand = rehab::NoDemand{};
  station.brake(true);
  station.place(degrees(-70));
  station.reset();
  EXPECT_EQ(permission(station), "ready");
  station.run(milliseconds(600));
  EXPECT_EQ(permission(station), "ready");
  station.run(milliseconds(200));
  EXPECT_EQ(station.verdict().first_cause, Cause::DriveWatchdog);
}

}  // namespace
}  // namespace plinth::safety::testing
