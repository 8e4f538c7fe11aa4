// Where the arm is and how fast it moves, from two independent sensors.
#pragma once

#include <optional>

#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::sensing {

// A reading with the time since which it cannot have changed without us knowing.
struct TimedAngle {
  units::Angle angle;
  units::Instant taken_at;
};

// The drive's encoder: drops jumps, smooths the speed. A copyable value.
class EncoderMotion {
 public:
  // A new report of the drive.
  void take(TimedAngle reading, units::AngularVelocity reported_velocity);

  [[nodiscard]] bool ever_seen() const { return accepted_.has_value(); }
  [[nodiscard]] units::Angle angle() const { return accepted_ ? accepted_->angle : units::Angle{}; }
  [[nodiscard]] units::AngularVelocity velocity() const { return velocity_; }
  // rad/s², of the smoothed speed, smoothed once more: 20 ms late.
  [[nodiscard]] double acceleration_rad_s2() const { return acceleration_rad_s2_; }
  // The same, led by those 20 ms along its slope: in time, and noisier.
  [[nodiscard]] double acceleration_now_rad_s2() const { return acceleration_now_rad_s2_; }
  // False while the newest reading lies further from the last believed one than the machine can have moved.
  [[nodiscard]] bool plausible() const { return plausible_; }

 private:
  std::optional<TimedAngle> accepted_;
  std::optional<units::Instant> last_taken_at_;
  units::AngularVelocity velocity_{};
  double acceleration_rad_s2_ = 0.0;
  double acceleration_now_rad_s2_ = 0.0;
  bool plausible_ = true;
};

// The second sensor on the arm: its speed is the slope of its own readings. A copyable value.
class SecondMotion {
 public:
  // A new report of the hub; nothing while its sensor is invalid.
  void take(const std::optional<TimedAngle>& reading);

  [[nodiscard]] const std::optional<TimedAngle>& reading() const { return last_; }
  // Nothing until two readings in a row were good.
  [[nodiscard]] const std::optional<units::AngularVelocity>& velocity() const { return velocity_; }

 private:
  std::optional<TimedAngle> last_;
  std::optional<units::AngularVelocity> velocity_;
};

// Whether two readings of one angle agree: within 2°, and what the arm moves between the two instants.
bool angles_agree(TimedAngle encoder, TimedAngle second, units::AngularVelocity velocity);

}  // namespace plinth::sensing
