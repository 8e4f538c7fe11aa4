// A law and an estimate to start the tests of this folder from.
#pragma once

#include "controller/resistance/constant_load.hpp"

namespace plinth::resistance {

// 78 kg and 1.75 m: 95 N·m of leg weight, 0.79 m to the cuff. 120 N over −60 … −5°, fully on.
inline ConstantLoad typical_law() {
  using namespace units;
  return {.load = newtons(120),
          .ramp = 1.0,
          .legs = {.gravity_moment = newton_metres(95), .cuff_radius = metres(0.79)},
          .working = {degrees(-60), degrees(-5)},
          .lower_wall = degrees(-57),
          .speed = {.lifting = {.onset = degrees_per_second(58),
                                .trip = degrees_per_second(70),
                                .drive = degrees_per_second(75)},
                    .lowering = {.onset = degrees_per_second(33),
                                 .trip = degrees_per_second(44),
                                 .drive = degrees_per_second(49)}}};
}

inline sensing::Estimate arm_at(double angle_deg, double velocity_deg_s = 0.0) {
  sensing::Estimate estimate;
  estimate.angle = units::degrees(angle_deg);
  estimate.velocity = units::degrees_per_second(velocity_deg_s);
  return estimate;
}

inline rehab::TorqueDemand torque_demand(const Law& law, const sensing::Estimate& estimate) {
  return std::get<rehab::TorqueDemand>(resist(law, estimate));
}

inline double torque_nm(const Law& law, const sensing::Estimate& estimate) {
  return units::in_newton_metres(torque_demand(law, estimate).torque);
}

}  // namespace plinth::resistance
