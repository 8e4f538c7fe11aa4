// One cycle as a record keeps it: the whole of what went in, as it came over the wire, and what came of it.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/cycle/control_cycle.hpp"
#include "controller/rehab/moment.hpp"

namespace plinth::cycle {

// Which request a cycle took. What it carried stands beside it: a reset's level, a loaded prescription.
enum class Asked : std::uint8_t { Nothing, LoadPrescription, Start, Stop, Reset, EndSession };

// What a replay must come to again: the verdict and the command.
struct Outcome {
  safety::Permission permission = safety::Permission::Latched;
  safety::Action action = safety::Action::Allow;
  safety::Cause cause = safety::Cause::None;
  safety::Cause first_cause = safety::Cause::None;
  safety::LatchLevel latch = safety::LatchLevel::None;
  safety::Brake brake = safety::Brake::Unknown;
  safety::CauseSet active{};
  safety::WireCommand command{};
  bool permit = false;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};
Outcome outcome_of(const Snapshot& snapshot);

// A value without pointers, of about 210 bytes: thousands of them lie in one block of memory.
struct Frame {
  std::uint64_t cycle = 0;  // 1…, since the program began
  units::Instant now{};
  // The newest good block of each unit; its registers mean nothing until one was heard.
  bool drive_heard = false;
  bool hub_heard = false;
  sensing::Reading drive_reading = sensing::Reading::Missing;
  sensing::Reading hub_reading = sensing::Reading::Missing;
  units::Instant drive_taken_at{};
  units::Instant hub_taken_at{};
  sensing::DriveRegisters drive{};
  sensing::HubRegisters hub{};
  sensing::Setup setup{};
  bool stop = false;  // the stop lane
  Asked asked = Asked::Nothing;
  safety::LatchLevel reset_level = safety::LatchLevel::None;  // of a reset
  Outcome outcome{};
  // Where in the session that was: for people, nothing is judged by it.
  rehab::Moment moment = rehab::Moment::Idle;
  std::uint16_t set = 0;
  std::uint16_t rep = 0;
};

struct Record {
  Frame frame;
  std::optional<rehab::Prescription> prescription{};  // loaded once the cycle was over
};

// No allocation.
Record record_of(const CycleInput& in, const Snapshot& snapshot);

}  // namespace plinth::cycle
