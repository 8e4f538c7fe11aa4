// What the machine does when it must not simply go on. The order is the severity: the worst wins.
#pragma once

#include <cstdint>
#include <string_view>

namespace plinth::safety {

enum class Action : std::uint8_t {
  Allow,
  Limit,      // no more torque than this, none outward beyond the range; the person holds the legs
  Release,    // the added load goes to zero within 300 ms, then the drive lowers the legs to their rest
  DriveStop,  // the drive does the same by itself, on its own profile, then torque off (stop category 1)
  TorqueOff,  // torque off and brake now (stop category 0): only when torque cannot be controlled
};

// Who may clear a latched stop.
enum class LatchLevel : std::uint8_t { None, Patient, Therapist, Service };

std::string_view name_of(Action action);     // "drive_stop"
std::string_view name_of(LatchLevel level);  // "therapist"

}  // namespace plinth::safety
