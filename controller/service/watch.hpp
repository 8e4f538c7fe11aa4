// A set never runs unwatched: a person who trains must have somebody, or their own screen, with them.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/units/time.hpp"

namespace plinth::service {

// How long a screen may be silent or away while a set runs. Long enough for a page to load again, short
// against a rep (hmi heartbeat: 250 ms).
inline constexpr units::Duration WatchGrace = units::milliseconds(2000);

enum class Unwatched : std::uint8_t {
  PatientScreenLost,  // it was there in this set, and is not any more
  NobodyThere,        // neither the patient's screen nor a console
};

// Says when the set must end because nobody watches it. It makes no difference whether a screen hangs,
// crashes or leaves: what counts is when it was last heard. A value; time is passed in.
class Watch {
 public:
  void heard_patient_screen(units::Instant now) { patient_ = now; }
  void heard_console(units::Instant now) { console_ = now; }

  // To be called often. Something while a set runs that must be stopped.
  [[nodiscard]] std::optional<Unwatched> look(bool set_runs, units::Instant now);

 private:
  std::optional<units::Instant> patient_;  // last heard
  std::optional<units::Instant> console_;
  std::optional<units::Instant> set_began_;  // nothing while no set runs
};

}  // namespace plinth::service
