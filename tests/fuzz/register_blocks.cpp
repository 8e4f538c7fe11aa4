// The units' register blocks, in both directions, against the map read naively: sums bit by bit, values one
// by one.
#include <cmath>
#include <string>

#include "drivers/blocks.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth;
using fuzz::Bytes;
using fuzz::require;
namespace map = drivers::map;

unsigned slow_crc16(std::span<const std::uint16_t> words) {
  unsigned crc = 0xFFFF;
  for (const std::uint16_t word : words) {
    for (const unsigned byte : {word / 256U, word % 256U}) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xA001U : crc >> 1U;
    }
  }
  return crc;
}
std::uint32_t slow_crc32(std::span<const std::uint16_t> words) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint16_t word : words) {
    for (const unsigned byte : {word / 256U, word % 256U}) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xEDB88320U : crc >> 1U;
    }
  }
  return crc ^ 0xFFFFFFFFU;
}

template <std::size_t Count>
std::array<std::uint16_t, Count> block_from(Bytes& in) {
  std::array<std::uint16_t, Count> block{};
  for (std::uint16_t& word : block) word = in.word();
  return block;
}

bool is(double value, std::uint16_t word, double unit) {
  const double expected = (word < 0x8000 ? word : word - 0x10000) * unit;
  return std::abs(value - expected) <= 1e-9;
}
bool bit(unsigned word, unsigned number) {
  return (word >> number & 1U) != 0;
}

void check_drive_report(Bytes& in) {
  const bool repaired = in.flip();
  auto block = block_from<map::drive_in::Count>(in);
  if (repaired) block.back() = static_cast<std::uint16_t>(slow_crc16(std::span{block}.first(19)));
  const bool whole = block[19] == slow_crc16(std::span{block}.first(19));
  const bool vital = block[9] != 0x8000 && block[10] != 0x8000 && block[11] != 0x8000 && block[12] != 0x8000;
  const auto report = drivers::drive_report(block);
  require(report.has_value() == (whole && vital), "a report needs its sum and its vital values");
  if (!report) return;
  require(report->sequence == block[0] && report->heartbeat_echo == block[3], "the counters are as sent");
  require(report->timestamp_us == block[1] * 65536U + block[2], "the time has its high word first");
  require(is(units::in_radians(report->angle), block[9], 1e-4), "angles are 0.1 mrad");
  require(is(units::in_radians_per_second(report->velocity), block[10], 1e-3), "speeds are mrad/s");
  require(is(units::in_newton_metres(report->torque), block[11], 0.1), "torques are 0.1 N·m");
  require(is(units::in_newton_metres(report->torque_setpoint), block[12], 0.1), "torques are 0.1 N·m");
  require(block[13] == 0x8000 ? std::isnan(report->motor_temperature_c)
                              : is(report->motor_temperature_c, block[13], 0.1),
          "a temperature that is invalid is no number");
  require(static_cast<unsigned>(report->mode) == (block[5] <= 5 ? block[5] : 0U), "unknown modes are none");
  require(report->brake_released == bit(block[4], 8), "the brake is bit 8 of the status");
}

void check_hub_report(Bytes& in) {
  const bool repaired = in.flip();
  auto block = block_from<map::hub_in::Count>(in);
  if (repaired) block.back() = static_cast<std::uint16_t>(slow_crc16(std::span{block}.first(31)));
  const bool whole = block[31] == slow_crc16(std::span{block}.first(31));
  const auto report = drivers::hub_report(block);
  require(report.has_value() == whole, "a report needs its sum");
  if (!report) return;
  const std::array<const sensing::ForceChannel*, 6> channels{&report->strap_left, &report->strap_right,
                                                             &report->pads[0],    &report->pads[1],
                                                             &report->pads[2],    &report->pads[3]};
  for (unsigned i = 0; i < 6; ++i) {
    const bool valid = bit(block[4], i) && bit(block[11 + i], 0) && block[5 + i] != 0x8000;
    require(channels[i]->force.has_value() == valid, "a force needs mask, status and value");
    if (valid) require(is(units::in_newtons(*channels[i]->force), block[5 + i], 0.1), "forces are 0.1 N");
  }
  const bool angle = bit(block[25], 0) && !bit(block[25], 1) && !bit(block[25], 2) && block[24] != 0x8000;
  require(report->second_angle.has_value() == angle, "the second angle needs its status and value");
  if (angle) require(is(units::in_radians(*report->second_angle), block[24], 1e-4), "angles are 0.1 mrad");
  const unsigned wires = block[27];
  require(report->comfort_pressed == (!bit(wires, 2) || bit(wires, 3)), "either contact is a stop");
  require(report->comfort_plausible == (bit(wires, 2) != bit(wires, 3)), "the contacts are opposites");
  require(report->left_grip == bit(wires, 6) && report->right_grip == bit(wires, 7), "each hand has its bit");
}

void check_drive_block(Bytes& in) {
  safety::WireCommand c;
  const unsigned flags = in.byte();
  c.enable = bit(flags, 0);
  c.run = bit(flags, 1);
  c.controlled_stop = bit(flags, 2);
  c.fault_reset = bit(flags, 3);
  c.hold_position = bit(flags, 4);
  c.mode = static_cast<sensing::DriveMode>(in.below(6));
  const auto number = [&in] { return static_cast<std::int16_t>(in.word()); };
  c.torque_dnm = number();
  c.velocity_mrad_s = number();
  c.position_dmrad = number();
  c.resisting_limit_dnm = in.word();
  c.supporting_limit_dnm = in.word();
  c.lifting_speed_limit_mrad_s = in.word();
  c.slew_nm_s = in.word();
  c.lifting_damping_dnms = in.word();
  c.lowering_damping_dnms = in.word();
  c.lowering_speed_limit_mrad_s = in.word();
  c.wall_low_dmrad = number();
  c.wall_high_dmrad = number();
  c.wall_stiffness_nm_rad = in.word();
  const std::uint16_t heartbeat = in.word();
  // -32768 would say "invalid" on the wire.
  const auto word = [](std::int16_t value) {
    return static_cast<std::uint16_t>(value == -32768 ? 0x8001 : value & 0xFFFF);
  };
  const std::array<std::uint16_t, 16> expected{heartbeat,
                                               static_cast<std::uint16_t>(flags & 0x1FU),
                                               static_cast<std::uint16_t>(c.mode),
                                               word(c.torque_dnm),
                                               word(c.velocity_mrad_s),
                                               word(c.position_dmrad),
                                               c.resisting_limit_dnm,
                                               c.supporting_limit_dnm,
                                               c.lifting_speed_limit_mrad_s,
                                               c.slew_nm_s,
                                               c.lifting_damping_dnms,
                                               c.lowering_damping_dnms,
                                               c.lowering_speed_limit_mrad_s,
                                               word(c.wall_low_dmrad),
                                               word(c.wall_high_dmrad),
                                               c.wall_stiffness_nm_rad};
  const auto block = drivers::drive_block(c, heartbeat);
  require(std::equal(expected.begin(), expected.end(), block.begin()), "every field is where the map says");
  require(block.back() == slow_crc16(expected), "the block ends with its sum");
  const auto permit = drivers::hub_block(bit(flags, 5), heartbeat);
  require(permit[0] == heartbeat && permit[1] == (bit(flags, 5) ? 1 : 0) &&
              permit[2] == slow_crc16(std::span{permit}.first(2)),
          "the permit is one bit under a sum");
}

void check_limits(Bytes& in) {
  safety::InstalledLimits limits;
  limits.watchdog_ms = in.word();
  limits.watchdog_action = in.word();
  limits.ramp_ms = in.word();
  limits.trip_damping_dnms = in.word();
  limits.torque_max_dnm = in.word();
  limits.speed_max_mrad_s = in.word();
  limits.position_min_dmrad = static_cast<std::int16_t>(in.word());
  limits.position_max_dmrad = static_cast<std::int16_t>(in.word());
  limits.slew_max_nm_s = in.word();
  limits.polarity = in.flip() ? 1 : -1;
  const auto written = drivers::limits_block(limits);
  const auto mirror = drivers::mirror_of(limits);
  const std::uint32_t sum = slow_crc32(written);
  require(mirror[10] == sum >> 16U && mirror[11] == (sum & 0xFFFFU), "the mirror ends with the sum of all");
  require(mirror[0] == limits.torque_max_dnm && mirror[1] == limits.torque_max_dnm &&
              mirror[2] == limits.speed_max_mrad_s && mirror[6] == limits.watchdog_ms,
          "the mirror shows what was installed");
}

void check_identity(Bytes& in) {
  auto block = block_from<map::identity::Count>(in);
  const unsigned right = in.byte();  // the front of a good block, as far as this says
  if (right > 0) {
    block[0] = 0x5248;
    block[1] = 0x5831;
  }
  if (right > 1) {
    block[14] = 0x1234;
    block[15] = 0x0102;
    block[16] = 0x0304;
    block[17] = 0x42F7;
    block[18] = 0;
  }
  if (right > 2) block[2] &= 0x01FF;
  const auto expected = in.flip() ? map::UnitClass::ResistanceUnit : map::UnitClass::LoadCellHub;
  std::string why;
  const auto identity = drivers::identity_of(block, expected, why);
  const bool good = block[0] == 0x5248 && block[1] == 0x5831 && block[14] == 0x1234 && block[15] == 0x0102 &&
                    block[16] == 0x0304 && block[17] == 0x42F7 && block[18] == 0 && block[2] / 256 == 1 &&
                    block[3] == static_cast<unsigned>(expected);
  require(identity.has_value() == good, "only a unit of this map has an identity");
  require(why.empty() == good, "a refused identity says why, an accepted one nothing");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in{data, size};
  switch (in.below(5)) {
    case 0:
      check_drive_report(in);
      break;
    case 1:
      check_hub_report(in);
      break;
    case 2:
      check_drive_block(in);
      break;
    case 3:
      check_limits(in);
      break;
    default:
      check_identity(in);
  }
  return 0;
}
