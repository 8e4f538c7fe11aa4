#include "controller/resistance/walls.hpp"

#include <algorithm>

namespace plinth::resistance {

units::AngularStiffness stiffness_bound(units::AngularDamping friction, units::AngularDamping damping,
                                        units::Duration period, units::Duration delay) {
  const double lag_s = units::in_seconds(period) / 2.0 + units::in_seconds(delay);
  return units::newton_metres_per_radian((friction + damping).value() / lag_s);
}

units::Interval<units::Angle> walls_of(const ConstantLoad& law) {
  const units::Angle high = law.working.high() - rehab::WallMargin;
  return {std::min(law.lower_wall, high), high};
}

}  // namespace plinth::resistance
