// What must be established about the units before the machine may be enabled: who they are, that the drive
// obeys the installed limits, that its watchdog really trips and that its brake really holds. Step by step
// over a RegisterPort, so that the same procedure runs over TCP and in virtual time.
//
// Nothing here ever enables the drive: the only cyclic blocks it sends are disabled ones.
#pragma once

#include <functional>

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
// `watchdog`, and three polls, none the less. False: it tripped, but was looked at too late to tell whether
// in time. Leaves the trip latched. The drive must be at rest, with the watchdog not tripped.
Outcome<bool> prove_watchdog(RegisterPort& drive, units::Duration watchdog);

// Asks for the hub's relay to be closed, or no longer. Without it the drive's stop circuit is open, and it
// has no torque to try its brake with.
using CloseRelay = std::function<void(bool closed)>;

// Whether the brake may be tried now: the drive is at rest without a fault, the emergency stop is released,
// and the arm hangs. A brake that holds raised legs is not put to the test under them.
[[nodiscard]] bool brake_may_be_tried(const sensing::DriveReport& report);

// Orders the drive's brake test (torque against the shut brake) and waits for its result: whether the brake
// held. Fails when that stays open, because the drive refused, its stop circuit did not close or opened too
// early, or no result came.
Outcome<bool> prove_brake(RegisterPort& drive, const CloseRelay& relay);

// Clears a latched fault as the drive demands: a healthy heartbeat for 500 ms with enable low, then an edge
// of the reset bit. Does nothing when nothing is latched. Fails with the fault that stays.
Outcome<void> clear_fault(RegisterPort& drive);

// What the drive has shown since it was switched on; `boot` is its boot counter. Of another run of the drive
// nothing is known.
struct Proofs {
  std::optional<std::uint16_t> boot{};
  bool watchdog_trips = false;
  bool brake_holds = false;
  bool brake_slips = false;  // not tried again: whoever repairs it switches the drive off
};

// Does this report come from a run of the drive of which nothing has been proven yet?
inline bool is_another_run(const std::optional<sensing::DriveReport>& report, const Proofs& proofs) {
  return report && proofs.boot && report->boot_counter != *proofs.boot;
}
// What such a run takes away.
inline void nothing_proven(sensing::Setup& setup) {
  setup.limits_confirmed = false;
  setup.watchdog_proven = false;
  setup.brake_proven = false;
}

// All of the drive's setting-up, in order; each flag of `setup` is set as soon as it is established, so that
// a failure leaves the truth behind. What is proven in the present run of the drive is not tried again, and
// if the limits are already in force too, nothing is written, so that a short loss of the link disturbs
// nothing.
Outcome<void> set_up_drive(RegisterPort& drive, const safety::InstalledLimits& limits,
                           const CloseRelay& relay, Proofs& proofs, sensing::Setup& setup);
Outcome<void> set_up_hub(RegisterPort& hub, sensing::Setup& setup);

}  // namespace plinth::drivers
