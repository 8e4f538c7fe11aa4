#include <algorithm>
#include <cmath>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using units::Force;

// 15 rad/s² at the cuff of short legs: kicks and spasms, not collisions.
constexpr Force GreatestJerk = units::newtons(60);

// Two channels of one force: cells and their noise, the drive's friction of 4 N·m + 2·ω, the arm's inertia.
constexpr Force AgreementFloor = units::newtons(40);
constexpr double AgreementShare = 0.20;

// Torque that is reported and not there: a power stage that is off, a coupling that has let go. Both leave
// less than a third at the straps; so do legs that are let fall, which gather speed and take the arm along.
constexpr Force MissingFrom = units::newtons(50);
constexpr double MissingShare = 0.35;
constexpr units::AngularVelocity Sinking = units::degrees_per_second(-8);
constexpr double GathersRadS2 = -1.0;

// What an arm leans on something with, beyond the friction of gear and bearings (5 N at the cuff) and the
// cells' noise.
constexpr Force Leans = units::newtons(18);
constexpr units::AngularVelocity Stands = units::degrees_per_second(3);

// Healthy people differ by a fifth from side to side, those after surgery by two; below 60 N the cells' zero
// and the weight of a foot decide.
constexpr Force UnevenFrom = units::newtons(60);
constexpr double UnevenShare = 0.8;

// A wall begins 3° inside the range.
constexpr units::Angle WallNear = rehab::WallMargin + units::degrees(1);

// What the upper wall pushes back with here: the person's doing, not the load's.
Force wall_allowance(const Scene& scene, units::Length cuff_radius) {
  const double into_wall_rad =
      units::in_radians(scene.estimate.angle) - 1e-4 * scene.commanded.wall_high_dmrad;
  const double stiffness = scene.commanded.wall_stiffness_nm_rad;
  const bool near = scene.estimate.angle >= scene.limits->prescription.range().high() - WallNear;
  if (!near || into_wall_rad <= 0.0 || stiffness <= 0.0) return units::newtons(0);
  const double damping = 2.0 * std::sqrt(stiffness * sensing::ArmInertiaKgM2);
  const double speed = std::max(units::in_radians_per_second(scene.estimate.velocity), 0.0);
  return std::min(
      units::force_at(units::newton_metres(stiffness * into_wall_rad + damping * speed), cuff_radius),
      rehab::CatchReserve);
}

}  // namespace

bool check_over_force(const Scene& scene) {
  if (!scene.under_way || !scene.limits || check_drive_stale(scene)) return false;
  const Limits& limits = *scene.limits;
  const sensing::Estimate& estimate = scene.estimate;
  const Force by_torque = machine_force(estimate, limits.legs.cuff_radius);
  const Force by_cells = estimate.strap.value_or(by_torque);
  // Who jerks the arm up feels its inertia on top of the load. The machine does not push with it.
  const Force jerk = std::min(inertia_force(estimate, limits.legs.cuff_radius), GreatestJerk);
  const Force highest = std::max(by_cells - jerk, by_torque);
  const Force lowest = std::min(by_cells, by_torque);

  const Force carried =
      units::force_at(torque_of_weight(limits.legs.gravity_moment, estimate.angle), limits.legs.cuff_radius);
  if (-lowest > carried + rehab::CatchReserve) return true;
  // Faster than the stop speed the drive's own speed limiter pushes back, and over-speed is already the
  // cause.
  if (scene.in_set() &&
      estimate.velocity > rehab::speed_limits(limits.prescription, *scene.working).lifting.trip)
    return false;
  return highest > limits.force_limit + wall_allowance(scene, limits.legs.cuff_radius);
}

bool are_forces_comparable(const Scene& scene, units::Duration brake_open_for) {
  return scene.in_set() && !scene.lowering() && scene.estimate.strap && brake_open_for >= SettleAfterBrake;
}

bool check_forces_disagree(const Scene& scene, units::Duration brake_open_for) {
  if (!are_forces_comparable(scene, brake_open_for)) return false;
  const Force by_torque = machine_force(scene.estimate, scene.limits->legs.cuff_radius);
  const Force by_cells = *scene.estimate.strap;
  const Force larger = std::max(units::magnitude(by_torque), units::magnitude(by_cells));
  // Who jerks the arm up feels its inertia as well.
  const Force jerk = std::min(inertia_force(scene.estimate, scene.limits->legs.cuff_radius), GreatestJerk);
  const Force difference = by_cells - by_torque;
  const Force unexplained = difference > jerk ? difference - jerk : std::min(difference, Force{});
  return units::magnitude(unexplained) > AgreementFloor + AgreementShare * larger;
}

bool check_obstacle(const Scene& scene, units::Duration brake_open_for) {
  if (!are_forces_comparable(scene, brake_open_for)) return false;
  if (scene.expectation.moment != rehab::Moment::Lowering ||
      units::magnitude(scene.estimate.velocity) > Stands)
    return false;
  const Force by_torque = machine_force(scene.estimate, scene.limits->legs.cuff_radius);
  return by_torque - *scene.estimate.strap > Leans;
}

bool check_torque_missing(const Scene& scene, units::Duration brake_open_for) {
  if (!are_forces_comparable(scene, brake_open_for) || check_obstacle(scene, brake_open_for)) return false;
  if (scene.estimate.velocity < Sinking && scene.estimate.acceleration_rad_s2 < GathersRadS2) return false;
  const Force by_torque = machine_force(scene.estimate, scene.limits->legs.cuff_radius);
  return by_torque >= MissingFrom && *scene.estimate.strap < MissingShare * by_torque;
}

bool check_uneven(const Scene& scene) {
  const auto& estimate = scene.estimate;
  if (!scene.in_set() || scene.lowering() || !estimate.strap || *estimate.strap < UnevenFrom) return false;
  return std::max(*estimate.strap_left, *estimate.strap_right) > UnevenShare * *estimate.strap;
}

}  // namespace plinth::safety
