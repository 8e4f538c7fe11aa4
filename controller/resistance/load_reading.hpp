// From torques and cell readings back to the load as people think of it: the force that the machine adds at
// the strap, on top of the legs' own weight.
#pragma once

#include <optional>

#include "controller/resistance/law.hpp"

namespace plinth::resistance {

// What the drive's `torque` adds at the strap under this law: (τ + Ga·cosθ + κ·G·cosθ)/r, without inertia.
// 0 unless the law is one that loads.
units::Force applied_load(const Law& law, units::Torque torque, units::Angle angle);

// The same from the cells, which read F − κ·G·cosθ/r: the legs' weight that the machine carries is taken out.
// Nothing while the strap's cells are invalid. Under a law that does not load, the cells' own reading.
std::optional<units::Force> measured_load(const Law& law, const sensing::Estimate& estimate);

}  // namespace plinth::resistance
