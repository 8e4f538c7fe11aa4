// A broken control law: what it asks of the drive in place of what it should. The gate stands behind it.
#pragma once

#include <optional>

#include "controller/rehab/demand.hpp"
#include "simulator/wrongs.hpp"

namespace plinth::simulator {

class FaultyLaw {
 public:
  // The demand as the law now makes it; the honest one when nothing is wrong with it.
  rehab::DriveDemand corrupted(Wrongs& wrongs, const rehab::DriveDemand& honest);

 private:
  std::optional<rehab::TorqueDemand> last_torque_;
};

}  // namespace plinth::simulator
