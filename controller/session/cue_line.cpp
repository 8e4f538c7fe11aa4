#include "controller/session/cue_line.hpp"

namespace plinth::session {

void CueLine::moment_begins(Cue word, bool spoken, units::Instant now) {
  moment_word_ = word;
  // A word of safety is said to its end; any other gives way to what is to be done now.
  if (said_ && said_->priority == CuePriority::Safety && is_speaking(now)) return;
  if (!spoken) return;
  if (said_ && said_->priority != CuePriority::Safety) said_.reset();
  spoke_ = now;
}

bool CueLine::offer(Cue word, CuePriority priority, units::Instant now) {
  if (priority == CuePriority::Safety) {
    if (said_ && said_->word == word && now - said_->began < SafetyPause) return false;
  } else if (is_speaking(now)) {
    return false;
  }
  said_ = Utterance{.word = word, .priority = priority, .began = now};
  spoke_ = now;
  return true;
}

bool CueLine::is_speaking(units::Instant now) const {
  return spoke_ && now - *spoke_ < UtteranceTime;
}

Cue CueLine::at(units::Instant now) const {
  return said_ && now - said_->began < UtteranceTime ? said_->word : moment_word_;
}

}  // namespace plinth::session
