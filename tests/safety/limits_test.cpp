#include "controller/safety/limits.hpp"

#include <gtest/gtest.h>

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
  const WireCaps caps = wire_caps(limits);
  EXPECT_LE(caps.torque_dnm,
            10 * units::in_newton_metres(units::moment(limits.force_limit, limits.legs.cuff_radius)));
  EXPECT_LE(caps.resisting_limit_dnm, 10 * units::in_newton_metres(limits.resisting_ceiling));
  EXPECT_LE(caps.supporting_limit_dnm, 10 * units::in_newton_metres(limits.supporting_ceiling));
}

TEST(WireCaps, AllowNoTorqueWithoutAPrescription) {
  EXPECT_EQ(wire_caps(std::nullopt).torque_dnm, 0);
  EXPECT_EQ(wire_caps(std::nullopt).resisting_limit_dnm, 0);
}

}  // namespace
}  // namespace plinth::safety::testing
