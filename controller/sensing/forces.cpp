#include "controller/sensing/forces.hpp"

namespace plinth::sensing {
namespace {

constexpr units::Force LeastWeighable = units::newtons(20);
constexpr units::AngularVelocity Moving = units::degrees_per_second(2);
// Half of the 30 N on both cuffs together, from which on a strap counts as loaded. Below it a cell reads
// hardly more than the weight of a foot, and repeats itself for longer.
constexpr units::Force Loaded = units::newtons(15);

}  // namespace

std::optional<units::Force> calibrated(const ForceChannel& channel, const ChannelCalibration& calibration) {
  const bool believable_gain = calibration.gain >= 0.5 && calibration.gain <= 2.0;
  if (!channel.force || !believable_gain || !units::is_finite(*channel.force)) return std::nullopt;
  return *channel.force * calibration.gain + calibration.offset;
}

std::optional<units::Force> sum(const std::optional<units::Force>& left,
                                const std::optional<units::Force>& right) {
  if (!left || !right) return std::nullopt;
  return *left + *right;
}

std::optional<units::Force> sum(const std::array<std::optional<units::Force>, 4>& pads) {
  units::Force total{};
  for (const auto& pad : pads) {
    if (!pad) return std::nullopt;
    total += *pad;
  }
  return total;
}

std::optional<CentreOfPressure> centre_of_pressure(const std::array<std::optional<units::Force>, 4>& pads,
                                                   const Calibration& calibration) {
  const auto total = sum(pads);
  if (!total || *total < LeastWeighable) return std::nullopt;
  const auto on = [&pads](Pad pad) { return *pads.at(static_cast<std::size_t>(pad)); };
  const units::Force front = on(Pad::FrontLeft) + on(Pad::FrontRight);
  const units::Force left = on(Pad::FrontLeft) + on(Pad::RearLeft);
  // −1 … 1 from the rear (right) pads to the front (left) ones.
  const double along = 2.0 * (front.value() / total->value()) - 1.0;
  const double across = 2.0 * (left.value() / total->value()) - 1.0;
  return CentreOfPressure{.x = calibration.pad_half_length * along, .y = calibration.pad_half_width * across};
}

void CellWatch::watch(const ForceChannel& channel, units::AngularVelocity velocity,
                      units::Duration since_last) {
  const bool unchanged = channel.force && last_ && *channel.force == *last_;
  last_ = channel.force;
  loaded_ = channel.force && units::magnitude(*channel.force) >= Loaded;
  if (!unchanged) {
    unchanged_for_ = {};
    return;
  }
  if (units::magnitude(velocity) > Moving && unchanged_for_ <= FrozenLight) unchanged_for_ += since_last;
}

}  // namespace plinth::sensing
