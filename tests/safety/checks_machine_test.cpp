// Each criterion at both sides of its threshold.
#include <gtest/gtest.h>

#include <limits>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;

TEST(Link, IsPoorWhenEitherUnitsIs) {
  SetMoment moment;
  EXPECT_FALSE(check_link_poor(moment));
  moment.estimate.drive.unreliable = true;
  EXPECT_TRUE(check_link_poor(moment));
  moment.estimate.drive.unreliable = false;
  moment.estimate.hub.unreliable = true;
  EXPECT_TRUE(check_link_poor(moment));
}

TEST(Control, HasStalledAfterThreePeriodsAndAMillisecond) {
  SetMoment moment;
  moment.estimate.period = milliseconds(31);
  EXPECT_FALSE(check_control_stalled(moment));
  moment.estimate.period += units::Duration{1};
  EXPECT_TRUE(check_control_stalled(moment));
}

TEST(Hub, IsAtFaultOnlyWhenItIsHeardToSaySo) {
  SetMoment moment;
  EXPECT_FALSE(check_hub_fault(moment));
  moment.hub().ok = false;
  EXPECT_TRUE(check_hub_fault(moment));
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_hub_fault(moment));
  moment.estimate.hub.age = {};
  moment.estimate.hub_report.reset();
  EXPECT_FALSE(check_hub_fault(moment));
}

TEST(HotDrive, IsHotterThan90DegreesAtTheMotorOr80InsideOrFoldsBack) {
  const auto hot = [](double motor_c, double drive_c, unsigned limiting) {
    SetMoment moment;
    moment.drive().motor_temperature_c = motor_c;
    moment.drive().drive_temperature_c = drive_c;
    moment.drive().limiting = static_cast<std::uint16_t>(limiting);
    return check_drive_hot(moment);
  };
  EXPECT_FALSE(hot(89, 79, 0xFF3F));
  EXPECT_TRUE(hot(91, 20, 0));
  EXPECT_TRUE(hot(20, 81, 0));
  EXPECT_TRUE(hot(20, 20, 1U << 6U));
  EXPECT_TRUE(hot(20, 20, 1U << 7U));
  SetMoment silent;
  silent.drive().motor_temperature_c = 100;
  silent.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_drive_hot(silent));
  silent.estimate.drive_report.reset();
  silent.estimate.drive.age = {};
  EXPECT_FALSE(check_drive_hot(silent));
}

TEST(HotDrive, IsOneWhoseSensorsDoNotSayHowWarmItIs) {
  constexpr double Nothing = std::numeric_limits<double>::quiet_NaN();
  const auto hot = [](double motor_c, double drive_c) {
    SetMoment moment;
    moment.drive().motor_temperature_c = motor_c;
    moment.drive().drive_temperature_c = drive_c;
    return check_drive_hot(moment);
  };
  EXPECT_FALSE(hot(-19, -19));
  EXPECT_TRUE(hot(-21, 20));
  EXPECT_TRUE(hot(20, -21));
  EXPECT_TRUE(hot(Nothing, 20));
  EXPECT_TRUE(hot(20, Nothing));
}

TEST(Drive, HasStoppedByItselfWhenItWasToldToRunAndHasNoOtherReason) {
  const auto stopped = [](auto bend) {
    SetMoment moment;
    moment.drive().stopping = true;
    bend(moment);
    return check_drive_stopped(moment);
  };
  EXPECT_TRUE(stopped([](SetMoment&) {}));
  EXPECT_TRUE(stopped([](SetMoment& m) { m.drive().stopping = false, m.drive().ss1_active = true; }));
  EXPECT_FALSE(stopped([](SetMoment& m) { m.drive().stopping = false; }));
  EXPECT_FALSE(stopped([](SetMoment& m) { m.drive().fault_latched = true; }));
  EXPECT_FALSE(stopped([](SetMoment& m) { m.drive().watchdog_tripped = true; }));
  EXPECT_FALSE(stopped([](SetMoment& m) { m.commanded.run = false; }));
  EXPECT_FALSE(stopped([](SetMoment& m) { m.estimate.drive.age = milliseconds(100); }));
  EXPECT_FALSE(stopped([](SetMoment& m) { m.estimate.drive_report.reset(); }));
}

TEST(BrakeContact, MustAgreeAndAShutBrakeMustHold) {
  const auto faulty = [](bool released, bool contact, double speed_deg_s) {
    SetMoment moment;
    moment.drive().brake_released = released;
    moment.drive().brake_feedback = contact;
    moment.speed(speed_deg_s);
    return check_brake_fault(moment);
  };
  EXPECT_FALSE(faulty(true, true, 40));
  EXPECT_TRUE(faulty(true, false, 0));
  EXPECT_TRUE(faulty(false, true, 0));
  EXPECT_FALSE(faulty(false, false, 2.9));
  EXPECT_TRUE(faulty(false, false, 3.1));
  EXPECT_TRUE(faulty(false, false, -3.1));
  SetMoment silent;
  silent.drive().brake_feedback = false;
  silent.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_brake_fault(silent));
  EXPECT_EQ(brake_of(silent), Brake::Unknown);
  silent.estimate.drive_report.reset();
  EXPECT_FALSE(check_brake_fault(silent));
  EXPECT_EQ(brake_of(silent), Brake::Unknown);
}

TEST(Relay, IsStuckWhenTheDriveSeesItClosedThoughItWasToldToOpen) {
  const auto stuck = [](auto bend) {
    SetMoment moment;
    moment.permitted = false;
    bend(moment);
    return check_relay_stuck(moment);
  };
  EXPECT_TRUE(stuck([](SetMoment&) {}));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.permitted = true; }));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.drive().ss1_active = true; }));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.drive().sto_a_ok = false; }));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.drive().sto_b_ok = false; }));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.estimate.drive.age = milliseconds(100); }));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.estimate.hub.age = milliseconds(100); }));
  EXPECT_FALSE(stuck([](SetMoment& m) { m.estimate.drive_report.reset(); }));
}

TEST(TwoContacts, AreComparedByWhoIsHeard) {
  SetMoment moment;
  EXPECT_FALSE(check_sto_disagrees(moment) || check_estop_disagrees(moment) || check_estop_open(moment));
  moment.drive().sto_b_ok = false;
  moment.drive().estop_b_closed = false;
  EXPECT_TRUE(check_sto_disagrees(moment) && check_estop_disagrees(moment) && check_estop_open(moment));
  moment.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_sto_disagrees(moment) || check_estop_disagrees(moment) || check_estop_open(moment));
  moment.hub().estop_a_closed = false;
  EXPECT_TRUE(check_estop_disagrees(moment) && check_estop_open(moment));
  moment.hub().estop_b_closed = false;
  EXPECT_FALSE(check_estop_disagrees(moment));
  EXPECT_TRUE(check_estop_open(moment));
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_estop_disagrees(moment) || check_estop_open(moment));
  moment.estimate.drive_report.reset();
  moment.estimate.hub_report.reset();
  moment.estimate.drive.age = moment.estimate.hub.age = {};
  EXPECT_FALSE(check_sto_disagrees(moment) || check_estop_disagrees(moment) || check_estop_open(moment));
}

TEST(Rest, IsAShutBrakeAnArmThatStandsAndNoTorqueWorthTheName) {
  const auto rests = [](auto bend, bool standstill = true) {
    SetMoment moment;
    moment.drive().brake_released = moment.drive().brake_feedback = false;
    moment.drive().torque_on = false;
    bend(moment);
    return is_at_rest(moment, standstill);
  };
  EXPECT_TRUE(rests([](SetMoment&) {}));
  EXPECT_FALSE(rests([](SetMoment&) {}, false));
  EXPECT_FALSE(rests([](SetMoment& m) { m.drive().brake_feedback = true; }));
  EXPECT_FALSE(rests([](SetMoment& m) { m.estimate.drive.age = milliseconds(100); }));
  EXPECT_FALSE(rests([](SetMoment& m) { m.estimate.drive_report.reset(); }));
  EXPECT_TRUE(rests([](SetMoment& m) { m.forces(500, 500); })) << "what hangs in the cuffs moves nothing";
  const auto pulls = [&](double newton) {
    return !rests([newton](SetMoment& m) { m.forces(newton, 0), m.drive().torque_on = true; });
  };
  EXPECT_FALSE(pulls(19));
  EXPECT_TRUE(pulls(21));
  EXPECT_FALSE(pulls(-19));
  EXPECT_TRUE(pulls(-21));
  EXPECT_FALSE(rests([](SetMoment& m) { m.drive().torque_on = true, m.limits.reset(); }))
      << "nobody knows the lever";
}

TEST(ARunningSet, MayBeGivenNoMoreRoomThanItBeganWith) {
  SetMoment moment;
  const std::optional<Limits> at_start = moment.limits;
  EXPECT_FALSE(check_limits_loosened(moment, at_start));
  EXPECT_TRUE(check_limits_loosened(moment, std::nullopt)) << "nobody knows what it began with";
  moment.limits->force_limit += units::newtons(1);
  EXPECT_TRUE(check_limits_loosened(moment, at_start));
  moment.granted = false;
  EXPECT_FALSE(check_limits_loosened(moment, at_start));
}

TEST(WhatAUnitReports, IsHeardWhileItIsFresh) {
  SetMoment moment;
  EXPECT_EQ(moment.scene().heard_drive(), &*moment.estimate.drive_report);
  EXPECT_EQ(moment.scene().heard_hub(), &*moment.estimate.hub_report);
  moment.estimate.drive.age = moment.estimate.hub.age = milliseconds(100);
  EXPECT_EQ(moment.scene().heard_drive(), nullptr);
  EXPECT_EQ(moment.scene().heard_hub(), nullptr);
  moment.estimate.drive.age = moment.estimate.hub.age = {};
  moment.estimate.drive_report.reset();
  moment.estimate.hub_report.reset();
  EXPECT_EQ(moment.scene().heard_drive(), nullptr);
  EXPECT_EQ(moment.scene().heard_hub(), nullptr);
}

TEST(ABrake, IsOpenWhenEitherWitnessSaysSo) {
  SetMoment moment;
  moment.drive().brake_feedback = false;
  EXPECT_EQ(brake_of(moment), Brake::Open);
  moment.drive().brake_released = false;
  EXPECT_EQ(brake_of(moment), Brake::Closed);
  moment.drive().brake_feedback = true;
  EXPECT_EQ(brake_of(moment), Brake::Open);
}

TEST(AnEmergencyStopsChains, AreNotComparedByAHubThatIsSilent) {
  SetMoment moment;
  moment.hub().estop_a_closed = false;
  EXPECT_TRUE(check_estop_disagrees(moment));
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_estop_disagrees(moment));
}

}  // namespace
}  // namespace plinth::safety::testing
