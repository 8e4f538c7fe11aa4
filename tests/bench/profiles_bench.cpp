// What it costs to read and write the station's own units by profile, beside the codecs written for them.
#include <array>
#include <cstdio>
#include <random>
#include <stdexcept>

#include "drivers/blocks.hpp"
#include "drivers/checksum.hpp"
#include "drivers/profiles/decode_plan.hpp"
#include "drivers/profiles/encode_plan.hpp"
#include "drivers/profiles/profile_file.hpp"
#include "tests/bench/bench.hpp"

namespace {

using namespace plinth;
using drivers::profiles::Decoded;
using drivers::profiles::DecodePlan;
using drivers::profiles::EncodePlan;
using drivers::profiles::Profile;

constexpr int Rounds = 61;
constexpr int Calls = 4'000;
constexpr std::size_t Different = 64;  // blocks: one alone would be learnt by heart

Profile shipped(const char* id) {
  const auto profile = drivers::profiles::read_profile(std::string{PLINTH_PROFILES} + "/" + id + ".toml");
  if (!profile) throw std::runtime_error{config::in_words(profile.error().front())};
  return *profile;
}

// Blocks of a machine at work: the registers named move, and all values are valid.
template <typename Block>
std::array<Block, Different> blocks_like(const Block& model, std::initializer_list<std::size_t> moving) {
  std::mt19937 generator{1};
  std::array<Block, Different> blocks{};
  for (Block& block : blocks) {
    block = model;
    for (const std::size_t at : moving)
      block[at] = static_cast<std::uint16_t>(block[at] ^ (generator() & 0x000EU));
    block.back() = drivers::crc16_of_registers(std::span{block}.first(block.size() - 1));
  }
  return blocks;
}

template <typename ByHand, typename ByProfile>
void measure(const char* name, ByHand&& by_hand, ByProfile&& by_profile) {
  std::vector<double> hand;
  std::vector<double> profile;
  for (int round = 0; round < Rounds; ++round) {
    hand.push_back(bench::nanoseconds_each(Calls, by_hand));
    profile.push_back(bench::nanoseconds_each(Calls, by_profile));
  }
  bench::report(name, bench::median(profile), "ns", bench::median(hand));
}

void measure_drive_report(const Profile& profile) {
  const auto blocks = blocks_like(
      drivers::DriveInBlock{0x0102, 0x0001, 0x86A0, 0x00FE, 0x0B47, 0x0001, 0x0010, 0x0000, 0x009B, 0xE000,
                            0x01F0, 0x03B0, 0x03B0, 0x0130, 0x0120, 0x01E0, 0x0060, 0x0000, 0x0009, 0},
      {0, 2, 3, 9, 10, 11, 12, 13, 14, 15, 16});
  const DecodePlan plan{profile, 0};
  Decoded decoded;
  std::size_t next = 0;
  measure(
      "profile: a drive report, beside its own decoder",
      [&] { bench::keep(drivers::drive_report(blocks[next++ % Different])); },
      [&] {
        bench::keep(plan.decode(blocks[next++ % Different], decoded));
        bench::keep(decoded);
      });
}

void measure_hub_report(const Profile& profile) {
  const auto blocks =
      blocks_like(drivers::HubInBlock{0x0010, 0x0002, 0x0001, 0x0001, 0x003F, 0x0258, 0x0264, 0x07D0,
                                      0x07DA, 0xFF90, 0x03E8, 0x0081, 0x0081, 0x0081, 0x0081, 0x0081,
                                      0x0081, 0x0258, 0x0264, 0x07D0, 0x07DA, 0xFF90, 0x03E8, 0x0FA0,
                                      0xE001, 0x0001, 0x03E8, 0x00F7, 0x1388, 0x00FA, 0x0003, 0},
                  {0, 2, 5, 6, 7, 8, 9, 10, 17, 18, 19, 20, 21, 22, 23, 24, 28, 29});
  const DecodePlan plan{profile, 0};
  Decoded decoded;
  std::size_t next = 0;
  measure(
      "profile: a hub report, beside its own decoder",
      [&] { bench::keep(drivers::hub_report(blocks[next++ % Different])); },
      [&] {
        bench::keep(plan.decode(blocks[next++ % Different], decoded));
        bench::keep(decoded);
      });
}

void measure_drive_command(const Profile& profile) {
  const EncodePlan plan{profile, 0};
  safety::WireCommand command;
  command.enable = true;
  command.run = true;
  command.mode = sensing::DriveMode::Torque;
  command.torque_dnm = 948;
  command.position_dmrad = -10'482;
  command.resisting_limit_dnm = 1000;
  command.supporting_limit_dnm = 400;
  command.lifting_speed_limit_mrad_s = 3000;
  command.slew_nm_s = 500;
  command.lifting_damping_dnms = 20;
  command.lowering_damping_dnms = 40;
  command.lowering_speed_limit_mrad_s = 174;
  command.wall_low_dmrad = -10'482;
  command.wall_high_dmrad = 873;
  command.wall_stiffness_nm_rad = 300;
  std::uint16_t heartbeat = 0;
  drivers::DriveOutBlock block{};
  measure(
      "profile: a drive command, beside its own encoder",
      [&] { bench::keep(drivers::drive_block(command, ++heartbeat)); },
      [&] {
        // As drive_block takes it: flags and numbers of the wire, gathered anew each time.
        unsigned control = 0;
        if (command.enable) control |= drivers::map::drive_out::control::Enable;
        if (command.run) control |= drivers::map::drive_out::control::Run;
        if (command.controlled_stop) control |= drivers::map::drive_out::control::ControlledStop;
        if (command.fault_reset) control |= drivers::map::drive_out::control::FaultReset;
        if (command.hold_position) control |= drivers::map::drive_out::control::HoldPosition;
        const std::array<std::int32_t, 16> numbers{++heartbeat,
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
        bench::keep(plan.encode(numbers, block));
        bench::keep(block);
      });
}

}  // namespace

int main(int argc, char** argv) {
  if (!bench::asked_for("profile", argc, argv)) return 0;
  try {
    const Profile drive = shipped("native-resistance-unit");
    measure_drive_report(drive);
    measure_hub_report(shipped("native-hub"));
    measure_drive_command(drive);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plinth-bench-profiles: %s\n", error.what());
    return 1;
  }
  return 0;
}
