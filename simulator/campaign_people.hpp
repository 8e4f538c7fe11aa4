// Who trains in a campaign, and a prescription that fits them.
#pragma once

#include "controller/rehab/prescription.hpp"
#include "simulator/patient.hpp"
#include "simulator/random.hpp"

namespace plinth::simulator {

// Anybody of 50 to 110 kg.
PatientSetup somebody(Random& chance);
// One set. In one of four the machine carries a share of the legs.
rehab::PrescriptionDraft prescribed(rehab::Phase phase, int reps, int rest_s, Random& chance);
// Fits load and range to this person: `share` of what a dozen reps may ask of them (70 % of their strength),
// never more than the phase's default, and an upper end at which they can still hold their legs with it.
void fit(rehab::PrescriptionDraft& draft, const PatientSetup& patient, double share);

}  // namespace plinth::simulator
