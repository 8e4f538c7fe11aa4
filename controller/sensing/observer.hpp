// Turns samples into estimates: calibrated, checked for plausibility, aged.
#pragma once

#include "controller/sensing/arm_motion.hpp"
#include "controller/sensing/calibration.hpp"
#include "controller/sensing/estimate.hpp"
#include "controller/sensing/forces.hpp"
#include "controller/sensing/unit_watch.hpp"

namespace plinth::sensing {

// A copyable value; all its memory is a few cycles of history.
class Observer {
 public:
  // `period`: of the control cycle.
  Observer(const Calibration& calibration, units::Duration period);

  // Call once a cycle, `now` never decreasing. Never fails: what is missing is missing in the estimate.
  Estimate observe(const Sample& sample, units::Instant now);

 private:
  void take_drive(const Block<DriveReport>& block);
  void take_hub(const Block<HubReport>& block);
  [[nodiscard]] bool believed(const BlockHealth& health) const;
  void estimate_arm(Estimate& estimate, const Sample& sample) const;
  void estimate_forces(Estimate& estimate, const HubReport& report) const;
  void estimate_person(Estimate& estimate, const HubReport& report);

  Calibration calibration_;
  units::Duration period_;
  UnitWatch drive_watch_;
  UnitWatch hub_watch_;
  EncoderMotion encoder_;
  SecondMotion second_;
  CellWatch left_cell_;
  CellWatch right_cell_;
  std::optional<units::Instant> drive_taken_at_;
  std::optional<units::Instant> hub_taken_at_;
  std::optional<units::Instant> last_at_;
  bool present_ = false;
};

}  // namespace plinth::sensing
