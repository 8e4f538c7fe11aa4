// What the rep should be doing now. Safety may use it to tighten, never to loosen.
#pragma once

#include <optional>

#include "controller/rehab/moment.hpp"
#include "controller/units/interval.hpp"
#include "controller/units/time.hpp"

namespace plinth::rehab {

struct Expectation {
  Moment moment = Moment::Idle;
  units::Angle target{};                  // where the guide is
  units::AngularVelocity target_speed{};  // of the guide, lifting positive
  units::Angle tolerance{};               // half width of the tube here
  units::Duration in_moment{};            // how long this moment has lasted
  units::Duration moment_length{};        // how long it should last
  // Nothing before the arm has entered the working range for the first time in a set.
  std::optional<units::Interval<units::Angle>> working{};
};

}  // namespace plinth::rehab
