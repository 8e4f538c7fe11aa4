// Watches one unit's reports: how old the newest is, whether its counter moves, whether answers get lost.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>

#include "controller/sensing/estimate.hpp"

namespace plinth::sensing {

// A copyable value.
class UnitWatch {
 public:
  // What every report carries, whichever the unit.
  struct Seen {
    std::uint16_t sequence = 0;
    std::uint16_t boot_counter = 0;
    units::Instant taken_at{};
  };

  // `seen`: the newest good report, nothing when there never was one. `reading`: how this cycle's attempt
  // went.
  BlockHealth watch(const std::optional<Seen>& seen, Reading reading, units::Instant now);

 private:
  struct Progress {
    std::uint16_t sequence = 0;
    std::uint16_t boot_counter = 0;
    units::Instant taken_at{};  // of the report that last moved the counter
  };
  std::optional<Progress> progress_;
  std::uint8_t polls_without_progress_ = 0;  // saturates
  std::bitset<100> lost_;                    // of the last attempts, those that brought nothing
  std::size_t attempt_ = 0;                  // the place of the next one
};

}  // namespace plinth::sensing
