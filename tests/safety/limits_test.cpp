#include "controller/safety/limits.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "controller/safety/wire.hpp"
#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;

TEST(Limits, AllowAQuarterMoreThanTheLoadAndTwentyNewton) {
  EXPECT_NEAR(units::in_newtons(limits_for(strength_prescription()).force_limit), 170.0, 1e-9);
}

TEST(Limits, FollowTheHeavierOfLiftingAndLowering) {
  rehab::PrescriptionDraft draft = rehab::defaults_of(rehab::Phase::Maintenance);
  draft.load = units::newtons(100);
  draft.eccentric_ratio = 1.1;
  const auto prescription = rehab::Prescription::checked(
      draft,
      {.mass = units::kilograms(78), .height = units::metres(1.75), .strength = units::newton_metres(160)});
  ASSERT_TRUE(prescription.has_value());
  EXPECT_NEAR(units::in_newtons(limits_for(*prescription).force_limit), 1.25 * 110 + 20, 1e-9);
}

TEST(Limits, NeverGoBeyondTheMachine) {
  const Limits limits = limits_for(strength_prescription());
  EXPECT_LE(limits.resisting_ceiling, rehab::machine_limits().resisting_torque.value);
  EXPECT_LE(limits.supporting_ceiling, rehab::machine_limits().supporting_torque.value);
}

TEST(Limits, LeaveSupportEnoughToCatchAndLowerTheLegs) {
  const Limits limits = limits_for(strength_prescription());
  EXPECT_GE(limits.supporting_ceiling, lowering_support(limits.legs.gravity_moment));
  // 1.2 · (31 + 94.6) + 40
  EXPECT_NEAR(units::in_newton_metres(lowering_support(limits.legs.gravity_moment)), 190.7, 0.2);
}

TEST(Limits, GiveHoldAndSetAnEnd) {
  const Limits limits = limits_for(strength_prescription());
  EXPECT_EQ(limits.longest_hold, milliseconds(5000));
  EXPECT_EQ(limits.longest_set, milliseconds(10 * 7000 * 3 / 2 + 30'000));
}

TEST(InstalledLimits, MakeTheWatchdogFourPeriodsAndTwentyButNeverShorterThan100Ms) {
  EXPECT_EQ(installed_limits(std::nullopt, milliseconds(10)).watchdog_ms, 100);
  EXPECT_EQ(installed_limits(std::nullopt, milliseconds(20)).watchdog_ms, 100);
  EXPECT_EQ(installed_limits(std::nullopt, milliseconds(30)).watchdog_ms, 140);
  EXPECT_EQ(installed_limits(std::nullopt, milliseconds(100)).watchdog_ms, 250);
}

TEST(InstalledLimits, MakeTheDriveLowerWhenNobodyFeedsIt) {
  EXPECT_EQ(installed_limits(std::nullopt, milliseconds(10)).watchdog_action, 1);
}

TEST(InstalledLimits, EndTheDrivesWindowJustAboveTheRange) {
  const auto installed = installed_limits(limits_for(strength_prescription()), milliseconds(10));
  EXPECT_EQ(installed.position_max_dmrad, 0);  // −5° + 5°
  EXPECT_EQ(installed.position_min_dmrad, -15708);
}

TEST(InstalledLimits, LeaveTheDriveTheTorqueItNeedsToCatch) {
  const Limits limits = limits_for(strength_prescription());
  const auto installed = installed_limits(limits, milliseconds(10));
  EXPECT_GE(installed.torque_max_dnm,
            10 * units::in_newton_metres(lowering_support(limits.legs.gravity_moment)));
}

TEST(WireCaps, AreNeverLooserThanTheLimitsTheyComeFrom) {
  const Limits limits = limits_for(strength_prescription());
  const WireCaps caps = wire_caps(limits, std::nullopt);
  EXPECT_LE(caps.torque_dnm,
            10 * units::in_newton_metres(units::moment(limits.force_limit, limits.legs.cuff_radius)));
  EXPECT_LE(caps.resisting_limit_dnm, 10 * units::in_newton_metres(limits.resisting_ceiling));
  EXPECT_LE(caps.supporting_limit_dnm, 10 * units::in_newton_metres(limits.supporting_ceiling));
}

TEST(WireCaps, AllowOnlyTheSpeedOfTheRangeThatIsWorkedIn) {
  const Limits limits = limits_for(strength_prescription());
  const auto range = limits.prescription.range();
  const WireCaps whole = wire_caps(limits, std::nullopt);
  EXPECT_EQ(wire_caps(limits, range), whole);
  const WireCaps half = wire_caps(limits, units::Interval<units::Angle>{range.middle(), range.high()});
  EXPECT_LT(half.lifting_speed_mrad_s, whole.lifting_speed_mrad_s);
  EXPECT_LT(half.lowering_speed_mrad_s, whole.lowering_speed_mrad_s);
}

TEST(WireCaps, AllowNoTorqueWithoutAPrescription) {
  EXPECT_EQ(wire_caps(std::nullopt, std::nullopt).torque_dnm, 0);
  EXPECT_EQ(wire_caps(std::nullopt, std::nullopt).resisting_limit_dnm, 0);
}

TEST(Limits, AreNoLooserWhenNoneOfThemIs) {
  const Limits before = limits_for(strength_prescription());
  EXPECT_TRUE(is_no_looser(before, before));
  const auto no_looser = [&before](auto bend) {
    Limits now = before;
    bend(now);
    return is_no_looser(now, before);
  };
  EXPECT_FALSE(no_looser([](Limits& l) { l.force_limit += units::newtons(1); }));
  EXPECT_FALSE(no_looser([](Limits& l) { l.resisting_ceiling += units::newton_metres(1); }));
  EXPECT_FALSE(no_looser([](Limits& l) { l.supporting_ceiling += units::newton_metres(1); }));
  EXPECT_FALSE(no_looser([](Limits& l) { l.longest_hold += units::Duration{1}; }));
  EXPECT_FALSE(no_looser([](Limits& l) { l.longest_set += units::Duration{1}; }));
  EXPECT_TRUE(no_looser([](Limits& l) {
    l.force_limit -= units::newtons(1);
    l.resisting_ceiling -= units::newton_metres(1);
    l.supporting_ceiling -= units::newton_metres(1);
    l.longest_hold -= milliseconds(1);
    l.longest_set -= milliseconds(1);
  }));
}

TEST(Limits, AreLooserWhenThePrescriptionIs) {
  const auto bent = [](auto bend) {
    auto draft = strength_prescription().draft();
    bend(draft);
    return limits_for(rehab::Prescription::checked(draft, strength_prescription().person()).value());
  };
  const Limits whole = limits_for(strength_prescription());
  for (const Limits& part :
       {bent([](auto& d) { d.range_low = units::degrees(-55); }), bent([](auto& d) { d.reps = 8; }),
        bent([](auto& d) { d.hold_tolerance = d.hold_tolerance * 0.9; })}) {
    EXPECT_TRUE(is_no_looser(part, whole));
    EXPECT_FALSE(is_no_looser(whole, part));
  }
}

TEST(WorkingRange, IsNoneWithoutAPrescription) {
  EXPECT_EQ(working_range(std::nullopt, units::degrees(-70)), std::nullopt);
  EXPECT_EQ(working_range(limits_for(strength_prescription()), units::degrees(-70)),
            rehab::working_range(strength_prescription(), units::degrees(-70)));
}

TEST(Limits, CarryAndCatchWithMarginsOfTheirOwn) {
  const Limits limits = limits_for(strength_prescription());
  // 31 + 94.6 N·m, and 200 N at 0.7875 m.
  EXPECT_NEAR(units::in_newton_metres(limits.supporting_ceiling), 31 + 94.6 + 157.5, 0.2);
  // 170 N and 200 N at 0.7875 m are more than the drive may.
  EXPECT_EQ(limits.resisting_ceiling, rehab::machine_limits().resisting_torque.value);
}

TEST(Limits, CountTheRestOfEveryRep) {
  auto draft = strength_prescription().draft();
  draft.tempo.rest = milliseconds(1000);
  const auto prescription = rehab::Prescription::checked(draft, strength_prescription().person()).value();
  EXPECT_EQ(limits_for(prescription).longest_set, milliseconds(10 * 8000 * 3 / 2 + 30'000));
}

TEST(InstalledLimits, AreTheMachinesOwnWithoutAPrescription) {
  const auto& machine = rehab::machine_limits();
  const auto installed = installed_limits(std::nullopt, milliseconds(10));
  EXPECT_EQ(installed.torque_max_dnm, 10 * units::in_newton_metres(machine.supporting_torque.value));
  EXPECT_EQ(installed.slew_max_nm_s, units::in_newton_metres_per_second(machine.torque_slew.value));
  EXPECT_EQ(installed.position_min_dmrad, std::lround(1e4 * units::in_radians(machine.range.value.low())));
  EXPECT_EQ(installed.position_max_dmrad, std::lround(1e4 * units::in_radians(machine.range.value.high())));
  const double mrad_s = 1e3 * units::in_radians_per_second(machine.speed.value);
  EXPECT_LE(installed.speed_max_mrad_s, mrad_s);
  EXPECT_GT(installed.speed_max_mrad_s, mrad_s - 1);
}

TEST(InstalledLimits, LeaveTheDriveWhatItMayResistOrSupportWhicheverIsMore) {
  Limits limits = limits_for(strength_prescription());
  limits.supporting_ceiling = units::newton_metres(200.09);
  limits.resisting_ceiling = units::newton_metres(100);
  EXPECT_EQ(installed_limits(limits, milliseconds(10)).torque_max_dnm, 2000);
  limits.resisting_ceiling = units::newton_metres(220.09);
  EXPECT_EQ(installed_limits(limits, milliseconds(10)).torque_max_dnm, 2200);
}

}  // namespace
}  // namespace plinth::safety::testing
