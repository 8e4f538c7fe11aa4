#include "controller/resistance/constant_load.hpp"

#include <algorithm>
#include <limits>

#include "controller/rehab/limits.hpp"
#include "controller/resistance/walls.hpp"

namespace plinth::resistance {
namespace {

using units::Angle;
using units::Force;
using units::Torque;

// The limits reach the drive up to 15 ms late; at 100 °/s the arm is then 1.5° further on.
constexpr Angle WallLead = units::degrees(3);

// 0 below `from`, 1 above `from + width`, straight in between.
double rise(Angle angle, Angle from, Angle width) {
  return std::clamp((angle - from).value() / width.value(), 0.0, 1.0);
}

double eccentric_factor(const ConstantLoad& law) {
  return 1.0 + std::clamp(law.eccentric_blend, 0.0, 1.0) * (law.eccentric_ratio - 1.0);
}

// The most that the load can be at this ramp, wherever the arm is and whichever way it goes.
Torque heaviest(const ConstantLoad& law) {
  return units::moment(law.load, law.legs.cuff_radius) *
         (std::clamp(law.ramp, 0.0, 1.0) * std::max(1.0, law.eccentric_ratio));
}

bool is_usable(const ConstantLoad& law, const sensing::Estimate& estimate) {
  const double sum = law.load.value() + law.eccentric_ratio + law.eccentric_blend + law.ramp +
                     law.leg_support + law.legs.gravity_moment.value() + law.legs.cuff_radius.value() +
                     law.lower_wall.value() + law.speed.lifting.onset.value() +
                     law.speed.lifting.drive.value() + law.speed.lowering.onset.value() +
                     law.speed.lowering.drive.value() + estimate.angle.value() + estimate.velocity.value();
  // A sum of finite numbers of this size is finite; one that is not spoils it.
  return sum - sum == 0.0 && law.load.value() >= 0.0 && law.eccentric_ratio >= 0.0 &&
         law.legs.cuff_radius.value() > 0.0 && law.legs.gravity_moment.value() >= 0.0;
}

Torque resisting_limit(const ConstantLoad& law, Angle angle, const units::Interval<Angle>& walls) {
  const Force lever_free =
      rehab::ForceLimitFloor + (angle >= walls.high() - WallLead ? rehab::CatchReserve : units::newtons(0));
  const Torque limit = rehab::ForceLimitShare * heaviest(law) +
                       units::moment(lever_free, law.legs.cuff_radius) - ArmGravity * units::cosine(angle);
  return std::clamp(limit, units::newton_metres(0), rehab::machine_limits().resisting_torque.value);
}

// Not what the machine carries now but what it may take to catch legs that are let go: a drive that is left
// alone catches them with the limit of the last telegram.
Torque supporting_limit(const ConstantLoad& law, Angle angle) {
  const double level = std::max(units::cosine(angle), 0.0);
  const Torque weight = (ArmGravity + law.legs.gravity_moment) * level;
  return std::min(weight + units::moment(rehab::CatchReserve, law.legs.cuff_radius),
                  rehab::machine_limits().supporting_torque.value);
}

// Never silence: a set would go on without its load, and nobody would be told. The gate sees a torque that is
// no number, takes the load off and says that the program is at fault.
rehab::TorqueDemand nonsense() {
  const auto none = units::newton_metres(0);
  const auto still = units::degrees_per_second(0);
  return {.torque = units::newton_metres(std::numeric_limits<double>::quiet_NaN()),
          .resisting_limit = none,
          .supporting_limit = none,
          .lifting_speed_limit = still,
          .lowering_speed_limit = still,
          .lifting_damping = {},
          .lowering_damping = {},
          .walls = {units::degrees(0), units::degrees(0)},
          .wall_stiffness = {}};
}

}  // namespace

Torque load_torque(const ConstantLoad& law, Angle angle) {
  const Torque full = units::moment(law.load, law.legs.cuff_radius) *
                      (std::clamp(law.ramp, 0.0, 1.0) * eccentric_factor(law));
  const Angle width = std::max(LoadFade, Angle::from_value(full.value() / FadeStiffness.value()));
  return full * rise(angle, law.working.low(), width);
}

double support_share(const ConstantLoad& law, Angle angle) {
  const double in = rise(angle, law.working.low(), SupportComesOn);
  const double out = 1.0 - rise(angle, law.working.high(), SupportGoesOff);
  return std::clamp(law.leg_support, 0.0, rehab::machine_limits().leg_support.value) * std::min(in, out);
}

Torque speed_ceiling(Torque load, units::AngularVelocity velocity, const rehab::SpeedLimits& speed) {
  const auto share = [&](units::AngularVelocity excess) {
    return std::min(Torque::from_value(CeilingDamping.value() * excess.value()), CeilingShare * load);
  };
  if (velocity > speed.lifting.onset) return share(velocity - speed.lifting.onset);
  if (-velocity > speed.lowering.onset) return -share(-velocity - speed.lowering.onset);
  return units::newton_metres(0);
}

rehab::DriveDemand constant_load(const ConstantLoad& law, const sensing::Estimate& estimate) {
  if (!is_usable(law, estimate)) return nonsense();
  const Angle angle = estimate.angle;
  const Torque load = load_torque(law, angle);
  const Torque carried =
      (ArmGravity + support_share(law, angle) * law.legs.gravity_moment) * units::cosine(angle);
  const auto walls = walls_of(law);
  const Torque resisting = resisting_limit(law, angle, walls);
  const Torque supporting = supporting_limit(law, angle);
  const Torque torque = load + speed_ceiling(load, estimate.velocity, law.speed) - carried;
  return rehab::TorqueDemand{.torque = std::clamp(torque, -supporting, resisting),
                             .resisting_limit = resisting,
                             .supporting_limit = supporting,
                             .lifting_speed_limit = law.speed.lifting.drive,
                             .lowering_speed_limit = law.speed.lowering.drive,
                             .lifting_damping = LiftingDamping,
                             .lowering_damping = LoweringDamping,
                             .walls = walls,
                             .wall_stiffness = rehab::WallStiffness};
}

}  // namespace plinth::resistance
