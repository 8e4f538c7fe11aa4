// Judges every estimate against the rule table. A copyable value; no clock, no I/O, no allocation.
#pragma once

#include "controller/rehab/expectation.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/limits.hpp"
#include "controller/safety/verdict.hpp"
#include "controller/sensing/estimate.hpp"

namespace plinth::safety {

class Supervisor {
 public:
  // `period`: the control period; ages are judged in multiples of it.
  explicit Supervisor(units::Duration period);

  // `limits`: nothing when no prescription is loaded. `last_command`: what left in the previous cycle.
  Verdict judge(const sensing::Estimate& estimate, const rehab::Expectation& expectation,
                const Requests& requests, const ApprovedCommand& last_command,
                const std::optional<Limits>& limits);

 private:
  units::Duration period_;
};

}  // namespace plinth::safety
