// Time as the control sees it: a monotonic clock that is always passed in, never read.
#pragma once

#include <chrono>
#include <cstdint>

#include "controller/units/quantities.hpp"

namespace plinth::units {

// Names the one time line of a station. It has no now(): whoever owns the loop passes the time in, so the
// same code runs on the live clock and, thousands of times faster, in virtual time.
struct StationClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<StationClock>;
  static constexpr bool is_steady = true;
};

using Duration = StationClock::duration;
using Instant = StationClock::time_point;

constexpr Duration milliseconds(std::int64_t count) {
  return std::chrono::milliseconds{count};
}
constexpr double in_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}
constexpr std::int64_t in_milliseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
}
// Rounded to the nearest nanosecond. `value` must be finite and within ±292 years.
constexpr Duration seconds_long(double value) {
  return std::chrono::round<Duration>(std::chrono::duration<double>(value));
}
constexpr TimeSpan time_span(Duration duration) {
  return seconds(in_seconds(duration));
}

}  // namespace plinth::units
