// What a physio at the console does in a scenario: clears the boot latch, presses Start when the station is
// ready.
#pragma once

#include <optional>

#include "controller/cycle/snapshot.hpp"
#include "controller/session/intent.hpp"

namespace plinth::simulator {

class ConsoleScript {
 public:
  explicit ConsoleScript(const rehab::Prescription& prescription) : prescription_{prescription} {}

  // What is asked in the next cycle, given the newest snapshot (nothing before the first cycle). One request
  // is out at a time; a refused one is repeated after a second, as people do.
  std::optional<session::Intent> next(const std::optional<cycle::Snapshot>& newest, units::Instant now);

 private:
  [[nodiscard]] std::optional<session::IntentBody> wish(const std::optional<cycle::Snapshot>& newest) const;

  rehab::Prescription prescription_;
  units::Instant not_before_{};
  std::uint64_t last_id_ = 0;
};

}  // namespace plinth::simulator
