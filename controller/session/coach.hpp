// The coach: what is said in a set, and when. Says the wanted movement, and nothing twice in a row.
#pragma once

#include <array>

#include "controller/session/cue_line.hpp"
#include "controller/session/score.hpp"

namespace plinth::session {

// A value that is replaced at the start of every set.
class Coach {
 public:
  // A moment begins in the try `attempt` (1…) of the set.
  void moment_begins(rehab::Moment moment, int attempt, units::Instant now);
  // A rep ended with these faults.
  void rep_ended(const RepFaults& faults);
  // The next rep is the last of the set: said before it begins.
  void announce_last(units::Instant now);
  // Control was lost in a hold.
  void ease_down(units::Instant now) { line_.offer(Cue::EaseDown, CuePriority::Safety, now); }
  // The spotter took load off.
  void lighter(units::Instant now) { line_.offer(Cue::Lighter, CuePriority::Safety, now); }

  [[nodiscard]] Cue cue(units::Instant now) const { return line_.at(now); }

 private:
  // One thing that can be wrong, and the word that puts it right.
  struct Correction {
    Cue word = Cue::None;
    rehab::Moment when = rehab::Moment::Lifting;  // in which moment the word helps
    int running = 0;                              // reps in a row with this fault
    int quiet_until = 0;                          // attempt before which it is not said again
  };
  static constexpr int RepsToNotice = 2;
  static constexpr int RepsToPause = 2;
  // From this try on a tone stands for "lift" and "lower": the person knows the words by then.
  static constexpr int FirstTone = 3;

  CueLine line_{};
  bool announced_last_ = false;
  // In the order in which they are said when several are due.
  std::array<Correction, 7> corrections_{{{.word = Cue::Higher, .when = rehab::Moment::Lifting},
                                          {.word = Cue::Enough, .when = rehab::Moment::Lifting},
                                          {.word = Cue::Slower, .when = rehab::Moment::Lifting},
                                          {.word = Cue::Faster, .when = rehab::Moment::Lifting},
                                          {.word = Cue::EvenLegs, .when = rehab::Moment::Lifting},
                                          {.word = Cue::Slower, .when = rehab::Moment::Lowering},
                                          {.word = Cue::Faster, .when = rehab::Moment::Lowering}}};
};

// The word and the breath of a moment: out with the effort of the lift, in with the lowering, free in
// between.
Cue cue_of(rehab::Moment moment);
Breath breath_of(rehab::Moment moment);

}  // namespace plinth::session
