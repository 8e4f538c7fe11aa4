#include "controller/session/set_run.hpp"

#include <algorithm>

#include "controller/rehab/limits.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using rehab::SetEnd;
using units::Angle;
using units::Duration;

// A rep whose control is lost is done shallower by this much.
constexpr Angle ShallowerBy = units::degrees(10);
// Below the measured rest the lower wall touches nobody.
constexpr Angle WallBelowRest = units::degrees(3);
// Load that the spotter takes off goes over this time per tenth, without a jolt.
constexpr double ShareRate = Spotter::Step / 0.3;  // per second

double smooth(double x) {
  return x * x * (3.0 - 2.0 * x);
}

double approach(double value, double goal, double most) {
  return value + std::clamp(goal - value, -most, most);
}

RepPlan rep_plan(const SetPlan& plan, const rehab::Tempo& tempo, const units::Interval<Angle>& working,
                 Angle start) {
  return {.path = rep_path(tempo, working, start), .hold_tolerance = plan.prescription.hold_tolerance()};
}

// The lift without load takes half as long again, and its rest is where the load comes back.
rehab::Tempo ranging_tempo(const rehab::Tempo& tempo) {
  const auto slower = [](Duration time) {
    return std::min(time * 3 / 2, rehab::machine_limits().longest_movement.value);
  };
  return {.lift = slower(tempo.lift),
          .hold = tempo.hold,
          .lower = slower(tempo.lower),
          .rest = std::max(tempo.rest, SetRun::RampInTime)};
}

RepPlan first_plan(const SetPlan& plan, Angle start) {
  const rehab::Tempo& tempo = plan.prescription.tempo();
  return rep_plan(plan, plan.range_first ? ranging_tempo(tempo) : tempo, plan.working, start);
}

}  // namespace

resistance::ConstantLoad law_of(const SetPlan& plan) {
  const rehab::Prescription& prescription = plan.prescription;
  return {.load = prescription.load(),
          .eccentric_ratio = prescription.eccentric_ratio(),
          .leg_support = prescription.leg_support(),
          .legs = rehab::leg_measures(prescription.person()),
          .working = plan.working,
          .lower_wall = plan.rest - WallBelowRest,
          .speed = rehab::speed_limits(prescription, plan.working)};
}

std::optional<units::Interval<Angle>> shallower(const units::Interval<Angle>& working) {
  const auto range = units::Interval<Angle>::checked(working.low(), working.high() - ShallowerBy);
  return range && !rehab::is_too_narrow(*range) ? range : std::nullopt;
}

SetRun::SetRun(const SetPlan& plan, Angle angle)
    : plan_{plan},
      law_{law_of(plan)},
      rep_{first_plan(plan, angle), Duration::zero()},
      ranging_{plan.range_first},
      next_working_{plan.working},
      rep_closed_{plan.range_first} {
  law_.ramp = ranging_ ? 0.0 : 1.0;
  score_.reps_tried = ranging_ ? 0 : 1;
  spotter_.lift_begins(angle);
}

std::uint16_t SetRun::rep() const {
  // Between a rep's lowering and the next lift it is still that rep.
  const bool counted_already = rep_closed_ && failures_in_a_row_ == 0;
  return static_cast<std::uint16_t>(score_.reps_counted + (counted_already ? 0 : 1));
}

SetScore SetRun::score() const {
  SetScore score = score_;
  TubeTime sum = in_tube_;
  if (!rep_closed_) sum += tally_.in_tube();
  score.in_tube = sum.share();
  return score;
}

void SetRun::begin_rep(Angle start, Duration head_start) {
  if (ranging_) {
    ranging_ = false;
    law_.ramp = 1.0;
  }
  law_.working = next_working_;
  rep_ = Rep{rep_plan(plan_, plan_.prescription.tempo(), law_.working, start), head_start};
  law_.speed = rehab::speed_limits(plan_.prescription, law_.working);
  tally_ = {};
  rep_closed_ = false;
  spotter_.lift_begins(start);
  ++score_.reps_tried;
}

SetStep SetRun::advance(const sensing::Estimate& estimate, units::Instant now, Duration elapsed) {
  SetStep step;
  const RepStep rep_step = rep_.advance(estimate.angle, elapsed);
  const Moment moment = rep_step.point.moment;
  if (rep_step.moment_began) coach_.moment_begins(moment, score_.reps_tried, now);
  tally_.observe(rep_step, estimate, elapsed);

  if (rep_step.sagged) coach_.ease_down(now);
  if (ranging_) {
    range(rep_step, estimate.angle, elapsed, step);
  } else {
    if (moment == Moment::Lifting) help_lift(rep_step, estimate.angle, now, elapsed, step);
    if (rep_step.sagged) on_sag(step);
    if (rep_step.lowered) on_lowered(step);
  }
  update_law(rep_step, estimate.angle, elapsed);

  const Duration left = std::max(rep_step.point.moment_length - rep_step.point.in_moment, Duration::zero());
  const int reps = plan_.prescription.reps();
  if (!ranging_ && moment == Moment::Lowering && rep_.proven() && score_.reps_counted + 2 == reps &&
      left <= CueLine::UtteranceTime)
    coach_.announce_last(now);

  step.expectation = {.moment = moment,
                      .target = rep_step.point.reference.angle,
                      .target_speed = rep_step.point.reference.speed,
                      .tolerance = rep_step.point.tolerance,
                      .in_moment = rep_step.in_moment,
                      .moment_length = rep_step.point.moment_length,
                      .working = entered_ ? std::optional{law_.working} : std::nullopt};
  const bool load_returns = ranging_ && moment == Moment::Resting;
  step.cue = load_returns ? Cue::GetReady : coach_.cue(now);
  step.breath = breath_of(moment);
  step.moment_left = left;
  if (!ranging_ || load_returns) {
    step.load_set = moment == Moment::Lowering
                        ? plan_.prescription.load() * plan_.prescription.eccentric_ratio()
                        : plan_.prescription.load();
  }
  if (rep_step.over && !step.ended) begin_rep(rep_.plan().path.lower.to, rep_step.left_over);
  return step;
}

void SetRun::help_lift(const RepStep& rep_step, Angle angle, units::Instant now, Duration elapsed,
                       SetStep& step) {
  if (spotter_.watch(angle, rep_step.behind > rep_step.point.tolerance, elapsed)) coach_.lighter(now);
  if (!spotter_.gave_up()) return;
  close_rep(step, false);
  step.ended = spotter_.sank() ? SetEnd::Sag : SetEnd::Fatigue;
}

// Without load nothing is proven but how far the legs go today. Where the lift does not get any further the
// guide turns and comes down with the legs.
void SetRun::range(const RepStep& rep_step, Angle angle, Duration elapsed, SetStep& step) {
  const bool trails = rep_step.behind > rep_step.point.tolerance;
  if (rep_step.point.moment == Moment::Lifting && spotter_.watch(angle, trails, elapsed)) {
    spotter_ = {};  // there is no load to take a tenth of
    rep_.come_down(angle);
  }
  if (rep_step.lowered) on_ranged(step);
}

// The range can only become less. It then ends where control ended, and the guide turns inside of that.
void SetRun::on_ranged(SetStep& step) {
  if (rep_.proven()) return;
  const Angle controlled = std::min(rep_.plan().path.lower.from, law_.working.high());
  const auto range = units::Interval<Angle>::checked(law_.working.low(), controlled);
  if (range && !rehab::is_too_narrow(*range))
    next_working_ = *range;
  else
    step.ended = SetEnd::Range;  // too little is left to train in today
}

void SetRun::on_sag(SetStep& step) {
  ++sags_in_a_row_;
  if (sags_in_a_row_ < SagsInARow) return;
  const auto range = shallower(law_.working);
  if (made_shallower_ || !range) {
    close_rep(step, false);
    step.ended = SetEnd::Sag;
    return;
  }
  // From the next lift on: a wall or a limit that moved now could meet the legs on their way down.
  made_shallower_ = true;
  next_working_ = *range;
}

void SetRun::on_lowered(SetStep& step) {
  const bool counted = rep_.proven();
  if (counted) {
    ++score_.reps_counted;
    failures_in_a_row_ = 0;
    sags_in_a_row_ = 0;
  } else {
    ++failures_in_a_row_;
  }
  close_rep(step, counted);
  if (score_.reps_counted >= plan_.prescription.reps())
    step.ended = SetEnd::Completed;
  else if (failures_in_a_row_ > RepeatsOfARep)
    step.ended = SetEnd::Fatigue;
}

void SetRun::close_rep(SetStep& step, bool counted) {
  const int number = score_.reps_counted + (counted ? 0 : 1);
  score_.last_rep = tally_.score(static_cast<std::uint16_t>(number), counted);
  in_tube_ += tally_.in_tube();
  coach_.rep_ended(tally_.faults(rep_.plan()));
  rep_closed_ = true;
  step.rep_ended_now = true;
}

void SetRun::update_law(const RepStep& rep_step, Angle angle, Duration elapsed) {
  const Moment moment = rep_step.point.moment;
  if (!entered_ && angle > law_.working.low() + rehab::WallMargin) {
    entered_ = true;
    law_.lower_wall = law_.working.low() + rehab::WallMargin;
  }
  if (ranging_ && moment == Moment::Resting)
    law_.ramp = std::min(units::in_seconds(rep_step.in_moment) / units::in_seconds(RampInTime), 1.0);
  const double most = units::in_seconds(elapsed) / units::in_seconds(BlendTime);
  blend_ = approach(blend_, moment == Moment::Lowering ? 1.0 : 0.0, most);
  law_.eccentric_blend = smooth(blend_);
  // The spotter's share of the prescribed load, approached without a jolt.
  const double share =
      plan_.prescription.load().value() > 0.0 ? (law_.load / plan_.prescription.load()).value() : 1.0;
  law_.load =
      plan_.prescription.load() * approach(share, spotter_.share(), ShareRate * units::in_seconds(elapsed));
}

}  // namespace plinth::session
