#include "controller/sensing/arm_motion.hpp"

#include <algorithm>

#include "controller/rehab/limits.hpp"
#include "controller/rehab/person.hpp"
#include "controller/sensing/calibration.hpp"

namespace plinth::sensing {
namespace {

using units::Angle;
using units::AngularVelocity;

// Nothing on the arm moves half as fast again as the drive lets it.
AngularVelocity fastest_believable() {
  return 1.5 * rehab::machine_limits().speed.value;
}
// Encoder resolution and play of the gear; so much may differ at standstill.
constexpr Angle ReadingNoise = units::degrees(0.5);

// The arm with the lightest legs that the station accepts, 4.4 kg·m², under the drive's peak of 400 N·m: 90
// rad/s². A change of speed beyond that is no movement of mass and must not feed a speed rule or a damping
// law. Both legs by Winter's tables: 2 × 0.161 of the mass, radius of gyration about the hip 0.560 of the
// leg, the leg 0.491 of the height.
constexpr double LightestLegsKgM2 =
    2.0 * 0.161 * 0.560 * 0.560 * 0.491 * 0.491 * units::in_kilograms(rehab::AcceptedMass.low()) *
    units::in_metres(rehab::AcceptedHeight.low()) * units::in_metres(rehab::AcceptedHeight.low());
double greatest_acceleration_rad_s2() {
  const units::Torque peak = rehab::machine_limits().supporting_torque.value;
  return units::in_newton_metres(peak) / (ArmInertiaKgM2 + LightestLegsKgM2);
}
// One drive tick is 1 ms and its own speed is already smoothed over 2 ms: 10 ms take the rest of the noise
// and cost a stop one control period.
constexpr double EncoderSmoothingS = 0.010;
constexpr double AccelerationSmoothingS = 0.010;
// The second sensor's 0.15 mrad of noise is 1 °/s from one 10 ms slope: three periods make it 0.3 °/s.
constexpr double SecondSmoothingS = 0.030;

// Two sensors on one shaft with belt and coupling between them.
constexpr Angle AgreementAtRest = units::degrees(2);
// The units sample at their own instants within a cycle.
constexpr double SampleSkewS = 0.010;

double share(double interval_s, double time_constant_s) {
  return interval_s / (interval_s + time_constant_s);
}

}  // namespace

void EncoderMotion::take(TimedAngle reading, AngularVelocity reported_velocity) {
  if (!accepted_) {
    accepted_ = reading;
    last_taken_at_ = reading.taken_at;
    velocity_ = reported_velocity;
    return;
  }
  const double since_accepted_s = std::max(units::in_seconds(reading.taken_at - accepted_->taken_at), 0.0);
  const Angle believable =
      ReadingNoise + units::radians(units::in_radians_per_second(fastest_believable()) * since_accepted_s);
  // One reading out of place is dropped. An offset that stays becomes believable as the arm could have gone
  // there; by then the jump rule and the second sensor have spoken.
  plausible_ = units::magnitude(reading.angle - accepted_->angle) <= believable;
  if (plausible_) accepted_ = reading;

  const double interval_s = std::max(units::in_seconds(reading.taken_at - *last_taken_at_), 0.0);
  last_taken_at_ = reading.taken_at;
  const AngularVelocity step = units::radians_per_second(greatest_acceleration_rad_s2() * interval_s);
  const AngularVelocity bounded = std::clamp(reported_velocity, velocity_ - step, velocity_ + step);
  const AngularVelocity before = velocity_;
  velocity_ += (bounded - velocity_) * share(interval_s, EncoderSmoothingS);
  if (interval_s <= 0.0) return;
  const double slope = units::in_radians_per_second(velocity_ - before) / interval_s;
  const double change = (slope - acceleration_rad_s2_) * share(interval_s, AccelerationSmoothingS);
  acceleration_rad_s2_ += change;
  acceleration_now_rad_s2_ =
      acceleration_rad_s2_ + change * (EncoderSmoothingS + AccelerationSmoothingS) / interval_s;
}

void SecondMotion::take(const std::optional<TimedAngle>& reading) {
  if (!reading || !last_) {
    last_ = reading;
    velocity_.reset();
    return;
  }
  const double interval_s = units::in_seconds(reading->taken_at - last_->taken_at);
  if (interval_s <= 0.0) return;
  const AngularVelocity slope =
      units::radians_per_second(units::in_radians(reading->angle - last_->angle) / interval_s);
  velocity_ = velocity_ ? *velocity_ + (slope - *velocity_) * share(interval_s, SecondSmoothingS) : slope;
  last_ = reading;
}

bool angles_agree(TimedAngle encoder, TimedAngle second, AngularVelocity velocity) {
  const double apart_s = SampleSkewS + std::abs(units::in_seconds(encoder.taken_at - second.taken_at));
  const Angle moved = units::radians(units::in_radians_per_second(units::magnitude(velocity)) * apart_s);
  return units::magnitude(encoder.angle - second.angle) <= AgreementAtRest + moved;
}

}  // namespace plinth::sensing
