// Where in a set the person is, and how a set may end.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace plinth::rehab {

enum class Moment : std::uint8_t {
  Idle,       // nothing asked of anyone: brake on, no load
  RampIn,     // count-in: the brake opens and the load comes on
  Lifting,    // concentric
  Holding,    // pause at the top that proves control
  Lowering,   // eccentric
  Resting,    // pause at the bottom, legs on the cushion of the lower wall
  Unloading,  // the load goes off, the drive lowers to rest, the brake closes
};

enum class SetEnd : std::uint8_t {
  Completed,    // every prescribed rep was done
  Stopped,      // the physio pressed Stop at the console
  Tempo,        // too fast, or too far from the guide for too long
  Range,        // the end of the range was crossed
  Sag,          // control was lost in the hold
  Fatigue,      // the lift stalled, or a hold or set lasted too long
  Grip,         // a hand grip was let go
  ComfortStop,  // the person pressed the comfort stop
  PatientLeft,  // nobody on the bench
  LegsDropped,  // the legs were let fall
  Spasm,
  Fault,  // a sensor, the drive, the bus or the program
  EStop,  // the emergency stop chain is open
};

// As in scenario files and on the wire: "ramp_in", "completed", "comfort_stop", …
std::string_view name_of(Moment moment);
std::optional<Moment> moment_named(std::string_view name);
std::string_view name_of(SetEnd end);
std::optional<SetEnd> set_end_named(std::string_view name);

}  // namespace plinth::rehab
