#include "drivers/diagnostics.hpp"

#include "drivers/register_map.hpp"

namespace plinth::drivers {

Outcome<DriveDiagnostics> diagnostics_of(RegisterPort& drive) {
  namespace at = map::diagnostics;
  std::array<std::uint16_t, at::Count> counts{};
  DriveDiagnostics found;
  if (auto read = drive.read(at::Begin, counts); !read) return failed(read.error().what);
  // Two reads, since nothing is defined between the two blocks.
  if (auto read = drive.read(at::FaultHistory, found.faults); !read) return failed(read.error().what);
  const auto pair = [&counts](std::size_t high) {
    return (std::uint32_t{counts.at(high)} << 16U) | counts.at(high + 1);
  };
  found.uptime_s = pair(at::Uptime);
  found.frames_ok = pair(at::FramesOk);
  found.checksum_errors = counts[at::ChecksumErrors];
  found.exceptions = counts[at::Exceptions];
  found.watchdog_trips = counts[at::WatchdogTrips];
  found.watchdog_closest_ms = counts[at::WatchdogClosest];
  found.rejected_commands = counts[at::RejectedCommands];
  return found;
}

}  // namespace plinth::drivers
