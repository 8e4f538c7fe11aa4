#include "simulator/campaign_people.hpp"

#include <algorithm>
#include <cmath>

namespace plinth::simulator {

PatientSetup somebody(Random& chance) {
  PatientSetup person;
  person.mass = units::kilograms(std::round(chance.uniform(50.0, 110.0)));
  person.height = typical_height(person.mass);
  person.strength = chance.uniform(0.9, 1.3);
  return person;
}

rehab::PrescriptionDraft prescribed(rehab::Phase phase, int reps, int rest_s, Random& chance) {
  rehab::PrescriptionDraft draft = rehab::defaults_of(phase);
  draft.sets = 1;
  draft.reps = reps;
  draft.tempo.rest = units::milliseconds(1000 * rest_s);
  constexpr std::uint64_t SupportedEvery = 4;
  if (chance.next() % SupportedEvery == 0)
    draft.leg_support = std::round(chance.uniform(0.1, 0.9) * 100.0) / 100.0;
  return draft;
}

void fit(rehab::PrescriptionDraft& draft, const PatientSetup& patient, double share) {
  const double fitness = patient.strength * (patient.model == PatientModel::Weak ? 0.5 : 1.0);
  const double strength = units::in_newton_metres(typical_strength(patient.mass, patient.height, fitness));
  const Legs legs = legs_of(patient.mass, patient.height);
  const double weight = units::in_newton_metres(legs.weight_moment);
  const double radius = units::in_metres(legs.cuff_radius);
  constexpr double LastsADozen = 0.7;
  const double most = std::min(units::in_newtons(draft.load), LastsADozen * strength / radius);
  const auto can_hold = [&](units::Angle angle, double load) {
    const double able = (strength + 0.1 * weight + 18.0) * strength_shape(units::in_radians(angle));
    return weight * quick_cosine(units::in_radians(angle)) + load * radius <= LastsADozen * able;
  };
  const auto takes = [&](double load) {
    rehab::PrescriptionDraft wanted = draft;
    wanted.load = units::newtons(std::floor(load));
    constexpr units::Angle Step = units::degrees(1);
    constexpr units::Angle Narrowest = units::degrees(20);
    while (!can_hold(wanted.range_high, load) && wanted.range_high - wanted.range_low > Narrowest + Step)
      wanted.range_high -= Step;
    if (!rehab::Prescription::checked(wanted, {patient.mass, patient.height, std::nullopt})) return false;
    draft = wanted;
    return true;
  };
  for (const double part : {share, 0.75, 1.0})
    if (takes(part * most)) return;
}

}  // namespace plinth::simulator
