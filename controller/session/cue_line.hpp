// The one line of words on the patient's screen: one utterance at a time, the more important one first.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/session/guidance.hpp"
#include "controller/units/time.hpp"

namespace plinth::session {

// In the order of importance.
enum class CuePriority : std::uint8_t { Count, Correction, Safety };

// The word of the moment always stands there; other words take its place for as long as it takes to say them.
// A value; the time is passed in.
class CueLine {
 public:
  // It takes this long to say a word and to hear it: nothing else is said meanwhile, safety excepted.
  static constexpr units::Duration UtteranceTime = units::milliseconds(1500);
  // The same word of safety is not said again sooner.
  static constexpr units::Duration SafetyPause = units::milliseconds(3000);

  // A moment begins. `spoken`: its word is said; otherwise a tone stands for it and the voice is free.
  void moment_begins(Cue word, bool spoken, units::Instant now);
  // True when it is said. Refused while another word is being said, unless this one is about safety.
  bool offer(Cue word, CuePriority priority, units::Instant now);

  [[nodiscard]] Cue at(units::Instant now) const;

 private:
  struct Utterance {
    Cue word = Cue::None;
    CuePriority priority = CuePriority::Count;
    units::Instant began{};
  };
  [[nodiscard]] bool is_speaking(units::Instant now) const;

  Cue moment_word_ = Cue::None;
  std::optional<units::Instant> spoke_{};  // the last time that anything was said
  std::optional<Utterance> said_{};        // in place of the moment's word
};

}  // namespace plinth::session
