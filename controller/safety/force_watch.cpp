#include "controller/safety/force_watch.hpp"

#include <algorithm>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using units::Duration;
using units::Force;

constexpr double AveragedS = 1.0;
constexpr Duration Settled = units::milliseconds(1000);
// The drive's friction, 4 N·m + 2·ω, is 6 to 8 N at the cuff and keeps its sign for as long as one stroke
// lasts; the arm's inertia evens out over it: averaged, sound channels of simulated sets differ by 7 N at
// most. A scale that is wrong by a tenth is another cell's.
constexpr Force DriftFloor = units::newtons(10);
constexpr double DriftShare = 0.08;

}  // namespace

bool ForceWatch::drifts(const Scene& scene, Duration brake_open_for) {
  if (!are_forces_comparable(scene, brake_open_for) || check_drive_stale(scene) || check_hub_stale(scene)) {
    *this = {};
    return false;
  }
  const Force by_torque = machine_force(scene.estimate, scene.limits->legs.cuff_radius);
  const double elapsed_s = units::in_seconds(scene.estimate.period);
  const double share = elapsed_s / (elapsed_s + AveragedS);
  difference_ += share * (by_torque - *scene.estimate.strap - difference_);
  force_ += share * (by_torque - force_);
  watched_ = std::min(watched_ + scene.estimate.period, Settled);
  return watched_ >= Settled &&
         units::magnitude(difference_) > DriftFloor + DriftShare * units::magnitude(force_);
}

}  // namespace plinth::safety
