// The catalogue of everything the station may refuse. A refusal is not a fault: nothing has changed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace plinth::rehab {

enum class RefusalCode : std::uint8_t {
  // prescription
  RangeInverted,
  RangeOutsidePhase,
  RangeOutsideMachine,
  RangeTooNarrow,
  LoadNegative,
  LoadAbovePhase,
  LoadAboveMachine,
  LoadAboveStrength,
  EccentricRatioOutside,
  TempoLiftOutside,
  TempoHoldOutside,
  TempoLowerOutside,
  TempoRestOutside,
  TempoTooFastForRange,
  HoldToleranceOutside,
  SpeedLimitOutside,
  SetsOutside,
  RepsOutside,
  RestOutside,
  SessionTooLong,
  LegSupportOutside,
  NotANumber,
  FieldMissing,
  UnknownName,
  PersonOutside,
  // session and machine state
  NoPrescription,
  Latched,            // a stop is latched: clear it first
  CauseStillPresent,  // reset refused: the cause is still there
  AlreadyRunning,
  NotRunning,
  NothingToReset,
  ResetNotAllowed,  // this latch level needs somebody else
  LegsAboveRest,    // start refused: the arm is not at rest height
  GripsHeld,        // start refused: the grips are already held; let go first
  PatientAbsent,
  StrapsNotSlack,  // start refused: a strap is loaded, or its cell's zero has wandered
  WeightMismatch,  // start refused: the bench carries somebody of another weight
  DriveNotReady,
  DriveHot,
  LimitsNotConfirmed,  // the drive's installed limits were not read back equal
  WatchdogNotProven,   // the drive's watchdog was not seen to trip
  BrakeNotProven,      // the drive's brake was not seen to hold
  Busy,                // too many requests waiting
  NotLooserInSession,  // a running session can only be tightened
  // requests
  Malformed,
  UnknownRequest,
  TooLarge,
  StorageFailed,
  NotKept,            // in force, but it could not be kept for the next start
  ControlSilent,      // the control cycle gave no answer in time
  NotAllowedForRole,  // this kind of client may not ask for that
  WrongVersion,       // client and server speak different versions
  Ending,             // the daemon is ending
  // after a stop
  ReviewNeeded,     // the person told of sharp pain or tingling: a physio ends the session first
  NoStopToExplain,  // nothing was stopped since the last set began
};
inline constexpr RefusalCode LastRefusalCode = RefusalCode::NoStopToExplain;

// One row of the catalogue.
struct RefusalText {
  RefusalCode code;
  std::string_view name;       // stable, for programs and documents: "load_above_phase"
  std::string_view what;       // what is wrong, one sentence
  std::string_view next_step;  // what to do, one sentence
};

std::span<const RefusalText> refusal_catalogue();
const RefusalText& text_of(RefusalCode code);

// A refusal with the particulars of this case. Not for the control cycle (it allocates): the cycle passes
// RefusalCode alone.
struct Refusal {
  RefusalCode code;
  std::string field;    // as in the schema: "load_n", "lift_s"; empty when it concerns no field
  std::string found;    // what was given, with its unit
  std::string allowed;  // what would be accepted, with its unit; empty when that has no meaning

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

// "load_n is 400 N. The load is more than this phase allows. Allowed: 0 to 229.4 N. Lower the load or …"
std::string in_words(const Refusal& refusal);

}  // namespace plinth::rehab
