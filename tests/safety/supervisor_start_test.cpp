#include <gtest/gtest.h>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using rehab::RefusalCode;
using units::degrees;
using units::degrees_per_second;
using units::milliseconds;

// The answer to Start with one thing bent.
template <typename Bend>
std::optional<RefusalCode> start_with(Bend bend) {
  Station station;
  station.reset();
  bend(station);
  station.run(milliseconds(200));
  station.requests.start = true;
  return station.cycle().refused;
}

TEST(Boot, LeavesTheStationLatchedUntilTheConsoleResets) {
  Station station;
  station.run(milliseconds(1000));
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().first_cause, Cause::Boot);
  EXPECT_FALSE(station.wire().enable);
  station.requests.reset = LatchLevel::Patient;
  EXPECT_EQ(station.cycle().refused, RefusalCode::ResetNotAllowed);
  station.cycle();
  station.requests.reset = LatchLevel::Therapist;
  EXPECT_EQ(station.cycle().refused, std::nullopt);
  EXPECT_EQ(permission(station), "ready");
}

TEST(Boot, CannotBeResetWhileAUnitIsSilent) {
  Station station;
  station.estimate.hub = {};
  station.reset();
  EXPECT_EQ(permission(station), "latched");
}

TEST(Boot, CanBeResetWithoutAPrescriptionButMovesNothing) {
  Station station;
  station.limits.reset();
  station.reset();
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().cause, Cause::NoPrescription);
  EXPECT_EQ(station.verdict().latch, LatchLevel::None);
  station.requests.start = true;
  EXPECT_EQ(station.cycle().refused, RefusalCode::NoPrescription);
  station.limits = limits_for(strength_prescription());
  station.cycle();
  EXPECT_EQ(permission(station), "ready");
}

TEST(Start, GoesFromConsoleToBothGripsToTorque) {
  Station station;
  station.reset();
  EXPECT_EQ(permission(station), "ready");
  station.start();
  EXPECT_EQ(permission(station), "armed");
  EXPECT_FALSE(station.wire().enable);
  station.squeeze();
  EXPECT_EQ(permission(station), "granted");
  station.demand = station.load_demand();
  station.cycle();
  EXPECT_TRUE(station.wire().run);
}

TEST(Start, KeepsTheRestThatIsMeasuredUnderTheBrake) {
  Station station;
  station.place(degrees(-71));
  station.reset();
  EXPECT_FALSE(station.verdict().rest_angle.has_value());
  station.start();
  station.squeeze();
  ASSERT_TRUE(station.verdict().rest_angle.has_value());
  EXPECT_NEAR(units::in_degrees(*station.verdict().rest_angle), -71.0, 1e-9);
  station.demand = station.load_demand();
  station.cycle();
  EXPECT_EQ(station.wire().position_dmrad, -12392);  // −71° in 0.1 mrad
}

TEST(Start, IsRefusedWhenTheLegsHangAboveTheRange) {
  EXPECT_EQ(start_with([](Station& s) { s.place(degrees(-54.9)); }), RefusalCode::LegsAboveRest);
  EXPECT_EQ(start_with([](Station& s) { s.place(degrees(-55.1)); }), std::nullopt);
}

TEST(Start, IsRefusedWithoutAPatient) {
  EXPECT_EQ(start_with([](Station& s) { s.estimate.patient_present = false; }), RefusalCode::PatientAbsent);
}

// 78 kg are 765 N.
TEST(Start, IsRefusedWhenTheBenchCarriesSomebodyElse) {
  const auto carrying = [](double newton) {
    return start_with([newton](Station& s) { s.estimate.trunk = units::newtons(newton); });
  };
  EXPECT_EQ(carrying(765 * 0.86), std::nullopt);
  EXPECT_EQ(carrying(765 * 0.84), RefusalCode::WeightMismatch);
  EXPECT_EQ(carrying(765 * 1.14), std::nullopt);
  EXPECT_EQ(carrying(765 * 1.16), RefusalCode::WeightMismatch);
}

TEST(Start, IsRefusedWhileAStrapIsNotSlack) {
  const auto with = [](double left, double right) {
    return start_with([=](Station& s) {
      s.drive_follows = false;
      s.estimate.strap_left = units::newtons(left);
      s.estimate.strap_right = units::newtons(right);
    });
  };
  EXPECT_EQ(with(25, -25), std::nullopt);
  EXPECT_EQ(with(26, 0), RefusalCode::StrapsNotSlack);
  EXPECT_EQ(with(0, -26), RefusalCode::StrapsNotSlack);
}

TEST(Start, IsRefusedWhileTheDriveIsTooHot) {
  EXPECT_EQ(start_with([](Station& s) { s.drive().motor_temperature_c = 91; }), RefusalCode::DriveHot);
}

TEST(Start, IsRefusedUntilTheDrivesLimitsReadBackEqual) {
  EXPECT_EQ(start_with([](Station& s) { s.estimate.setup.limits_confirmed = false; }),
            RefusalCode::LimitsNotConfirmed);
}

TEST(Start, IsRefusedUntilTheDrivesWatchdogWasSeenToTrip) {
  EXPECT_EQ(start_with([](Station& s) { s.estimate.setup.watchdog_proven = false; }),
            RefusalCode::WatchdogNotProven);
}

TEST(Start, IsRefusedUntilTheDrivesBrakeWasSeenToHold) {
  EXPECT_EQ(start_with([](Station& s) { s.estimate.setup.brake_proven = false; }),
            RefusalCode::BrakeNotProven);
}

TEST(Start, IsRefusedWhileTheDriveIsNotReady) {
  EXPECT_EQ(start_with([](Station& s) {
              s.drive().ready = false;
              s.run(milliseconds(1000));
            }),
            RefusalCode::DriveNotReady);
  EXPECT_EQ(start_with([](Station& s) { s.drive().homed = false; }), RefusalCode::DriveNotReady);
  EXPECT_EQ(start_with([](Station& s) { s.estimate.drive.age = milliseconds(50); }),
            RefusalCode::DriveNotReady);
  EXPECT_EQ(start_with([](Station& s) { s.estimate.hub.frozen = true; }), RefusalCode::DriveNotReady);
  EXPECT_EQ(start_with([](Station& s) { s.estimate.angle_sensors_agree = false; }),
            RefusalCode::DriveNotReady);
}

TEST(Start, IsRefusedWhileAGripIsHeld) {
  EXPECT_EQ(start_with([](Station& s) { s.estimate.left_grip = true; }), RefusalCode::GripsHeld);
}

TEST(Start, IsRefusedWhileTheComfortStopIsPressed) {
  EXPECT_EQ(start_with([](Station& s) { s.hub().comfort_pressed = true; }), RefusalCode::Latched);
}

TEST(Start, IsRefusedWhileTheEmergencyStopIsOpen) {
  EXPECT_EQ(start_with([](Station& s) { s.drive().estop_b_closed = false; }), RefusalCode::Latched);
}

TEST(Start, IsTakenBackWhenThePatientGetsUpAfterIt) {
  Station station;
  station.reset();
  station.start();
  station.estimate.patient_present = false;
  station.cycle();
  EXPECT_EQ(permission(station), "ready");
  station.squeeze();
  EXPECT_EQ(permission(station), "ready");
}

TEST(Ready, IsNotLatchedByALostAnswer) {
  Station station;
  station.reset();
  station.estimate.hub.age = milliseconds(80);
  station.run(milliseconds(300));
  EXPECT_EQ(permission(station), "ready");
  EXPECT_TRUE(station.verdict().active.test(static_cast<std::size_t>(Cause::HubDataStale)));
}

TEST(Ready, EnablesNothingWhenTheDriveFallsSilentAtRest) {
  Station station;
  station.reset();
  station.estimate.drive.age = milliseconds(80);
  station.run(milliseconds(500));
  EXPECT_FALSE(station.wire().enable);
  EXPECT_FALSE(station.wire().run);
}

TEST(Ready, IsLatchedByTheConsolesStop) {
  Station station;
  station.reset();
  station.requests.stop = true;
  station.cycle();
  EXPECT_EQ(permission(station), "latched");
  EXPECT_EQ(station.verdict().first_cause, Cause::ConsoleStop);
}

TEST(SetFinished, GivesThePermissionBackWithoutALatch) {
  Station station;
  station.train();
  ASSERT_EQ(permission(station), "granted");
  station.requests.set_finished = true;
  station.cycle();
  EXPECT_EQ(permission(station), "ready");
  EXPECT_EQ(station.verdict().first_cause, Cause::None);
}

TEST(Boot, CannotBeResetWhileAUnitWasNeverHeard) {
  for (const bool drive : {true, false}) {
    Station station;
    station.drive_follows = station.drive_hears = false;
    if (drive) {
      station.estimate.drive_report.reset();
      station.estimate.drive = {};
    } else {
      station.estimate.hub_report.reset();
      station.estimate.hub = {};
    }
    station.reset();
    EXPECT_EQ(permission(station), "latched") << drive;
    EXPECT_EQ(station.verdict().first_cause, Cause::Boot);
  }
}

}  // namespace
}  // namespace plinth::safety::testing
