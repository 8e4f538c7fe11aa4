// The geometry and speeds that follow from a prescription: said once, used by guide, law and supervisor.
#pragma once

#include <optional>

#include "controller/rehab/prescription.hpp"

namespace plinth::rehab {

// The soft wall begins this far inside each end of the range.
inline constexpr units::Angle WallMargin = units::degrees(3);
// With the drive's critical damping such a wall holds passive legs of 110 kg arriving at 60 °/s to less than
// a degree beyond the end (simulator/README.md).
inline constexpr units::AngularStiffness WallStiffness = units::newton_metres_per_radian(2000);
// The guide turns this far inside each end: the tube at rest (±4°) then just touches the end of the range,
// and the person never has to press into the wall to complete a rep.
inline constexpr units::Angle TurnMargin = units::degrees(4);
// A working range never reaches further down than this above the legs' measured rest.
inline constexpr units::Angle RestMargin = units::degrees(1);

// Whether less than the machine's narrowest range is left between the ends (but for the last bits of a
// conversion from degrees).
bool is_too_narrow(const units::Interval<units::Angle>& range);

// The range in which this person works today: the prescribed range, its lower end not below the legs'
// measured rest. Nothing when less than the narrowest range would remain.
std::optional<units::Interval<units::Angle>> working_range(const Prescription& prescription,
                                                           units::Angle rest);

// Where the guide turns. A range too narrow for both margins has its guide standing in the middle.
units::Interval<units::Angle> guide_range(const units::Interval<units::Angle>& working);

// Peak speed of a raised-cosine movement over `travel` in `time` (> 0): π·R/(2·D).
units::AngularVelocity peak_speed(units::Angle travel, units::Duration time);

struct SpeedLimit {
  units::AngularVelocity
      onset;  // above it the resistance grows (lifting) or the load is taken away (lowering)
  units::AngularVelocity trip;   // above it the set ends
  units::AngularVelocity drive;  // the drive's own limit: trip + 5 °/s
};
struct SpeedLimits {
  SpeedLimit lifting;
  SpeedLimit lowering;
};
// All as magnitudes, ω being the guide's peak speed over its own travel in this working range. Lifting: onset
// max(1.35·ω, ω + 8 °/s), trip min(stop speed, max(1.7·ω, ω + 15 °/s)); lowering: max(1.5·ω, ω + 8), min(stop
// speed, max(2·ω, ω + 15)); an onset never lies above its trip.
SpeedLimits speed_limits(const Prescription& prescription, const units::Interval<units::Angle>& working);

// How far from the guide a person may be: ±(4° + 0.25 s·|ω|), a tube in angle and in time.
units::Angle tube_half_width(units::AngularVelocity guide_speed);

}  // namespace plinth::rehab
