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
  Recent recent_;  // with the straps' force
};

}  // namespace plinth::safety
