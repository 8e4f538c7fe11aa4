// A person's body as numbers: what legs weigh, how strong hips are, how they resist being bent.
#pragma once

#include <array>

#include "controller/units/quantities.hpp"

namespace plinth::simulator {

// Standing height that goes with a mass when a scenario gives none: between 50 kg / 1.58 m, 78 kg / 1.75 m
// and 110 kg / 1.86 m, straight lines, continued outside.
units::Length typical_height(units::Mass mass);

// Both legs together, knees straight, seen from the hip joint.
struct Legs {
  units::Torque weight_moment;  // with the legs level; × cos θ elsewhere
  units::MomentOfInertia inertia;
  units::Length cuff_radius;  // hip joint to the middle of the cuff
};

// Winter's segment tables: 0.693·M·H N·m, 0.0243·M·H² kg·m², cuff at 0.45·H.
Legs legs_of(units::Mass mass, units::Length height);

// Bilateral hip extension at 0°, isometric, legs' weight tared: 160 N·m for 78 kg and 1.75 m (Anderson 2007,
// men of 55–65), in proportion to M·H, times `fitness` (1 = typical).
units::Torque typical_strength(units::Mass mass, units::Length height, double fitness);

// cos x for |x| ≤ 2.4 rad, the travel of arm and legs with room: the series to x¹⁴, within 6·10⁻⁸.
constexpr double quick_cosine(double x) {
  const double y = x * x;
  const double y2 = y * y;
  constexpr double C14 = -1.0 / 87178291200.0;
  constexpr double C12 = 1.0 / 479001600.0;
  constexpr double C10 = -1.0 / 3628800.0;
  constexpr double C8 = 1.0 / 40320.0;
  constexpr double C6 = -1.0 / 720.0;
  constexpr double C4 = 1.0 / 24.0;
  // In pairs that do not wait for each other (Estrin's scheme): the mechanics wait for it twice a step.
  const double low = (1.0 - 0.5 * y) + y2 * (C4 + C6 * y);
  const double high = (C8 + C10 * y) + y2 * (C12 + C14 * y);
  return low + (y2 * y2) * high;
}

// How strength falls off as the hip straightens: cos(0.92·(φ − 1.18)) over its value at 0°, φ = −θ in
// radians.
double strength_shape(double angle_rad);

// Moment of the relaxed hips of both legs, lifting positive (Riener and Edrich 1999, knee bent by 10°).
double passive_hip_moment_nm(double angle_rad);

// The same from a table with straight lines between half degrees: within 0.05 N·m of the formula over
// −130° … +40° and several times faster; beyond the ends the last value stays.
class PassiveHip {
 public:
  PassiveHip();
  [[nodiscard]] double moment_nm(double angle_rad) const {
    double place = (angle_rad - LowRad) * PerRad;
    if (place < 0.0) place = 0.0;
    constexpr double Last = static_cast<double>(Cells) - 1e-9;
    if (place > Last) place = Last;
    const auto cell = static_cast<std::size_t>(place);
    return table_[cell] + (place - static_cast<double>(cell)) * (table_[cell + 1] - table_[cell]);
  }

 private:
  static constexpr double LowRad = -130.0 * units::RadiansPerDegree;
  static constexpr double PerRad = 2.0 / units::RadiansPerDegree;  // two cells a degree
  static constexpr std::size_t Cells = 380;
  std::array<double, Cells + 1> table_{};
};

}  // namespace plinth::simulator
