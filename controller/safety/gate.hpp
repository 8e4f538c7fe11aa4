// The only maker of commands. It sees a demand, a verdict and the limits, never the reasons of the demand.
#pragma once

#include <optional>

#include "controller/rehab/demand.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/gate_core.hpp"
#include "controller/safety/limits.hpp"
#include "controller/safety/verdict.hpp"

namespace plinth::safety {

// A copyable value that works in wire integers after rounding, with saturating counts, so that its states
// can be explored exhaustively (gate_core.hpp).
class Gate {
 public:
  explicit Gate(units::Duration period);

  ApprovedCommand approve(const rehab::DriveDemand& demand, const Verdict& verdict,
                          const std::optional<Limits>& limits);

 private:
  GateCore core_;
  bool asked_for_nonsense_ = false;  // since the permission was granted
  std::optional<WireCaps> caps_;     // of `capped_for_` in `capped_range_`: the same has the same caps
  std::optional<rehab::Prescription> capped_for_;
  std::optional<units::Interval<units::Angle>> capped_range_;
};

}  // namespace plinth::safety
