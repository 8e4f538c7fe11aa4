#include "controller/rehab/limits.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "controller/rehab/movement.hpp"
#include "drafts.hpp"

namespace plinth::rehab {
namespace {

using units::degrees;
using units::in_degrees;

std::vector<std::string_view> sources_of(const MachineLimits& m) {
  return {m.range.source,
          m.load.source,
          m.load_per_strength.source,
          m.speed.source,
          m.resisting_torque.source,
          m.supporting_torque.source,
          m.torque_slew.source,
          m.shortest_lift.source,
          m.shortest_lower.source,
          m.longest_movement.source,
          m.hold.source,
          m.rest_in_rep.source,
          m.rest_between_sets.source,
          m.eccentric_ratio.source,
          m.leg_support.source,
          m.session.source,
          m.narrowest_range.source,
          m.hold_tolerance.source,
          m.lowest_stop_speed.source};
}

std::vector<std::string_view> sources_of(const PhaseLimits& p) {
  return {p.range.source,
          p.load_per_body_weight.source,
          p.load_per_strength.source,
          p.default_load.source,
          p.stop_speed.source,
          p.default_lift.source,
          p.default_hold.source,
          p.default_lower.source,
          p.default_rest.source,
          p.eccentric_ratio.source,
          p.default_eccentric_ratio.source,
          p.hold_tolerance.source,
          p.sets.source,
          p.default_sets.source,
          p.reps.source,
          p.default_reps.source,
          p.rest_between_sets.source,
          p.session.source};
}

TEST(Limits, EveryNumberNamesItsSource) {
  for (const std::string_view source : sources_of(machine_limits())) EXPECT_GT(source.size(), 10U);
  for (const Phase phase : AllPhases) {
    for (const std::string_view source : sources_of(limits_of(phase))) EXPECT_GT(source.size(), 10U);
    EXPECT_FALSE(limits_of(phase).weeks.empty());
  }
}

TEST(Limits, EveryPhaseLiesInsideTheMachine) {
  const MachineLimits& machine = machine_limits();
  for (const Phase phase : AllPhases) {
    const PhaseLimits& limits = limits_of(phase);
    EXPECT_EQ(limits.phase, phase);
    EXPECT_TRUE(machine.range.value.contains(limits.range.value)) << name_of(phase);
    EXPECT_LE(limits.load_per_body_weight.value, 1.0) << name_of(phase);
    EXPECT_LE(limits.load_per_strength.value.high(), machine.load_per_strength.value) << name_of(phase);
    EXPECT_LE(limits.stop_speed.value, machine.speed.value) << name_of(phase);
    EXPECT_TRUE(machine.eccentric_ratio.value.contains(limits.eccentric_ratio.value)) << name_of(phase);
    EXPECT_TRUE(machine.rest_between_sets.value.contains(limits.rest_between_sets.value)) << name_of(phase);
    EXPECT_LE(limits.session.value, machine.session.value) << name_of(phase);
  }
}

TEST(Limits, WidenFromPhaseToPhase) {
  for (std::size_t i = 1; i < AllPhases.size(); ++i) {
    const PhaseLimits& earlier = limits_of(AllPhases.at(i - 1));
    const PhaseLimits& later = limits_of(AllPhases.at(i));
    EXPECT_TRUE(later.range.value.contains(earlier.range.value));
    EXPECT_GT(later.load_per_body_weight.value, earlier.load_per_body_weight.value);
    EXPECT_GT(later.default_load.value, earlier.default_load.value);
    EXPECT_GT(later.stop_speed.value, earlier.stop_speed.value);
  }
}

TEST(Limits, StopWellAboveThePeakSpeedOfTheirOwnTempo) {
  for (const Phase phase : AllPhases) {
    const PhaseLimits& limits = limits_of(phase);
    EXPECT_LT(peak_speed(limits.range.value.width(), limits.default_lift.value),
              0.8 * limits.stop_speed.value);
    EXPECT_LT(peak_speed(limits.range.value.width(), limits.default_lower.value),
              0.8 * limits.stop_speed.value);
  }
}

TEST(Limits, AllowTheForceOfALoadAQuarterMoreAndTwentyNewtons) {
  EXPECT_NEAR(units::in_newtons(force_limit(units::newtons(100))), 145, 1e-9);
  EXPECT_NEAR(units::in_newtons(force_limit(units::newtons(0))), 20, 1e-9);
}

TEST(Limits, OfAPhaseThatDoesNotExistAreTheTightest) {
  EXPECT_EQ(limits_of(static_cast<Phase>(42)).phase, Phase::Foundation);
}

TEST(PhaseDefaults, AreValidForSmallTypicalAndLargePersons) {
  for (const Phase phase : AllPhases) {
    for (const double mass_kg : {50.0, 78.0, 110.0, 150.0}) {
      for (const Refusal& refusal : refusals_of(defaults_of(phase), person_of(mass_kg))) {
        ADD_FAILURE() << name_of(phase) << ", " << mass_kg << " kg: " << in_words(refusal);
      }
    }
  }
}

TEST(PhaseDefaults, StayInsideTheUsualShareOfATypicalPersonsStrength) {
  const Person typical = person_of(78, 160);
  const units::Length radius = leg_measures(typical).cuff_radius;
  for (const Phase phase : AllPhases) {
    const double share =
        units::in_newton_metres(units::moment(limits_of(phase).default_load.value, radius)) / 160.0;
    EXPECT_TRUE(limits_of(phase).load_per_strength.value.contains(share)) << name_of(phase) << ": " << share;
    EXPECT_LE(share, 0.7) << name_of(phase) << ": would not last a dozen reps";
    EXPECT_TRUE(Prescription::checked(defaults_of(phase), typical).has_value()) << name_of(phase);
  }
}

TEST(PhaseDefaults, AreTheTemposOfTheField) {
  const auto tempo = [](Phase phase) { return defaults_of(phase).tempo; };
  const auto of = [](int lift_s, int hold_s, int lower_s, int rest_s) {
    return Tempo{.lift = units::milliseconds(1000L * lift_s),
                 .hold = units::milliseconds(1000L * hold_s),
                 .lower = units::milliseconds(1000L * lower_s),
                 .rest = units::milliseconds(1000L * rest_s)};
  };
  EXPECT_EQ(tempo(Phase::Foundation), of(3, 2, 4, 0));
  EXPECT_EQ(tempo(Phase::Strength), of(2, 1, 4, 0));
  EXPECT_EQ(tempo(Phase::Integrated), of(2, 1, 4, 0));
  EXPECT_EQ(tempo(Phase::Maintenance), of(2, 1, 3, 0));
}

}  // namespace
}  // namespace plinth::rehab
