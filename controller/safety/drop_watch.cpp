#include "controller/safety/drop_watch.hpp"

#include <algorithm>
#include <numbers>

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

// However slow that still is, nobody who lowers gathers as much in 60 ms: a guide's stroke in a quarter of
// its time gathers four times as much as the guide, and a reading that is wrong by itself gathers all of it
// at once.
constexpr AngularVelocity Sinking = units::degrees_per_second(30);
constexpr AngularVelocity GatheredSoon = units::degrees_per_second(15);
constexpr double HurriedShare = 4.0;
constexpr Duration JustBefore = milliseconds(20);
constexpr AngularVelocity GatheredJustBefore = units::degrees_per_second(5);

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
// A lowering that only gathers speed has swung nowhere.
constexpr Duration Beat = milliseconds(170);
constexpr AngularVelocity SwungUp = units::degrees_per_second(6);

// What somebody gathers in 60 ms who lowers in a quarter of the guide's time.
AngularVelocity hurried(const Scene& scene) {
  const units::Duration lower = scene.limits->prescription.tempo().lower;
  const AngularVelocity peak = rehab::peak_speed(rehab::guide_range(*scene.working).width(), lower);
  return HurriedShare * peak * (std::numbers::pi * units::in_seconds(ForceWindow) / units::in_seconds(lower));
}

}  // namespace

DropWatch::Swing DropWatch::swing(const Scene& scene, Duration before) const {
  Swing swing{.down = scene.estimate.velocity, .rise = {}};
  bool any = false;
  recent_.look_back(scene.now(), before, Beat, [&](const Recent::Past& past) {
    swing.down = any ? std::min(swing.down, past.velocity) : past.velocity;
    swing.rise = std::max(swing.rise, past.velocity - swing.down);
    any = true;
  });
  return swing;
}

bool DropWatch::runs_away(const Scene& scene, const Swing& before) const {
  const AngularVelocity sinks = scene.estimate.velocity;
  const AngularVelocity most = std::max(GatheredSoon, hurried(scene));
  const Recent::Past* just_before = recent_.before(scene.now(), JustBefore);
  return -sinks > Sinking && before.down - sinks > most && just_before != nullptr &&
         before.down - just_before->velocity > GatheredJustBefore;
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
    const bool swings = before.rise >= SwungUp && scene.expectation.moment != rehab::Moment::Lifting;
    const bool gave_way = loaded != nullptr && loaded->force && estimate.strap && *loaded->force >= Loaded &&
                          *estimate.strap <= force_left * std::min(*loaded->force, by_torque) &&
                          -estimate.velocity > Downward && before.down - estimate.velocity > Gathered;
    falling = fell_fast || (!swings && (gave_way || runs_away(scene, before)));
  }
  recent_.take(now, {.velocity = estimate.velocity, .force = estimate.strap});
  return falling;
}

}  // namespace plinth::safety
