#include "controller/session/coach.hpp"

#include <cstddef>

namespace plinth::session {

using rehab::Moment;

Cue cue_of(Moment moment) {
  switch (moment) {
    case Moment::RampIn:
      return Cue::GetReady;
    case Moment::Lifting:
      return Cue::Lift;
    case Moment::Holding:
      return Cue::Hold;
    case Moment::Lowering:
      return Cue::Lower;
    case Moment::Resting:
      return Cue::Rest;
    case Moment::Unloading:
      return Cue::SetDone;
    case Moment::Idle:
      break;
  }
  return Cue::None;
}

Breath breath_of(Moment moment) {
  if (moment == Moment::Lifting) return Breath::Out;
  if (moment == Moment::Lowering) return Breath::In;
  return Breath::Free;
}

void Coach::moment_begins(Moment moment, int attempt, units::Instant now) {
  const bool toned = attempt >= FirstTone && (moment == Moment::Lifting || moment == Moment::Lowering);
  line_.moment_begins(cue_of(moment), !toned, now);
  for (Correction& correction : corrections_) {
    if (correction.when != moment || correction.running < RepsToNotice || attempt < correction.quiet_until)
      continue;
    if (!line_.offer(correction.word, CuePriority::Correction, now)) return;
    correction.quiet_until = attempt + RepsToPause;
  }
}

void Coach::rep_ended(const RepFaults& faults) {
  const std::array seen{faults.low,    faults.high,        faults.lift_early, faults.lift_late,
                        faults.uneven, faults.lower_early, faults.lower_late};
  static_assert(seen.size() == std::tuple_size_v<decltype(corrections_)>);
  for (std::size_t i = 0; i < seen.size(); ++i)
    corrections_.at(i).running = seen.at(i) ? corrections_.at(i).running + 1 : 0;
}

void Coach::announce_last(units::Instant now) {
  if (!announced_last_) announced_last_ = line_.offer(Cue::LastOne, CuePriority::Count, now);
}

}  // namespace plinth::session
