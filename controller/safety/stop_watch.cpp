#include "controller/safety/stop_watch.hpp"

#include <algorithm>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using units::Duration;
using units::Force;

// The ramp is over after 250 ms; twice that leaves room for a rise that is braked first.
constexpr Duration ReleaseDeadline = units::milliseconds(500);
// The drive's own stop: its ramp of 180 ms, a telegram and its report, and the same reserve.
constexpr Duration StopDeadline = units::milliseconds(600);
// A kick against the arm, or a step in the lowering, is over sooner.
constexpr Duration Lasting = units::milliseconds(200);

constexpr double LoadLeft = 0.10;
constexpr Force LoadNoise = units::newtons(20);
constexpr units::AngularVelocity FastestLowering = units::degrees_per_second(15);

// What is no load: the arm's own weight, which may rest on the legs while they are lowered.
Force arm_weight(const Scene& scene, units::Length cuff_radius) {
  return units::force_at(sensing::ArmGravity * std::max(units::cosine(scene.estimate.angle), 0.0),
                         cuff_radius);
}

}  // namespace

void StopWatch::begin(const Scene& scene) {
  if (!scene.limits) return;
  const units::Length radius = scene.limits->legs.cuff_radius;
  const Force by_torque = machine_force(scene.estimate, radius);
  // Never more than what was prescribed: a load that was too high must not excuse what remains of it.
  const Force acting = std::clamp(std::max(by_torque, scene.estimate.strap.value_or(by_torque)), Force{},
                                  scene.limits->force_limit);
  stop_ = Stop{.began = scene.now(), .drive_stop_began = std::nullopt, .load = acting, .cuff_radius = radius};
  release_violated_.forget();
  stop_violated_.forget();
}

bool StopWatch::load_remains(const Scene& scene) const {
  const Force allowed = LoadLeft * stop_->load + LoadNoise + arm_weight(scene, stop_->cuff_radius);
  // Cells that have stopped telling the truth tell nothing of what remains: the drive's torque does.
  const bool cells_live = !scene.estimate.strap_frozen && !check_hub_frozen(scene) && !check_hub_stale(scene);
  const auto strap = cells_live ? scene.estimate.strap : std::nullopt;
  return machine_force(scene.estimate, stop_->cuff_radius) > allowed || (strap && *strap > allowed);
}

StopWatch::Findings StopWatch::watch(const Scene& scene, Action action) {
  if (!stop_) return {};
  const auto& report = scene.estimate.drive_report;
  const bool silent = check_drive_stale(scene) || !report;
  if (!silent && !report->brake_released) {
    end();
    return {};
  }
  Findings findings;
  const bool falling = -scene.estimate.velocity > FastestLowering;
  // What cannot be seen is not verified.
  const bool violated = silent || load_remains(scene) || falling;
  if (action < Action::DriveStop) {
    const bool lasting = release_violated_.held(violated, scene.now(), Lasting);
    findings.release_unverified = lasting && scene.now() - stop_->began >= ReleaseDeadline;
    return findings;
  }
  if (!stop_->drive_stop_began) stop_->drive_stop_began = scene.now();
  // Torque off drops the legs into the brake: only a load that is seen to remain is worth that.
  const bool uncontrolled = !silent && report->torque_on && load_remains(scene);
  const bool lasting = stop_violated_.held(uncontrolled, scene.now(), Lasting);
  findings.stop_unverified = lasting && scene.now() - *stop_->drive_stop_began >= StopDeadline;
  return findings;
}

}  // namespace plinth::safety
