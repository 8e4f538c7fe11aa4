#include "controller/rehab/prescription.hpp"

#include <algorithm>

namespace plinth::rehab {

PrescriptionDraft defaults_of(Phase phase) {
  const PhaseLimits& limits = limits_of(phase);
  return {.exercise = Exercise::ReverseHyper,
          .phase = phase,
          .range_low = limits.range.value.low(),
          .range_high = limits.range.value.high(),
          .load = limits.default_load.value,
          .eccentric_ratio = limits.default_eccentric_ratio.value,
          .tempo = {.lift = limits.default_lift.value,
                    .hold = limits.default_hold.value,
                    .lower = limits.default_lower.value,
                    .rest = limits.default_rest.value},
          .hold_tolerance = limits.hold_tolerance.value,
          .lifting_stop_speed = limits.stop_speed.value,
          .lowering_stop_speed = limits.stop_speed.value,
          .sets = limits.default_sets.value,
          .reps = limits.default_reps.value,
          .rest_between_sets = limits.rest_between_sets.value,
          .leg_support = 0.0};
}

units::Force heaviest_load(const PrescriptionDraft& draft) {
  return draft.load * std::max(1.0, draft.eccentric_ratio);
}

units::TimeSpan session_length(const PrescriptionDraft& draft) {
  const Tempo& tempo = draft.tempo;
  const double rep_s = units::in_seconds(tempo.lift) + units::in_seconds(tempo.hold) +
                       units::in_seconds(tempo.lower) + units::in_seconds(tempo.rest);
  const double set_s = units::in_seconds(CountIn) + draft.reps * rep_s;
  const double rests_s = (draft.sets - 1.0) * units::in_seconds(draft.rest_between_sets);
  return units::seconds(draft.sets * set_s + std::max(0.0, rests_s));
}

bool is_no_looser(const Prescription& now, const Prescription& before) {
  const Tempo& tempo = now.tempo();
  const Tempo& tempo_before = before.tempo();
  const auto under_load = [](const Prescription& prescription) {
    const Tempo& t = prescription.tempo();
    return (t.lift + t.hold + t.lower + t.rest) * prescription.reps();
  };
  const bool same_work = now.person() == before.person() && now.exercise() == before.exercise() &&
                         now.phase() == before.phase() && now.leg_support() == before.leg_support();
  const bool no_heavier = now.load() <= before.load() &&
                          now.load() * now.eccentric_ratio() <= before.load() * before.eccentric_ratio();
  const bool no_quicker = tempo.lift >= tempo_before.lift && tempo.lower >= tempo_before.lower &&
                          now.lifting_stop_speed() <= before.lifting_stop_speed() &&
                          now.lowering_stop_speed() <= before.lowering_stop_speed();
  const bool no_longer = tempo.hold <= tempo_before.hold && under_load(now) <= under_load(before) &&
                         now.sets() <= before.sets() && now.reps() <= before.reps() &&
                         now.rest_between_sets() >= before.rest_between_sets();
  return same_work && no_heavier && no_quicker && no_longer && before.range().contains(now.range()) &&
         now.hold_tolerance() <= before.hold_tolerance();
}

}  // namespace plinth::rehab
