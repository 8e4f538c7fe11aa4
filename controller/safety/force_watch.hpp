// The two channels of the machine's force over a second or so: what differs little, but always to one side,
// is a zero that wanders or a scale that is another cell's. A copyable value.
#pragma once

#include "controller/safety/scene.hpp"

namespace plinth::safety {

class ForceWatch {
 public:
  // Call once a cycle. `brake_open_for`: how long torque has been able to move the arm.
  bool drifts(const Scene& scene, units::Duration brake_open_for);

 private:
  units::Force difference_{};  // torque − cells, averaged
  units::Force force_{};       // by torque, averaged
  units::Duration watched_{};
};

}  // namespace plinth::safety
