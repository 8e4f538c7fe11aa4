// Each criterion at both sides of its threshold.
#include <gtest/gtest.h>

#include <limits>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newtons;

constexpr double Nan = std::numeric_limits<double>::quiet_NaN();

// --- data ---

TEST(Data, IsStaleAfterThreePeriodsAndAMillisecond) {
  SetMoment moment;
  moment.estimate.drive.age = moment.estimate.hub.age = milliseconds(31);
  EXPECT_FALSE(check_drive_stale(moment) || check_hub_stale(moment));
  moment.estimate.drive.age += units::Duration{1};
  moment.estimate.hub.age += units::Duration{1};
  EXPECT_TRUE(check_drive_stale(moment) && check_hub_stale(moment));
}

TEST(Data, OfAUnitThatWasNeverHeardIsStale) {
  SetMoment moment;
  moment.estimate.drive.ever_seen = false;
  EXPECT_TRUE(check_drive_stale(moment));
  EXPECT_FALSE(check_hub_stale(moment));
}

TEST(Data, OfASilentHubIsNotCalledInvalidToo) {
  SetMoment moment;
  moment.estimate.strap.reset();
  EXPECT_TRUE(check_strap_invalid(moment));
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_strap_invalid(moment));
}

TEST(Data, OfADriveThatWasNeverHeardDoesNotJump) {
  SetMoment moment;
  moment.estimate.angle_plausible = false;
  EXPECT_TRUE(check_angle_jump(moment));
  moment.estimate.drive.ever_seen = false;
  EXPECT_FALSE(check_angle_jump(moment));
}

TEST(Data, DisagreesOnlyWhenBothUnitsAreHeard) {
  SetMoment moment;
  moment.estimate.angle_sensors_agree = false;
  EXPECT_TRUE(check_angles_disagree(moment));
  moment.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_angles_disagree(moment));
  moment.estimate.drive.age = {};
  moment.estimate.hub.age = milliseconds(100);
  EXPECT_FALSE(check_angles_disagree(moment));
}

TEST(ANumber, ThatIsNoneIsNoticedWhereverItIs) {
  EXPECT_FALSE(check_not_finite(SetMoment{}));
  const auto bent = [](auto bend) {
    SetMoment moment;
    bend(moment);
    return check_not_finite(moment);
  };
  EXPECT_TRUE(bent([](SetMoment& m) { m.angle(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.speed(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.drive_torque = units::newton_metres(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.drive_setpoint = units::newton_metres(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.strap = newtons(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.trunk = newtons(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.estimate.second_angle = degrees(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.expectation.target = degrees(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.expectation.target_speed = degrees_per_second(Nan); }));
  EXPECT_TRUE(bent([](SetMoment& m) { m.expectation.tolerance = degrees(Nan); }));
}

TEST(ANumber, ThatIsMissingIsNoWrongOne) {
  SetMoment moment;
  moment.estimate.strap.reset();
  moment.estimate.trunk.reset();
  moment.estimate.second_angle.reset();
  EXPECT_FALSE(check_not_finite(moment));
}

// --- force: 120 N are prescribed, 170 N the limit ---

bool over(double by_torque, double by_cells) {
  SetMoment moment;
  moment.forces(by_torque, by_cells);
  return check_over_force(moment);
}

TEST(ForceLimit, HoldsForEitherChannel) {
  EXPECT_FALSE(over(169, 169));
  EXPECT_TRUE(over(171, 100));
  EXPECT_TRUE(over(100, 171));
}

TEST(ForceLimit, HoldsAlsoAgainstSupportBeyondTheLegsWeight) {
  // 94.6 N·m · cos 30° at 0.79 m is 104 N, and 200 N in reserve.
  EXPECT_FALSE(over(-300, 0));
  EXPECT_TRUE(over(-308, 0));
  EXPECT_TRUE(over(0, -308));
}

TEST(ForceLimit, IsWatchedAsLongAsLegsMayMove) {
  SetMoment moment;
  moment.forces(180, 180);
  moment.granted = false;
  EXPECT_TRUE(check_over_force(moment));
  moment.under_way = false;
  EXPECT_FALSE(check_over_force(moment));
}

TEST(ForceLimit, IsJudgedByNoDriveThatIsSilentAndNoPrescriptionThatIsNotThere) {
  SetMoment moment;
  moment.forces(180, 180);
  moment.estimate.drive.age = milliseconds(100);
  EXPECT_FALSE(check_over_force(moment));
  moment.estimate.drive.age = {};
  moment.limits.reset();
  EXPECT_FALSE(check_over_force(moment));
}

TEST(ForceLimit, ForgivesTheInertiaOfAJerkButNotMoreThan60N) {
  SetMoment moment;
  moment.forces(100, 229);
  moment.estimate.acceleration_rad_s2 = 100.0;
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(100, 231);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, LeavesWhoIsTooFastToTheSpeedRule) {
  SetMoment moment;
  moment.forces(180, 180);
  const auto trip = rehab::speed_limits(moment.limits->prescription, *moment.working).lifting.trip;
  moment.estimate.velocity = trip * 1.02;
  EXPECT_FALSE(check_over_force(moment));
  moment.estimate.velocity = trip * 0.98;
  EXPECT_TRUE(check_over_force(moment));
  moment.estimate.velocity = trip * 1.02;
  moment.granted = false;  // no set, no speed rule
  EXPECT_TRUE(check_over_force(moment));
}

struct AtTheWall : SetMoment {
  // `into_mrad` beyond the wall's beginning at −8°.
  explicit AtTheWall(double into_mrad) {
    commanded.wall_high_dmrad = static_cast<std::int16_t>(-8.0 * 174.533);
    commanded.wall_stiffness_nm_rad = 2000;
    estimate.angle = units::radians(1e-4 * commanded.wall_high_dmrad + 1e-3 * into_mrad);
  }
};

TEST(ForceLimit, AllowsTheWallWhatItPushesBackWith) {
  AtTheWall moment{20};  // 40 N·m at 0.79 m: 51 N
  moment.forces(219, 219);
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(223, 223);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, AllowsTheWallItsDampingOfAnArmThatMovesIntoIt) {
  AtTheWall moment{20};
  moment.speed(10);  // 2·√(2000·3.2)·0.175 = 28 N·m more: 35 N
  moment.forces(253, 253);
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(260, 260);
  EXPECT_TRUE(check_over_force(moment));
  moment.speed(-10);  // none out of it
  moment.forces(223, 223);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, AllowsTheWallNoMoreThan200N) {
  AtTheWall moment{200};
  moment.forces(365, 365);
  EXPECT_FALSE(check_over_force(moment));
  moment.forces(375, 375);
  EXPECT_TRUE(check_over_force(moment));
}

TEST(ForceLimit, AllowsNothingToAWallThatIsNotAtTheEndOfTheRange) {
  AtTheWall moment{20};
  moment.commanded.wall_high_dmrad = -7000;
  moment.angle(-9.5);
  moment.forces(175, 175);
  EXPECT_TRUE(check_over_force(moment));
  moment.angle(-8.5);
  moment.forces(175, 175);
  EXPECT_FALSE(check_over_force(moment));
  moment.commanded.wall_stiffness_nm_rad = 0;
  EXPECT_TRUE(check_over_force(moment));
}

constexpr units::Duration Settled = milliseconds(300);

TEST(TwoForces, MayDifferBy40NAndAFifthOfTheLarger) {
  const auto differ = [](double by_torque, double by_cells) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    return check_forces_disagree(moment, Settled);
  };
  EXPECT_FALSE(differ(0, 49));
  EXPECT_TRUE(differ(0, 51));
  EXPECT_FALSE(differ(200, 121));
  EXPECT_TRUE(differ(200, 119));
  EXPECT_TRUE(differ(119, 200));
  EXPECT_FALSE(differ(-200, -121));
  EXPECT_TRUE(differ(-200, -119));
  EXPECT_TRUE(differ(30, -30));
}

TEST(TwoForces, AreComparedOnceTheBrakeHasBeenOpenFor300Ms) {
  SetMoment moment;
  moment.forces(120, 0);
  EXPECT_FALSE(check_forces_disagree(moment, milliseconds(299)));
  EXPECT_FALSE(check_torque_missing(moment, milliseconds(299)));
  EXPECT_TRUE(check_forces_disagree(moment, Settled));
  EXPECT_TRUE(check_torque_missing(moment, Settled));
}

TEST(TwoForces, AreComparedOnlyUnderLoadInASet) {
  for (const int what : {0, 1, 2}) {
    SetMoment moment;
    moment.forces(120, 0);
    if (what == 0) moment.granted = false;
    if (what == 1) moment.commanded.mode = sensing::DriveMode::Lowering;
    if (what == 2) moment.estimate.strap.reset();
    EXPECT_FALSE(check_forces_disagree(moment, Settled)) << what;
    EXPECT_FALSE(check_torque_missing(moment, Settled)) << what;
    EXPECT_FALSE(check_uneven(moment)) << what;
  }
}

TEST(Torque, IsMissingWhenAThirdOfItOrLessArrives) {
  const auto missing = [](double by_torque, double by_cells, double speed_deg_s, double gathers_rad_s2 = 0) {
    SetMoment moment;
    moment.forces(by_torque, by_cells);
    moment.speed(speed_deg_s);
    moment.estimate.acceleration_rad_s2 = gathers_rad_s2;
    return check_torque_missing(moment, Settled);
  };
  EXPECT_TRUE(missing(100, 34, 0));
  EXPECT_FALSE(missing(100, 36, 0));
  EXPECT_TRUE(missing(100, -34, 0));
  EXPECT_FALSE(missing(100, -36, 0));
  EXPECT_TRUE(missing(51, 0, 0));
  EXPECT_FALSE(missing(49, 0, 0));
  EXPECT_TRUE(missing(100, 0, -20));
  // Legs that are let fall gather speed and take the arm with them.
  EXPECT_FALSE(missing(100, 0, -9, -1.1));
  EXPECT_TRUE(missing(100, 0, -9, -0.9));
  EXPECT_TRUE(missing(100, 0, -7, -1.1));
}

TEST(OneLeg, DoesItAllAboveFourFifthsOf60NOrMore) {
  const auto uneven = [](double left, double right) {
    SetMoment moment;
    moment.estimate.strap = newtons(left + right);
    moment.estimate.strap_left = newtons(left);
    moment.estimate.strap_right = newtons(right);
    return check_uneven(moment);
  };
  EXPECT_FALSE(uneven(79, 21));
  EXPECT_TRUE(uneven(81, 19));
  EXPECT_TRUE(uneven(19, 81));
  EXPECT_TRUE(uneven(61, 0));
  EXPECT_FALSE(uneven(59, 0));
  SetMoment lowering;
  lowering.forces(100, 100);
  lowering.estimate.strap_left = newtons(100);
  EXPECT_TRUE(check_uneven(lowering));
  lowering.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_uneven(lowering));
  lowering.commanded.mode = sensing::DriveMode::Torque;
  lowering.granted = false;
  EXPECT_FALSE(check_uneven(lowering));
}

// --- the machine ---

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

// --- movement ---

TEST(SecondSensor, MayBe10DegreesASecondFasterAndIsHeardOnlyWhileItAgrees) {
  SetMoment moment;
  const auto speed = rehab::speed_limits(moment.limits->prescription, *moment.working);
  moment.estimate.second_velocity = speed.lifting.trip + degrees_per_second(9.5);
  EXPECT_FALSE(check_over_speed(moment));
  moment.estimate.second_velocity = speed.lifting.trip + degrees_per_second(10.5);
  EXPECT_TRUE(check_over_speed(moment));
  moment.estimate.second_velocity = -speed.lowering.trip - degrees_per_second(9.5);
  EXPECT_FALSE(check_over_speed(moment));
  moment.estimate.second_velocity = -speed.lowering.trip - degrees_per_second(10.5);
  EXPECT_TRUE(check_over_speed(moment));
  moment.estimate.angle_sensors_agree = false;
  EXPECT_FALSE(check_over_speed(moment));
  moment.estimate.second_velocity.reset();
  moment.estimate.velocity = -speed.lowering.trip - degrees_per_second(0.1);
  EXPECT_TRUE(check_over_speed(moment));
  moment.granted = false;
  EXPECT_FALSE(check_over_speed(moment));
}

TEST(Guide, IsLeftFarBehindOrFarAheadBeyond5DegreesOutsideItsTube) {
  const auto far = [](rehab::Moment when, double from_target_deg) {
    SetMoment moment;
    moment.expectation.moment = when;
    moment.expectation.target = moment.estimate.angle - degrees(from_target_deg);
    return check_tempo_far_off(moment);
  };
  EXPECT_FALSE(far(rehab::Moment::Lifting, 8.9));
  EXPECT_TRUE(far(rehab::Moment::Lifting, 9.1));
  EXPECT_FALSE(far(rehab::Moment::Lifting, -20));
  EXPECT_FALSE(far(rehab::Moment::Lowering, -8.9));
  EXPECT_TRUE(far(rehab::Moment::Lowering, -9.1));
  EXPECT_FALSE(far(rehab::Moment::Lowering, 20));
  EXPECT_FALSE(far(rehab::Moment::Holding, 20));
  SetMoment lowering;
  lowering.expectation.target = degrees(-60);
  EXPECT_TRUE(check_tempo_far_off(lowering));
  lowering.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_tempo_far_off(lowering));
  lowering.commanded.mode = sensing::DriveMode::Torque;
  lowering.granted = false;
  EXPECT_FALSE(check_tempo_far_off(lowering));
}

TEST(Sag, IsTenDegreesOfAHoldGivenUp) {
  SetMoment moment;
  moment.expectation.moment = rehab::Moment::Holding;
  moment.expectation.target = moment.estimate.angle + degrees(9.9);
  EXPECT_FALSE(check_sag(moment));
  moment.expectation.target = moment.estimate.angle + degrees(10.1);
  EXPECT_TRUE(check_sag(moment));
  moment.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(check_sag(moment));
  moment.commanded.mode = sensing::DriveMode::Torque;
  moment.expectation.moment = rehab::Moment::Lifting;
  EXPECT_FALSE(check_sag(moment));
  moment.expectation.moment = rehab::Moment::Holding;
  moment.granted = false;
  EXPECT_FALSE(check_sag(moment));
}

// With 60 ms until braking begins and 8 rad/s² of it: √(0.48² + 16·d) − 0.48.
TEST(Range, MayBeApproachedAsFastAsTheArmStillStops) {
  EXPECT_EQ(approach_speed(degrees(0)), units::AngularVelocity{});
  EXPECT_EQ(approach_speed(degrees(-5)), units::AngularVelocity{});
  EXPECT_NEAR(units::in_radians_per_second(approach_speed(units::radians(0.1))), 0.8729, 0.0005);
  EXPECT_NEAR(units::in_radians_per_second(approach_speed(units::radians(0.01))), 0.1449, 0.0005);
}

struct AtAnEnd : SetMoment {
  bool upper;
  explicit AtAnEnd(bool high) : upper{high} {}
  // `distance` before the end, `speed` towards it.
  [[nodiscard]] RangeState judge(double distance_deg, double speed_deg_s) {
    estimate.angle = upper ? working->high() - degrees(distance_deg) : working->low() + degrees(distance_deg);
    speed(upper ? speed_deg_s : -speed_deg_s);
    return judge_range(scene());
  }
  [[nodiscard]] bool near(const RangeState& state) const { return upper ? state.near_high : state.near_low; }
  [[nodiscard]] bool other(const RangeState& state) const { return upper ? state.near_low : state.near_high; }
};

TEST(Range, IsGuardedAlikeAtBothEnds) {
  for (const bool upper : {true, false}) {
    AtAnEnd end{upper};
    const double allowed = units::in_degrees_per_second(approach_speed(degrees(5)));
    EXPECT_FALSE(end.near(end.judge(5, allowed + 0.9)));
    EXPECT_TRUE(end.near(end.judge(5, allowed + 1.1)));
    EXPECT_FALSE(end.judge(5, 1.25 * allowed + 4.9).crossed);
    EXPECT_TRUE(end.judge(5, 1.25 * allowed + 5.1).crossed);
    EXPECT_TRUE(end.near(end.judge(-0.01, -20)));
    EXPECT_FALSE(end.judge(-0.99, 0).crossed);
    EXPECT_TRUE(end.judge(-1.01, 0).crossed);
    EXPECT_FALSE(end.other(end.judge(5, allowed + 1.1)));
  }
}

TEST(Range, IsMadeSmallerByWhatTheSessionExpectsAndNeverLarger) {
  SetMoment moment;
  const auto inside = units::Interval<units::Angle>{moment.working->low() + degrees(10),
                                                    moment.working->high() - degrees(10)};
  moment.expectation.working = inside;
  moment.estimate.angle = inside.high() + degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
  moment.estimate.angle = inside.low() - degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
  const auto outside = units::Interval<units::Angle>{moment.working->low() - degrees(10),
                                                     moment.working->high() + degrees(10)};
  moment.expectation.working = outside;
  moment.estimate.angle = moment.working->high() + degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
  moment.estimate.angle = moment.working->low() - degrees(2);
  EXPECT_TRUE(judge_range(moment).crossed);
}

TEST(Range, HasNoLowerEndBeforeTheLegsAreInItAndWhenTheyAreLowered) {
  SetMoment moment;
  moment.estimate.angle = moment.working->low() - degrees(3);
  EXPECT_TRUE(judge_range(moment).near_low && judge_range(moment).crossed);
  moment.entered = false;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
  moment.entered = true;
  moment.commanded.mode = sensing::DriveMode::Lowering;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
  moment.commanded.mode = sensing::DriveMode::Torque;
  moment.granted = false;
  EXPECT_FALSE(judge_range(moment).near_low || judge_range(moment).crossed);
}

// --- the person ---

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
  EXPECT_FALSE(check_patient_absent(moment) || check_grip_released(moment));
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

}  // namespace
}  // namespace plinth::safety::testing
