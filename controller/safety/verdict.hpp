// What the supervisor decided for this cycle.
#pragma once

#include <optional>

#include "controller/rehab/refusal.hpp"
#include "controller/safety/action.hpp"
#include "controller/safety/rules.hpp"
#include "controller/units/interval.hpp"

namespace plinth::safety {

// How far the station is on its way to moving. Only Granted lets torque flow.
enum class Permission : std::uint8_t {
  Latched,  // a stop is latched; reset by whom its level names
  Ready,    // nothing stands against starting
  Armed,    // "Start" was pressed at the console less than 10 s ago: waiting for both grips
  Granted,  // both grips were squeezed: a set may run
};
std::string_view name_of(Permission permission);

// What the drive says of its brake. Unknown while the drive is silent or was never heard.
enum class Brake : std::uint8_t { Unknown, Open, Closed };

// What people ask of the safety layer this cycle.
struct Requests {
  bool stop = false;                // from any source; always honoured
  bool start = false;               // the console's "Start": arms, moves nothing
  std::optional<LatchLevel> reset;  // somebody of this level asks to clear the latch
  bool set_finished = false;  // the session has no more use for the permission: withdraw it without a trip
};

struct Verdict {
  Action action = Action::DriveStop;
  Cause cause = Cause::Boot;        // of the action: the worst active one, or the latched one
  CauseSet active{};                // every criterion that holds right now
  Cause first_cause = Cause::Boot;  // what latched the stop; None when not latched
  LatchLevel latch = LatchLevel::Therapist;
  Permission permission = Permission::Latched;
  units::Duration armed_left{};  // of the 10 s
  std::uint16_t elapsed_ms = 0;  // since the last verdict, by the clock
  // With Action::Limit, and always near the ends of the range: no torque that drives the arm further out.
  bool no_upward_torque = false;
  bool no_downward_torque = false;
  // For the gate's way down, measured: does the arm still rise, do the legs fall faster than any lowering of
  // this prescription may be, or sink faster than the drive's own, does the arm stand still, does the brake
  // hold it. What cannot be seen may sink.
  bool rising = false;
  bool falling = false;
  bool sinking = false;
  bool at_standstill = false;
  // The set was stopped because the arm's angle is not known: nothing may hold or push by it.
  bool angle_doubted = false;
  Brake brake = Brake::Unknown;
  // cos θ in thousandths, 0–1000: the share of a weight's torque that acts at this angle. What the drive may
  // carry of arm and legs is measured by it, so that support never becomes a push.
  std::uint16_t gravity_permille = 0;
  // The drive no longer does what telegrams say: take the hub's relay away too, the second shut-off path.
  bool withdraw_permit = false;
  // In the one cycle in which a person has cleared the latch: faults that the drive has latched go with it.
  bool latch_cleared = false;
  // The legs' rest, measured while the brake held them before the set; nothing before the first grant.
  std::optional<units::Angle> rest_angle;
  // The range this person works in, from that rest; nothing before the first grant.
  std::optional<units::Interval<units::Angle>> working;
  // The answer to this cycle's start or reset request; nothing when there was none or it was granted.
  std::optional<rehab::RefusalCode> refused;
};

}  // namespace plinth::safety
