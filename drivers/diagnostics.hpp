// What the drive remembers of its own troubles. For people; nothing is decided by it.
#pragma once

#include <array>
#include <cstdint>

#include "drivers/register_port.hpp"

namespace plinth::drivers {

struct DriveDiagnostics {
  std::uint32_t uptime_s = 0;
  std::uint32_t frames_ok = 0;
  std::uint16_t checksum_errors = 0;
  std::uint16_t exceptions = 0;
  std::uint16_t watchdog_trips = 0;
  std::uint16_t watchdog_closest_ms = 0;  // the least time that was ever left on it
  std::uint16_t rejected_commands = 0;    // cyclic blocks answered but not applied
  std::array<std::uint16_t, 8> faults{};  // newest first; 0 where there was none
};
Outcome<DriveDiagnostics> diagnostics_of(RegisterPort& drive);

}  // namespace plinth::drivers
