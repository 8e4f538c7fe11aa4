// The measures of a person that limits and laws need.
#pragma once

#include <optional>

#include "controller/units/interval.hpp"
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

// A typical person of this mass, strength not tested: height 1.75 m at 78 kg and growing with the fifth root
// of the mass (50 kg ↔ 1.60 m, 110 kg ↔ 1.87 m), for heavier people are wider far more than they are
// taller. An engineering default for a form in which nobody has entered a height yet.
Person typical_person(units::Mass mass);

// What the bench carries and the cuff reaches, and what an isometric test of two legs can give.
inline constexpr units::Interval<units::Mass> AcceptedMass{units::kilograms(30), units::kilograms(150)};
inline constexpr units::Interval<units::Length> AcceptedHeight{units::metres(1.30), units::metres(2.10)};
inline constexpr units::Interval<units::Torque> AcceptedStrength{units::newton_metres(5),
                                                                 units::newton_metres(800)};

// Whether every measure given lies inside its accepted range (not-a-number never does).
bool is_accepted(const Person& person);

// The force with which the earth pulls this mass; 1 kg ↔ 9.80665 N (standard gravity, ISO 80000-3).
units::Force weight(units::Mass mass);

}  // namespace plinth::rehab
