// One cycle's readings of the two units, decoded into quantities but not yet believed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::sensing {

// The drive's operating mode, numbered as on the wire.
enum class DriveMode : std::uint8_t {
  None = 0,
  Torque = 1,
  Velocity = 2,
  Position = 3,
  SpringDamper = 4,
  Lowering = 5
};

// The resistance unit's cyclic report. Angles and torques in the arm's frame: lifting raises the angle,
// positive torque resists lifting.
struct DriveReport {
  std::uint16_t sequence = 0;        // counts the drive's 1 kHz control ticks
  std::uint32_t timestamp_us = 0;    // the drive's own clock
  std::uint16_t heartbeat_echo = 0;  // the last heartbeat it accepted
  bool ready = false;
  bool enabled = false;
  bool torque_on = false;
  bool fault_latched = false;
  bool stopping = false;
  bool homed = false;
  bool brake_released = false;
  bool watchdog_armed = false;
  bool watchdog_tripped = false;
  bool cyclic_ok = false;
  DriveMode mode = DriveMode::None;
  std::uint16_t limiting = 0;  // bits as on the wire: what the drive is limiting now
  std::uint16_t fault_code = 0;
  bool sto_a_ok = false;
  bool sto_b_ok = false;
  bool estop_a_closed = false;
  bool estop_b_closed = false;
  bool brake_feedback = false;  // the brake's own contact: open
  bool ss1_active = false;
  units::Angle angle{};
  units::AngularVelocity velocity{};
  units::Torque torque{};           // actual
  units::Torque torque_setpoint{};  // after ramp and limits
  double motor_temperature_c = 0.0;
  double drive_temperature_c = 0.0;
  double bus_voltage_v = 0.0;
  units::Duration watchdog_left{};
  std::uint16_t last_reject = 0;
  std::uint16_t boot_counter = 0;
};

enum class Pad : std::uint8_t { FrontLeft, FrontRight, RearLeft, RearRight };

// One force channel of the hub; `force` only when the hub called it valid.
struct ForceChannel {
  std::optional<units::Force> force;
  std::uint16_t status = 0;  // bits as on the wire
};

// The load-cell hub's cyclic report.
struct HubReport {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp_us = 0;
  bool ok = false;           // no hub-wide fault bit
  std::uint16_t status = 0;  // bits as on the wire
  ForceChannel strap_left;
  ForceChannel strap_right;
  std::array<ForceChannel, 4> pads;          // indexed by Pad
  std::optional<units::Angle> second_angle;  // the independent sensor on the arm; nothing when invalid
  bool estop_a_closed = false;
  bool estop_b_closed = false;
  bool comfort_pressed = false;    // pendant: normally-closed contact open or normally-open contact closed
  bool comfort_plausible = false;  // the two contacts of the pendant agree
  bool guard_closed = false;
  bool bench_latched = false;
  bool left_grip = false;   // held
  bool right_grip = false;  // held
  bool service_key = false;
  std::uint16_t boot_counter = 0;
};

// How the newest attempt to read a unit went.
enum class Reading : std::uint8_t {
  Fresh,    // a new, complete, matched answer with a correct block checksum
  Missing,  // no answer in time, or the link is down
  Damaged,  // an answer that did not match or whose checksum was wrong: discarded
};

// The newest good report of a unit. `taken_at` is when its request was sent: what it reports was measured
// then or later, so an age counted from there is never too small.
template <typename Report>
struct Block {
  std::optional<Report> report;
  units::Instant taken_at{};
  Reading reading = Reading::Missing;
};

// What the driver has established about the machine off the cycle.
struct Setup {
  bool drive_identified = false;
  bool hub_identified = false;
  bool limits_confirmed = false;  // the drive's installed limits were written, read back and compared equal
  bool watchdog_proven = false;   // the drive's watchdog was seen to trip when it was not fed
  bool brake_proven = false;      // the shut brake was seen to hold against the drive's own torque
};

// The registers that a report was read from, as they came over the wire. Nothing judges by them: they are
// what a record keeps, so that a replay goes through the same decoder.
using DriveRegisters = std::array<std::uint16_t, 20>;
using HubRegisters = std::array<std::uint16_t, 32>;

struct Sample {
  Block<DriveReport> drive;
  Block<HubReport> hub;
  Setup setup;
  DriveRegisters drive_registers{};  // of `drive.report`
  HubRegisters hub_registers{};      // of `hub.report`
};

}  // namespace plinth::sensing
