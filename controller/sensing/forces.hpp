// Forces in newtons as people mean them: calibrated, summed, and watched for a cell that no longer lives.
#pragma once

#include <array>
#include <optional>

#include "controller/sensing/calibration.hpp"
#include "controller/sensing/estimate.hpp"

namespace plinth::sensing {

// Nothing when the hub called the channel invalid or the calibration's gain lies outside 0.5–2.
std::optional<units::Force> calibrated(const ForceChannel& channel, const ChannelCalibration& calibration);

// Nothing unless both are known.
std::optional<units::Force> sum(const std::optional<units::Force>& left,
                                const std::optional<units::Force>& right);
// Nothing unless all four pads are known.
std::optional<units::Force> sum(const std::array<std::optional<units::Force>, 4>& pads);

// Nothing unless all four pads are known and carry at least 20 N together: of nothing there is no centre.
std::optional<CentreOfPressure> centre_of_pressure(const std::array<std::optional<units::Force>, 4>& pads,
                                                   const Calibration& calibration);

// Notices a channel whose value does not change in its last bit though the arm moves under load: a live cell
// has noise. A copyable value.
class CellWatch {
 public:
  // Once per new report of the hub. `since_last`: since the report before.
  void watch(const ForceChannel& channel, units::AngularVelocity velocity, units::Duration since_last);
  [[nodiscard]] bool frozen() const { return unchanged_for_ > FrozenAfter; }

 private:
  // Ten reports at 100 Hz: the cells' noise of 0.25 N spans several steps of the register's 0.1 N, so that
  // ten equal values in a row are no chance.
  static constexpr units::Duration FrozenAfter = units::milliseconds(100);
  std::optional<units::Force> last_;
  units::Duration unchanged_for_{};
};

}  // namespace plinth::sensing
