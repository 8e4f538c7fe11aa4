// One control cycle is a straight line from sample to command.
#pragma once

#include "controller/cycle/snapshot.hpp"
#include "controller/safety/gate.hpp"
#include "controller/safety/supervisor.hpp"
#include "controller/sensing/observer.hpp"
#include "controller/session/session.hpp"

namespace plinth::cycle {

struct CycleInput {
  sensing::Sample sample;
  std::optional<session::Intent> intent;  // at most one a cycle
  bool stop = false;                      // the stop lane: nothing queues ahead of it
  units::Instant now;
};

// Everything a cycle remembers. A copyable value: a test or a black box can save and replay any cycle.
struct CycleState {
  CycleState(const sensing::Calibration& calibration, units::Duration period);

  sensing::Observer observer;
  safety::Supervisor supervisor;
  session::Session session;
  safety::Gate gate;
  rehab::Expectation expectation{};
  safety::ApprovedCommand last_command{};
  std::optional<safety::Limits> limits{};
  resistance::Law loading{};  // the newest law that loads: a release is still told in its terms
  bool set_finished = false;
  bool armed = false;
  std::uint64_t cycles = 0;
};

struct CycleOutput {
  safety::ApprovedCommand command;
  Snapshot snapshot;
  // The limits changed: the drive must be told before it is enabled again.
  bool install_limits = false;
  // Somebody is about to start: what the drive was told must still hold.
  bool compare_limits = false;
};

// The line's first half: what is, what may be done, and what the law asks of the drive.
struct Intention {
  sensing::Estimate estimate;
  safety::Verdict verdict;
  session::Guidance guidance;
  rehab::DriveDemand demand;
};
Intention intend(CycleState& state, const CycleInput& in);
// The second half: what of it leaves. The seam lies before the gate, so that a broken law can be put there in
// a simulation and the gate be seen to hold it.
CycleOutput act(CycleState& state, const CycleInput& in, const Intention& intention);

// Both. No clock, no I/O, no allocation inside.
CycleOutput step(CycleState& state, const CycleInput& in);

}  // namespace plinth::cycle
