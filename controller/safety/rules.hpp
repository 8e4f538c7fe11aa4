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
  Spasm,
  Clonus,
  Uneven,  // one leg does nearly all of it
  PatientSlid,
  DriveDataStale,
  HubDataStale,
  DriveDataFrozen,
  HubDataFrozen,
  StrapFrozen,
  StrapInvalid,
  ForcesDisagree,  // strap cells against the drive's torque
  AnglesDisagree,
  AngleJump,
  LinkPoor,        // too many answers of a unit are lost or damaged
  ControlStalled,  // the control cycle itself came too late
  HubFault,        // the hub doubts itself: supply, calibration, sampling
  StrapDrifts,     // strap cells and drive differ little, but for long
  TorqueMissing,   // the drive reports torque that does not arrive at the strap
  Obstacle,        // the arm stands on something while it should sink
  UnitRestarted,
  DriveFault,
  DriveWatchdog,  // the drive's own watchdog tripped
  DriveStopped,   // it stops by itself and names no fault
  DriveIgnores,   // set-point echoed or torque measured is not what was commanded
  DriveOverDelivers,
  DriveHot,
  EStopOpen,
  EStopDisagrees,  // the two chains of the emergency stop differ for long
  BrakeFault,
  RelayStuck,         // the hub's relay is told to open and the drive still sees its circuit closed
  StoDisagrees,       // the drive's two torque-off channels differ for long
  LoweringAmiss,      // the legs are not seen to be lowered as they should be
  ReleaseUnverified,  // a release was not seen to happen within its deadline
  StopUnverified,     // nor was the drive's own stop: torque cannot be controlled
  LimitsNotConfirmed,
  LimitsLoosened,  // something tried to give a running set more room
  Internal,        // a value that cannot be: not finite, an impossible state
  Count_,
};
inline constexpr std::size_t CauseCount = static_cast<std::size_t>(Cause::Count_);
using CauseSet = std::bitset<CauseCount>;

// When a rule's criterion acts. Seen it always is, and it always stands against a start and a reset.
enum class Scope : std::uint8_t {
  Always,    // also while nobody trains
  InASet,    // only while the permission is granted
  UnderWay,  // from the grant, or a brake that is seen open, until the brake is seen shut: also on the way
             // down
  Stopping   // only on the way down
};
std::string_view name_of(Scope scope);  // "in_a_set"

struct Rule {
  Cause cause;
  std::string_view name;  // stable: "range_crossed"
  Action action;
  LatchLevel latch;  // None: the rule lifts by itself when the cause is gone
  Scope scope;
  units::Duration dwell;       // the criterion must hold this long without a break
  rehab::SetEnd set_end;       // how a set that it ends is recorded
  std::string_view patient;    // words for the patient's screen
  std::string_view physio;     // what happened
  std::string_view next_step;  // what to do
};

// Every cause but None once. Of two rules that act in the same cycle with the same action, the earlier row is
// the cause that is told: the more particular one stands first.
std::span<const Rule> rule_table();
// The row of a cause; of Cause::None and of a number that is no cause: Internal's.
const Rule& rule_of(Cause cause);
std::string_view name_of(Cause cause);  // "range_crossed"; "none"

}  // namespace plinth::safety
