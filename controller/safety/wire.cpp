#include "controller/safety/wire.hpp"

#include <algorithm>
#include <cmath>

#include "controller/rehab/limits.hpp"
#include "controller/rehab/movement.hpp"
#include "controller/sensing/calibration.hpp"

namespace plinth::safety {
namespace {

std::int16_t signed_register(double value) {
  return static_cast<std::int16_t>(std::lround(std::clamp(value, -32767.0, 32767.0)));
}
std::uint16_t register_down(double value) {
  return static_cast<std::uint16_t>(std::floor(std::clamp(value, 0.0, 65535.0)));
}
int down(double value) {
  return static_cast<int>(std::floor(std::clamp(value, 0.0, 32767.0)));
}
double dnm(units::Torque torque) {
  return units::in_newton_metres(torque) * 10.0;
}
double mrad_s(units::AngularVelocity speed) {
  return units::in_radians_per_second(speed) * 1e3;
}
double dnms(units::AngularDamping damping) {
  return units::in_newton_metre_seconds_per_radian(damping) * 10.0;
}

}  // namespace

std::int16_t angle_register(units::Angle angle) {
  return signed_register(units::in_radians(angle) * 1e4);
}

std::optional<WireCommand> torque_registers(const rehab::TorqueDemand& demand) {
  const bool finite =
      units::is_finite(demand.torque) && units::is_finite(demand.resisting_limit) &&
      units::is_finite(demand.supporting_limit) && units::is_finite(demand.lifting_speed_limit) &&
      units::is_finite(demand.lowering_speed_limit) && units::is_finite(demand.lifting_damping) &&
      units::is_finite(demand.lowering_damping) && units::is_finite(demand.walls.low()) &&
      units::is_finite(demand.walls.high()) && units::is_finite(demand.wall_stiffness);
  if (!finite || units::magnitude(demand.torque) > rehab::machine_limits().supporting_torque.value)
    return std::nullopt;
  WireCommand command;
  command.torque_dnm = signed_register(dnm(demand.torque));
  command.resisting_limit_dnm = register_down(dnm(demand.resisting_limit));
  command.supporting_limit_dnm = register_down(dnm(demand.supporting_limit));
  command.lifting_speed_limit_mrad_s = register_down(mrad_s(demand.lifting_speed_limit));
  command.lowering_speed_limit_mrad_s = register_down(mrad_s(demand.lowering_speed_limit));
  command.lifting_damping_dnms = register_down(dnms(demand.lifting_damping));
  command.lowering_damping_dnms = register_down(dnms(demand.lowering_damping));
  command.wall_low_dmrad = angle_register(demand.walls.low());
  command.wall_high_dmrad = angle_register(demand.walls.high());
  command.wall_stiffness_nm_rad = register_down(units::in_newton_metres_per_radian(demand.wall_stiffness));
  return command;
}

WireCaps wire_caps(const std::optional<Limits>& limits,
                   const std::optional<units::Interval<units::Angle>>& working) {
  const rehab::MachineLimits& machine = rehab::machine_limits();
  WireCaps caps;
  caps.arm_dnm = down(dnm(sensing::ArmGravity));
  caps.slew_nm_s = down(units::in_newton_metres_per_second(machine.torque_slew.value));
  caps.lifting_speed_mrad_s = down(mrad_s(machine.speed.value));
  caps.lowering_speed_mrad_s = caps.lifting_speed_mrad_s;
  // Whoever lies there when a restarted program finds the legs in the air: support for the heaviest.
  caps.supporting_limit_dnm = down(dnm(machine.supporting_torque.value));
  caps.lowering_support_dnm = caps.supporting_limit_dnm;
  if (!limits) return caps;
  caps.torque_dnm = std::min(down(dnm(units::moment(limits->force_limit, limits->legs.cuff_radius))),
                             down(dnm(machine.resisting_torque.value)));
  caps.resisting_limit_dnm = down(dnm(limits->resisting_ceiling));
  caps.supporting_limit_dnm = down(dnm(limits->supporting_ceiling));
  caps.weight_dnm = down(dnm(sensing::ArmGravity + limits->legs.gravity_moment));
  caps.lowering_support_dnm = down(dnm(lowering_support(limits->legs.gravity_moment)));
  const double share = std::clamp(limits->prescription.leg_support(), 0.0, machine.leg_support.value);
  caps.carried_legs_dnm = down(dnm(limits->legs.gravity_moment * share));
  const auto speed =
      rehab::speed_limits(limits->prescription, working.value_or(limits->prescription.range()));
  caps.lifting_speed_mrad_s = std::min(down(mrad_s(speed.lifting.drive)), caps.lifting_speed_mrad_s);
  caps.lowering_speed_mrad_s = std::min(down(mrad_s(speed.lowering.drive)), caps.lowering_speed_mrad_s);
  caps.wall_stiffness_nm_rad = down(units::in_newton_metres_per_radian(rehab::WallStiffness));
  caps.wall_high_dmrad = angle_register(limits->prescription.range().high() - rehab::WallMargin);
  return caps;
}

}  // namespace plinth::safety
