#include "controller/safety/latch.hpp"

#include <algorithm>

namespace plinth::safety {

using rehab::RefusalCode;

void Latch::trip(Cause cause, const CauseSet& acting) {
  const Rule& rule = rule_of(cause);
  if (permission_ != Permission::Latched) {
    permission_ = Permission::Latched;
    action_ = rule.action;
    cause_ = cause;
    first_ = cause;
    // Also a rule that lifts by itself latches when it had to end a set: the person knows of no reason why
    // the next movement should begin.
    level_ = LatchLevel::Patient;
    causes_.reset();
  } else if (rule.action > action_) {
    action_ = rule.action;
    cause_ = cause;
  }
  causes_ |= acting;
  causes_.set(static_cast<std::size_t>(cause));
  for (const Rule& each : rule_table())
    if (causes_.test(static_cast<std::size_t>(each.cause))) level_ = std::max(level_, each.latch);
  armed_left_.set(0);
}

void Latch::reset(const LatchEvents& events, bool edge, Answer& answer) {
  if (permission_ != Permission::Latched)
    answer.refused = RefusalCode::NothingToReset;
  else if (!edge)
    answer.refused = RefusalCode::Busy;
  else if (*events.reset < level_)
    answer.refused = RefusalCode::ResetNotAllowed;
  else if (cause_gone_.value() < CauseGoneMs || !events.at_rest)
    answer.refused = RefusalCode::CauseStillPresent;
  if (answer.refused) return;
  answer.cleared_now = true;
  permission_ = Permission::Ready;
  action_ = Action::Allow;
  cause_ = Cause::None;
  first_ = Cause::None;
  level_ = LatchLevel::None;
  causes_.reset();
  since_cleared_.set(0);
}

std::optional<RefusalCode> Latch::obstacle_to_arming(const LatchEvents& events) const {
  if (events.obstacle) return events.obstacle;
  if (!events.drive_ready && since_cleared_.value() >= DriveWakesMs) return RefusalCode::DriveNotReady;
  return std::nullopt;
}

void Latch::start(const LatchEvents& events, bool edge, Answer& answer) {
  if (permission_ == Permission::Latched)
    // A latch that a person must clear is told before what else is missing.
    answer.refused = RefusalCode::Latched;
  else if (permission_ == Permission::Granted)
    answer.refused = RefusalCode::AlreadyRunning;
  else if (!edge)
    answer.refused = RefusalCode::Busy;
  else if (const auto obstacle = obstacle_to_arming(events))
    answer.refused = obstacle;
  // Stuck closed, taped, or clenched since the last stop: a grip that is not let go first proves nothing.
  else if (events.left_grip || events.right_grip)
    answer.refused = RefusalCode::GripsHeld;
  if (answer.refused) return;
  permission_ = Permission::Armed;
  armed_left_.set(ArmedMs);
}

void Latch::wait_for_grips(const LatchEvents& events, Answer& answer) {
  if (armed_left_.value() == 0 || obstacle_to_arming(events)) {
    permission_ = Permission::Ready;
    armed_left_.set(0);
    return;
  }
  // Both were open when Start was taken, so both closed now means that both were squeezed since.
  if (!events.left_grip || !events.right_grip || !events.drive_ready) return;
  permission_ = Permission::Granted;
  armed_left_.set(0);
  answer.granted_now = true;
}

Latch::Answer Latch::step(const LatchEvents& events) {
  Answer answer;
  const bool reset_edge = events.reset.has_value() && !reset_before_;
  const bool start_edge = events.start && !start_before_;
  reset_before_ = events.reset.has_value();
  start_before_ = events.start;

  since_cleared_.add(events.elapsed_ms);
  armed_left_.take(events.elapsed_ms);
  if (events.cause_present || events.trip)
    cause_gone_.set(0);
  else
    cause_gone_.add(events.elapsed_ms);

  if (events.trip)
    trip(*events.trip, events.acting);
  else if (permission_ == Permission::Armed)
    wait_for_grips(events, answer);
  else if (permission_ == Permission::Granted && events.set_finished)
    permission_ = Permission::Ready;

  // A reset never starts: what it clears waits for another cycle's Start.
  if (events.reset)
    reset(events, reset_edge, answer);
  else if (events.start)
    start(events, start_edge, answer);
  return answer;
}

}  // namespace plinth::safety
