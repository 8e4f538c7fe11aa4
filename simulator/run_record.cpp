#include "simulator/run_record.hpp"

#include <algorithm>

#include "controller/safety/limits.hpp"

namespace plinth::simulator {

namespace {

constexpr double UnloadedShare = 0.1;
constexpr units::Force UnloadedFloor = units::newtons(12);  // the drive's friction and the cells' noise
constexpr units::AngularVelocity GentleLowering = units::degrees_per_second(15);

double in_milliseconds_exactly(units::Duration duration) {
  return units::in_seconds(duration) * 1e3;
}

bool is_training(const cycle::Snapshot& snapshot) {
  return snapshot.verdict.permission == safety::Permission::Granted;
}

}  // namespace

RunRecord::RunRecord(const Scenario& scenario, const rehab::Prescription& prescription, std::uint64_t seed) {
  result_.scenario = scenario.name;
  result_.seed = seed;
  result_.reps_prescribed = prescription.sets() * prescription.reps();
  result_.force_limit_n = units::in_newtons(safety::limits_for(prescription).force_limit);
  result_.range_low_deg = units::in_degrees(prescription.range().low());
  result_.range_high_deg = units::in_degrees(prescription.range().high());
  result_.min_angle_deg = 1e9;
  result_.max_angle_deg = -1e9;
}

void RunRecord::observe(const Truth& truth) {
  load_now_ = truth.added_load;
  if (truth.torque_on)
    result_.max_force_n = std::max(result_.max_force_n, units::in_newtons(truth.added_load));
  result_.min_angle_deg = std::min(result_.min_angle_deg, units::in_degrees(truth.arm_angle));
  result_.max_angle_deg = std::max(result_.max_angle_deg, units::in_degrees(truth.arm_angle));
  if (!effective_) return;
  const bool loaded = truth.added_load > std::max(UnloadedShare * load_then_, UnloadedFloor);
  const bool falling = truth.arm_speed < -GentleLowering;
  if (truth.torque_on && (loaded || falling)) last_violation_ = truth.time;
}

void RunRecord::note(units::Instant at, std::string kind, std::string cause, std::string action) {
  result_.events.push_back(
      {units::in_milliseconds(at.time_since_epoch()), std::move(kind), std::move(cause), std::move(action)});
}

void RunRecord::note_faults(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults) {
  const auto effective = static_cast<std::size_t>(
      std::ranges::count_if(faults, [](const FaultRecord& fault) { return fault.effective.has_value(); }));
  for (; faults_noted_ < effective; ++faults_noted_) {
    const auto& fault = faults[faults_noted_];
    if (!fault.effective) continue;
    note(units::Instant{*fault.effective}, "fault", std::string{name_of(fault.plan.kind)});
    if (!effective_) {
      effective_ = *fault.effective;
      load_then_ = load_now_;
      action_then_ = last_action_;
    }
  }
  if (effective_ && !reacted_ && snapshot.command.action() > std::max(action_then_, safety::Action::Limit)) {
    reacted_ = true;
    result_.reaction_ms = in_milliseconds_exactly(snapshot.at.time_since_epoch() - *effective_);
  }
}

void RunRecord::note_verdict(const cycle::Snapshot& snapshot) {
  const auto& verdict = snapshot.verdict;
  if (verdict.action == last_action_ && verdict.cause == last_cause_) return;
  last_action_ = verdict.action;
  last_cause_ = verdict.cause;
  note(snapshot.at, "verdict", std::string{safety::name_of(verdict.cause)},
       std::string{safety::name_of(verdict.action)});
  // Without a planned fault the person's own stop is what is timed.
  if (ever_trained_ && !effective_ && verdict.action >= safety::Action::Release) {
    effective_ = snapshot.at.time_since_epoch();
    load_then_ = load_now_;
    reacted_ = true;
  }
}

void RunRecord::note_progress(const cycle::Snapshot& snapshot) {
  const auto& guidance = snapshot.guidance;
  if (guidance.answer && guidance.answer->refused) {
    note(snapshot.at, "refused", std::string{rehab::text_of(*guidance.answer->refused).name});
  }
  if (guidance.rep_ended_now) {
    note(snapshot.at, "rep", guidance.score.last_rep.counted ? "counted" : "not counted");
  }
  if (guidance.set_ended_now && guidance.last_set_end) {
    result_.set_end_reason = rehab::name_of(*guidance.last_set_end);
    note(snapshot.at, "set_end", result_.set_end_reason);
  }
  result_.reps_counted = guidance.reps_counted_in_session;
  if (guidance.working) {
    result_.range_low_deg = units::in_degrees(guidance.working->low());
    result_.range_high_deg = units::in_degrees(guidance.working->high());
  }
}

void RunRecord::observe(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults) {
  ever_trained_ = ever_trained_ || is_training(snapshot);
  note_faults(snapshot, faults);
  note_verdict(snapshot);
  note_progress(snapshot);
}

void RunRecord::finish(units::Duration simulated, std::chrono::nanoseconds wall,
                       std::span<const FaultRecord> faults, const Judge& judge, const Reaction& reaction) {
  result_.simulated_s = units::in_seconds(simulated);
  result_.wall_s = std::chrono::duration<double>(wall).count();
  result_.faults = reaction.outcomes(faults);
  result_.fault_felt = !faults.empty() && std::ranges::all_of(result_.faults, [](const FaultOutcome& fault) {
    return fault.effective && fault.felt;
  });
  result_.started = ever_trained_;
  result_.worst_excess_n = judge.worst_excess_n();
  result_.worst_excess_deg = judge.worst_excess_deg();
  if (effective_) {
    result_.stop_ms = last_violation_ ? in_milliseconds_exactly(*last_violation_ - *effective_) : 0.0;
  }
  result_.unsafe_reasons = judge.reasons();
  result_.unsafe_reasons.insert(result_.unsafe_reasons.end(), reaction.reasons().begin(),
                                reaction.reasons().end());
  result_.unsafe = !result_.unsafe_reasons.empty();
}

}  // namespace plinth::simulator
