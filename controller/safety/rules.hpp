// The rule table: every cause that stops or limits the machine, what it does, and what people are told.
// One row per cause; the table is the single source for supervisor, screens and documents.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "controller/rehab/moment.hpp"
#include "controller/safety/action.hpp"
#include "controller/units/time.hpp"

namespace plinth::safety {

enum class Cause : std::uint8_t {
  None,
  Boot,  // the daemon has just started: latched until somebody looks
  NoPrescription,
  ConsoleStop,
  ComfortStop,
  GripReleased,
  PatientAbsent,
  RangeApproach,  // faster than the arm could stop before the end of its range (Limit)
  RangeCrossed,
  OverSpeed,
  OverForce,
  TempoFarOff,
  HoldTooLong,
  SetTooLong,
  Sag,
  LegsDropped,
  DriveDataStale,
  HubDataStale,
  DriveDataFrozen,
  HubDataFrozen,
  StrapFrozen,
  StrapInvalid,
  ForcesDisagree,  // strap cells against the drive's torque
  AnglesDisagree,
  AngleJump,
  UnitRestarted,
  DriveFault,
  DriveWatchdog,  // the drive's own watchdog tripped
  DriveIgnores,   // set-point echoed or torque measured is not what was commanded
  DriveOverDelivers,
  EStopOpen,
  ReleaseUnverified,  // a release was not seen to happen within its deadline
  LimitsNotConfirmed,
  Internal,  // a value that cannot be: not finite, an impossible state
  Count_,
};
inline constexpr std::size_t CauseCount = static_cast<std::size_t>(Cause::Count_);
using CauseSet = std::bitset<CauseCount>;

struct Rule {
  Cause cause;
  std::string_view name;  // stable: "range_crossed"
  Action action;
  LatchLevel latch;            // None: the rule lifts by itself when the cause is gone
  units::Duration dwell;       // the criterion must hold this long without a break
  rehab::SetEnd set_end;       // how a set that it ends is recorded
  std::string_view patient;    // words for the patient's screen
  std::string_view physio;     // what happened
  std::string_view next_step;  // what to do
};

std::span<const Rule> rule_table();
const Rule& rule_of(Cause cause);

}  // namespace plinth::safety
