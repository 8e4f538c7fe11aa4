// One session, attended from the terminal: what to ask next, and what came of it. Pure: states and the time
// are passed in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plinth/v1/plinth.pb.h"

namespace plinth::ctl {

struct RunSettings {
  bool reset_after_boot = true;  // clear the stop that every daemon comes up with
  bool reset_any = false;        // clear whatever stop is latched before the first set
  bool one_set = false;          // end with the first set
  // How long the station may take until a set can be armed (links, self-tests, a person who gets ready).
  std::chrono::milliseconds patience{30'000};
};

struct Summary {
  std::uint32_t reps_prescribed = 0;
  std::uint32_t reps_counted = 0;
  std::uint32_t sets = 0;  // prescribed
  std::vector<std::string> set_ends;
  std::optional<double> max_force_n;  // measured at the strap while training
  std::optional<double> force_limit_n;
  std::optional<double> min_angle_deg;  // while training, from when the legs have come up into the range
  std::optional<double> max_angle_deg;  // while training
  std::optional<double> range_low_deg;  // in force, the widest of all sets
  std::optional<double> range_high_deg;
  double in_tube = 0.0;             // of the last set
  std::vector<std::string> causes;  // of every stop that latched in the session
  double seconds = 0.0;
  // Every prescribed set was completed and every rep of it counted; force and angle were measured, and stayed
  // within their limits. What was not measured is not within limits.
  bool complete = false;
  std::string why;  // when it is not: what happened and what to do
};

// The arm may swing this far beyond the range: a degree is where the station itself ends the set, the rest is
// what two sensors may differ by.
inline constexpr double BeyondRangeDeg = 2.0;

class SessionRun {
 public:
  using Instant = std::chrono::steady_clock::time_point;
  enum class Wish : std::uint8_t { None, Reset, Start };

  SessionRun(const v1::Prescription& prescription, const RunSettings& settings, Instant now);

  // Takes in the newest state; says what to ask of the station now.
  [[nodiscard]] Wish look(const v1::Telemetry& telemetry, Instant now);
  // The answer to a wish: a refusal is remembered, and the wish comes again a second later.
  void answered(const v1::Outcome& outcome, Instant now);
  // Ends it from outside: Ctrl-C, a lost connection.
  void give_up(std::string why);

  [[nodiscard]] bool is_over() const { return over_; }
  [[nodiscard]] bool has_begun() const { return begun_; }
  [[nodiscard]] const Summary& summary() const { return summary_; }

 private:
  void begin(const v1::SessionState& session);
  void record(const v1::Telemetry& telemetry);
  void finish(const v1::Telemetry& telemetry);
  // What speaks against a complete session; empty when nothing does.
  [[nodiscard]] std::string shortfall(const v1::Telemetry& telemetry) const;
  [[nodiscard]] Wish prepare(const v1::Telemetry& telemetry, Instant now);
  [[nodiscard]] Wish between_sets(const v1::Telemetry& telemetry, Instant now);

  RunSettings settings_;
  Summary summary_;
  Instant started_;
  Instant ready_by_;
  Instant ask_after_;
  v1::Stage stage_ = v1::STAGE_UNSPECIFIED;
  std::uint32_t counted_before_ = 0;
  std::string latched_cause_;
  std::string last_refusal_;
  bool begun_ = false;
  bool in_range_ = false;  // in this set
  bool over_ = false;
};

}  // namespace plinth::ctl
