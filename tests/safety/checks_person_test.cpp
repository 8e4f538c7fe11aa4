// Each criterion at both sides of its threshold.
#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::milliseconds;
using units::newtons;

TEST(Person, IsHeardThroughALiveHubOnly) {
  SetMoment moment;
  EXPECT_FALSE(check_comfort_stop(moment));
  moment.hub().comfort_pressed = true;
  moment.estimate.patient_present = false;
  moment.estimate.left_grip = false;
  EXPECT_TRUE(check_comfort_stop(moment) && check_patient_absent(moment) && check_grip_released(moment));
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_comfort_stop(moment) || check_patient_absent(moment) || check_grip_released(moment));
  moment.estimate.hub.age = {};
  moment.estimate.hub_report.reset();
  EXPECT_FALSE(check_comfort_stop(moment));
  moment.granted = false;
  EXPECT_FALSE(check_grip_released(moment));
  EXPECT_TRUE(check_patient_absent(moment)) << "the legs are still in the air";
  moment.under_way = false;
  EXPECT_FALSE(check_patient_absent(moment));
}

TEST(Person, HoldsBothGripsUntilTheLegsAreLowered) {
  SetMoment moment;
  moment.estimate.left_grip = moment.estimate.right_grip = true;
  EXPECT_FALSE(check_grip_released(moment));
  moment.estimate.right_grip = false;
  EXPECT_TRUE(check_grip_released(moment));
  moment.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_grip_released(moment));
}

TEST(Start, IsRefusedForEveryReasonInTurn) {
  const auto refused = [](auto bend, bool standstill = true) {
    SetMoment moment;
    moment.granted = false;
    moment.angle(-70);
    moment.forces(0, 0);
    moment.drive().brake_released = moment.drive().brake_feedback = false;
    bend(moment);
    return obstacle_to_start(moment, standstill);
  };
  using rehab::RefusalCode;
  const auto none = std::optional<RefusalCode>{};
  EXPECT_EQ(refused([](SetMoment&) {}), none);
  EXPECT_EQ(refused([](SetMoment& m) { m.limits.reset(); }), RefusalCode::NoPrescription);
  EXPECT_EQ(refused([](SetMoment&) {}, false), RefusalCode::DriveNotReady);
  const auto not_ready = [&](auto bend) { EXPECT_EQ(refused(bend), RefusalCode::DriveNotReady); };
  not_ready([](SetMoment& m) { m.estimate.drive.age = milliseconds(100); });
  not_ready([](SetMoment& m) { m.estimate.hub.age = milliseconds(100); });
  not_ready([](SetMoment& m) { m.estimate.drive.frozen = true; });
  not_ready([](SetMoment& m) { m.estimate.hub.frozen = true; });
  not_ready([](SetMoment& m) { m.estimate.angle_plausible = false; });
  not_ready([](SetMoment& m) { m.estimate.angle_sensors_agree = false; });
  not_ready([](SetMoment& m) { m.estimate.strap.reset(); });
  not_ready([](SetMoment& m) { m.hub().ok = false; });
  not_ready([](SetMoment& m) { m.estimate.drive.unreliable = true; });
  not_ready([](SetMoment& m) { m.estimate.drive_report.reset(); });
  not_ready([](SetMoment& m) { m.drive().homed = false; });
  not_ready([](SetMoment& m) { m.drive().brake_released = m.drive().brake_feedback = true; });
  not_ready([](SetMoment& m) { m.speed(5); });  // behind a shut brake
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.setup.limits_confirmed = false; }),
            RefusalCode::LimitsNotConfirmed);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.setup.watchdog_proven = false; }),
            RefusalCode::WatchdogNotProven);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.setup.brake_proven = false; }),
            RefusalCode::BrakeNotProven);
  EXPECT_EQ(refused([](SetMoment& m) { m.drive().motor_temperature_c = 95; }), RefusalCode::DriveHot);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.patient_present = false; }), RefusalCode::PatientAbsent);
  // 78 kg press with 765 N, give or take 15 %.
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.trunk = newtons(765 * 0.86); }), none);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.trunk = newtons(765 * 1.14); }), none);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.trunk = newtons(765 * 0.84); }),
            RefusalCode::WeightMismatch);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.trunk = newtons(765 * 1.16); }),
            RefusalCode::WeightMismatch);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.strap_left = newtons(24); }), none);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.strap_left = newtons(26); }), RefusalCode::StrapsNotSlack);
  EXPECT_EQ(refused([](SetMoment& m) { m.estimate.strap_right = newtons(-26); }),
            RefusalCode::StrapsNotSlack);
  EXPECT_EQ(refused([](SetMoment& m) { m.angle(-55.1); }), none);
  EXPECT_EQ(refused([](SetMoment& m) { m.angle(-54.9); }), RefusalCode::LegsAboveRest);
}

TEST(Drive, IsReadyWithoutFaultTripOrOpenStop) {
  const auto ready = [](auto bend) {
    SetMoment moment;
    bend(moment);
    return check_drive_ready(moment);
  };
  EXPECT_TRUE(ready([](SetMoment&) {}));
  EXPECT_FALSE(ready([](SetMoment& m) { m.drive().ready = false; }));
  EXPECT_FALSE(ready([](SetMoment& m) { m.drive().fault_latched = true; }));
  EXPECT_FALSE(ready([](SetMoment& m) { m.drive().watchdog_tripped = true; }));
  EXPECT_FALSE(ready([](SetMoment& m) { m.drive().ss1_active = true; }));
  EXPECT_FALSE(ready([](SetMoment& m) { m.estimate.drive_report.reset(); }));
}

TEST(Start, IsRefusedWhereTooLittleOfTheRangeIsLeftAboveTheLegs) {
  auto draft = strength_prescription().draft();
  draft.range_high = degrees(-45);  // the narrowest there is: 15°
  const auto low = rehab::Prescription::checked(draft, strength_prescription().person());
  ASSERT_TRUE(low.has_value());
  const auto refused_at = [&](double deg) {
    SetMoment moment;
    moment.limits = limits_for(*low);
    moment.granted = false;
    moment.angle(deg);
    moment.forces(0, 0);
    moment.drive().brake_released = moment.drive().brake_feedback = false;
    return obstacle_to_start(moment, true);
  };
  EXPECT_EQ(refused_at(-62), std::nullopt);
  EXPECT_EQ(refused_at(-59), rehab::RefusalCode::LegsAboveRest);
}

}  // namespace
}  // namespace plinth::safety::testing
