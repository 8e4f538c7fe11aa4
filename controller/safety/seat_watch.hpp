// Where the person lay when the set began, and whether they still lie there. A copyable value.
#pragma once

#include <optional>

#include "controller/safety/scene.hpp"

namespace plinth::safety {

class SeatWatch {
 public:
  // A set begins: this is where the person lies. Nothing is compared when the pads do not tell.
  void begin(const sensing::Estimate& estimate);

  // More than 6 cm to a side, or less than three fifths of the weight left on the pads.
  [[nodiscard]] bool slid(const Scene& scene) const;

 private:
  struct Seat {
    units::Force trunk;
    units::Length across;
  };
  std::optional<Seat> seat_;
};

}  // namespace plinth::safety
