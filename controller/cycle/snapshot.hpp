// What one cycle saw, decided and commanded: the whole truth that leaves the control thread.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/rehab/prescription.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/verdict.hpp"
#include "controller/sensing/estimate.hpp"
#include "controller/session/guidance.hpp"

namespace plinth::cycle {

struct Snapshot {
  std::uint64_t cycle = 0;
  units::Instant at{};
  sensing::Estimate estimate{};
  safety::Verdict verdict{};
  session::Guidance guidance{};
  safety::ApprovedCommand command{};
  std::optional<rehab::Prescription> prescription{};  // loaded
  // The load at the strap, three times: asked for, commanded, measured. Nothing where it is not known.
  units::Force load_set{};
  units::Force load_applied{};
  std::optional<units::Force> load_measured{};
};

// Health of the loop itself, beside the newest snapshot.
struct LoopHealth {
  bool real_time = false;  // SCHED_FIFO was granted
  units::Duration period{};
  std::uint64_t cycles = 0;
  std::uint64_t late_cycles = 0;  // finished after their deadline
  units::Duration worst_lateness{};
  std::uint64_t answers_missed = 0;  // by either unit
  std::uint64_t answers_damaged = 0;
  std::uint64_t samples_dropped = 0;  // by a full recorder queue
};

}  // namespace plinth::cycle
