#include <algorithm>
#include <cmath>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using units::Force;

// 15 rad/s² at the cuff of short legs: kicks and spasms, not collisions.
constexpr Force GreatestJerk = units::newtons(60);

// Two channels of one force, less what friction and the arm's inertia explain. Over four samples in a row, as
// long as the rule's dwell, they then differ by 6 N at most in 300 fault-free sets of all people and phases,
// and by less than 13 N where legs are thrown up or let fall. What is wrong by a tenth and 30 N is found: 20
// N of it here, the rest may be friction and noise.
constexpr Force AgreementFloor = units::newtons(20);
constexpr double AgreementShare = 0.10;

// Below, dry friction may point either way.
constexpr double FrictionTurnsRadS = 0.05;

// Torque that is reported and not there: a power stage that is off, a coupling that has let go. Both leave
// less than a third at the straps; so do legs that are let fall, which gather speed and take the arm along.
constexpr Force MissingFrom = units::newtons(50);
constexpr double MissingShare = 0.35;
constexpr units::AngularVelocity Sinking = units::degrees_per_second(-8);
constexpr double GathersRadS2 = -1.0;
// So much torque, at the cuff, is told apart from none: by twice what cells that agree with it differ.
constexpr Force ToldFrom = units::newtons(22);
// Cells that carry the arm's own weight, and no torque beside it. What stands may lean on its friction.
constexpr Force WeightAlone = units::newtons(8);
constexpr double InertiaKnownTo = 0.2;

// What an arm leans on something with, beyond friction and inertia: more than cells and torque ever differ
// by.
constexpr Force Leans = units::newtons(15);
constexpr units::AngularVelocity Stands = units::degrees_per_second(4);
// Who lowers 50° in 4 s brakes by 0.3 rad/s²; something as soft as a cushion, under legs of 78 kg, by 1.
constexpr double BrakedRadS2 = 0.8;

// Healthy people differ by a fifth from side to side, those after surgery by two; below 60 N the cells' zero
// and the weight of a foot decide. 5 N less: what stays near it for half a second must not fall out of it by
// the cells' noise.
constexpr Force UnevenFrom = units::newtons(55);
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

// What the cells should tell more than the force at the arm's end of the cuff: friction of gear and bearings.
Force friction_force(const sensing::Estimate& estimate, units::Length cuff_radius) {
  const double speed = units::in_radians_per_second(estimate.velocity);
  const double dry = std::clamp(speed / FrictionTurnsRadS, -1.0, 1.0);
  return units::force_at(
      dry * sensing::ArmDryFriction + units::newton_metres(sensing::ArmViscousFrictionNms * speed),
      cuff_radius);
}

// Of the cells, what a machine that exerts `force` leaves unexplained but for the arm's inertia.
Force beside(const Scene& scene, Force force) {
  return *scene.estimate.strap - force - friction_force(scene.estimate, scene.limits->legs.cuff_radius);
}

// What the arm's inertia takes, now.
Force taken_by_inertia(const Scene& scene) {
  return units::force_at(
      units::newton_metres(sensing::ArmInertiaKgM2 * scene.estimate.acceleration_now_rad_s2),
      scene.limits->legs.cuff_radius);
}

// Neither is it any part of what the arm's inertia takes. Of the whole, for in a blow the acceleration is
// known to a few milliseconds only.
Force unexplained(const Scene& scene, Force force) {
  const Force difference = beside(scene, force);
  const Force inertia = taken_by_inertia(scene);
  return difference - std::clamp(difference, std::min(inertia, Force{}), std::max(inertia, Force{}));
}

// By how much the cells tell less than the torque while the legs are lowered.
Force missing_while_lowering(const Scene& scene) {
  if (scene.expectation.moment != rehab::Moment::Lowering) return {};
  return machine_force(scene.estimate, scene.limits->legs.cuff_radius) - *scene.estimate.strap;
}

// Something brakes an arm on its way down, or it stands on it already, and the straps do not show it.
bool is_caught(const Scene& scene, bool sank) {
  return sank && missing_while_lowering(scene) > Force{} &&
         (scene.estimate.acceleration_rad_s2 > BrakedRadS2 ||
          units::magnitude(scene.estimate.velocity) <= Stands);
}

// What it leans with is missing at the straps, whatever friction and inertia explain.
bool leans(const Scene& scene) {
  return unexplained(scene, machine_force(scene.estimate, scene.limits->legs.cuff_radius)) < -Leans;
}

// Torque that is told and is not there leaves the arm's weight on the cells, all of what its inertia takes,
// and nothing else. Something that it stands on takes part of both.
bool carries_weight_alone(const Scene& scene) {
  const Force told = units::force_at(scene.estimate.drive_torque, scene.limits->legs.cuff_radius);
  const Force weight = machine_force(scene.estimate, scene.limits->legs.cuff_radius) - told;
  const Force inertia = taken_by_inertia(scene);
  return units::magnitude(told) > ToldFrom && units::magnitude(beside(scene, weight) - inertia) <
                                                  WeightAlone + InertiaKnownTo * units::magnitude(inertia);
}

bool are_apart(const Scene& scene) {
  const Force by_torque = machine_force(scene.estimate, scene.limits->legs.cuff_radius);
  const Force larger = std::max(units::magnitude(by_torque), units::magnitude(*scene.estimate.strap));
  return units::magnitude(unexplained(scene, by_torque)) > AgreementFloor + AgreementShare * larger;
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

bool sinks(const Scene& scene) {
  return scene.in_set() && scene.expectation.moment == rehab::Moment::Lowering &&
         scene.estimate.velocity < -Stands;
}

bool check_forces_disagree(const Scene& scene, const ArmPast& past) {
  return are_forces_comparable(scene, past.brake_open_for) && are_apart(scene) &&
         !is_caught(scene, past.sank);
}

bool check_obstacle(const Scene& scene, const ArmPast& past) {
  return are_forces_comparable(scene, past.brake_open_for) && is_caught(scene, past.sank) && leans(scene) &&
         !carries_weight_alone(scene);
}

bool check_torque_missing(const Scene& scene, const ArmPast& past) {
  if (!are_forces_comparable(scene, past.brake_open_for) || check_obstacle(scene, past)) return false;
  if (scene.estimate.velocity < Sinking && scene.estimate.acceleration_rad_s2 < GathersRadS2) return false;
  // Legs that beat let go of an arm that coasts: what its inertia takes from the straps is not missing.
  if (!are_apart(scene)) return false;
  if (carries_weight_alone(scene)) return true;
  const Force by_torque = machine_force(scene.estimate, scene.limits->legs.cuff_radius);
  return by_torque >= MissingFrom && *scene.estimate.strap < MissingShare * by_torque;
}

bool check_uneven(const Scene& scene) {
  const auto& estimate = scene.estimate;
  if (!scene.in_set() || scene.lowering() || !estimate.strap || *estimate.strap < UnevenFrom) return false;
  return std::max(*estimate.strap_left, *estimate.strap_right) > UnevenShare * *estimate.strap;
}

}  // namespace plinth::safety
