#include "controller/sensing/observer.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace plinth::sensing {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::in_degrees;
using units::milliseconds;
using units::newtons;

// Two healthy units that a test bends in one place.
class Station : public ::testing::Test {
 protected:
  Station() {
    drive_.estop_a_closed = true;
    drive_.estop_b_closed = true;
    drive_.angle = degrees(-70);
    hub_.estop_a_closed = true;
    hub_.estop_b_closed = true;
    hub_.comfort_plausible = true;
    hub_.strap_left.force = newtons(20);
    hub_.strap_right.force = newtons(22);
    for (auto& pad : hub_.pads) pad.force = newtons(120);
    hub_.second_angle = degrees(-70);
  }

  Estimate cycle(Reading drive = Reading::Fresh, Reading hub = Reading::Fresh) {
    now_ += milliseconds(10);
    drive_.sequence = static_cast<std::uint16_t>(drive_.sequence + 10);
    hub_.sequence = static_cast<std::uint16_t>(hub_.sequence + 5);
    if (drive == Reading::Fresh) sample_.drive = {.report = drive_, .taken_at = now_, .reading = drive};
    if (hub == Reading::Fresh) sample_.hub = {.report = hub_, .taken_at = now_, .reading = hub};
    sample_.drive.reading = drive;
    sample_.hub.reading = hub;
    return observer_.observe(sample_, now_);
  }
  Estimate cycles(int count, Reading drive = Reading::Fresh, Reading hub = Reading::Fresh) {
    Estimate estimate;
    for (int i = 0; i < count; ++i) estimate = cycle(drive, hub);
    return estimate;
  }

  DriveReport drive_;
  HubReport hub_;
  Sample sample_;
  Calibration calibration_;
  Observer observer_{Calibration{}, milliseconds(10)};
  units::Instant now_{};
};

TEST_F(Station, SeesArmForcesAndPerson) {
  drive_.velocity = degrees_per_second(5);
  hub_.left_grip = true;
  const Estimate estimate = cycles(3);
  EXPECT_NEAR(in_degrees(estimate.angle), -70, 1e-9);
  EXPECT_NEAR(units::in_degrees_per_second(estimate.velocity), 5, 1e-9);
  EXPECT_TRUE(estimate.angle_plausible);
  EXPECT_TRUE(estimate.angle_sensors_agree);
  EXPECT_NEAR(units::in_newtons(*estimate.strap), 42, 1e-9);
  EXPECT_NEAR(units::in_newtons(*estimate.trunk), 480, 1e-9);
  EXPECT_TRUE(estimate.patient_present);
  EXPECT_TRUE(estimate.left_grip);
  EXPECT_FALSE(estimate.right_grip);
  EXPECT_TRUE(estimate.estop_closed);
  EXPECT_EQ(estimate.period, milliseconds(10));
}

TEST_F(Station, KnowsNothingGoodBeforeTheFirstReport) {
  const Estimate estimate = observer_.observe(Sample{}, now_);
  EXPECT_FALSE(estimate.angle_plausible);
  EXPECT_FALSE(estimate.angle_sensors_agree);
  EXPECT_FALSE(estimate.patient_present);
  EXPECT_FALSE(estimate.estop_closed);
  EXPECT_FALSE(estimate.strap.has_value());
}

TEST_F(Station, CarriesOverALostAnswer) {
  cycles(3);
  const Estimate estimate = cycle(Reading::Missing, Reading::Missing);
  EXPECT_TRUE(estimate.angle_sensors_agree);
  EXPECT_TRUE(estimate.patient_present);
  EXPECT_TRUE(estimate.estop_closed);
  EXPECT_FALSE(estimate.drive.fresh);
  EXPECT_EQ(estimate.drive.age, milliseconds(10));
}

TEST_F(Station, TakesWhatASilentHubSaidForUnknownAfter60Ms) {
  cycles(3);
  EXPECT_TRUE(cycles(6, Reading::Fresh, Reading::Missing).patient_present);
  const Estimate estimate = cycle(Reading::Fresh, Reading::Missing);
  EXPECT_FALSE(estimate.patient_present);
  EXPECT_FALSE(estimate.estop_closed);
  EXPECT_FALSE(estimate.strap.has_value());
  EXPECT_FALSE(estimate.second_angle.has_value());
}

TEST_F(Station, IgnoresADamagedAnswer) {
  cycles(3);
  drive_.angle = degrees(10);
  const Estimate estimate = cycle(Reading::Damaged);
  EXPECT_NEAR(in_degrees(estimate.angle), -70, 1e-9);
}

TEST_F(Station, KeepsItsAngleWhenTheEncoderJumps) {
  cycles(3);
  drive_.angle = degrees(-50);
  const Estimate estimate = cycle();
  EXPECT_FALSE(estimate.angle_plausible);
  EXPECT_NEAR(in_degrees(estimate.angle), -70, 1e-9);
  EXPECT_FALSE(estimate.angle_sensors_agree) << "the jump must not hide behind the angle that was kept";
}

TEST_F(Station, SaysThatTheSensorsDisagreeWhenOneIsMissing) {
  hub_.second_angle.reset();
  const Estimate estimate = cycles(3);
  EXPECT_FALSE(estimate.second_angle.has_value());
  EXPECT_FALSE(estimate.angle_sensors_agree);
}

TEST_F(Station, BelievesAHubAtSlowPeriodsUntilItIsTooOldToTrainOn) {
  for (const int period_ms : {2, 10, 19, 31, 50}) {
    const units::Duration period = milliseconds(period_ms);
    observer_ = Observer{calibration_, period};
    hub_.left_grip = true;
    hub_.sequence = 0;
    cycle();
    const units::Instant asked = now_;
    const auto at_age = [&](units::Duration age) {
      sample_.hub.reading = Reading::Missing;
      return observer_.observe(sample_, asked + age);
    };
    EXPECT_TRUE(at_age(oldest_to_train_on(period)).left_grip) << period_ms;
    EXPECT_FALSE(at_age(std::max(oldest_to_train_on(period), milliseconds(60)) + milliseconds(1)).left_grip)
        << period_ms;
  }
}

TEST_F(Station, AppliesTheSecondSensorsOffsetAndTakesTheDrivesAngleAsItIs) {
  calibration_.second_offset = degrees(1);
  observer_ = Observer{calibration_, milliseconds(10)};
  const Estimate estimate = cycle();
  EXPECT_NEAR(in_degrees(estimate.angle), -70, 1e-9);
  EXPECT_NEAR(in_degrees(*estimate.second_angle), -69, 1e-9);
  EXPECT_TRUE(estimate.angle_sensors_agree);
}

TEST_F(Station, LetsAPersonRockOnThePads) {
  cycles(3);
  for (auto& pad : hub_.pads) pad.force = newtons(23);  // 92 N, above six tenths of 150 N
  EXPECT_TRUE(cycle().patient_present);
  for (auto& pad : hub_.pads) pad.force = newtons(22);
  EXPECT_FALSE(cycle().patient_present);
  for (auto& pad : hub_.pads) pad.force = newtons(30);
  EXPECT_FALSE(cycle().patient_present);
  for (auto& pad : hub_.pads) pad.force = newtons(38);
  EXPECT_TRUE(cycle().patient_present);
}

TEST_F(Station, SeesNobodyOnADeadPad) {
  cycles(3);
  hub_.pads[2].force.reset();
  const Estimate estimate = cycle();
  EXPECT_FALSE(estimate.trunk.has_value());
  EXPECT_FALSE(estimate.patient_present);
}

TEST_F(Station, NeedsAllFourEmergencyStopContacts) {
  for (int contact = 0; contact < 4; ++contact) {
    if (contact == 0) drive_.estop_a_closed = false;
    if (contact == 1) drive_.estop_b_closed = false;
    if (contact == 2) hub_.estop_a_closed = false;
    if (contact == 3) hub_.estop_b_closed = false;
    EXPECT_FALSE(cycle().estop_closed) << contact;
    drive_.estop_a_closed = drive_.estop_b_closed = true;
    hub_.estop_a_closed = hub_.estop_b_closed = true;
  }
}

TEST_F(Station, NoticesAStrapCellThatRepeatsItself) {
  drive_.velocity = degrees_per_second(20);
  EXPECT_FALSE(cycles(16).strap_frozen);
  EXPECT_TRUE(cycles(3).strap_frozen);
}

TEST_F(Station, NoticesAHubWhoseCounterStands) {
  cycles(3);
  const auto sequence = hub_.sequence;
  Estimate estimate;
  for (int i = 0; i < 3; ++i) {
    hub_.sequence = static_cast<std::uint16_t>(sequence - 5);  // the cycle adds 5
    estimate = cycle();
  }
  EXPECT_TRUE(estimate.hub.frozen);
  EXPECT_FALSE(estimate.drive.frozen);
}

TEST_F(Station, CanBeCopiedAndReplayed) {
  cycles(5);
  Observer twin = observer_;
  now_ += milliseconds(10);
  drive_.angle = degrees(-69.8);
  sample_.drive = {.report = drive_, .taken_at = now_, .reading = Reading::Fresh};
  const Estimate a = observer_.observe(sample_, now_);
  const Estimate b = twin.observe(sample_, now_);
  EXPECT_EQ(a.angle, b.angle);
  EXPECT_EQ(a.velocity, b.velocity);
}

}  // namespace
}  // namespace plinth::sensing
