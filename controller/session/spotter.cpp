#include "controller/session/spotter.hpp"

#include <algorithm>

namespace plinth::session {

void Spotter::lift_begins(units::Angle angle) {
  highest_ = angle;
  sank_ = false;
  progress_at(angle);
}

void Spotter::progress_at(units::Angle angle) {
  mark_ = angle;
  since_mark_ = units::Duration::zero();
  stalled_ = false;
}

bool Spotter::watch(units::Angle angle, bool trails, units::Duration elapsed) {
  highest_ = std::max(highest_, angle);
  sank_ = sank_ || angle < highest_ - Sagging;
  if (angle >= mark_ + Progress || !trails) {
    progress_at(angle >= mark_ + Progress ? angle : mark_);
    return false;
  }
  since_mark_ += elapsed;
  if (!stalled_) {
    if (since_mark_ < Patience) return false;
    stalled_ = true;
    since_step_ = StepTime;  // the first tenth goes at once
  } else {
    since_step_ += elapsed;
  }
  if (since_step_ < StepTime) return false;
  since_step_ = units::Duration::zero();
  if (steps_ == MostSteps) {
    gave_up_ = true;
    return false;
  }
  ++steps_;
  return true;
}

}  // namespace plinth::session
