#include "simulator/replay.hpp"

#include <string_view>
#include <utility>

#include "controller/cycle/control_cycle.hpp"
#include "drivers/blocks.hpp"

namespace plinth::simulator {

namespace {

using cycle::Asked;
using cycle::Frame;
using cycle::Outcome;
using safety::Permission;

// The registers go through the driver's own decoder: a mistake in it plays back as it happened.
sensing::Sample sample_of(const Frame& frame) {
  sensing::Sample sample;
  sample.drive.taken_at = frame.drive_taken_at;
  sample.drive.reading = frame.drive_reading;
  if (frame.drive_heard) sample.drive.report = drivers::drive_report(frame.drive);
  sample.hub.taken_at = frame.hub_taken_at;
  sample.hub.reading = frame.hub_reading;
  if (frame.hub_heard) sample.hub.report = drivers::hub_report(frame.hub);
  sample.setup = frame.setup;
  sample.drive_registers = frame.drive;
  sample.hub_registers = frame.hub;
  return sample;
}

// A loading that came to nothing changed nothing, so it need not be asked for again.
std::optional<session::IntentBody> asked_in(const record::Step& step) {
  if (step.loaded) return session::LoadPrescription{*step.loaded};
  switch (step.frame.asked) {
    case Asked::Start:
      return session::Start{};
    case Asked::Stop:
      return session::Stop{};
    case Asked::Reset:
      return session::Reset{step.frame.reset_level};
    case Asked::EndSession:
      return session::EndSession{};
    case Asked::Nothing:
    case Asked::LoadPrescription:
      break;
  }
  return std::nullopt;
}

template <typename T>
void note(std::vector<std::string>& what, std::string_view name, const T& now, const T& recorded) {
  if (now == recorded) return;
  what.push_back(std::string{name} + ": " + now + ", recorded " + recorded);
}

std::string named(const safety::CauseSet& causes) {
  std::string names;
  for (std::size_t i = 0; i < safety::CauseCount; ++i) {
    if (!causes.test(i)) continue;
    names += names.empty() ? "" : " ";
    names += safety::name_of(static_cast<safety::Cause>(i));
  }
  return names.empty() ? "none" : names;
}

std::vector<std::string> differences(const Outcome& now, const Outcome& recorded) {
  std::vector<std::string> what;
  const auto word = [&what](std::string_view name, auto one, auto other) {
    note(what, name, std::string{safety::name_of(one)}, std::string{safety::name_of(other)});
  };
  const auto number = [&what](std::string_view name, auto one, auto other) {
    note(what, name, std::to_string(static_cast<int>(one)), std::to_string(static_cast<int>(other)));
  };
  word("permission", now.permission, recorded.permission);
  word("action", now.action, recorded.action);
  word("cause", now.cause, recorded.cause);
  word("first cause", now.first_cause, recorded.first_cause);
  word("latch", now.latch, recorded.latch);
  number("brake", now.brake, recorded.brake);
  note(what, "active", named(now.active), named(recorded.active));
  number("permit", now.permit, recorded.permit);
  const safety::WireCommand& ours = now.command;
  const safety::WireCommand& theirs = recorded.command;
  number("enable", ours.enable, theirs.enable);
  number("run", ours.run, theirs.run);
  number("controlled_stop", ours.controlled_stop, theirs.controlled_stop);
  number("fault_reset", ours.fault_reset, theirs.fault_reset);
  number("hold_position", ours.hold_position, theirs.hold_position);
  number("mode", ours.mode, theirs.mode);
  number("torque_dnm", ours.torque_dnm, theirs.torque_dnm);
  number("velocity_mrad_s", ours.velocity_mrad_s, theirs.velocity_mrad_s);
  number("position_dmrad", ours.position_dmrad, theirs.position_dmrad);
  number("resisting_limit_dnm", ours.resisting_limit_dnm, theirs.resisting_limit_dnm);
  number("supporting_limit_dnm", ours.supporting_limit_dnm, theirs.supporting_limit_dnm);
  if (what.empty()) what.emplace_back("another number of the drive's command");
  return what;
}

class Player {
 public:
  explicit Player(const record::Contents& contents)
      : head_{contents.head}, state_{head_.source.calibration, head_.source.period} {}

  void play(const record::Step& step) {
    const Frame& frame = step.frame;
    if (last_cycle_ != 0) result_.missing += frame.cycle - last_cycle_ - 1;
    last_cycle_ = frame.cycle;

    comparing_ = comparing_ || may_compare(frame);
    cycle::CycleInput in{
        .sample = sample_of(frame), .intent = std::nullopt, .stop = frame.stop, .now = frame.now};
    // Until the fresh state stands where the recorded one stood its relay is open, and its drive sees it so.
    if (!comparing_ && in.sample.drive.report && !state_.last_command.permit())
      in.sample.drive.report->ss1_active = true;
    if (auto body = comparing_ ? asked_in(step) : brought_to(step))
      in.intent = session::Intent{.id = frame.cycle, .body = std::move(*body)};
    const Outcome outcome = cycle::outcome_of(cycle::step(state_, in).snapshot);
    compare(frame, outcome);
    permission_ = outcome.permission;
    recorded_ = frame.outcome.permission;
    asked_before_ = in.intent.has_value();
  }
  [[nodiscard]] Replay result() const { return result_; }

 private:
  // A station that was latched when the record begins is compared from the moment it was reset: the fresh
  // state's own latch has another reason.
  [[nodiscard]] bool may_compare(const Frame& frame) const {
    if (frame.cycle < head_.compare_from) return false;
    if (head_.beginning == record::Beginning::Program) return true;
    return last_chance(frame) || (recorded_ == Permission::Ready && permission_ == Permission::Ready);
  }
  // Whatever could not be brought about by the time that somebody may train is a difference to be told.
  [[nodiscard]] static bool last_chance(const Frame& frame) {
    return frame.outcome.permission >= Permission::Armed;
  }

  // What must be asked so that the fresh state comes to stand where the recorded one stood.
  std::optional<session::IntentBody> brought_to(const record::Step& step) {
    if (head_.prescription && !state_.session.prescription() && !step.loaded)
      return session::LoadPrescription{*head_.prescription};
    if (step.frame.asked == Asked::Reset) return session::Reset{safety::LatchLevel::Service};
    if (const auto asked = asked_in(step)) return asked;
    const bool behind = recorded_ == Permission::Ready && permission_ == Permission::Latched;
    // A held button is no press: each needs a cycle without one before it.
    if (behind && !asked_before_) return session::Reset{safety::LatchLevel::Service};
    return std::nullopt;
  }

  void compare(const Frame& frame, Outcome outcome) {
    if (!comparing_) return;
    // Where the legs rested before the first set of the record it cannot know; a drive that is off takes no
    // angle.
    if (!outcome.command.enable && !frame.outcome.command.enable)
      outcome.command.position_dmrad = frame.outcome.command.position_dmrad;
    const std::int64_t t_ms = units::in_milliseconds(frame.now - head_.trip.at);
    ++result_.compared;
    if (frame.cycle == head_.trip.cycle) result_.trip_reached = true;
    const bool changed = !last_ || last_->action != outcome.action || last_->cause != outcome.cause ||
                         last_->permission != outcome.permission;
    if (changed) result_.verdicts.push_back({.cycle = frame.cycle, .t_ms = t_ms, .outcome = outcome});
    last_ = outcome;
    if (outcome == frame.outcome) return;
    ++result_.different;
    if (!result_.first)
      result_.first = {.cycle = frame.cycle, .t_ms = t_ms, .what = differences(outcome, frame.outcome)};
  }

  const record::Head& head_;
  cycle::CycleState state_;
  Replay result_;
  std::uint64_t last_cycle_ = 0;
  bool comparing_ = false;
  Permission permission_ = Permission::Latched;  // in the cycle before: ours, and as recorded
  Permission recorded_ = Permission::Latched;
  bool asked_before_ = true;
  std::optional<Outcome> last_;
};

}  // namespace

Replay replay(const record::Contents& contents) {
  Player player{contents};
  for (const record::Step& step : contents.steps) player.play(step);
  return player.result();
}

}  // namespace plinth::simulator
