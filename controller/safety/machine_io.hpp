// The port through which samples come in and an approved command leaves.
#pragma once

#include "controller/safety/command.hpp"
#include "controller/safety/limits.hpp"
#include "controller/sensing/sample.hpp"

namespace plinth::safety {

class MachineIo {
 public:
  MachineIo() = default;
  MachineIo(const MachineIo&) = delete;
  MachineIo& operator=(const MachineIo&) = delete;
  virtual ~MachineIo() = default;

  // Asks both units at once and waits for both until the cycle's read deadline. Never throws, never
  // allocates; what did not come is missing in the sample. `now` is the start of the cycle.
  virtual sensing::Sample read(units::Instant now) = 0;

  // Sends the whole command block to the drive and the permit to the hub, each with a new heartbeat. The
  // heartbeat moves here and nowhere else, so a dead controller cannot feed a watchdog.
  virtual void write(const ApprovedCommand& command) = 0;

  // Installs these limits in the drive and compares what it reads back; the outcome shows in the next
  // samples' Setup::limits_confirmed. Off the cycle: call only while the drive is disabled. May take
  // several round trips.
  virtual void install(const InstalledLimits& limits) = 0;

  // Reads back what the drive works with and compares it with what was installed last; a difference, or no
  // answer, takes Setup::limits_confirmed away. Before every start, and only while the drive is disabled.
  virtual void compare_limits() = 0;
};

}  // namespace plinth::safety
