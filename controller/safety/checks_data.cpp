#include "controller/safety/checks.hpp"

namespace plinth::safety {

bool check_drive_stale(const Scene& scene) {
  return scene.is_stale(scene.estimate.drive);
}

bool check_hub_stale(const Scene& scene) {
  return scene.is_stale(scene.estimate.hub);
}

bool check_drive_frozen(const Scene& scene) {
  return scene.estimate.drive.frozen;
}

bool check_hub_frozen(const Scene& scene) {
  return scene.estimate.hub.frozen;
}

// A silent hub is told as silent, not as a broken cell.
bool check_strap_invalid(const Scene& scene) {
  return !scene.estimate.strap && !check_hub_stale(scene);
}

bool check_strap_frozen(const Scene& scene) {
  return scene.estimate.strap_frozen;
}

bool check_angle_jump(const Scene& scene) {
  return scene.estimate.drive.ever_seen && !scene.estimate.angle_plausible;
}

bool check_angles_disagree(const Scene& scene) {
  return !scene.estimate.angle_sensors_agree && !check_drive_stale(scene) && !check_hub_stale(scene);
}

bool check_not_finite(const Scene& scene) {
  const sensing::Estimate& estimate = scene.estimate;
  const rehab::Expectation& expectation = scene.expectation;
  const bool finite = units::is_finite(estimate.angle) && units::is_finite(estimate.velocity) &&
                      units::is_finite(estimate.drive_torque) && units::is_finite(estimate.drive_setpoint) &&
                      (!estimate.strap || units::is_finite(*estimate.strap)) &&
                      (!estimate.trunk || units::is_finite(*estimate.trunk)) &&
                      (!estimate.second_angle || units::is_finite(*estimate.second_angle)) &&
                      units::is_finite(expectation.target) && units::is_finite(expectation.target_speed) &&
                      units::is_finite(expectation.tolerance);
  return !finite;
}

bool check_internal(const Scene& scene, Cause told_by_gate) {
  return check_not_finite(scene) || (scene.granted && (told_by_gate == Cause::Internal || !scene.working));
}

}  // namespace plinth::safety
