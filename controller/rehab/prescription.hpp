// What a physio prescribes for one exercise. A Prescription that exists is valid.
#pragma once

#include <vector>

#include <tl/expected.hpp>

#include "controller/rehab/limits.hpp"
#include "controller/rehab/person.hpp"
#include "controller/rehab/phase.hpp"
#include "controller/rehab/refusal.hpp"
#include "controller/units/interval.hpp"
#include "controller/units/time.hpp"

namespace plinth::rehab {

// Always in this order: lift – hold – lower – rest.
struct Tempo {
  units::Duration lift;
  units::Duration hold;
  units::Duration lower;
  units::Duration rest;

  friend constexpr bool operator==(const Tempo&, const Tempo&) = default;
};

// What somebody asks for: nothing checked yet.
struct PrescriptionDraft {
  Exercise exercise = Exercise::ReverseHyper;
  Phase phase = Phase::Foundation;
  units::Angle range_low;
  units::Angle range_high;
  units::Force load;             // added at the strap, both legs together, on top of the legs' own weight
  double eccentric_ratio = 1.0;  // load while lowering ÷ load while lifting
  Tempo tempo{};
  units::Angle hold_tolerance;                 // ± around the hold target
  units::AngularVelocity lifting_stop_speed;   // magnitude; at most the phase's stop speed
  units::AngularVelocity lowering_stop_speed;  // magnitude; at most the phase's stop speed
  int sets = 0;
  int reps = 0;
  units::Duration rest_between_sets{};
  double leg_support = 0.0;  // κ: share of the legs' weight that the machine carries

  friend bool operator==(const PrescriptionDraft&, const PrescriptionDraft&) = default;
};

// The phase's defaults, as a physio finds them in the form. Valid for every person of 50 kg and more whose
// strength was not tested.
PrescriptionDraft defaults_of(Phase phase);

// The heaviest the load gets in a rep: while lifting or while lowering, whichever is more.
units::Force heaviest_load(const PrescriptionDraft& draft);

// 3-2-1 before the first rep of a set.
inline constexpr units::Duration CountIn = units::milliseconds(3000);
// The powered time of a whole session: every set with its count-in and reps, and the rests between sets.
// In seconds as a real number, so that no request overflows it.
units::TimeSpan session_length(const PrescriptionDraft& draft);

class Prescription {
 public:
  // Checks `draft` against the phase, the machine and the person. Gives every violation at once, in the
  // order of the fields (the person last), never only the first. Field names are those of the schema:
  // "load_n", "lift_s", "person.mass_kg". An `allowed` always names the tightest bound, so that a value
  // taken from it is not refused again for another reason.
  [[nodiscard]] static tl::expected<Prescription, std::vector<Refusal>> checked(
      const PrescriptionDraft& draft, const Person& person);

  [[nodiscard]] Exercise exercise() const { return draft_.exercise; }
  [[nodiscard]] Phase phase() const { return draft_.phase; }
  [[nodiscard]] units::Interval<units::Angle> range() const { return {draft_.range_low, draft_.range_high}; }
  [[nodiscard]] units::Force load() const { return draft_.load; }
  [[nodiscard]] double eccentric_ratio() const { return draft_.eccentric_ratio; }
  [[nodiscard]] const Tempo& tempo() const { return draft_.tempo; }
  [[nodiscard]] units::Angle hold_tolerance() const { return draft_.hold_tolerance; }
  [[nodiscard]] units::AngularVelocity lifting_stop_speed() const { return draft_.lifting_stop_speed; }
  [[nodiscard]] units::AngularVelocity lowering_stop_speed() const { return draft_.lowering_stop_speed; }
  [[nodiscard]] int sets() const { return draft_.sets; }
  [[nodiscard]] int reps() const { return draft_.reps; }
  [[nodiscard]] units::Duration rest_between_sets() const { return draft_.rest_between_sets; }
  [[nodiscard]] double leg_support() const { return draft_.leg_support; }
  [[nodiscard]] const Person& person() const { return person_; }
  [[nodiscard]] const PrescriptionDraft& draft() const { return draft_; }

  friend bool operator==(const Prescription&, const Prescription&) = default;

 private:
  Prescription(const PrescriptionDraft& draft, const Person& person) : draft_{draft}, person_{person} {}
  PrescriptionDraft draft_;
  Person person_;  // for whom it was checked: a prescription is never valid for somebody else
};

// Whether `now` may take the place of `before` in the middle of a session: the same exercise of the same
// phase for the same person, and nothing in it allows the machine more or asks more of the person. The
// support of the legs stays as it is: less asks more of the person, more allows the machine more.
bool is_no_looser(const Prescription& now, const Prescription& before);

}  // namespace plinth::rehab
