#include "simulator/witness_report.hpp"

#include <cmath>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace plinth::simulator {

namespace {

using Json = nlohmann::ordered_json;

// To a hundredth: finer than any sensor of the station.
double rounded(double value) {
  return std::round(value * 100.0) / 100.0;
}
double ms(units::Duration duration) {
  return rounded(units::in_seconds(duration) * 1e3);
}
double ms(units::Instant instant) {
  return ms(instant.time_since_epoch());
}
Json ms_or_null(const std::optional<units::Instant>& instant) {
  return instant ? Json(ms(*instant)) : Json(nullptr);
}

Json as_json(const WatchedRun& run) {
  Json told{{"started_ms", ms(run.started)}, {"squeezed", run.squeezed},
            {"cut_off", run.cut_off},        {"stopped_ms", ms_or_null(run.stopped)},
            {"sign", name_of(run.sign)},     {"last_telegram_ms", ms(run.last_telegram)}};
  if (!run.stopped) return told;
  told.update(
      Json{{"load_at_stop_n", rounded(units::in_newtons(run.load_at_stop))},
           {"load_gone_ms", ms_or_null(run.load_gone)},
           {"ended_ms", ms_or_null(run.ended)},
           {"ended_at_deg", run.ended ? Json(rounded(units::in_degrees(run.ended_at))) : Json(nullptr)},
           {"highest_after_stop_deg", rounded(units::in_degrees(run.highest_after_stop))},
           {"fastest_fall_deg_s", rounded(units::in_degrees_per_second(run.fastest_fall))}});
  return told;
}

}  // namespace

void write_report(const std::filesystem::path& file, const std::string& scenario, std::uint64_t seed,
                  const ServeRecord& record) {
  const Testimony& told = record.testimony;
  Json runs = Json::array();
  for (const WatchedRun& run : told.runs) runs.push_back(as_json(run));
  const Json report{
      {"scenario", scenario},
      {"seed", seed},
      {"simulated_s", units::in_seconds(told.simulated)},
      {"latest_tick_ms", ms(record.latest_tick)},
      {"left_out_ms", ms(record.left_out)},
      {"unsafe", !told.unsafe_reasons.empty()},
      {"unsafe_reasons", told.unsafe_reasons},
      {"max_force_n", rounded(units::in_newtons(told.most_load))},
      {"force_limit_n", rounded(units::in_newtons(told.force_limit))},
      {"min_angle_deg", rounded(units::in_degrees(told.lowest))},
      {"max_angle_deg", rounded(units::in_degrees(told.highest))},
      {"range_deg",
       {rounded(units::in_degrees(told.range_low)), rounded(units::in_degrees(told.range_high))}},
      {"reps_shown", told.reps_shown},
      {"runs", std::move(runs)},
      {"brake_shut", told.now.brake_closed},
      {"torque_on", told.now.torque_on},
      {"at_rest", told.at_rest},
      {"angle_deg", rounded(units::in_degrees(told.now.arm_angle))},
      {"load_left_n", told.now.torque_on ? rounded(units::in_newtons(told.now.added_load)) : 0.0}};
  std::ofstream out{file};
  out << report.dump(2) << '\n';
  if (!out.flush()) throw std::runtime_error("cannot write the report to " + file.string());
}

}  // namespace plinth::simulator
