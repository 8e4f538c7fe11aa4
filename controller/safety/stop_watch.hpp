// Watches a stop being carried out: is the load seen to go, are the legs seen to be lowered? A copyable
// value.
#pragma once

#include <optional>

#include "controller/safety/dwell.hpp"
#include "controller/safety/latch.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

class StopWatch {
 public:
  // A set has just been ended by a trip. The load that must go is the one that acts now.
  void begin(const Scene& scene);
  // The legs are at rest and held, or the latch was cleared.
  void end() { stop_.reset(); }

  struct Findings {
    bool release_unverified = false;
    bool stop_unverified = false;
  };
  // `action`: of the latch. Call once a cycle.
  Findings watch(const Scene& scene, Action action);

 private:
  struct Stop {
    units::Instant began;
    std::optional<units::Instant> drive_stop_began;
    units::Force load;
    units::Length cuff_radius;
  };
  [[nodiscard]] bool load_remains(const Scene& scene) const;

  std::optional<Stop> stop_;
  Dwell release_violated_;
  Dwell stop_violated_;
};

}  // namespace plinth::safety
