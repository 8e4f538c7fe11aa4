#include "controller/rehab/person.hpp"

#include <cmath>

namespace plinth::rehab {

LegMeasures leg_measures(const Person& person) {
  // Both legs by Winter's tables: 2 × 0.161 of the mass with its centre at 0.447 of the leg, the leg 0.491 of
  // the height, and 9.81 m/s²: 0.693 N·m per kg·m. Hip to just above the ankle: 0.45 of the height.
  constexpr double GravityMomentPerKilogramMetre = 0.693;
  constexpr double CuffRadiusPerHeight = 0.45;
  const double mass_kg = units::in_kilograms(person.mass);
  const double height_m = units::in_metres(person.height);
  return {.gravity_moment = units::newton_metres(GravityMomentPerKilogramMetre * mass_kg * height_m),
          .cuff_radius = units::metres(CuffRadiusPerHeight * height_m)};
}

Person typical_person(units::Mass mass) {
  return {.mass = mass,
          .height = units::metres(1.75 * std::pow(units::in_kilograms(mass) / 78.0, 0.2)),
          .strength = std::nullopt};
}

bool is_accepted(const Person& person) {
  return AcceptedMass.contains(person.mass) && AcceptedHeight.contains(person.height) &&
         (!person.strength || AcceptedStrength.contains(*person.strength));
}

units::Force weight(units::Mass mass) {
  return units::newtons(9.80665 * units::in_kilograms(mass));
}

}  // namespace plinth::rehab
