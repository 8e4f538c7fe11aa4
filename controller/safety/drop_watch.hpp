// Notices legs that are let fall, before they have gathered speed. A copyable value.
#pragma once

#include "controller/safety/recent.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

class DropWatch {
 public:
  // Call once a cycle; true while the legs fall.
  bool watch(const Scene& scene);

 private:
  // The arm's speed in the last beat but the time `before` now: the fastest downward (without a past the
  // speed of now), and how much it came up again from there.
  struct Swing {
    units::AngularVelocity down;
    units::AngularVelocity rise;
  };
  [[nodiscard]] Swing swing(const Scene& scene, units::Duration before) const;
  [[nodiscard]] bool runs_away(const Scene& scene, const Swing& before) const;

  Recent recent_;
};

}  // namespace plinth::safety
