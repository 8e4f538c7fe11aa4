#include "simulator/reaction.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace plinth::simulator {

namespace {

constexpr double UnloadedShare = 0.1;
// The drive's friction and the arm's weight that lowering leaves on the legs.
constexpr units::Force UnloadedFloor = units::newtons(15);
// Legs that are let go when the load goes are caught while they sink.
constexpr int CaughtLaterMs = 250;
// The arm's own 31 N·m at the shortest cuff radius, where a fault keeps the drive from carrying it.
constexpr units::Force ArmAtTheCuff = units::newtons(45);
constexpr units::AngularVelocity GentleLowering = units::degrees_per_second(15);
// A rise is braked with the load that was there, fading over half a second.
constexpr units::Duration RiseBraking = units::milliseconds(520);

// What people do by themselves, whatever is wrong with the machine.
constexpr std::array<std::string_view, 13> Peoples{
    "over_speed", "tempo_far_off",  "range_crossed", "legs_dropped", "sag",          "grip_released", "spasm",
    "clonus",     "patient_absent", "hold_too_long", "set_too_long", "patient_slid", "uneven"};

bool is_peoples(std::string_view cause) {
  return std::ranges::find(Peoples, cause) != Peoples.end();
}

double in_ms(units::Duration duration) {
  return units::in_seconds(duration) * 1e3;
}

}  // namespace

void Reaction::accuse(units::Duration at, const std::string& what) {
  std::array<char, 32> when{};
  std::snprintf(when.data(), when.size(), " (at %.3f s)", units::in_seconds(at));
  reasons_.push_back(what + when.data());
}

void Reaction::observe(const Truth& truth) {
  load_now_ = truth.torque_on ? truth.added_load : units::Force{};
  powered_ = truth.torque_on && !truth.brake_closed;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    Watched& watched = watched_[i];
    if (!watched.from || rows_[i]->response.stop_ms == 0) continue;
    const units::Force floor = (excuses_ & ArmOnLegs) != 0 ? UnloadedFloor + ArmAtTheCuff : UnloadedFloor;
    const bool loaded = load_now_ > std::max(UnloadedShare * watched.load, floor);
    const bool falling = truth.torque_on && truth.arm_speed < -GentleLowering;
    const bool rising = truth.arm_speed > units::AngularVelocity{} &&
                        load_now_ <= watched.load + UnloadedFloor && watched.stopped &&
                        truth.time - *watched.stopped < RiseBraking;
    if ((!loaded && !falling) || rising) continue;
    watched.last_violation = truth.time;
    const int bound_ms = rows_[i]->response.stop_ms + (loaded ? 0 : CaughtLaterMs);
    const bool late = in_ms(truth.time - *watched.from) > bound_ms;
    if (!late || watched.told_load || !watched.stopped) continue;
    const std::uint8_t excuse = loaded ? CannotUnload : CannotCatch;
    if ((excuses_ & excuse) != 0) continue;
    watched.told_load = true;
    accuse(truth.time, std::string{rows_[i]->name} + ": " + (loaded ? "load" : "a fall") +
                           " was left after " + std::to_string(bound_ms) + " ms");
  }
}

void Reaction::follow(Watched& watched, const FaultRecord& fault, const cycle::Snapshot& snapshot,
                      bool running) {
  const units::Duration now = snapshot.at.time_since_epoch();
  const FaultRow& row = row_of(fault.plan.kind);
  if (!watched.from) {
    // Within the cycle in which it was felt a fault may already have been answered.
    const bool present = fault.felt && (fault.active || now - *fault.felt <= units::milliseconds(20));
    if (!present || !(running || running_)) return;
    watched.from = std::max(*fault.felt, running_ ? units::Duration{} : now);
    watched.load = load_now_;
  }
  if (row.response.forbids_start && fault.active && !watched.told_start) {
    watched.told_start = true;
    accuse(now, std::string{row.name} + ": a set began");
  }
  if (watched.stopped) return;
  const double since_ms = in_ms(now - *watched.from);
  if (!running) {
    watched.stopped = now;
    return;
  }
  if (row.response.wire_ms == 0 || watched.told_late || !fault.active || since_ms <= row.response.wire_ms)
    return;
  watched.told_late = true;
  accuse(now, std::string{row.name} + ": no stop within " + std::to_string(row.response.wire_ms) + " ms");
}

void Reaction::judge_cause(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults) {
  const std::string cause{safety::name_of(snapshot.verdict.first_cause)};
  bool asked = false;
  bool right = false;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!watched_[i].from) continue;
    watched_[i].cause = cause;
    const FaultRow& row = row_of(faults[i].plan.kind);
    asked = true;
    right = right || row.response.causes.empty() || is_right_cause(row, cause);
  }
  if (!asked || right) return;
  if (person_ != PatientModel::Steady && is_peoples(cause)) return;
  accuse(snapshot.at.time_since_epoch(), "the stop was put down to " + cause);
}

// Nobody resets in a scenario once a set was stopped: what is latched stays so, at its level or a higher one.
void Reaction::judge_latch(const cycle::Snapshot& snapshot) {
  if (!stop_ || told_latch_) return;
  const auto& verdict = snapshot.verdict;
  const bool latched = verdict.permission == safety::Permission::Latched && verdict.latch >= stop_->level;
  if (latched) {
    stop_->level = verdict.latch;
    return;
  }
  told_latch_ = true;
  accuse(snapshot.at.time_since_epoch(), "the stop did not stay latched");
}

std::uint8_t Reaction::observe(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults) {
  if (rows_.size() != faults.size()) {
    rows_.clear();
    for (const FaultRecord& fault : faults) rows_.push_back(&row_of(fault.plan.kind));
  }
  const bool granted = snapshot.verdict.permission == safety::Permission::Granted;
  const bool running =
      granted && (powered_ || running_) && snapshot.command.action() < safety::Action::Release;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].effective) excuses_ = static_cast<std::uint8_t>(excuses_ | rows_[i]->response.excuses);
    follow(watched_[i], faults[i], snapshot, running);
  }
  const bool latched = snapshot.verdict.permission == safety::Permission::Latched;
  if (was_granted_ && latched && !stop_) {
    stop_ = Stop{.at = snapshot.at.time_since_epoch(),
                 .level = safety::rule_of(snapshot.verdict.first_cause).latch};
    judge_cause(snapshot, faults);
  }
  judge_latch(snapshot);
  was_granted_ = granted;
  running_ = running;
  return excuses_;
}

std::vector<FaultOutcome> Reaction::outcomes(std::span<const FaultRecord> faults) const {
  std::vector<FaultOutcome> all;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Watched& watched = watched_[i];
    FaultOutcome outcome{.kind = faults[i].plan.kind,
                         .effective = faults[i].effective.has_value(),
                         .felt = faults[i].felt.has_value(),
                         .in_a_set = watched.from.has_value(),
                         .cause = watched.cause,
                         .detect_ms = std::nullopt,
                         .stop_ms = std::nullopt};
    if (watched.from && watched.stopped && !watched.cause.empty()) {
      outcome.detect_ms = in_ms(*watched.stopped - *watched.from);
      outcome.stop_ms = watched.last_violation ? in_ms(*watched.last_violation - *watched.from) : 0.0;
    }
    all.push_back(std::move(outcome));
  }
  return all;
}

}  // namespace plinth::simulator
