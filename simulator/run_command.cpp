#include "simulator/run_command.hpp"

#include <fstream>
#include <iostream>

#include <nlohmann/json.hpp>

#include "simulator/closed_loop.hpp"
#include "simulator/run_recording.hpp"

namespace plinth::simulator {

namespace {

nlohmann::ordered_json or_null(const std::optional<double>& value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json as_json(const RunResult& result) {
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  for (const auto& event : result.events) {
    events.push_back(
        {{"t_ms", event.t_ms}, {"kind", event.kind}, {"cause", event.cause}, {"action", event.action}});
  }
  return {{"scenario", result.scenario},
          {"seed", result.seed},
          {"simulated_s", result.simulated_s},
          {"wall_s", result.wall_s},
          {"reps_prescribed", result.reps_prescribed},
          {"reps_counted", result.reps_counted},
          {"set_end_reason", result.set_end_reason},
          {"events", std::move(events)},
          {"max_force_n", result.max_force_n},
          {"force_limit_n", result.force_limit_n},
          {"min_angle_deg", result.min_angle_deg},
          {"max_angle_deg", result.max_angle_deg},
          {"range_deg", {result.range_low_deg, result.range_high_deg}},
          {"reaction_ms", or_null(result.reaction_ms)},
          {"stop_ms", or_null(result.stop_ms)},
          {"fault_felt", result.fault_felt},
          {"unsafe", result.unsafe},
          {"unsafe_reasons", result.unsafe_reasons}};
}

void tell(const RunResult& result) {
  std::cout << result.scenario << ": " << result.reps_counted << " of " << result.reps_prescribed
            << " reps, ended " << (result.set_end_reason.empty() ? "by time" : result.set_end_reason) << "; "
            << result.simulated_s << " s in " << result.wall_s << " s (" << result.simulated_s / result.wall_s
            << " x real time)\n";
  for (const auto& event : result.events) {
    std::cout << "  " << static_cast<double>(event.t_ms) / 1000.0 << " s  " << event.kind << "  "
              << event.cause << "  " << event.action << '\n';
  }
  for (const auto& fault : result.faults) {
    std::cout << "  " << name_of(fault.kind) << ": "
              << (fault.felt ? "felt" : (fault.effective ? "not felt" : "its moment never came"));
    if (fault.detect_ms)
      std::cout << ", stopped by " << fault.cause << " after " << *fault.detect_ms << " ms, load gone after "
                << fault.stop_ms.value_or(0.0) << " ms";
    std::cout << '\n';
  }
  for (const auto& reason : result.unsafe_reasons) std::cout << "  UNSAFE: " << reason << '\n';
}

class CsvTrace {
 public:
  explicit CsvTrace(const std::filesystem::path& path) : file_{path} {
    file_
        << "t_s,angle_deg,velocity_deg_s,true_angle_deg,true_leg_angle_deg,target_deg,tolerance_deg,moment,"
           "stage,rep,"
           "torque_nm,setpoint_nm,muscle_nm,machine_force_n,added_load_n,load_set_n,load_applied_n,load_"
           "measured_n,"
           "action,cause,mode,command_dnm,resisting_limit_dnm,supporting_limit_dnm,brake_closed,permission\n";
  }
  [[nodiscard]] bool good() const { return file_.good(); }

  void operator()(const TracePoint& point) {
    const auto& [snapshot, truth] = point;
    const auto& estimate = snapshot.estimate;
    const auto& expected = snapshot.guidance.expectation;
    const auto& drive = snapshot.command.drive();
    const auto newtons = [](const std::optional<units::Force>& force) {
      return force ? std::to_string(units::in_newtons(*force)) : std::string{};
    };
    file_ << units::in_seconds(snapshot.at.time_since_epoch()) << ',' << units::in_degrees(estimate.angle)
          << ',' << units::in_degrees_per_second(estimate.velocity) << ','
          << units::in_degrees(truth.arm_angle) << ',' << units::in_degrees(truth.leg_angle) << ','
          << units::in_degrees(expected.target) << ',' << units::in_degrees(expected.tolerance) << ','
          << rehab::name_of(expected.moment) << ',' << session::name_of(snapshot.guidance.stage) << ','
          << snapshot.guidance.rep << ',' << units::in_newton_metres(estimate.drive_torque) << ','
          << units::in_newton_metres(estimate.drive_setpoint) << ','
          << units::in_newton_metres(truth.muscle_torque) << ',' << units::in_newtons(truth.machine_force)
          << ',' << units::in_newtons(truth.added_load) << ',' << units::in_newtons(snapshot.load_set) << ','
          << units::in_newtons(snapshot.load_applied) << ',' << newtons(snapshot.load_measured) << ','
          << safety::name_of(snapshot.verdict.action) << ',' << safety::name_of(snapshot.verdict.cause) << ','
          << static_cast<int>(drive.mode) << ',' << drive.torque_dnm << ',' << drive.resisting_limit_dnm
          << ',' << drive.supporting_limit_dnm << ',' << truth.brake_closed << ','
          << safety::name_of(snapshot.verdict.permission) << '\n';
  }

 private:
  std::ofstream file_;
};

}  // namespace

std::optional<RunResult> run_and_tell(const Scenario& scenario, RunOptions options, bool json,
                                      const std::optional<std::filesystem::path>& trace_file) {
  std::optional<CsvTrace> trace;
  if (trace_file) {
    trace.emplace(*trace_file);
    if (!trace->good()) {
      std::cerr << trace_file->string() << " cannot be written. Choose a file in a folder that exists.\n";
      return std::nullopt;
    }
    options.trace = [&trace](const TracePoint& point) { (*trace)(point); };
  }
  RunResult result = run_closed_loop(scenario, options);
  if (json) {
    std::cout << as_json(result).dump(2) << '\n';
  } else {
    tell(result);
  }
  return result;
}

int run_command(const RunArguments& arguments) {
  const auto scenario = read_scenario(arguments.scenario);
  if (!scenario) {
    for (const auto& mistake : scenario.error()) std::cerr << in_words(mistake) << '\n';
    return 2;
  }
  RunOptions options{.seed = arguments.seed};
  RunRecording recording{options.period, scenario->name};
  if (arguments.record) options.record = [&recording](const cycle::Record& record) { recording.add(record); };
  const auto result = run_and_tell(*scenario, options, arguments.json, arguments.trace);
  if (!result || (arguments.record && !recording.write_first(*arguments.record))) return 2;
  const auto unexpected = disappointments(*scenario, *result);
  for (const auto& sentence : unexpected) std::cerr << sentence << '\n';
  return unexpected.empty() ? 0 : 1;
}

}  // namespace plinth::simulator
