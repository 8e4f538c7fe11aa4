#include "controller/resistance/walls.hpp"

#include <algorithm>

namespace plinth::resistance {

units::Interval<units::Angle> walls_of(const ConstantLoad& law) {
  const units::Angle high = law.working.high() - rehab::WallMargin;
  return {std::min(law.lower_wall, high), high};
}

}  // namespace plinth::resistance
