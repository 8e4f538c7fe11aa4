// Plays a fault record through the control code again: same input, same verdict.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/record/record_file.hpp"

namespace plinth::simulator {

struct ReplayDifference {
  std::uint64_t cycle = 0;
  std::int64_t t_ms = 0;          // from the trip
  std::vector<std::string> what;  // "action: drive_stop, recorded release"
};

// A verdict that is another than that of the cycle before.
struct ReplayedVerdict {
  std::uint64_t cycle = 0;
  std::int64_t t_ms = 0;
  cycle::Outcome outcome{};
};

struct Replay {
  std::size_t compared = 0;   // cycles
  std::uint64_t missing = 0;  // cycles that the recorder did not get, inside the record
  bool trip_reached = false;  // the trip's own cycle was compared
  std::size_t different = 0;  // cycles
  std::optional<ReplayDifference> first{};
  std::vector<ReplayedVerdict> verdicts{};  // as they come out now, from `compare_from` on

  [[nodiscard]] bool same() const { return trip_reached && different == 0; }
};

// The record must not begin in the middle of a set. A fresh state gets every input as it was recorded; before
// `compare_from` it is brought to where the station stood: the prescription is loaded, its boot latch is
// reset.
Replay replay(const record::Contents& contents);

}  // namespace plinth::simulator
