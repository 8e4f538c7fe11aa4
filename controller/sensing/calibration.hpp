// What commissioning measured of this station's sensors.
#pragma once

#include <array>

#include "controller/units/quantities.hpp"

namespace plinth::sensing {

// The arm's own gravity torque, held horizontal (station physics, simulator/README.md). The force that the
// machine exerts is (drive torque + this · cos θ) ÷ cuff radius.
inline constexpr units::Torque ArmGravity = units::newton_metres(31);
// The arm's inertia with the motor's, kg·m²: what the cells carry besides when the arm gathers speed.
inline constexpr double ArmInertiaKgM2 = 3.2;
// What gear and bearings take, against the movement: dry, and with its speed.
inline constexpr units::Torque ArmDryFriction = units::newton_metres(4);
inline constexpr double ArmViscousFrictionNms = 2.0;  // N·m·s/rad

struct ChannelCalibration {
  double gain = 1.0;      // 0.5–2; outside, the cell is not the one that was calibrated
  units::Force offset{};  // added after the gain
};

struct Calibration {
  ChannelCalibration strap_left{};
  ChannelCalibration strap_right{};
  std::array<ChannelCalibration, 4> pads{};
  units::Angle second_offset{};                           // added to the second sensor's angle
  units::Length pad_half_length = units::metres(0.20);    // pads from the bench's middle, along the trunk
  units::Length pad_half_width = units::metres(0.15);     // and across it
  units::Force presence_threshold = units::newtons(150);  // trunk weight that means somebody lies here
};

}  // namespace plinth::sensing
