// Whatever is asked for, what is accepted lies inside the machine, the phase and the person; and what is
// refused says so usefully.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <set>

#include "controller/rehab/movement.hpp"
#include "drafts.hpp"

namespace plinth::rehab {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::newtons;

// Draws around the edge of what is allowed, so that a good share of the drafts is accepted, with a rare
// outlier.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_{seed} {}

  double real(double low, double high) {
    if (chance(0.004)) return outlier();
    const double margin = 0.02 * std::abs(high - low);
    if (!std::isfinite(low) || !std::isfinite(high) || low > high) return high;
    return std::uniform_real_distribution{low - margin, high + margin}(engine_);
  }
  double plain(double low, double high) { return std::uniform_real_distribution{low, high}(engine_); }
  int whole(int low, int high) {
    if (chance(0.01)) return std::uniform_int_distribution{}(engine_) * (chance(0.5) ? 1 : -1);
    return std::uniform_int_distribution{low, high}(engine_);
  }
  units::Duration time(double low_s, double high_s) { return units::seconds_long(plain(low_s, high_s)); }
  bool chance(double probability) { return std::bernoulli_distribution{probability}(engine_); }

 private:
  double outlier() {
    constexpr std::array Outliers{std::numeric_limits<double>::quiet_NaN(),
                                  std::numeric_limits<double>::infinity(),
                                  -std::numeric_limits<double>::infinity(),
                                  1e308,
                                  -1e308,
                                  -1.0,
                                  0.0,
                                  -0.0,
                                  std::numeric_limits<double>::denorm_min()};
    return Outliers.at(std::uniform_int_distribution<std::size_t>{0, Outliers.size() - 1}(engine_));
  }
  std::mt19937 engine_;
};

PrescriptionDraft any_draft(Dice& dice) {
  PrescriptionDraft draft = defaults_of(AllPhases.at(static_cast<std::size_t>(dice.plain(0, 3.999))));
  const PhaseLimits& limits = limits_of(draft.phase);
  const double low_deg = units::in_degrees(limits.range.value.low());
  const double high_deg = units::in_degrees(limits.range.value.high());
  draft.range_low = degrees(dice.real(low_deg, high_deg - 15));
  draft.range_high = degrees(dice.real(units::in_degrees(draft.range_low), high_deg));
  draft.load = newtons(dice.real(0, 3.5 * units::in_newtons(limits.default_load.value)));
  draft.eccentric_ratio = dice.real(0.5, 1.1);
  draft.tempo = {.lift = dice.time(0.9, 9),
                 .hold = dice.time(0, 5),
                 .lower = dice.time(1.4, 10),
                 .rest = dice.time(0, 3)};
  draft.hold_tolerance = degrees(dice.real(2, 8));
  draft.lifting_stop_speed =
      degrees_per_second(dice.real(20, units::in_degrees_per_second(limits.stop_speed.value)));
  draft.lowering_stop_speed =
      degrees_per_second(dice.real(20, units::in_degrees_per_second(limits.stop_speed.value)));
  draft.sets = dice.whole(1, 3);
  draft.reps = dice.whole(1, 15);
  draft.rest_between_sets = dice.time(29, 120);
  draft.leg_support = dice.real(0, 0.9);
  return draft;
}

Person any_person(Dice& dice) {
  Person person{.mass = units::kilograms(dice.real(30, 150)),
                .height = units::metres(dice.real(1.3, 2.1)),
                .strength = std::nullopt};
  if (dice.chance(0.5)) person.strength = units::newton_metres(dice.real(100, 400));
  return person;
}

void expect_inside_all_limits(const Prescription& accepted) {
  const MachineLimits& machine = machine_limits();
  const PhaseLimits& phase = limits_of(accepted.phase());
  const Person& person = accepted.person();
  ASSERT_TRUE(is_accepted(person));

  EXPECT_TRUE(machine.range.value.contains(accepted.range()));
  EXPECT_TRUE(phase.range.value.contains(accepted.range()));
  EXPECT_GE(accepted.range().width(), machine.narrowest_range.value);

  const units::Force heaviest = heaviest_load(accepted.draft());
  const units::Torque torque = units::moment(heaviest, leg_measures(person).cuff_radius);
  EXPECT_GE(accepted.load(), newtons(0));
  EXPECT_LE(heaviest, machine.load.value);
  EXPECT_LE(heaviest, weight(person.mass) * phase.load_per_body_weight.value);
  EXPECT_LE(torque, machine.resisting_torque.value * (1 + 1e-12));
  if (person.strength) {
    EXPECT_LE(torque, *person.strength * machine.load_per_strength.value * (1 + 1e-12));
  }
  EXPECT_TRUE(machine.eccentric_ratio.value.contains(accepted.eccentric_ratio()));

  const Tempo& tempo = accepted.tempo();
  EXPECT_GE(tempo.lift, machine.shortest_lift.value);
  EXPECT_GE(tempo.lower, machine.shortest_lower.value);
  EXPECT_TRUE(machine.hold.value.contains(tempo.hold));
  EXPECT_TRUE(machine.rest_in_rep.value.contains(tempo.rest));
  EXPECT_TRUE(phase.sets.value.contains(accepted.sets()));
  EXPECT_TRUE(phase.reps.value.contains(accepted.reps()));
  EXPECT_TRUE(machine.rest_between_sets.value.contains(accepted.rest_between_sets()));
  EXPECT_LE(units::in_seconds(session_length(accepted.draft())), units::in_seconds(machine.session.value));
  EXPECT_LE(accepted.leg_support(), machine.leg_support.value);
  EXPECT_GE(accepted.leg_support(), 0.0);

  const SpeedLimits speeds = speed_limits(accepted, accepted.range());
  for (const SpeedLimit& limit : {speeds.lifting, speeds.lowering}) {
    EXPECT_LE(limit.onset, limit.trip);
    EXPECT_LE(limit.trip, phase.stop_speed.value);
    EXPECT_LE(limit.drive, machine.speed.value);
  }
  const units::Angle travel = guide_range(accepted.range()).width();
  EXPECT_LE(peak_speed(travel, tempo.lift), accepted.lifting_stop_speed() * (0.7 + 1e-9));
  EXPECT_LE(peak_speed(travel, tempo.lower), accepted.lowering_stop_speed() * (0.7 + 1e-9));
}

TEST(PrescriptionProperty, WhatIsAcceptedLiesInsideEveryLimit) {
  Dice dice{20260};
  int accepted = 0;
  std::set<RefusalCode> seen;
  for (int i = 0; i < 50'000 && !testing::Test::HasFailure(); ++i) {
    const PrescriptionDraft draft = any_draft(dice);
    const Person person = any_person(dice);
    const auto result = Prescription::checked(draft, person);
    if (result) {
      ++accepted;
      expect_inside_all_limits(*result);
      continue;
    }
    ASSERT_FALSE(result.error().empty());
    for (const Refusal& refusal : result.error()) {
      seen.insert(refusal.code);
      EXPECT_FALSE(refusal.found.empty()) << in_words(refusal);
      EXPECT_FALSE(refusal.allowed.empty()) << in_words(refusal);
    }
  }
  EXPECT_GT(accepted, 1000) << "the dice no longer draw anything that is accepted";
  EXPECT_GE(seen.size(), 18U) << "the dice no longer reach the limits";
}

}  // namespace
}  // namespace plinth::rehab
