// Prescriptions to start a test from.
#pragma once

#include <vector>

#include "controller/rehab/prescription.hpp"

namespace plinth::rehab {

inline Person person_of(double mass_kg, std::optional<double> strength_nm = std::nullopt) {
  Person person = typical_person(units::kilograms(mass_kg));
  if (strength_nm) person.strength = units::newton_metres(*strength_nm);
  return person;
}

// One slow rep in a small range without load: every field of it may be moved alone to either end of its
// window.
inline PrescriptionDraft easy_draft(Phase phase) {
  PrescriptionDraft draft = defaults_of(phase);
  draft.range_low = limits_of(phase).range.value.low();
  draft.range_high = draft.range_low + units::degrees(20);
  draft.load = units::newtons(0);
  draft.tempo = {.lift = units::milliseconds(4000),
                 .hold = units::milliseconds(1000),
                 .lower = units::milliseconds(4000),
                 .rest = units::milliseconds(0)};
  draft.sets = 1;
  draft.reps = 1;
  return draft;
}

inline std::vector<Refusal> refusals_of(const PrescriptionDraft& draft, const Person& person) {
  const auto result = Prescription::checked(draft, person);
  return result ? std::vector<Refusal>{} : result.error();
}

inline std::vector<RefusalCode> codes_of(const PrescriptionDraft& draft, const Person& person) {
  std::vector<RefusalCode> codes;
  for (const Refusal& refusal : refusals_of(draft, person)) codes.push_back(refusal.code);
  return codes;
}

}  // namespace plinth::rehab
