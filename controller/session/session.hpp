// One session: sets of reps, each rep a lift, a hold, a lowering and a rest, guided and scored.
#pragma once

#include "controller/rehab/prescription.hpp"
#include "controller/safety/verdict.hpp"
#include "controller/sensing/estimate.hpp"
#include "controller/session/guidance.hpp"
#include "controller/session/intent.hpp"

namespace plinth::session {

// A copyable value; no clock, no I/O, no allocation.
class Session {
 public:
  Session() = default;

  Guidance advance(const sensing::Estimate& estimate, const safety::Verdict& verdict,
                   const std::optional<Intent>& intent, units::Instant now);

  // What was loaded last; the cycle derives the enforced limits from it.
  [[nodiscard]] const std::optional<rehab::Prescription>& prescription() const { return prescription_; }

 private:
  std::optional<rehab::Prescription> prescription_;
};

}  // namespace plinth::session
