// A criterion must hold for a while before it acts: one timer, a value, re-judged every cycle.
#pragma once

#include <optional>

#include "controller/units/time.hpp"

namespace plinth::safety {

class Dwell {
 public:
  // True once `criterion` has held from call to call for `dwell`. A single call without it starts anew.
  bool held(bool criterion, units::Instant now, units::Duration dwell) {
    if (!criterion) {
      since_.reset();
      return false;
    }
    if (!since_) since_ = now;
    // Half a millisecond for a loop that woke a little early.
    return now - *since_ + units::Duration{500'000} >= dwell;
  }
  void forget() { since_.reset(); }

  friend bool operator==(const Dwell&, const Dwell&) = default;

 private:
  std::optional<units::Instant> since_;
};

}  // namespace plinth::safety
