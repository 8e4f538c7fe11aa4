#include "controller/sensing/observer.hpp"

#include <algorithm>

namespace plinth::sensing {
namespace {

// A unit's word about the person counts for at least so long after it was asked for, and always until it is
// too old to train on: silence is told as silence, not as a grip that was let go. Beyond it what is not known
// is taken as bad.
constexpr units::Duration BelievedFor = units::milliseconds(60);

// Somebody who was lying on the bench is gone below this share of the presence threshold: a trunk's weight on
// the pads breathes and rocks with every rep.
constexpr double GoneBelowShare = 0.6;

template <typename Report>
std::optional<UnitWatch::Seen> seen(const Block<Report>& block) {
  if (!block.report) return std::nullopt;
  return UnitWatch::Seen{.sequence = block.report->sequence,
                         .boot_counter = block.report->boot_counter,
                         .taken_at = block.taken_at};
}

}  // namespace

Observer::Observer(const Calibration& calibration, units::Duration period)
    : calibration_{calibration}, period_{period} {}

bool Observer::believed(const BlockHealth& health) const {
  return health.ever_seen && health.age <= std::max(BelievedFor, oldest_to_train_on(period_));
}

void Observer::take_drive(const Block<DriveReport>& block) {
  if (!block.report || block.reading != Reading::Fresh || drive_taken_at_ == block.taken_at) return;
  drive_taken_at_ = block.taken_at;
  encoder_.take({.angle = block.report->angle, .taken_at = block.taken_at}, block.report->velocity);
}

void Observer::take_hub(const Block<HubReport>& block) {
  if (!block.report || block.reading != Reading::Fresh || hub_taken_at_ == block.taken_at) return;
  const units::Duration since_last =
      hub_taken_at_ ? block.taken_at - *hub_taken_at_ : units::Duration::zero();
  hub_taken_at_ = block.taken_at;
  const auto& angle = block.report->second_angle;
  second_.take(angle ? std::optional<TimedAngle>{TimedAngle{.angle = *angle + calibration_.second_offset,
                                                            .taken_at = block.taken_at}}
                     : std::nullopt);
  left_cell_.watch(block.report->strap_left, encoder_.velocity(), since_last);
  right_cell_.watch(block.report->strap_right, encoder_.velocity(), since_last);
}

void Observer::estimate_arm(Estimate& estimate, const Sample& sample) const {
  estimate.angle = encoder_.angle();
  estimate.velocity = encoder_.velocity();
  estimate.acceleration_rad_s2 = encoder_.acceleration_rad_s2();
  estimate.acceleration_now_rad_s2 = encoder_.acceleration_now_rad_s2();
  estimate.angle_plausible = encoder_.ever_seen() && encoder_.plausible();
  if (sample.drive.report) {
    estimate.drive_torque = sample.drive.report->torque;
    estimate.drive_setpoint = sample.drive.report->torque_setpoint;
  }
  if (!believed(estimate.hub) || !second_.reading()) return;
  estimate.second_angle = second_.reading()->angle;
  estimate.second_velocity = second_.velocity();
  // A dropped jump is judged as it was reported: agreement must not hide behind the angle that we kept.
  const units::Angle reported =
      estimate.angle_plausible || !sample.drive.report ? encoder_.angle() : sample.drive.report->angle;
  estimate.angle_sensors_agree =
      believed(estimate.drive) && angles_agree({.angle = reported, .taken_at = sample.drive.taken_at},
                                               *second_.reading(), encoder_.velocity());
}

void Observer::estimate_forces(Estimate& estimate, const HubReport& report) const {
  estimate.strap_left = calibrated(report.strap_left, calibration_.strap_left);
  estimate.strap_right = calibrated(report.strap_right, calibration_.strap_right);
  estimate.strap = sum(estimate.strap_left, estimate.strap_right);
  for (std::size_t i = 0; i < report.pads.size(); ++i)
    estimate.pads.at(i) = calibrated(report.pads.at(i), calibration_.pads.at(i));
  estimate.trunk = sum(estimate.pads);
  estimate.centre_of_pressure = centre_of_pressure(estimate.pads, calibration_);
  estimate.strap_frozen = left_cell_.frozen() || right_cell_.frozen();
}

void Observer::estimate_person(Estimate& estimate, const HubReport& report) {
  const units::Force least = calibration_.presence_threshold * (present_ ? GoneBelowShare : 1.0);
  present_ = estimate.trunk && *estimate.trunk >= least;
  estimate.patient_present = present_;
  estimate.left_grip = report.left_grip;
  estimate.right_grip = report.right_grip;
}

Estimate Observer::observe(const Sample& sample, units::Instant now) {
  Estimate estimate;
  estimate.at = now;
  if (last_at_) estimate.period = now - *last_at_;
  last_at_ = now;

  estimate.drive = drive_watch_.watch(seen(sample.drive), sample.drive.reading, now);
  estimate.hub = hub_watch_.watch(seen(sample.hub), sample.hub.reading, now);
  take_drive(sample.drive);
  take_hub(sample.hub);
  estimate_arm(estimate, sample);

  if (sample.hub.report && believed(estimate.hub)) {
    estimate_forces(estimate, *sample.hub.report);
    estimate_person(estimate, *sample.hub.report);
  } else {
    present_ = false;
  }
  estimate.estop_closed = sample.drive.report && believed(estimate.drive) &&
                          sample.drive.report->estop_a_closed && sample.drive.report->estop_b_closed &&
                          sample.hub.report && believed(estimate.hub) && sample.hub.report->estop_a_closed &&
                          sample.hub.report->estop_b_closed;
  estimate.drive_report = sample.drive.report;
  estimate.hub_report = sample.hub.report;
  estimate.setup = sample.setup;
  return estimate;
}

}  // namespace plinth::sensing
