// From quantities to the integers of the wire. Rounding is inward where a limit is concerned, so that no
// limit on the wire is looser than the one that was meant; nothing wraps.
#pragma once

#include <optional>

#include "controller/rehab/demand.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/limits.hpp"

namespace plinth::safety {

// A torque demand as registers; nothing when any of it is not a finite number.
std::optional<WireCommand> torque_registers(const rehab::TorqueDemand& demand);

// The caps of one prescription as registers.
struct WireCaps {
  int torque_dnm = 0;            // highest resisting command
  int resisting_limit_dnm = 0;   // highest torque limit +
  int supporting_limit_dnm = 0;  // highest torque limit −, magnitude, with arm and legs held horizontal
  int weight_dnm = 0;            // of it, what arm and legs weigh there
  int lowering_support_dnm = 0;  // what catches and carries the legs on the way down, magnitude
  int arm_dnm = 0;               // the arm's own weight held horizontal
  int carried_legs_dnm = 0;      // what the machine may carry of the legs, held horizontal
  int lifting_speed_mrad_s = 0;  // the most that any speed limit may be
  int lowering_speed_mrad_s = 0;
  int slew_nm_s = 0;
  int wall_high_dmrad = -15708;   // the upper wall begins no higher: 3° inside the range
  int wall_stiffness_nm_rad = 0;  // no wall is softer

  friend bool operator==(const WireCaps&, const WireCaps&) = default;
};
// Without a prescription: no torque command at all; only the way down is left.
// `working`: the range this person works in, the prescribed one as long as it was not measured.
WireCaps wire_caps(const std::optional<Limits>& limits,
                   const std::optional<units::Interval<units::Angle>>& working);

// The angle in 0.1 mrad.
std::int16_t angle_register(units::Angle angle);

}  // namespace plinth::safety
