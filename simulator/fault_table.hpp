// Every fault that the simulator can plant: one table. What it does, what its number means, and what a
// station must make of it.
//
// A new fault is an enumerator, a row here, and a line where it acts (`wrongs[FaultKind::…]` in the room that
// the row names).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "simulator/patient_model.hpp"

namespace plinth::simulator {

enum class FaultKind : std::uint8_t {
  // Load cells, pads and the hub that reads them.
  LcFreeze,
  LcSequence,
  LcStuck,
  LcOpen,
  LcRail,
  LcZeros,
  LcInvert,
  LcDrift,
  LcBias,
  LcGain,
  LcAMinusB,
  LcSwap,
  LcNoise,
  LcExcitation,
  PadDead,
  PadSwap,
  HubReboot,
  HubRelayStuck,
  HubAngleStuck,
  HubAngleOffset,
  // The drive's encoder.
  EncSlip,
  EncJump,
  EncWrap,
  EncOffset,
  EncLag,
  // The drive.
  DriveGain,
  DriveStuckTorque,
  DriveIgnore,
  DriveFaultCode,
  DriveSilentOff,
  DriveFoldback,
  DriveTorqueLag,
  DriveModeIgnored,
  DriveSpeedIgnored,
  DriveEchoStuck,
  DriveSequence,
  DriveFreeze,
  DriveTemp,
  DriveVoltage,
  DriveStoOne,
  DriveReboot,
  DriveLimitsLost,
  DriveDefaults,
  DriveLimitsDeaf,
  DriveFirmware,
  DriveWatchdogLate,
  DriveWatchdogNever,
  BrakeStuck,
  BrakeSlip,
  DamperNone,
  // The bus, between the driver's codec and the registers.
  BusMute,
  BusDelay,
  BusDrip,
  BusLate,
  BusDup,
  BusSwap,
  BusFlip,
  BusForge,
  BusSlave,
  BusException,
  BusFunction,
  BusCount,
  BusExtra,
  BusTruncate,
  // Wired circuits.
  Estop,
  EstopOneChannel,
  Comfort,
  ComfortOpen,
  GripStuck,
  // The person and what lies under the arm.
  PatientLeave,
  PatientSlide,
  PatientRelease,
  PatientSpasm,
  PatientClonus,
  PatientAsym,
  PatientSag,
  PatientFast,
  FastLift,
  Obstacle,
  // The computer, the mains and the control law: only in the closed loop.
  HostStall,
  Restart,
  PowerCut,
  CtlTorque,
  CtlNan,
  CtlSign,
  CtlOscillate,
  CtlNeverRelease,
  CtlLoosen,
  Count_,
};
inline constexpr std::size_t FaultKindCount = static_cast<std::size_t>(FaultKind::Count_);

// Where a fault acts.
enum class Room : std::uint8_t { Hub, Encoder, Drive, Bus, Wires, Person, Station, Law };
std::string_view name_of(Room room);

// When a campaign plants a fault: in any moment of a set, or only where it can show.
enum class Onset : std::uint8_t {
  Anywhere,    // and it shows at once
  UnderPower,  // from ramp-in to unloading
  InMotion,    // while lifting, holding or lowering
  Holding,
  Lowering,
  Lifting,
  Idle,        // around reset and start, after the units were brought up
  BeforeStart  // as the station is switched on: what has to be found before anybody trains
};

// What a machine with this fault cannot do, whatever its controller decides; the judge does not ask for it.
enum Excuse : std::uint8_t {
  NoExcuse = 0,
  BrakeFalls = 1U << 0U,   // a spring-applied brake without current shuts on whatever moves
  CannotCatch = 1U << 1U,  // no torque, or none that obeys: legs that fall are not caught by the drive
  ArmOnLegs = 1U << 2U,    // the arm's weight is not carried, or not rightly, and rests on the legs
  UnloadsLate =
      1U << 4U,       // torque that obeys nobody goes when the drive is switched off: the row says by when
  Shakes = 1U << 5U,  // muscles beat on: what the brake shuts on never stands
  StopUnheard = 1U << 3U,  // telegrams do not arrive: the drive begins the stop when its watchdog has run out
  // No row's: of two faults, torque that obeys nobody, and a drive that nobody sees. What shows is missing,
  // and the wired stop, which is all that is left, lets the drive lower for 10 s before its brake shuts.
  OutOfHand = 1U << 5U,
};

// Who may clear the stop, in the order of the station's levels.
enum class Latch : std::uint8_t { None, Patient, Therapist, Service };

// From where the time to a load that is gone is counted.
enum class LoadFrom : std::uint8_t {
  Felt,
  LastTelegram,  // the program is away: the drive's watchdog and ramp are all that acts
  Return         // it was away for too short a time for the watchdog
};

// What has to happen when the fault is felt while a set runs.
struct Response {
  // The stop's cause, any of these rules (names of the station's rule table, between spaces); empty: no stop
  // may come of it.
  std::string_view causes = {};
  int wire_ms = 0;  // felt → stop telegram sent; 0: none is asked for
  int stop_ms = 0;  // felt → load ≤ 10 %; and 210 ms later lowering ≤ 15 °/s, for good
  std::uint8_t excuses = NoExcuse;
  Latch latch = Latch::None;      // at least
  bool forbids_start = false;     // no set may begin while it is there
  bool load_only = false;         // what falls or shakes is the person
  bool in_a_stop = false;         // the bounds hold for one that shows on the way down, too
  bool shows_while_told = false;  // and only there: a drive that stops by itself hides it
  LoadFrom load_from = LoadFrom::Felt;
};

// A second range of sizes, for which another answer is owed.
struct Band {
  double least = 0.0;
  double most = 0.0;
  Onset onset = Onset::Anywhere;
  Response response{};
};

struct FaultRow {
  FaultKind kind{};
  std::string_view name = {};
  Room room{};
  std::string_view does = {};
  // Of `value`: what it is, what is allowed, what it is when a file gives none. No unit: none is taken.
  std::string_view unit = {};
  bool whole = false;  // only whole numbers mean something
  double low = 0.0;
  double high = 0.0;
  double usual = 0.0;
  bool both_signs = false;  // a campaign tries the negative ones too
  // Counts as felt when … : the first sign of it in something that somebody reads.
  std::string_view felt_when = {};
  // In a campaign: onset, size (within which the response is asked for), and the person it takes to show.
  Onset onset = Onset::Anywhere;
  double least = 0.0;
  double most = 0.0;
  std::optional<PatientModel> person = std::nullopt;
  Response response{};
  std::optional<Band> other = std::nullopt;
};

std::span<const FaultRow> fault_table();
const FaultRow& row_of(FaultKind kind);
inline std::string_view name_of(FaultKind kind) {
  return row_of(kind).name;
}
std::optional<FaultKind> fault_named(std::string_view name);

// What is owed to a fault of this size, and when a campaign plants it.
const Response& response_to(FaultKind kind, double value);
Onset onset_of(const FaultRow& row, double value);

// Is this rule among these causes?
bool names(std::string_view causes, std::string_view cause);

}  // namespace plinth::simulator
