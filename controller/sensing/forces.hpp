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

// Notices a channel whose value does not change in its last bit though the arm moves: a live cell has noise,
// and a moving load has more. A copyable value.
class CellWatch {
 public:
  // Once per new report of the hub. `since_last`: since the report before.
  void watch(const ForceChannel& channel, units::AngularVelocity velocity, units::Duration since_last);
  [[nodiscard]] bool frozen() const { return unchanged_for_ > (loaded_ ? FrozenLoaded : FrozenLight); }

 private:
  // A cell with 0.25 N of noise in steps of 0.1 N repeats itself ten times by chance once in 10⁹. A good
  // converter has a tenth of that noise and lives of the load's own movement: README.md has what was
  // measured.
  static constexpr units::Duration FrozenLoaded = units::milliseconds(150);
  static constexpr units::Duration FrozenLight = units::milliseconds(1000);
  std::optional<units::Force> last_;
  units::Duration unchanged_for_{};  // in motion, saturating
  bool loaded_ = false;
};

}  // namespace plinth::sensing
