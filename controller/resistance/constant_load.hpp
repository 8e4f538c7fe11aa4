// Constant load at the strap: the law of a training set.
#pragma once

#include "controller/rehab/limits.hpp"
#include "controller/resistance/law.hpp"

namespace plinth::resistance {

// The load fades to nothing over at least this much above the lower end of the range, so that the legs never
// come to rest against it.
inline constexpr units::Angle LoadFade = units::degrees(5);
// The fade is a spring rendered by the host's loop: a load of torque M that fades over w has the stiffness
// M/w. At 10 ms period and 15 ms delay the loop carries 600 N·m/rad with a gain margin of 2 (walls.hpp has
// the formula); here the margin is given up, for a person under load adds damping of their own (~30
// N·m·s/rad). Heavier loads fade over more than `LoadFade` instead.
inline constexpr units::AngularStiffness FadeStiffness = units::newton_metres_per_radian(1200);

// The machine's share of the legs' weight comes on over this much above the lower end of the range. Tissue
// carries the legs where they hang, and lets go of them with height: 60 % of the weight is free after 10°,
// 95 % after 30° (Riener and Edrich, 1999). Support that came on sooner would lift legs that nobody lifts.
inline constexpr units::Angle SupportComesOn = units::degrees(30);
// It goes off over this much above the upper end, where support would drive them out.
inline constexpr units::Angle SupportGoesOff = units::degrees(10);

// Resistance that is added per speed above the onset, as far as a quarter of the load.
inline constexpr units::AngularDamping CeilingDamping = units::newton_metre_seconds_per_radian(25);
inline constexpr double CeilingShare = rehab::ForceLimitShare - 1.0;

// Damping in the drive. None while lifting: whatever resists there is prescribed. A little while lowering,
// which takes 2 N·m off the load at 22 °/s.
inline constexpr units::AngularDamping LiftingDamping = units::newton_metre_seconds_per_radian(0);
inline constexpr units::AngularDamping LoweringDamping = units::newton_metre_seconds_per_radian(5);

// λ·e·F·r with the fade at this angle: the torque of the load alone, ≥ 0.
units::Torque load_torque(const ConstantLoad& law, units::Angle angle);

// κ at this angle, 0 … the most that rehab allows.
double support_share(const ConstantLoad& law, units::Angle angle);

// Added to `load` (the load's torque, ≥ 0): above 0 when lifting faster than the onset, below 0 when lowering
// faster than it; never more than a quarter of the load, so the sum never changes sign.
units::Torque speed_ceiling(units::Torque load, units::AngularVelocity velocity,
                            const rehab::SpeedLimits& speed);

// τ = λ·e·F·r·fade − Ga·cosθ − κ·G·cosθ + speed ceiling. When a number that it needs is
// not finite or cannot be, the torque asked for is no number either, which the gate answers with a stop.
rehab::DriveDemand constant_load(const ConstantLoad& law, const sensing::Estimate& estimate);

}  // namespace plinth::resistance
