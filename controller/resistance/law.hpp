// Resistance laws: what the machine does to the legs, as pure functions of the estimate.
#pragma once

#include <variant>

#include "controller/rehab/demand.hpp"
#include "controller/rehab/movement.hpp"
#include "controller/rehab/person.hpp"
#include "controller/sensing/calibration.hpp"
#include "controller/sensing/estimate.hpp"

namespace plinth::resistance {

// Nothing is asked of the drive.
struct Off {};

// The drive lowers the legs to their measured rest and brakes.
struct Lower {};

// Constant load at the strap with the arm's own weight compensated; heavier when lifting too fast, lighter
// when lowering too fast; soft walls at both ends.
struct ConstantLoad {
  units::Force load{};           // while lifting and holding
  double eccentric_ratio = 1.0;  // load while lowering ÷ load while lifting
  double eccentric_blend = 0.0;  // 0 lifting … 1 lowering: how far the load has changed over
  double ramp = 0.0;             // λ: 0 nothing … 1 all of the load
  double leg_support = 0.0;      // κ
  rehab::LegMeasures legs{};
  units::Interval<units::Angle> working;  // the range; the walls end there
  units::Angle lower_wall{};  // where the lower wall begins (below the range until the arm has entered it)
  rehab::SpeedLimits speed{};
};

using Law = std::variant<Off, Lower, ConstantLoad>;

// The arm's own gravity torque, held horizontal.
using sensing::ArmGravity;

rehab::DriveDemand resist(const Law& law, const sensing::Estimate& estimate);

}  // namespace plinth::resistance
