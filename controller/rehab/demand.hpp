// What a resistance law asks of the drive, in quantities. Nobody obeys it before the gate has approved it.
#pragma once

#include <variant>

#include "controller/units/interval.hpp"
#include "controller/units/quantities.hpp"

namespace plinth::rehab {

// Nothing: drive disabled, brake closed.
struct NoDemand {
  friend bool operator==(const NoDemand&, const NoDemand&) = default;
};

// The drive lowers the legs to their measured rest by itself and brakes there.
struct LoweringDemand {
  friend bool operator==(const LoweringDemand&, const LoweringDemand&) = default;
};

// Torque control. Positive torque resists lifting (pulls the legs down), negative supports them.
struct TorqueDemand {
  units::Torque torque;                         // command
  units::Torque resisting_limit;                // the drive gives no more than this downward (≥ 0)
  units::Torque supporting_limit;               // nor more than this upward (magnitude, ≥ 0)
  units::AngularVelocity lifting_speed_limit;   // magnitude
  units::AngularVelocity lowering_speed_limit;  // magnitude
  units::AngularDamping lifting_damping;
  units::AngularDamping lowering_damping;
  // The soft walls begin at these angles, inside the range; they act inward only, in the drive.
  units::Interval<units::Angle> walls;
  units::AngularStiffness wall_stiffness;

  friend bool operator==(const TorqueDemand&, const TorqueDemand&) = default;
};

using DriveDemand = std::variant<NoDemand, LoweringDemand, TorqueDemand>;

}  // namespace plinth::rehab
