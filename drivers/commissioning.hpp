// What must be established about the units before the machine may be enabled: who they are, that the drive
// obeys the installed limits, and that its watchdog really trips. Step by step over a RegisterPort, so that
// the same procedure runs over TCP and in virtual time.
//
// Nothing here ever enables the drive: the only cyclic blocks it sends are disabled ones.
#pragma once

#include "controller/safety/limits.hpp"
#include "controller/sensing/sample.hpp"
#include "drivers/blocks.hpp"
#include "drivers/register_port.hpp"

namespace plinth::drivers {

Outcome<Identity> identify(RegisterPort& unit, map::UnitClass expected);

// The drive's cyclic report, read once off the cycle.
Outcome<sensing::DriveReport> look_at_drive(RegisterPort& drive);

// The last heartbeat that the hub accepted.
Outcome<std::uint16_t> last_hub_heartbeat(RegisterPort& hub);

// Waits until the drive neither drives nor stops: a drive that is lowering somebody's legs, because the
// controller before us died, is not disturbed. Fails after `patience`.
Outcome<void> await_rest(RegisterPort& drive, units::Duration patience);

// Whether exactly these limits are in force, by the installed registers and by the mirror of what the drive
// obeys. Only reads.
Outcome<bool> limits_in_force(RegisterPort& drive, const safety::InstalledLimits& limits);

// Writes the limits and compares what is read back. The drive must be disabled; one that is not ignores the
// write, which shows in the comparison.
Outcome<void> install_limits(RegisterPort& drive, const safety::InstalledLimits& limits);

// Orders the drive's self-test (it stops accepting feeds) and keeps feeding: the watchdog must trip within
// `watchdog`, and three polls, none the less. Leaves the trip latched. The drive must be at rest, with the
// watchdog not tripped.
Outcome<void> prove_watchdog(RegisterPort& drive, units::Duration watchdog);

// Clears a latched fault as the drive demands: a healthy heartbeat for 500 ms with enable low, then an edge
// of the reset bit. Does nothing when nothing is latched. Fails with the fault that stays.
Outcome<void> clear_fault(RegisterPort& drive);

// All of the drive's setting-up, in order; each flag of `setup` is set as soon as it is established, so that
// a failure leaves the truth behind. `proven_in_boot` is the drive's boot counter when its watchdog was last
// proven: in the same run of the drive it is not tried again, and if the limits are already in force too,
// nothing is written, so that a short loss of the link disturbs nothing.
Outcome<void> set_up_drive(RegisterPort& drive, const safety::InstalledLimits& limits,
                           std::optional<std::uint16_t>& proven_in_boot, sensing::Setup& setup);
Outcome<void> set_up_hub(RegisterPort& hub, sensing::Setup& setup);

}  // namespace plinth::drivers
