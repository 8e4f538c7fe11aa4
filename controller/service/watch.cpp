#include "controller/service/watch.hpp"

#include <algorithm>

namespace plinth::service {

std::optional<Unwatched> Watch::look(bool set_runs, units::Instant now) {
  if (!set_runs) {
    set_began_.reset();
    return std::nullopt;
  }
  if (!set_began_) set_began_ = now;
  // A screen that went in the last moments before the set was there, too.
  const bool patient_was_there = patient_ && *patient_ >= *set_began_ - WatchGrace;
  if (patient_was_there && now - *patient_ >= WatchGrace) return Unwatched::PatientScreenLost;
  // A set that begins unwatched has its grace from its beginning.
  units::Instant last = *set_began_;
  if (patient_) last = std::max(last, *patient_);
  if (console_) last = std::max(last, *console_);
  if (now - last >= WatchGrace) return Unwatched::NobodyThere;
  return std::nullopt;
}

}  // namespace plinth::service
