// The units' register blocks to and from quantities. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "controller/safety/command.hpp"
#include "controller/safety/limits.hpp"
#include "controller/sensing/sample.hpp"
#include "drivers/register_map.hpp"

namespace plinth::drivers {

using DriveInBlock = std::array<std::uint16_t, map::drive_in::Count>;
using DriveOutBlock = std::array<std::uint16_t, map::drive_out::Count>;
using HubInBlock = std::array<std::uint16_t, map::hub_in::Count>;
using HubOutBlock = std::array<std::uint16_t, map::hub_out::Count>;
using LimitsBlock = std::array<std::uint16_t, map::installed::Count>;
using MirrorBlock = std::array<std::uint16_t, map::installed::mirror::Count>;
using IdentityBlock = std::array<std::uint16_t, map::identity::Count>;

// The reports. Nothing when the block's checksum is wrong, or when the drive calls its own angle, speed or
// torque invalid: a report without them is no report. An invalid temperature becomes not-a-number; an invalid
// force or second angle is missing.
std::optional<sensing::DriveReport> drive_report(const DriveInBlock& block);
std::optional<sensing::HubReport> hub_report(const HubInBlock& block);

// The commands, checksum included. A signed field at −32768 would say "invalid" and goes out as −32767.
DriveOutBlock drive_block(const safety::WireCommand& command, std::uint16_t heartbeat);
HubOutBlock hub_block(bool permit, std::uint16_t heartbeat);

LimitsBlock limits_block(const safety::InstalledLimits& limits);
// What the drive's mirror must read once exactly these limits are in force.
MirrorBlock mirror_of(const safety::InstalledLimits& limits);

// Who a unit says it is.
struct Identity {
  map::UnitClass unit_class{};
  std::uint32_t serial = 0;
  std::uint16_t firmware = 0;
  std::uint16_t build = 0;
  std::uint32_t capabilities = 0;
  std::uint32_t configuration_crc = 0;
};
// Nothing but an identity comes back for a unit of this map, of the expected class, that puts bytes and words
// in the order we do; otherwise `why` says what stood there and what should.
std::optional<Identity> identity_of(const IdentityBlock& block, map::UnitClass expected, std::string& why);

}  // namespace plinth::drivers
