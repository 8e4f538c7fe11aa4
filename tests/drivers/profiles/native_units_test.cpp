// The station's own units by profile, beside the codecs that were written for them: the same report from the
// same registers, whatever stands in them, and the same registers from the same command.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "drivers/blocks.hpp"
#include "drivers/checksum.hpp"
#include "drivers/profiles/decode_plan.hpp"
#include "drivers/profiles/encode_plan.hpp"
#include "tests/drivers/profiles/shipped.hpp"

namespace plinth::drivers::profiles {
namespace {

constexpr int Blocks = 20'000;

// Registers at random; every fourth at an end of what a register can say, where mistakes live.
class Chance {
 public:
  std::uint16_t word() {
    constexpr std::array<std::uint16_t, 8> Ends{0, 1, 0x7D6E, 0x7D6F, 0x7FFF, 0x8000, 0x8001, 0xFFFF};
    const auto drawn = static_cast<std::uint32_t>(generator_());
    return (drawn & 0x30000U) == 0 ? Ends[drawn % Ends.size()] : static_cast<std::uint16_t>(drawn);
  }
  template <std::size_t Count>
  std::array<std::uint16_t, Count> sealed_block() {
    std::array<std::uint16_t, Count> block{};
    for (std::uint16_t& register_word : block) register_word = word();
    block.back() = crc16_of_registers(std::span{block}.first(Count - 1));
    return block;
  }

 private:
  std::mt19937 generator_{20'240'607};
};

// Values and flags by their names in the profile.
class ByName {
 public:
  explicit ByName(const std::string& id) : plan_{test::shipped(id), 0} {}
  [[nodiscard]] const DecodePlan& plan() const { return plan_; }
  [[nodiscard]] double value(const Decoded& decoded, std::string_view name) const {
    return decoded.values[plan_.value_named(name).value()];
  }
  [[nodiscard]] bool has(const Decoded& decoded, std::string_view name) const {
    return decoded.value(plan_.value_named(name).value()).has_value();
  }
  [[nodiscard]] bool flag(const Decoded& decoded, std::string_view name) const {
    return decoded.flag(plan_.flag_named(name).value());
  }

 private:
  DecodePlan plan_;
};

TEST(NativeUnits, ADriveReportIsTheSameByProfile) {
  const ByName drive{"native-resistance-unit"};
  Chance chance;
  int reports = 0;
  for (int round = 0; round < Blocks; ++round) {
    const auto block = chance.sealed_block<map::drive_in::Count>();
    const auto report = drive_report(block);
    Decoded by_profile;
    ASSERT_EQ(drive.plan().decode(block, by_profile), report.has_value());
    if (!report) continue;
    ++reports;
    const auto value = [&](std::string_view name) { return drive.value(by_profile, name); };
    const auto flag = [&](std::string_view name) { return drive.flag(by_profile, name); };
    ASSERT_EQ(value("sequence"), report->sequence);
    ASSERT_EQ(value("timestamp"), report->timestamp_us);
    ASSERT_EQ(value("heartbeat_echo"), report->heartbeat_echo);
    ASSERT_EQ(block[drive.plan().word_named("limiting").value()], report->limiting);
    ASSERT_EQ(value("fault_code"), report->fault_code);
    ASSERT_DOUBLE_EQ(value("angle"), units::in_radians(report->angle));
    ASSERT_DOUBLE_EQ(value("velocity"), units::in_radians_per_second(report->velocity));
    ASSERT_DOUBLE_EQ(value("torque"), units::in_newton_metres(report->torque));
    ASSERT_DOUBLE_EQ(value("torque_setpoint"), units::in_newton_metres(report->torque_setpoint));
    ASSERT_EQ(drive.has(by_profile, "motor_temperature"), !std::isnan(report->motor_temperature_c));
    if (drive.has(by_profile, "motor_temperature")) {
      ASSERT_DOUBLE_EQ(value("motor_temperature"), report->motor_temperature_c);
    }
    ASSERT_EQ(drive.has(by_profile, "drive_temperature"), !std::isnan(report->drive_temperature_c));
    ASSERT_DOUBLE_EQ(value("bus_voltage"), report->bus_voltage_v);
    ASSERT_EQ(value("last_reject"), report->last_reject);
    ASSERT_EQ(value("boot_counter"), report->boot_counter);
    ASSERT_EQ(flag("ready"), report->ready);
    ASSERT_EQ(flag("enabled"), report->enabled);
    ASSERT_EQ(flag("torque_on"), report->torque_on);
    ASSERT_EQ(flag("fault_latched"), report->fault_latched);
    ASSERT_EQ(flag("stopping"), report->stopping);
    ASSERT_EQ(flag("homed"), report->homed);
    ASSERT_EQ(flag("brake_released"), report->brake_released);
    ASSERT_EQ(flag("watchdog_armed"), report->watchdog_armed);
    ASSERT_EQ(flag("watchdog_tripped"), report->watchdog_tripped);
    ASSERT_EQ(flag("cyclic_ok"), report->cyclic_ok);
    ASSERT_EQ(flag("sto_a_ok"), report->sto_a_ok);
    ASSERT_EQ(flag("sto_b_ok"), report->sto_b_ok);
    ASSERT_EQ(flag("estop_a_closed"), report->estop_a_closed);
    ASSERT_EQ(flag("estop_b_closed"), report->estop_b_closed);
    ASSERT_EQ(flag("brake_feedback"), report->brake_feedback);
    ASSERT_EQ(flag("ss1_active"), report->ss1_active);
  }
  EXPECT_GT(reports, Blocks / 2) << "most blocks are reports, or this compares nothing";
}

TEST(NativeUnits, AHubReportIsTheSameByProfile) {
  const ByName hub{"native-hub"};
  constexpr std::array<const char*, 6> Channels{"force_strap_left",     "force_strap_right",
                                                "force_pad_front_left", "force_pad_front_right",
                                                "force_pad_rear_left",  "force_pad_rear_right"};
  Chance chance;
  int forces = 0;
  for (int round = 0; round < Blocks; ++round) {
    const auto block = chance.sealed_block<map::hub_in::Count>();
    const auto report = hub_report(block);
    Decoded by_profile;
    ASSERT_TRUE(report && hub.plan().decode(block, by_profile));
    const auto value = [&](std::string_view name) { return hub.value(by_profile, name); };
    const auto flag = [&](std::string_view name) { return hub.flag(by_profile, name); };
    const std::array<const sensing::ForceChannel*, 6> channels{&report->strap_left, &report->strap_right,
                                                               &report->pads[0],    &report->pads[1],
                                                               &report->pads[2],    &report->pads[3]};
    for (std::size_t channel = 0; channel < channels.size(); ++channel) {
      const auto& force = channels[channel]->force;
      ASSERT_EQ(hub.has(by_profile, Channels[channel]), force.has_value()) << Channels[channel];
      if (!force) continue;
      ASSERT_DOUBLE_EQ(value(Channels[channel]), units::in_newtons(*force));
      ++forces;
    }
    ASSERT_EQ(value("sequence"), report->sequence);
    ASSERT_EQ(value("timestamp"), report->timestamp_us);
    ASSERT_EQ(value("boot_counter"), report->boot_counter);
    ASSERT_EQ(flag("ok") && !flag("any_fault"), report->ok);
    ASSERT_EQ(hub.has(by_profile, "second_angle"), report->second_angle.has_value());
    if (report->second_angle) {
      ASSERT_DOUBLE_EQ(value("second_angle"), units::in_radians(*report->second_angle));
    }
    ASSERT_EQ(!flag("pendant_normally_closed") || flag("pendant_normally_open"), report->comfort_pressed);
    ASSERT_EQ(flag("estop_a_closed"), report->estop_a_closed);
    ASSERT_EQ(flag("estop_b_closed"), report->estop_b_closed);
    ASSERT_EQ(flag("guard_closed"), report->guard_closed);
    ASSERT_EQ(flag("bench_latched"), report->bench_latched);
    ASSERT_EQ(flag("left_grip"), report->left_grip);
    ASSERT_EQ(flag("right_grip"), report->right_grip);
    ASSERT_EQ(flag("service_key"), report->service_key);
  }
  EXPECT_GT(forces, Blocks) << "a fourth of the channels are there, or this compares nothing";
}

TEST(NativeUnits, ABlockWithASingleFlippedBitIsNoReportByProfileEither) {
  const ByName hub{"native-hub"};
  Chance chance;
  const auto whole = chance.sealed_block<map::hub_in::Count>();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 16; ++bit) {
      auto block = whole;
      block[at] = static_cast<std::uint16_t>(block[at] ^ (1U << bit));
      Decoded by_profile;
      ASSERT_FALSE(hub.plan().decode(block, by_profile)) << "register " << at << " bit " << bit;
    }
  }
}

TEST(NativeUnits, ACommandIsTheSameByProfile) {
  const Profile profile = test::shipped("native-resistance-unit");
  const EncodePlan plan{profile, test::index_of(profile.writes, "command")};
  Chance chance;
  const auto number = [&] { return static_cast<std::int16_t>(chance.word()); };
  for (int round = 0; round < Blocks; ++round) {
    const unsigned control = chance.word() & 0x1FU;
    safety::WireCommand command;
    command.enable = (control & 0x01U) != 0;
    command.run = (control & 0x02U) != 0;
    command.controlled_stop = (control & 0x04U) != 0;
    command.fault_reset = (control & 0x08U) != 0;
    command.hold_position = (control & 0x10U) != 0;
    command.mode = static_cast<sensing::DriveMode>(chance.word() % 6);
    command.torque_dnm = number();
    command.velocity_mrad_s = number();
    command.position_dmrad = number();
    command.resisting_limit_dnm = chance.word();
    command.supporting_limit_dnm = chance.word();
    command.lifting_speed_limit_mrad_s = chance.word();
    command.slew_nm_s = chance.word();
    command.lifting_damping_dnms = chance.word();
    command.lowering_damping_dnms = chance.word();
    command.lowering_speed_limit_mrad_s = chance.word();
    command.wall_low_dmrad = number();
    command.wall_high_dmrad = number();
    command.wall_stiffness_nm_rad = chance.word();
    const std::uint16_t heartbeat = chance.word();

    const std::array<std::int32_t, 16> numbers{heartbeat,
                                               static_cast<std::int32_t>(control),
                                               static_cast<std::int32_t>(command.mode),
                                               command.torque_dnm,
                                               command.velocity_mrad_s,
                                               command.position_dmrad,
                                               command.resisting_limit_dnm,
                                               command.supporting_limit_dnm,
                                               command.lifting_speed_limit_mrad_s,
                                               command.slew_nm_s,
                                               command.lifting_damping_dnms,
                                               command.lowering_damping_dnms,
                                               command.lowering_speed_limit_mrad_s,
                                               command.wall_low_dmrad,
                                               command.wall_high_dmrad,
                                               command.wall_stiffness_nm_rad};
    const bool sayable = std::ranges::find(numbers, -32768) == numbers.end();
    DriveOutBlock by_profile{};
    ASSERT_EQ(plan.encode(numbers, by_profile), sayable) << "-32768 would say that a number is invalid";
    if (sayable) {
      ASSERT_EQ(by_profile, drive_block(command, heartbeat));
    }
  }
}

TEST(NativeUnits, ThePermitIsTheSameByProfile) {
  const Profile profile = test::shipped("native-hub");
  const EncodePlan plan{profile, test::index_of(profile.writes, "permit")};
  Chance chance;
  for (int round = 0; round < 1000; ++round) {
    const std::uint16_t heartbeat = chance.word();
    for (const bool permit : {false, true}) {
      HubOutBlock by_profile{};
      ASSERT_TRUE(plan.encode(std::array<std::int32_t, 2>{heartbeat, permit ? 1 : 0}, by_profile));
      ASSERT_EQ(by_profile, hub_block(permit, heartbeat));
    }
  }
}

}  // namespace
}  // namespace plinth::drivers::profiles
