// Where the links read the time. The only clock of this folder; tests pass their own.
#pragma once

#include <chrono>

#include "controller/units/time.hpp"

namespace plinth::drivers {

class TimeSource {
 public:
  TimeSource() = default;
  TimeSource(const TimeSource&) = delete;
  TimeSource& operator=(const TimeSource&) = delete;
  virtual ~TimeSource() = default;
  [[nodiscard]] virtual units::Instant now() const = 0;
};

// CLOCK_MONOTONIC, the clock that the control loop sleeps by.
class MonotonicTime final : public TimeSource {
 public:
  [[nodiscard]] units::Instant now() const override {
    return units::Instant{std::chrono::steady_clock::now().time_since_epoch()};
  }
};

}  // namespace plinth::drivers
