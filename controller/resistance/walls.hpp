// The soft walls at both ends of the range. They live in the drive, which is fast enough to render them; we
// say where they begin and how stiff they are.
#pragma once

#include "controller/resistance/law.hpp"

namespace plinth::resistance {

// What the drive at 1 kHz renders without ringing.
inline constexpr units::AngularStiffness StiffestWall = units::newton_metres_per_radian(5000);

// Where the walls of this law begin: the upper one `WallMargin` inside the range, the lower one where the law
// says. Never inverted: a lower wall that would lie above the upper one begins there.
units::Interval<units::Angle> walls_of(const ConstantLoad& law);

}  // namespace plinth::resistance
