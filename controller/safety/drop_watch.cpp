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
// In a hold nobody lowers at all: a clonus swings by less, and legs that sag are caught before they are fast.
constexpr AngularVelocity FastInAHold = units::degrees_per_second(30);

// The earlier sign: legs that no longer hold against the load take a third of the strap's force with them.
constexpr Duration ForceWindow = milliseconds(60);
constexpr double ForceLeft = 0.65;
// Who comes down from the upper wall leaves its push behind: there it takes half.
constexpr double ForceLeftAtTheWall = 0.5;
constexpr units::Angle AtTheWall = units::degrees(5);
constexpr Force Loaded = units::newtons(40);
constexpr AngularVelocity Downward = units::degrees_per_second(10);
constexpr AngularVelocity Gathered = units::degrees_per_second(7);
// Legs that beat sink no faster than in the beat before, 125 to 170 ms ago (8 to 6 Hz), and before they sink
// they swing up, by more than the end of any lowering slows them: neither is a fall until it is a fast one.
constexpr Duration Beat = milliseconds(170);
constexpr AngularVelocity SwungUp = units::degrees_per_second(8);

}  // namespace

DropWatch::Swing DropWatch::swing(const Scene& scene, Duration before) const {
  Swing swing{.down = scene.estimate.velocity, .up = scene.estimate.velocity};
  bool any = false;
  recent_.look_back(scene.now(), before, Beat, [&](const Recent::Past& past) {
    swing.down = any ? std::min(swing.down, past.velocity) : past.velocity;
    swing.up = any ? std::max(swing.up, past.velocity) : past.velocity;
    any = true;
  });
  return swing;
}

bool DropWatch::watch(const Scene& scene) {
  const sensing::Estimate& estimate = scene.estimate;
  const units::Instant now = scene.now();
  bool falling = false;
  if (scene.in_set() && !scene.lowering() && !check_drive_stale(scene)) {
    const auto stop_speed = rehab::speed_limits(scene.limits->prescription, *scene.working).lowering.trip;
    const bool holds = scene.expectation.moment == rehab::Moment::Holding;
    const AngularVelocity fast = holds ? std::min(stop_speed, FastInAHold) : stop_speed;
    const bool fell_fast =
        -estimate.velocity > fast && swing(scene, SpeedWindow).down - estimate.velocity > SpeedGathered;
    const bool at_wall = estimate.angle > scene.working->high() - AtTheWall;
    const double force_left = at_wall ? ForceLeftAtTheWall : ForceLeft;
    const Recent::Past* loaded = recent_.before(now, ForceWindow);
    // Who was faster than the guide was braked as well: only what the drive gives now can be missing.
    const Force by_torque = machine_force(estimate, scene.limits->legs.cuff_radius);
    const Swing before = swing(scene, ForceWindow);
    const bool lifts = scene.expectation.moment == rehab::Moment::Lifting;
    const bool gave_way = loaded != nullptr && loaded->force && estimate.strap && *loaded->force >= Loaded &&
                          *estimate.strap <= force_left * std::min(*loaded->force, by_torque) &&
                          -estimate.velocity > Downward && before.down - estimate.velocity > Gathered &&
                          (lifts || before.up - before.down < SwungUp);
    falling = fell_fast || gave_way;
  }
  recent_.take(now, {.velocity = estimate.velocity, .force = estimate.strap});
  return falling;
}

}  // namespace plinth::safety
