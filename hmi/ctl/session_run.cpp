#include "hmi/ctl/session_run.hpp"

#include <algorithm>
#include <utility>

#include "hmi/client/client.hpp"

namespace plinth::ctl {
namespace {

constexpr auto AskAgainAfter = std::chrono::milliseconds{1000};

bool runs(v1::Stage stage) {
  return stage == v1::STAGE_COUNT_IN || stage == v1::STAGE_TRAINING;
}

void raise(std::optional<double>& highest, double value) {
  highest = std::max(highest.value_or(value), value);
}
void lower(std::optional<double>& lowest, double value) {
  lowest = std::min(lowest.value_or(value), value);
}

}  // namespace

SessionRun::SessionRun(const v1::Prescription& prescription, const RunSettings& settings, Instant now)
    : settings_{settings}, started_{now}, ready_by_{now + settings.patience}, ask_after_{now} {
  summary_.sets = settings.one_set ? 1 : prescription.sets();
  summary_.reps_prescribed = summary_.sets * prescription.reps();
}

SessionRun::Wish SessionRun::look(const v1::Telemetry& telemetry, Instant now) {
  if (over_) return Wish::None;
  summary_.seconds = std::chrono::duration<double>(now - started_).count();
  const v1::Stage before = std::exchange(stage_, telemetry.session().stage());
  if (!runs(stage_)) in_range_ = false;
  if (runs(stage_)) {
    if (!begun_) begin(telemetry.session());
    ready_by_ = now + settings_.patience;
    record(telemetry);
    return Wish::None;
  }
  if (runs(before)) {
    summary_.set_ends.push_back(telemetry.session().last_set_end());
    summary_.reps_counted = telemetry.session().reps_counted_total() - counted_before_;
  }
  // The legs are still on their way down: how it went is known, but it is not over.
  if (stage_ == v1::STAGE_UNLOADING || stage_ == v1::STAGE_RESTING) ready_by_ = now + settings_.patience;
  return begun_ ? between_sets(telemetry, now) : prepare(telemetry, now);
}

// A session that somebody else has begun is taken on from its present set.
void SessionRun::begin(const v1::SessionState& session) {
  begun_ = true;
  counted_before_ = session.reps_counted_total() - session.reps_counted();
  if (!settings_.one_set && session.set() > 1) summary_.sets -= std::min(summary_.sets, session.set() - 1);
  summary_.reps_prescribed = summary_.sets * session.reps();
}

void SessionRun::record(const v1::Telemetry& telemetry) {
  const v1::SessionState& session = telemetry.session();
  summary_.reps_counted = session.reps_counted_total() - counted_before_;
  if (session.stage() != v1::STAGE_TRAINING) return;
  summary_.in_tube = session.in_tube();
  if (telemetry.load().has_measured_n()) raise(summary_.max_force_n, telemetry.load().measured_n());
  if (telemetry.load().has_limit_n()) summary_.force_limit_n = telemetry.load().limit_n();
  // A set may make the range narrower; what the legs did before was allowed before.
  if (session.has_range_low_deg()) lower(summary_.range_low_deg, session.range_low_deg());
  if (session.has_range_high_deg()) raise(summary_.range_high_deg, session.range_high_deg());
  if (!telemetry.arm().has_angle_deg()) return;
  const double angle_deg = telemetry.arm().angle_deg();
  raise(summary_.max_angle_deg, angle_deg);
  // The first lift of a set comes from below the range, where the legs hang.
  in_range_ = in_range_ || (session.has_range_low_deg() && angle_deg >= session.range_low_deg());
  if (in_range_) lower(summary_.min_angle_deg, angle_deg);
}

SessionRun::Wish SessionRun::prepare(const v1::Telemetry& telemetry, Instant now) {
  const v1::Safety& safety = telemetry.safety();
  if (stage_ == v1::STAGE_NO_PRESCRIPTION) {
    give_up("There is no prescription to train by. Set one: plinthctl prescription set --help");
    return Wish::None;
  }
  const bool latched = safety.permission() == v1::PERMISSION_LATCHED;
  if (now >= ready_by_) {
    give_up("The station did not become ready: " +
            (last_refusal_.empty() ? safety.physio_words() + " " + safety.next_step() : last_refusal_));
    return Wish::None;
  }
  if (now < ask_after_) return Wish::None;
  if (latched) {
    const bool may = settings_.reset_any || (settings_.reset_after_boot && safety.cause() == "boot");
    return may ? Wish::Reset : Wish::None;
  }
  const bool startable = stage_ == v1::STAGE_READY || stage_ == v1::STAGE_DONE;
  return startable ? Wish::Start : Wish::None;
}

SessionRun::Wish SessionRun::between_sets(const v1::Telemetry& telemetry, Instant now) {
  const v1::Safety& safety = telemetry.safety();
  if (safety.permission() == v1::PERMISSION_LATCHED && safety.cause() != latched_cause_) {
    latched_cause_ = safety.cause();
    summary_.causes.push_back(latched_cause_);
  }
  // A set that was stopped ends the run, but not before the legs are down and the machine says so.
  const bool stopped = stage_ == v1::STAGE_STOPPED && (safety.released() || now >= ready_by_);
  const bool done = stage_ == v1::STAGE_DONE ||
                    (settings_.one_set && (stage_ == v1::STAGE_RESTING || stage_ == v1::STAGE_READY));
  if (stopped || done) {
    finish(telemetry);
    return Wish::None;
  }
  if (stage_ != v1::STAGE_READY || now < ask_after_) return Wish::None;
  if (now >= ready_by_) {
    give_up("The next set could not be started: " + last_refusal_);
    return Wish::None;
  }
  return Wish::Start;
}

void SessionRun::answered(const v1::Outcome& outcome, Instant now) {
  // After "applied" the stage needs a moment to show it.
  ask_after_ = now + AskAgainAfter;
  last_refusal_ = outcome.has_refused() ? client::in_words(outcome.refused()) : "";
}

void SessionRun::finish(const v1::Telemetry& telemetry) {
  over_ = true;
  summary_.why = shortfall(telemetry);
  summary_.complete = summary_.why.empty();
}

std::string SessionRun::shortfall(const v1::Telemetry& telemetry) const {
  const Summary& s = summary_;
  const bool all_completed = std::all_of(s.set_ends.begin(), s.set_ends.end(),
                                         [](const std::string& end) { return end == "completed"; });
  if (!s.causes.empty()) return telemetry.safety().physio_words() + " " + telemetry.safety().next_step();
  if (!all_completed) return "A set ended before all its reps were done.";
  if (s.set_ends.size() != s.sets) return "Not every prescribed set was trained.";
  if (s.reps_counted != s.reps_prescribed)
    return "Not every rep was counted: a rep counts only with its hold.";
  if (!s.max_force_n || !s.force_limit_n) return "The force at the strap was not measured.";
  if (*s.max_force_n > *s.force_limit_n) return "The force at the strap was above its limit.";
  if (!s.max_angle_deg || !s.min_angle_deg || !s.range_low_deg || !s.range_high_deg)
    return "The angle of the arm was not measured.";
  if (*s.max_angle_deg > *s.range_high_deg + BeyondRangeDeg ||
      *s.min_angle_deg < *s.range_low_deg - BeyondRangeDeg)
    return "The arm went beyond the range in force.";
  return "";
}

void SessionRun::give_up(std::string why) {
  over_ = true;
  summary_.complete = false;
  summary_.why = std::move(why);
}

}  // namespace plinth::ctl
