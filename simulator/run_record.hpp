// Writes down what happened in a run, for its report.
#pragma once

#include <chrono>
#include <span>

#include "simulator/closed_loop.hpp"
#include "simulator/judge.hpp"

namespace plinth::simulator {

class RunRecord {
 public:
  RunRecord(const Scenario& scenario, const rehab::Prescription& prescription, std::uint64_t seed);

  void observe(const Truth& truth);                                                    // every millisecond
  void observe(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults);  // every cycle
  void finish(units::Duration simulated, std::chrono::nanoseconds wall, std::span<const FaultRecord> faults,
              const Judge& judge, const Reaction& reaction);
  [[nodiscard]] bool started() const { return ever_trained_; }
  [[nodiscard]] const RunResult& result() const { return result_; }

 private:
  void note(units::Instant at, std::string kind, std::string cause, std::string action = {});
  void note_faults(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults);
  void note_verdict(const cycle::Snapshot& snapshot);
  void note_progress(const cycle::Snapshot& snapshot);

  RunResult result_;
  bool ever_trained_ = false;
  safety::Action last_action_ = safety::Action::Allow;
  safety::Cause last_cause_ = safety::Cause::None;
  std::size_t faults_noted_ = 0;
  // Of the first fault (or, without one, of the first stop): when, and the load then.
  std::optional<units::Duration> effective_;
  units::Force load_then_{};
  units::Force load_now_{};
  std::optional<units::Duration> last_violation_;
  bool reacted_ = false;
  safety::Action action_then_ = safety::Action::Allow;
};

}  // namespace plinth::simulator
