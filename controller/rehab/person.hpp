// The measures of a person that limits and laws need.
#pragma once

#include <optional>

#include "controller/units/quantities.hpp"

namespace plinth::rehab {

struct Person {
  units::Mass mass;
  units::Length height;
  // Isometric hip-extension test at 0°, the legs' weight tared; nothing when not tested.
  std::optional<units::Torque> strength;

  friend bool operator==(const Person&, const Person&) = default;
};

// What follows from mass and height by Winter's segment tables (Biomechanics and Motor Control of Human
// Movement): both legs together.
struct LegMeasures {
  units::Torque gravity_moment;  // G: torque of the legs' weight held horizontal, 0.693·M·H
  units::Length cuff_radius;     // r: hip to ankle cuff, 0.45·H
};
LegMeasures leg_measures(const Person& person);

// A typical person of this mass: height from a body-mass index of 25.5 kg/m² (78 kg ↔ 1.75 m).
Person typical_person(units::Mass mass);

// Accepted persons: mass 30–150 kg, height 1.30–2.10 m (what the bench carries and the cuff reaches).
bool is_accepted(const Person& person);

}  // namespace plinth::rehab
