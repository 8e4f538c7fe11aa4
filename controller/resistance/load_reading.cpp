#include "controller/resistance/load_reading.hpp"

#include "controller/resistance/constant_load.hpp"

namespace plinth::resistance {
namespace {

units::Torque carried_weight(const ConstantLoad& law, units::Angle angle) {
  return support_share(law, angle) * law.legs.gravity_moment * units::cosine(angle);
}

}  // namespace

units::Force applied_load(const Law& law, units::Torque torque, units::Angle angle) {
  const auto* load = std::get_if<ConstantLoad>(&law);
  if (load == nullptr || load->legs.cuff_radius.value() <= 0.0) return units::newtons(0);
  return units::force_at(torque + ArmGravity * units::cosine(angle) + carried_weight(*load, angle),
                         load->legs.cuff_radius);
}

std::optional<units::Force> measured_load(const Law& law, const sensing::Estimate& estimate) {
  if (!estimate.strap) return std::nullopt;
  const auto* load = std::get_if<ConstantLoad>(&law);
  if (load == nullptr || load->legs.cuff_radius.value() <= 0.0) return estimate.strap;
  return *estimate.strap + units::force_at(carried_weight(*load, estimate.angle), load->legs.cuff_radius);
}

}  // namespace plinth::resistance
