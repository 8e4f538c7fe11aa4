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
  // The arm's speeds in the last beat but the time `before` now; without a past the speed of now.
  struct Swing {
    units::AngularVelocity down;
    units::AngularVelocity up;
  };
  [[nodiscard]] Swing swing(const Scene& scene, units::Duration before) const;

  Recent recent_;
};

}  // namespace plinth::safety
