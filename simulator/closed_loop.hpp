// The real control code and the simulated machine in one closed loop, in virtual time, through the same
// codecs as on the wire.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "controller/cycle/record.hpp"
#include "controller/cycle/snapshot.hpp"
#include "simulator/reaction.hpp"
#include "simulator/scenario.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::simulator {

struct RunEvent {
  std::int64_t t_ms = 0;
  std::string kind;    // "fault", "verdict", "refused", "rep", "set_end"
  std::string cause;   // of a verdict; the fault's kind; the set's end; "counted" or "not counted"
  std::string action;  // of a verdict
};

// What `plinth-sim run` reports. Angles, forces and `unsafe` are the plant's truth, never the controller's
// word.
struct RunResult {
  std::string scenario;
  std::uint64_t seed = 0;
  double simulated_s = 0.0;
  double wall_s = 0.0;
  int reps_prescribed = 0;
  int reps_counted = 0;
  std::string set_end_reason;  // empty: no set ended within the scenario's duration
  std::vector<RunEvent> events;
  double max_force_n = 0.0;
  double force_limit_n = 0.0;
  double min_angle_deg = 0.0;
  double max_angle_deg = 0.0;
  double range_low_deg = 0.0;  // in force
  double range_high_deg = 0.0;
  std::optional<double> reaction_ms;  // fault effective → reaction on the wire
  std::optional<double> stop_ms;      // fault effective → load ≤ 10 % and lowering ≤ 15 °/s, for good
  bool fault_felt = false;            // every fault that took effect was felt
  std::vector<FaultOutcome> faults;
  bool started = false;           // a set began
  double worst_excess_n = 0.0;    // beyond the force limits
  double worst_excess_deg = 0.0;  // machine-driven, beyond the range
  bool unsafe = false;
  std::vector<std::string> unsafe_reasons;
};

// One control cycle as a trace sees it.
struct TracePoint {
  const cycle::Snapshot& snapshot;
  const Truth& truth;
};

struct RunOptions {
  std::uint64_t seed = 1;
  units::Duration period = units::milliseconds(10);
  // A run in which nothing has begun by then is over; none: it goes on to its duration.
  std::optional<units::Duration> start_by{};
  std::function<void(const TracePoint&)> trace{};  // called every cycle when given
  std::function<void(const cycle::Record&)> record{};  // likewise
};

// Runs the scenario to its set's end (plus the time in which the legs must be at rest), or to its duration.
RunResult run_closed_loop(const Scenario& scenario, const RunOptions& options);

// Every way in which the result is not what the scenario's file expects, in words; none when it is.
std::vector<std::string> disappointments(const Scenario& scenario, const RunResult& result);

}  // namespace plinth::simulator
