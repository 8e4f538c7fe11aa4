#include <cmath>

#include "simulator/closed_loop.hpp"

namespace plinth::simulator {

std::vector<std::string> disappointments(const Scenario& scenario, const RunResult& result) {
  std::vector<std::string> found;
  const auto& expected = scenario.expect;
  if (expected.end && result.set_end_reason != rehab::name_of(*expected.end)) {
    found.push_back("The set ended " +
                    (result.set_end_reason.empty() ? "not at all" : result.set_end_reason) + ", not " +
                    std::string{rehab::name_of(*expected.end)} + " as expected.");
  }
  if (expected.end == rehab::SetEnd::Completed && result.reps_counted != result.reps_prescribed) {
    found.push_back(std::to_string(result.reps_counted) + " reps were counted, not all " +
                    std::to_string(result.reps_prescribed) + ".");
  }
  if (expected.max_reaction && !scenario.faults.empty()) {
    const double bound_ms = units::in_seconds(*expected.max_reaction) * 1e3;
    if (!result.reaction_ms) {
      found.emplace_back("There was no reaction to the fault.");
    } else if (*result.reaction_ms > bound_ms) {
      found.push_back("The reaction took " + std::to_string(std::lround(*result.reaction_ms)) +
                      " ms, more than " + std::to_string(std::lround(bound_ms)) + " ms.");
    }
  }
  if (!scenario.faults.empty() && !result.fault_felt)
    found.emplace_back("The fault was not felt by any signal: this run proves nothing.");
  for (const auto& reason : result.unsafe_reasons) found.push_back("Unsafe: " + reason);
  return found;
}

}  // namespace plinth::simulator
