#include <algorithm>
#include <cmath>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using rehab::Moment;
using units::Angle;
using units::AngularVelocity;

// The second sensor's slope is noisier and later than the drive's own speed.
constexpr AngularVelocity SecondSensorReserve = units::degrees_per_second(10);

constexpr Angle FarOutsideTube = units::degrees(5);
constexpr Angle SagDepth = units::degrees(10);

constexpr double BrakingRadS2 = 8.0;
constexpr double ReactionS = 0.060;
// Noise of the speed, so that resting at a wall is no approach.
constexpr AngularVelocity ApproachNoise = units::degrees_per_second(1);
// So much faster than it could still be stopped, and torque alone will not do: the set ends.
constexpr double ApproachExcess = 1.25;
constexpr AngularVelocity ExcessNoise = units::degrees_per_second(5);
// The walls hold a passive arrival of heavy legs to about 1° beyond the end (station physics).
constexpr Angle CrossedBy = units::degrees(1);

// The arm is inside its range for this set once it has come so far above the lower end.
constexpr Angle EnteredBy = units::degrees(2);

struct EndState {
  bool near;
  bool crossed;
};
// `distance`: to the end, negative beyond it. `speed`: towards it.
EndState judge_end(Angle distance, AngularVelocity speed) {
  const AngularVelocity allowed = approach_speed(distance);
  return {.near = distance <= Angle{} || speed > allowed + ApproachNoise,
          .crossed = -distance > CrossedBy || speed > ApproachExcess * allowed + ExcessNoise};
}

// Before the legs have been lifted into the range, while the load comes on beneath legs that hang, and when
// they are lowered to rest after the set, the lower end is none: the drive's wall and the gate stand there.
bool lower_end_holds(const Scene& scene) {
  return scene.entered && !scene.lowering() && scene.expectation.moment != Moment::RampIn;
}

}  // namespace

AngularVelocity approach_speed(Angle distance) {
  const double d = units::in_radians(distance);
  if (d <= 0.0) return {};
  const double lost = BrakingRadS2 * ReactionS;
  return units::radians_per_second(-lost + std::sqrt(lost * lost + 2.0 * BrakingRadS2 * d));
}

RangeState judge_range(const Scene& scene) {
  if (!scene.in_set()) return {};
  const AngularVelocity velocity = scene.estimate.velocity;
  // The expectation may only make the range smaller.
  Angle high = scene.working->high();
  Angle low = scene.working->low();
  if (scene.expectation.working) {
    high = std::min(high, scene.expectation.working->high());
    low = std::max(low, scene.expectation.working->low());
  }
  const EndState upper = judge_end(high - scene.estimate.angle, velocity);
  RangeState state{.near_high = upper.near,
                   .near_low = false,
                   .crossed = upper.crossed,
                   .below = scene.estimate.angle < scene.working->low()};
  if (lower_end_holds(scene)) {
    const EndState lower = judge_end(scene.estimate.angle - low, -velocity);
    state.near_low = lower.near;
    state.crossed = state.crossed || lower.crossed;
  }
  return state;
}

bool has_entered(const Scene& scene) {
  return scene.in_set() && scene.estimate.angle >= scene.working->low() + EnteredBy;
}

bool check_over_speed(const Scene& scene) {
  if (!scene.in_set()) return false;
  const auto speed = rehab::speed_limits(scene.limits->prescription, *scene.working);
  const auto beyond = [&speed](AngularVelocity velocity, AngularVelocity reserve) {
    return velocity > speed.lifting.trip + reserve || -velocity > speed.lowering.trip + reserve;
  };
  // Of two sensors that disagree the slope of the second tells of the disagreement, not of the arm.
  const auto second = scene.estimate.angle_sensors_agree ? scene.estimate.second_velocity : std::nullopt;
  return beyond(scene.estimate.velocity, AngularVelocity{}) ||
         (second.has_value() && beyond(*second, SecondSensorReserve));
}

// Direction matters: who lowers or holds more slowly than the guide is careful, not lost.
bool check_tempo_far_off(const Scene& scene) {
  if (!scene.in_set() || scene.lowering()) return false;
  const Angle above = scene.estimate.angle - scene.expectation.target;
  const Angle far = scene.expectation.tolerance + FarOutsideTube;
  switch (scene.expectation.moment) {
    case Moment::Lifting:
      // Ahead of the guide. Behind it nobody is in a hurry: that is the spotter's to notice.
      return above > far;
    case Moment::Lowering:
      return -above > far;
    default:
      return false;
  }
}

bool check_sag(const Scene& scene, bool sagged) {
  if (!scene.in_set() || scene.lowering()) return false;
  // Legs that sink in a hold go on when the guide has ended it.
  const bool given_up = sagged && scene.expectation.moment == Moment::Lowering;
  if (scene.expectation.moment != Moment::Holding && !given_up) return false;
  return scene.expectation.target - scene.estimate.angle > SagDepth;
}

}  // namespace plinth::safety
