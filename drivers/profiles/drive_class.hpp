// What a drive may be asked to do. Pure: the profile and where the drive stands decide.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "drivers/profiles/profile.hpp"

namespace plinth::drivers::profiles {

// How far a drive is trusted with torque over a bus that may fall silent.
enum class DriveClass : std::uint8_t {
  A,  // a time-out of milliseconds in the drive, with an action that is known
  B,  // torque over the bus, but no time-out, or one of seconds, or one whose action is not known
  C,  // speed and position only
  D,  // to be looked at
};
// Nothing for a device that is no drive.
std::optional<DriveClass> drive_class(const Profile& profile);

// Where the drive stands.
struct Installation {
  bool simulated = false;          // its port leads to a simulator: nobody can be hurt
  bool external_watchdog = false;  // the station declares one, in hardware, acting on safe torque off
};

struct Refusal {
  enum class Reason : std::uint8_t {
    NotADrive,
    DraftOnARealPort,
    MonitoringOnly,       // class D
    ModeNotOffered,       // this drive has no such mode over the bus
    NeedsWatchdog,        // class B without a declared external watchdog
    NeedsTorqueLimit,     // class C without a torque limit of its own
    NotVerified,          // the set-point is on the profile's list of what nobody has tried
    MayWearItsMemoryOut,  // a set-point written every cycle, and not known to stay out of the EEPROM
  };
  Reason reason;
  std::string words;  // what is refused and why; what to do; for people
};

// Whether the drive may be commanded in this mode. Looking at a drive is never refused, so nothing asks.
tl::expected<DriveClass, Refusal> may_command(const Profile& profile, Mode mode,
                                              const Installation& installation);

}  // namespace plinth::drivers::profiles
