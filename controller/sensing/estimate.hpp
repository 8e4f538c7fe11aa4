// What the arm and the person do, as far as the station can tell. The one input of all judgement.
#pragma once

#include <array>
#include <optional>

#include "controller/sensing/sample.hpp"

namespace plinth::sensing {

// Data older than three control periods is too old to train on.
constexpr units::Duration oldest_to_train_on(units::Duration period) {
  return 3 * period + units::milliseconds(1);
}

// A value with its age: time since the request that fetched it was sent.
struct BlockHealth {
  bool ever_seen = false;
  bool fresh = false;       // arrived in this very cycle
  units::Duration age{};    // of the newest good report; meaningless before `ever_seen`
  bool frozen = false;      // reports arrive, but their sequence does not move
  bool unreliable = false;  // more than 5 of the last 100 attempts brought nothing that could be used
};

// Where the trunk's weight acts on the bench, from the middle of the four pads; x to the head, y to the left.
struct CentreOfPressure {
  units::Length x;
  units::Length y;
};

struct Estimate {
  units::Instant at{};
  units::Duration period{};  // since the last estimate

  // The arm. Angle and speed by the drive's own encoder, checked against the second sensor on the arm.
  units::Angle angle{};
  units::AngularVelocity velocity{};           // filtered, lifting positive
  double acceleration_rad_s2 = 0.0;            // of it, filtered once more
  double acceleration_now_rad_s2 = 0.0;        // without the filters' 20 ms, and noisier
  std::optional<units::Angle> second_angle{};  // nothing while the second sensor is invalid or stale
  std::optional<units::AngularVelocity> second_velocity{};
  bool angle_sensors_agree = false;  // within 2° (plus lag at speed); false when either is missing
  bool angle_plausible = false;      // no jump faster than the machine can move

  // Forces at the strap and on the pads, calibrated; nothing while invalid.
  std::optional<units::Force> strap_left{};
  std::optional<units::Force> strap_right{};
  std::optional<units::Force> strap{};  // both together
  std::array<std::optional<units::Force>, 4> pads{};
  std::optional<units::Force> trunk{};  // sum of the pads
  std::optional<CentreOfPressure> centre_of_pressure{};
  bool strap_frozen = false;  // the same bits for long while the arm moves

  // The force that the machine itself exerts, from the drive's torque: (torque + arm's gravity) ÷ lever.
  // The second, independent channel of the strap force; needs the person's cuff radius.
  units::Torque drive_torque{};
  units::Torque drive_setpoint{};

  // The person.
  bool patient_present = false;  // trunk weight on the pads; false when unknown
  bool left_grip = false;
  bool right_grip = false;
  bool estop_closed = false;  // both chains closed in every report that has them; false when unknown

  // The units.
  BlockHealth drive{};
  BlockHealth hub{};
  std::optional<DriveReport> drive_report{};  // newest good one
  std::optional<HubReport> hub_report{};
  Setup setup{};
};

}  // namespace plinth::sensing
