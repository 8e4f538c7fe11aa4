// The only maker of commands. It sees a demand, a verdict and the limits, never the reasons of the demand.
#pragma once

#include <optional>

#include "controller/rehab/demand.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/limits.hpp"
#include "controller/safety/verdict.hpp"

namespace plinth::safety {

// A copyable value that works in wire integers after rounding, with saturating counts, so that its states
// can be explored exhaustively.
class Gate {
 public:
  explicit Gate(units::Duration period);

  ApprovedCommand approve(const rehab::DriveDemand& demand, const Verdict& verdict,
                          const std::optional<Limits>& limits);

 private:
  units::Duration period_;
};

}  // namespace plinth::safety
