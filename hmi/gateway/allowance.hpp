// How fast one viewer may speak: a token bucket. A page sends 4 heartbeats a second and a command when
// somebody touches it; ten times that is a fault or an attack.
#pragma once

#include <algorithm>
#include <chrono>

namespace plinth::gateway {

class Allowance {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr double MessagesPerSecond = 20;
  static constexpr double Burst = 40;

  explicit Allowance(Clock::time_point now) : at_{now} {}

  // True when a message that arrives now is within the allowance.
  [[nodiscard]] bool take(Clock::time_point now) {
    const double passed = std::chrono::duration<double>(now - at_).count();
    left_ = std::min(Burst, left_ + passed * MessagesPerSecond);
    at_ = now;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }

 private:
  double left_ = Burst;
  Clock::time_point at_;
};

}  // namespace plinth::gateway
