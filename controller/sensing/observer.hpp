// Turns samples into estimates: calibrated, checked for plausibility, aged.
#pragma once

#include "controller/sensing/calibration.hpp"
#include "controller/sensing/estimate.hpp"

namespace plinth::sensing {

// A copyable value; all its memory is a few cycles of history.
class Observer {
 public:
  explicit Observer(const Calibration& calibration);

  // Call once a cycle, `now` never decreasing. Never fails: what is missing is missing in the estimate.
  Estimate observe(const Sample& sample, units::Instant now);

 private:
  Calibration calibration_;
  // (history: owned by the implementation)
};

}  // namespace plinth::sensing
