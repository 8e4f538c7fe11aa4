// Notices legs that are let fall, before they have gathered speed. A copyable value.
#pragma once

#include <optional>

#include "controller/safety/recent.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

class DropWatch {
 public:
  // Call once a cycle; true while the legs fall.
  bool watch(const Scene& scene);

 private:
  struct Past {
    units::AngularVelocity velocity{};
    std::optional<units::Force> strap;
  };
  Recent<Past, 12> recent_;
};

}  // namespace plinth::safety
