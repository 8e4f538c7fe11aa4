// What people ask of the station. An intent is a request: it may be refused, and then nothing has changed.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "controller/rehab/prescription.hpp"
#include "controller/safety/action.hpp"

namespace plinth::session {

// Make this the prescription of the next session; between the sets of a running one it may only be tighter.
// Refused until the brake is seen shut.
struct LoadPrescription {
  rehab::Prescription prescription;
};
// "Start" at the console: arms the next set for 10 s; both grips then start it.
struct Start {};
// Ends the set by a release. Never refused.
struct Stop {};
// Clears a latched stop, by somebody of this level.
struct Reset {
  safety::LatchLevel level = safety::LatchLevel::Patient;
};
// Ends the session: the rest of its sets are given up. The prescription stays loaded for the next.
struct EndSession {};

using IntentBody = std::variant<LoadPrescription, Start, Stop, Reset, EndSession>;

struct Intent {
  std::uint64_t id = 0;  // chosen by the asker, returned with the answer
  IntentBody body;
};

struct Answer {
  std::uint64_t id = 0;
  std::optional<rehab::RefusalCode> refused;  // nothing: applied
};

}  // namespace plinth::session
