#include "controller/safety/seat_watch.hpp"

#include <cmath>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

// Legs that push unevenly move the centre of pressure by 2 cm; a trunk that has slid by a hand's breadth,
// by 6. Along the bench it moves by far more than that with every rep: there it tells nothing.
constexpr units::Length Sideways = units::metres(0.06);
constexpr double WeightLeft = 0.6;

}  // namespace

void SeatWatch::begin(const sensing::Estimate& estimate) {
  seat_.reset();
  if (estimate.trunk && estimate.centre_of_pressure)
    seat_ = Seat{.trunk = *estimate.trunk, .across = estimate.centre_of_pressure->y};
}

bool SeatWatch::slid(const Scene& scene) const {
  if (!scene.in_set() || !seat_ || check_hub_stale(scene)) return false;
  const sensing::Estimate& estimate = scene.estimate;
  if (!estimate.trunk || !estimate.centre_of_pressure) return false;
  const units::Length moved = estimate.centre_of_pressure->y - seat_->across;
  return moved > Sideways || moved < -Sideways || *estimate.trunk < WeightLeft * seat_->trunk;
}

}  // namespace plinth::safety
