#include "simulator/person.hpp"

#include <cmath>

namespace plinth::simulator {

units::Length typical_height(units::Mass mass) {
  const double mass_kg = units::in_kilograms(mass);
  constexpr double LightKg = 50.0;
  constexpr double MiddleKg = 78.0;
  constexpr double HeavyKg = 110.0;
  if (mass_kg < MiddleKg)
    return units::metres(1.58 + (mass_kg - LightKg) * (1.75 - 1.58) / (MiddleKg - LightKg));
  return units::metres(1.75 + (mass_kg - MiddleKg) * (1.86 - 1.75) / (HeavyKg - MiddleKg));
}

Legs legs_of(units::Mass mass, units::Length height) {
  const double mass_kg = units::in_kilograms(mass);
  const double height_m = units::in_metres(height);
  return {units::newton_metres(0.693 * mass_kg * height_m),
          units::MomentOfInertia::from_value(0.0243 * mass_kg * height_m * height_m),
          units::metres(0.45 * height_m)};
}

units::Torque typical_strength(units::Mass mass, units::Length height, double fitness) {
  return units::newton_metres(160.0 * fitness * units::in_kilograms(mass) * units::in_metres(height) /
                              (78.0 * 1.75));
}

double strength_shape(double angle_rad) {
  constexpr double Width = 0.92;
  constexpr double Best = 1.18;                    // rad of flexion
  constexpr double AtLevel = 0.46638203586002436;  // cos(0.92 · 1.18)
  return std::cos(Width * (-angle_rad - Best)) / AtLevel;
}

double passive_hip_moment_nm(double angle_rad) {
  const double flexion_deg = -angle_rad / units::RadiansPerDegree;
  constexpr double KneeDeg = 10.0;
  return -2.0 * (std::exp(1.4655 - 0.0034 * KneeDeg - 0.075 * flexion_deg) -
                 std::exp(1.3403 - 0.0226 * KneeDeg + 0.0305 * flexion_deg) + 8.072);
}

PassiveHip::PassiveHip() {
  for (std::size_t i = 0; i < table_.size(); ++i)
    table_[i] = passive_hip_moment_nm(LowRad + static_cast<double>(i) / PerRad);
}

}  // namespace plinth::simulator
