#include "controller/session/session.hpp"

#include <algorithm>

#include "controller/safety/rules.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using rehab::RefusalCode;
using rehab::SetEnd;
using safety::Permission;
using units::Duration;

// After a gap in the cycles (a debugger, a suspended machine) the guide goes on, it does not leap.
constexpr Duration LongestStep = units::milliseconds(100);

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

// Whoever is not seen to hang under a shut brake may be in the air. A drive that was never heard has lifted
// nobody.
bool may_be_in_the_air(const sensing::Estimate& estimate, const safety::Verdict& verdict) {
  return estimate.drive_report && verdict.brake != safety::Brake::Closed;
}

// The guide stands where the legs are: nobody is asked for anything.
rehab::Expectation standing(Moment moment, const sensing::Estimate& estimate, Duration in_moment,
                            Duration moment_length) {
  return {.moment = moment,
          .target = estimate.angle,
          .tolerance = rehab::tube_half_width(units::AngularVelocity{}),
          .in_moment = in_moment,
          .moment_length = moment_length};
}

}  // namespace

Guidance Session::advance(const sensing::Estimate& estimate, const safety::Verdict& verdict,
                          const std::optional<Intent>& intent, units::Instant now) {
  const Duration elapsed = last_ ? std::clamp(now - *last_, Duration::zero(), LongestStep) : Duration::zero();
  last_ = now;
  const Cycle cycle{.estimate = estimate, .verdict = verdict, .now = now, .elapsed = elapsed};
  Guidance out;
  if (verdict.permission != Permission::Granted) withdrawing_ = false;
  obey(cycle, out);
  if (intent) answer(*intent, cycle, out);
  if (verdict.permission == Permission::Granted && !withdrawing_ && std::holds_alternative<Waiting>(state_))
    begin_set(cycle, out);
  run(cycle, out);
  describe(cycle, out);
  return out;
}

bool Session::in_set() const {
  return std::holds_alternative<CountingIn>(state_) || std::holds_alternative<SetRun>(state_);
}

// A verdict that stops the machine, or a permission that is gone, ends the set in this very cycle. A set that
// has ended by itself has given its permission back: only a stop disturbs its unloading.
void Session::obey(const Cycle& cycle, Guidance& out) {
  const bool stopping = cycle.verdict.action >= safety::Action::Release;
  const bool allowed = !stopping && cycle.verdict.permission == Permission::Granted;
  if (allowed || std::holds_alternative<Waiting>(state_)) return;
  if (!stopping && std::holds_alternative<Unloading>(state_)) return;
  if (in_set()) {
    const bool because = cycle.verdict.cause != safety::Cause::None;
    record_end(because ? safety::rule_of(cycle.verdict.cause).set_end : SetEnd::Stopped, out);
  } else {
    range_first_ = true;  // the end stays what it was, but what stopped the lowering may have hurt
  }
  state_ = Waiting{};
  withdrawing_ = cycle.verdict.permission == Permission::Granted;
}

void Session::answer(const Intent& intent, const Cycle& cycle, Guidance& out) {
  out.answer = Answer{.id = intent.id, .refused = std::nullopt};
  std::visit(
      Overloaded{[&](const LoadPrescription& body) { out.answer->refused = load(body.prescription, cycle); },
                 [&](const Start&) { out.answer->refused = cycle.verdict.refused; },
                 [](const Stop&) {},  // the safety layer has it too: this cycle's verdict has ended the set
                 [&](const Reset&) { out.answer->refused = cycle.verdict.refused; },
                 [&](const EndSession&) { out.answer->refused = end_session(cycle, out); }},
      intent.body);
}

std::optional<RefusalCode> Session::load(const rehab::Prescription& prescription, const Cycle& cycle) {
  const bool moving = cycle.verdict.permission == Permission::Armed ||
                      cycle.verdict.permission == Permission::Granted ||
                      !std::holds_alternative<Waiting>(state_);
  if (moving) return RefusalCode::AlreadyRunning;
  if (!prescription_) {
    // Also while the drive is still silent, as at start-up: until it has seen the brake shut the gate
    // supports for the heaviest.
    prescription_ = prescription;
    return std::nullopt;
  }
  // Legs that are in the air are lowered with the support of the person to whom they belong.
  if (cycle.verdict.brake == safety::Brake::Open) return RefusalCode::LegsAboveRest;
  if (cycle.verdict.brake != safety::Brake::Closed) return RefusalCode::DriveNotReady;
  if (!session_running()) {
    begin_anew(prescription);
    return std::nullopt;
  }
  if (!rehab::is_no_looser(prescription, *prescription_)) return RefusalCode::NotLooserInSession;
  prescription_ = prescription;
  session_over_ = sets_begun_ >= prescription.sets();
  return std::nullopt;
}

// Nothing of one person is left for the next: a session is a new value. Only a stop is not forgotten by
// loading the same person's prescription once more.
void Session::begin_anew(const rehab::Prescription& prescription) {
  Session anew;
  anew.last_ = last_;
  anew.range_first_ = range_first_ && prescription_ && prescription_->person() == prescription.person();
  anew.prescription_ = prescription;
  *this = anew;
}

std::optional<RefusalCode> Session::end_session(const Cycle& cycle, Guidance& out) {
  if (!session_running()) return RefusalCode::NotRunning;
  if (in_set()) unload(SetEnd::Stopped, cycle, out);
  session_over_ = true;
  return std::nullopt;
}

void Session::begin_set(const Cycle& cycle, Guidance& out) {
  const auto working = prescription_ && cycle.verdict.rest_angle
                           ? rehab::working_range(*prescription_, *cycle.verdict.rest_angle)
                           : std::nullopt;
  if (!working) {
    // These legs hang too high for the prescribed range, or nobody has measured them: no set is begun and
    // none is used up.
    withdrawing_ = true;
    last_end_ = SetEnd::Range;
    out.set_ended_now = true;
    return;
  }
  if (session_over_) {
    session_over_ = false;
    sets_begun_ = 0;
    reps_before_ = 0;
  }
  ++sets_begun_;
  last_score_ = {};
  state_ = CountingIn{.plan = {.prescription = *prescription_,
                               .working = *working,
                               .rest = *cycle.verdict.rest_angle,
                               .range_first = range_first_},
                      .began = cycle.now};
}

void Session::record_end(SetEnd end, Guidance& out) {
  if (const auto* set = std::get_if<SetRun>(&state_)) last_score_ = set->score();
  reps_before_ = static_cast<std::uint16_t>(reps_before_ + last_score_.reps_counted);
  last_end_ = end;
  range_first_ = end != SetEnd::Completed;
  out.set_ended_now = true;
  if (prescription_ && sets_begun_ >= prescription_->sets()) session_over_ = true;
}

void Session::unload(SetEnd end, const Cycle& cycle, Guidance& out) {
  record_end(end, out);
  withdrawing_ = true;
  state_ = Unloading{.began = cycle.now};
}

void Session::run(const Cycle& cycle, Guidance& out) {
  if (auto* counting = std::get_if<CountingIn>(&state_))
    count_in(*counting, cycle, out);
  else if (std::holds_alternative<SetRun>(state_))
    train(cycle, cycle.elapsed, out);
  // A set may have ended just now: its unloading begins in the same cycle.
  if (auto* unloading = std::get_if<Unloading>(&state_)) finish(*unloading, cycle, out);
  if (const auto* waiting = std::get_if<Waiting>(&state_)) wait(*waiting, cycle, out);
}

void Session::wait(const Waiting& waiting, const Cycle& cycle, Guidance& out) const {
  // Wherever the legs are: as long as the brake is open the drive takes them to their rest.
  const bool lowering = may_be_in_the_air(cycle.estimate, cycle.verdict);
  if (lowering)
    out.law = resistance::Lower{};
  else
    out.law = resistance::Off{};
  const bool latched = cycle.verdict.permission == Permission::Latched;
  out.expectation = standing(lowering ? Moment::Unloading : Moment::Idle, cycle.estimate, Duration::zero(),
                             Duration::zero());
  if (!prescription_) {
    out.stage = Stage::NoPrescription;
  } else if (latched) {
    out.stage = Stage::Stopped;
    if (sets_begun_ > 0) out.cue = Cue::Stopped;
  } else if (cycle.verdict.permission == Permission::Armed) {
    out.stage = Stage::Armed;
    out.cue = Cue::HoldBothGrips;
    out.moment_left = cycle.verdict.armed_left;
  } else if (session_over_) {
    out.stage = Stage::Done;
    out.cue = Cue::SetDone;
  } else if (waiting.rest_until && cycle.now < *waiting.rest_until) {
    out.stage = Stage::Resting;
    out.cue = Cue::Rest;
    out.moment_left = *waiting.rest_until - cycle.now;
  } else {
    out.stage = Stage::Ready;
  }
}

void Session::count_in(const CountingIn& counting, const Cycle& cycle, Guidance& out) {
  const Duration since = cycle.now - counting.began;
  if (since >= rehab::CountIn) {
    if (cycle.verdict.brake == safety::Brake::Open) {
      const SetPlan plan = counting.plan;
      state_ = SetRun{plan, cycle.estimate.angle};
      train(cycle, Duration::zero(), out);  // its first lift starts at time zero
      return;
    }
    if (since >= rehab::CountIn + BrakeGrace) {
      unload(SetEnd::Fault, cycle, out);
      return;
    }
  }
  resistance::ConstantLoad law = law_of(counting.plan);
  const bool range_first = counting.plan.range_first;
  if (!range_first) {
    law.ramp = std::clamp(
        units::in_seconds(since - (rehab::CountIn - RampInTime)) / units::in_seconds(RampInTime), 0.0, 1.0);
  }
  out.law = law;
  out.stage = Stage::CountIn;
  out.cue = range_first ? Cue::RangeFirst : Cue::GetReady;
  out.moment_left = std::max(rehab::CountIn - since, Duration::zero());
  out.expectation = standing(Moment::RampIn, cycle.estimate, since, rehab::CountIn);
}

void Session::train(const Cycle& cycle, Duration elapsed, Guidance& out) {
  auto& set = std::get<SetRun>(state_);
  const SetStep step = set.advance(cycle.estimate, cycle.now, elapsed);
  out.law = set.law();
  out.stage = Stage::Training;
  out.expectation = step.expectation;
  out.cue = step.cue;
  out.breath = step.breath;
  out.moment_left = step.moment_left;
  out.load_set = step.load_set;
  out.rep_ended_now = step.rep_ended_now;
  out.rep = set.rep();
  out.working = set.working();
  if (step.ended) unload(*step.ended, cycle, out);
}

// Nothing is asked of the person any more, least of all to hold the grips: the permission is given back at
// once, and without it the gate takes the load off, lets the drive lower the legs and closes the brake.
void Session::finish(const Unloading& unloading, const Cycle& cycle, Guidance& out) {
  if (!may_be_in_the_air(cycle.estimate, cycle.verdict)) {
    state_ =
        Waiting{session_over_ ? std::nullopt : std::optional{cycle.now + prescription_->rest_between_sets()}};
    return;
  }
  out.law = resistance::Lower{};
  out.stage = Stage::Unloading;
  out.cue = Cue::SetDone;
  out.breath = Breath::Free;
  out.moment_left = Duration::zero();
  out.expectation =
      standing(Moment::Unloading, cycle.estimate, cycle.now - unloading.began, Duration::zero());
}

void Session::describe(const Cycle& cycle, Guidance& out) const {
  out.wants_permission_withdrawn = withdrawing_;
  out.last_set_end = last_end_;
  out.set = sets_begun_;
  out.score = last_score_;
  out.reps_counted_in_session = reps_before_;
  if (const auto* set = std::get_if<SetRun>(&state_)) {
    out.score = set->score();
    out.reps_counted_in_session = static_cast<std::uint16_t>(reps_before_ + out.score.reps_counted);
  }
  if (!prescription_) return;
  out.sets = static_cast<std::uint16_t>(prescription_->sets());
  out.reps = static_cast<std::uint16_t>(prescription_->reps());
  const auto* counting = std::get_if<CountingIn>(&state_);
  const bool without_load = counting != nullptr && counting->plan.range_first;
  if (!std::holds_alternative<SetRun>(state_) && !without_load) out.load_set = prescription_->load();
  if (out.working) return;
  // Before the first set the rest that safety remembers may be somebody else's.
  const auto today = cycle.verdict.rest_angle && sets_begun_ > 0
                         ? rehab::working_range(*prescription_, *cycle.verdict.rest_angle)
                         : std::nullopt;
  out.working = today ? today : std::optional{prescription_->range()};
}

}  // namespace plinth::session
