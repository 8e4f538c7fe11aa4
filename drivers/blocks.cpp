#include "drivers/blocks.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "drivers/checksum.hpp"

namespace plinth::drivers {

namespace {

// What this program was tried with, unit by unit: limits, watchdog, stop and brake test were proven on it.
struct Firmware {
  std::uint16_t version = 0;  // major and minor, a byte each
  std::uint16_t build = 0;
  friend bool operator==(const Firmware&, const Firmware&) = default;
};
constexpr std::array TriedResistanceUnits{Firmware{.version = 0x0100, .build = 1}};
constexpr std::array TriedHubs{Firmware{.version = 0x0100, .build = 1}};

std::string told(const Firmware& firmware) {
  return std::to_string(firmware.version >> 8U) + "." + std::to_string(firmware.version & 0xFFU) + " build " +
         std::to_string(firmware.build);
}

std::int16_t as_signed(std::uint16_t word) {
  return static_cast<std::int16_t>(word);
}
std::uint16_t as_word(std::int16_t value) {
  return static_cast<std::uint16_t>(std::max<std::int16_t>(value, -32767));
}
bool any(std::uint16_t word, std::uint16_t bits) {
  return (word & bits) != 0;
}
std::uint32_t pair(std::span<const std::uint16_t> words, std::size_t at) {
  return (static_cast<std::uint32_t>(words[at]) << 16U) | words[at + 1];
}
bool checksum_fits(std::span<const std::uint16_t> block) {
  return crc16_of_registers(block.first(block.size() - 1)) == block.back();
}

units::Angle angle(std::uint16_t word) {
  return units::radians(as_signed(word) * 1e-4);
}
units::AngularVelocity velocity(std::uint16_t word) {
  return units::radians_per_second(as_signed(word) * 1e-3);
}
units::Torque torque(std::uint16_t word) {
  return units::newton_metres(as_signed(word) * 0.1);
}
double celsius(std::uint16_t word) {
  return word == map::Invalid ? std::numeric_limits<double>::quiet_NaN() : as_signed(word) * 0.1;
}
// Numbers beyond what we know are not passed on: a mode that we cannot name is no mode.
sensing::DriveMode mode(std::uint16_t word) {
  return word <= static_cast<std::uint16_t>(sensing::DriveMode::Lowering)
             ? static_cast<sensing::DriveMode>(word)
             : sensing::DriveMode::None;
}

// A cell that reads all that its converter can, or nearly, measures nothing.
constexpr int Saturated = 32767 * 98 / 100;

sensing::ForceChannel force_channel(const HubInBlock& block, std::size_t channel) {
  namespace in = map::hub_in;
  sensing::ForceChannel result;
  result.status = block[in::ChannelStatus + channel];
  const std::uint16_t net = block[in::NetForce + channel];
  const bool valid = any(block[in::ValidMask], static_cast<std::uint16_t>(1U << channel)) &&
                     any(result.status, in::channel::Valid) && net != map::Invalid &&
                     std::abs(int{as_signed(net)}) < Saturated;
  if (valid) result.force = units::newtons(as_signed(net) * 0.1);
  return result;
}

std::string hex(std::uint32_t value, int digits) {
  std::string text = "0x";
  for (int digit = digits - 1; digit >= 0; --digit)
    text += "0123456789abcdef"[(value >> (4U * static_cast<unsigned>(digit))) & 0xFU];
  return text;
}

}  // namespace

std::optional<sensing::DriveReport> drive_report(const DriveInBlock& block) {
  namespace in = map::drive_in;
  if (!checksum_fits(block)) return std::nullopt;
  for (const std::size_t vital : {in::Position, in::Velocity, in::Torque, in::TorqueSetpoint})
    if (block[vital] == map::Invalid) return std::nullopt;

  const std::uint16_t status = block[in::Status];
  const std::uint16_t chain = block[in::Safety];
  sensing::DriveReport report;
  report.sequence = block[in::Sequence];
  report.timestamp_us = pair(block, in::TimestampHigh);
  report.heartbeat_echo = block[in::HeartbeatEcho];
  report.ready = any(status, in::status::Ready);
  report.enabled = any(status, in::status::Enabled);
  report.torque_on = any(status, in::status::TorqueOn);
  report.fault_latched = any(status, in::status::FaultLatched);
  report.stopping = any(status, in::status::Stopping);
  report.homed = any(status, in::status::Homed);
  report.brake_released = any(status, in::status::BrakeReleased);
  report.watchdog_armed = any(status, in::status::WatchdogArmed);
  report.watchdog_tripped = any(status, in::status::WatchdogTripped);
  report.cyclic_ok = any(status, in::status::CyclicOk);
  report.mode = mode(block[in::Mode]);
  report.limiting = block[in::Limiting];
  report.fault_code = block[in::FaultCode];
  report.sto_a_ok = any(chain, in::safety::StoA);
  report.sto_b_ok = any(chain, in::safety::StoB);
  report.estop_a_closed = any(chain, in::safety::EStopA);
  report.estop_b_closed = any(chain, in::safety::EStopB);
  report.brake_feedback = any(chain, in::safety::BrakeFeedback);
  report.ss1_active = any(chain, in::safety::Ss1Active);
  report.angle = angle(block[in::Position]);
  report.velocity = velocity(block[in::Velocity]);
  report.torque = torque(block[in::Torque]);
  report.torque_setpoint = torque(block[in::TorqueSetpoint]);
  report.motor_temperature_c = celsius(block[in::MotorTemperature]);
  report.drive_temperature_c = celsius(block[in::DriveTemperature]);
  report.bus_voltage_v = block[in::BusVoltage] * 0.1;
  report.watchdog_left = units::milliseconds(block[in::WatchdogLeft]);
  report.last_reject = block[in::LastReject];
  report.boot_counter = block[in::BootCounter];
  return report;
}

std::optional<sensing::HubReport> hub_report(const HubInBlock& block) {
  namespace in = map::hub_in;
  if (!checksum_fits(block)) return std::nullopt;

  const std::uint16_t inputs = block[in::Inputs];
  sensing::HubReport report;
  report.sequence = block[in::Sequence];
  report.timestamp_us = pair(block, in::TimestampHigh);
  report.status = block[in::Status];
  report.ok = any(report.status, in::status::Ok) && !any(report.status, in::status::AnyFault);
  report.strap_left = force_channel(block, 0);
  report.strap_right = force_channel(block, 1);
  for (std::size_t pad = 0; pad < report.pads.size(); ++pad) report.pads[pad] = force_channel(block, 2 + pad);

  const std::uint16_t angle_status = block[in::SecondAngleStatus];
  const bool angle_valid = any(angle_status, in::second_angle::Valid) &&
                           !any(angle_status, in::second_angle::Fault | in::second_angle::NotHomed) &&
                           block[in::SecondAngle] != map::Invalid;
  if (angle_valid) report.second_angle = angle(block[in::SecondAngle]);

  const bool contact_broken = !any(inputs, in::inputs::PendantNormallyClosed);
  const bool contact_made = any(inputs, in::inputs::PendantNormallyOpen);
  report.comfort_pressed = contact_broken || contact_made;
  report.comfort_plausible = contact_broken == contact_made;
  report.estop_a_closed = any(inputs, in::inputs::EStopA);
  report.estop_b_closed = any(inputs, in::inputs::EStopB);
  report.guard_closed = any(inputs, in::inputs::Guard);
  report.bench_latched = any(inputs, in::inputs::BenchLatch);
  report.left_grip = any(inputs, in::inputs::GripLeft);
  report.right_grip = any(inputs, in::inputs::GripRight);
  report.service_key = any(inputs, in::inputs::ServiceKey);
  report.boot_counter = block[in::BootCounter];
  return report;
}

DriveOutBlock drive_block(const safety::WireCommand& command, std::uint16_t heartbeat) {
  namespace out = map::drive_out;
  unsigned control = 0;
  if (command.enable) control |= out::control::Enable;
  if (command.run) control |= out::control::Run;
  if (command.controlled_stop) control |= out::control::ControlledStop;
  if (command.fault_reset) control |= out::control::FaultReset;
  if (command.hold_position) control |= out::control::HoldPosition;

  DriveOutBlock block{};
  block[out::Heartbeat] = heartbeat;
  block[out::Control] = static_cast<std::uint16_t>(control);
  block[out::Mode] = static_cast<std::uint16_t>(command.mode);
  block[out::TorqueCommand] = as_word(command.torque_dnm);
  block[out::VelocityCommand] = as_word(command.velocity_mrad_s);
  block[out::PositionCommand] = as_word(command.position_dmrad);
  block[out::ResistingLimit] = command.resisting_limit_dnm;
  block[out::SupportingLimit] = command.supporting_limit_dnm;
  block[out::LiftingSpeedLimit] = command.lifting_speed_limit_mrad_s;
  block[out::Slew] = command.slew_nm_s;
  block[out::LiftingDamping] = command.lifting_damping_dnms;
  block[out::LoweringDamping] = command.lowering_damping_dnms;
  block[out::LoweringSpeedLimit] = command.lowering_speed_limit_mrad_s;
  block[out::WallLow] = as_word(command.wall_low_dmrad);
  block[out::WallHigh] = as_word(command.wall_high_dmrad);
  block[out::WallStiffness] = command.wall_stiffness_nm_rad;
  block[out::Checksum] = crc16_of_registers(std::span{block}.first(out::Checksum));
  return block;
}

HubOutBlock hub_block(bool permit, std::uint16_t heartbeat) {
  namespace out = map::hub_out;
  HubOutBlock block{};
  block[out::Heartbeat] = heartbeat;
  block[out::Permit] = permit ? out::PermitBit : std::uint16_t{0};
  block[out::Checksum] = crc16_of_registers(std::span{block}.first(out::Checksum));
  return block;
}

LimitsBlock limits_block(const safety::InstalledLimits& limits) {
  namespace at = map::installed;
  LimitsBlock block{};
  block[at::WatchdogMs] = limits.watchdog_ms;
  block[at::WatchdogAction] = limits.watchdog_action;
  block[at::RampMs] = limits.ramp_ms;
  block[at::TripDamping] = limits.trip_damping_dnms;
  block[at::TorqueMax] = limits.torque_max_dnm;
  block[at::SpeedMax] = limits.speed_max_mrad_s;
  block[at::PositionMin] = as_word(limits.position_min_dmrad);
  block[at::PositionMax] = as_word(limits.position_max_dmrad);
  block[at::SlewMax] = limits.slew_max_nm_s;
  block[at::Polarity] = as_word(limits.polarity);
  return block;
}

MirrorBlock mirror_of(const safety::InstalledLimits& limits) {
  namespace at = map::installed::mirror;
  const LimitsBlock written = limits_block(limits);
  const std::uint32_t checksum = crc32_of_registers(written);
  MirrorBlock block{};
  block[at::ResistingMax] = written[map::installed::TorqueMax];
  block[at::SupportingMax] = written[map::installed::TorqueMax];
  block[at::SpeedMax] = written[map::installed::SpeedMax];
  block[at::PositionMin] = written[map::installed::PositionMin];
  block[at::PositionMax] = written[map::installed::PositionMax];
  block[at::SlewMax] = written[map::installed::SlewMax];
  block[at::WatchdogMs] = written[map::installed::WatchdogMs];
  block[at::WatchdogAction] = written[map::installed::WatchdogAction];
  block[at::RampMs] = written[map::installed::RampMs];
  block[at::TripDamping] = written[map::installed::TripDamping];
  block[at::ChecksumHigh] = static_cast<std::uint16_t>(checksum >> 16U);
  block[at::ChecksumLow] = static_cast<std::uint16_t>(checksum & 0xFFFFU);
  return block;
}

std::optional<Identity> identity_of(const IdentityBlock& block, map::UnitClass expected, std::string& why) {
  namespace at = map::identity;
  const auto refuse = [&why](std::string text) -> std::optional<Identity> {
    why = std::move(text);
    return std::nullopt;
  };
  if (pair(block, at::MagicAt) != at::Magic)
    return refuse(
        "registers 0x0000-0x0001 read " + hex(pair(block, at::MagicAt), 8) +
        " where a unit of this register map has 0x52485831 (\"RHX1\"); check the address and unit id");
  if (block[at::WordProbe] != at::WordProbeValue || pair(block, at::PairProbe) != at::PairProbeValue ||
      pair(block, at::FloatProbe) != at::FloatProbeValue)
    return refuse("the word-order probe at 0x000e reads " + hex(block[at::WordProbe], 4) + " " +
                  hex(pair(block, at::PairProbe), 8) + " " + hex(pair(block, at::FloatProbe), 8) +
                  " instead of 0x1234 0x01020304 0x42f70000; a gateway on the way swaps bytes or words");
  if ((block[at::Version] >> 8U) != at::MajorVersion)
    return refuse("the unit speaks register map version " + std::to_string(block[at::Version] >> 8U) + "." +
                  std::to_string(block[at::Version] & 0xFFU) + "; this controller knows version 1");
  if (block[at::Class] != static_cast<std::uint16_t>(expected))
    return refuse("the unit's class is " + std::to_string(block[at::Class]) + " where " +
                  std::to_string(static_cast<unsigned>(expected)) +
                  " is expected (1 resistance unit, 2 load-cell hub); are the two addresses swapped?");
  const auto& tried = expected == map::UnitClass::ResistanceUnit ? TriedResistanceUnits : TriedHubs;
  if (std::ranges::find(tried, Firmware{block[at::Firmware], block[at::Firmware + 1]}) == tried.end())
    return refuse("the unit has firmware " + told({block[at::Firmware], block[at::Firmware + 1]}) +
                  "; this program was tried with " + told(tried.front()) +
                  " and lets nobody train with another. Install that one, or call service");
  return Identity{expected,
                  pair(block, at::Serial),
                  block[at::Firmware],
                  block[at::Firmware + 1],
                  pair(block, at::Capabilities),
                  pair(block, at::ConfigurationCrc)};
}

}  // namespace plinth::drivers
