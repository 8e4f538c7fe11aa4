#include "controller/safety/drop_watch.hpp"

#include <algorithm>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using units::AngularVelocity;
using units::Duration;
using units::Force;
using units::milliseconds;

// Falling legs gather 10–25 rad/s² (gravity and load over their inertia); a lowering that is twice too hasty
// gathers 2. Beyond the stop speed with more than 3.5 rad/s² behind it is a fall.
constexpr Duration SpeedWindow = milliseconds(100);
constexpr AngularVelocity SpeedGathered = units::degrees_per_second(20);

// The earlier sign: legs that no longer hold against the load take a third of the strap's force with them.
constexpr Duration ForceWindow = milliseconds(60);
constexpr double ForceLeft = 0.65;
// Who comes down from the upper wall leaves its push behind: there it takes half.
constexpr double ForceLeftAtTheWall = 0.5;
constexpr units::Angle AtTheWall = units::degrees(5);
constexpr Force Loaded = units::newtons(40);
constexpr AngularVelocity Downward = units::degrees_per_second(10);
constexpr AngularVelocity Gathered = units::degrees_per_second(7);

}  // namespace

bool DropWatch::watch(const Scene& scene) {
  const sensing::Estimate& estimate = scene.estimate;
  const units::Instant now = scene.now();
  bool falling = false;
  if (scene.in_set() && !scene.lowering() && !check_drive_stale(scene)) {
    const auto speed = rehab::speed_limits(scene.limits->prescription, *scene.working);
    const Recent::Past* then = recent_.before(now, SpeedWindow);
    const bool fell_fast = -estimate.velocity > speed.lowering.trip && then != nullptr &&
                           then->velocity - estimate.velocity > SpeedGathered;
    const bool at_wall = estimate.angle > scene.working->high() - AtTheWall;
    const double force_left = at_wall ? ForceLeftAtTheWall : ForceLeft;
    const Recent::Past* loaded = recent_.before(now, ForceWindow);
    // Who was faster than the guide was braked as well: only what the drive gives now can be missing.
    const Force by_torque = machine_force(estimate, scene.limits->legs.cuff_radius);
    const bool gave_way = loaded != nullptr && loaded->force && estimate.strap && *loaded->force >= Loaded &&
                          *estimate.strap <= force_left * std::min(*loaded->force, by_torque) &&
                          -estimate.velocity > Downward && loaded->velocity - estimate.velocity > Gathered;
    falling = fell_fast || gave_way;
  }
  recent_.take(now, {.velocity = estimate.velocity, .force = estimate.strap});
  return falling;
}

}  // namespace plinth::safety
