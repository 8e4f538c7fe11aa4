// Has somebody started the machine? Both hands off the grips and then both on them, within 10 s of the Start
// at the console: what people did, never what the controller made of it.
#pragma once

#include <optional>

#include "controller/units/time.hpp"

namespace plinth::simulator {

class StartWatch {
 public:
  void start_pressed(units::Duration at) { pressed_ = at; }
  // Every millisecond; true in the one in which a start is complete.
  bool observe(units::Duration now, bool left_hand, bool right_hand) {
    if (!left_hand && !right_hand) hands_were_off_ = true;
    if (!hands_were_off_ || !left_hand || !right_hand) return false;
    hands_were_off_ = false;
    return pressed_ && now - *pressed_ <= Armed;
  }

 private:
  static constexpr units::Duration Armed = units::milliseconds(10'000);
  std::optional<units::Duration> pressed_;
  bool hands_were_off_ = false;
};

}  // namespace plinth::simulator
