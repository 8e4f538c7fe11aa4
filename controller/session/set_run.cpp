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

RepPlan rep_plan(const SetPlan& plan, const units::Interval<Angle>& working, Angle start) {
  return {.path = rep_path(plan.prescription.tempo(), working, start),
          .hold_tolerance = plan.prescription.hold_tolerance()};
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

std::optional<units::Interval<Angle>> shallower(const units::Interval<Angle>& working, Angle lost_at) {
  const bool at_top = lost_at >= working.middle();
  const auto range = at_top ? units::Interval<Angle>::checked(working.low(), working.high() - ShallowerBy)
                            : units::Interval<Angle>::checked(working.low() + ShallowerBy, working.high());
  if (!range || range->width() < rehab::machine_limits().narrowest_range.value) return std::nullopt;
  return range;
}

SetRun::SetRun(const SetPlan& plan, Angle angle)
    : plan_{plan},
      law_{law_of(plan)},
      rep_{rep_plan(plan, plan.working, angle), Duration::zero()},
      next_working_{plan.working} {
  law_.ramp = 1.0;
  score_.reps_tried = 1;
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
  law_.working = next_working_;
  rep_ = Rep{rep_plan(plan_, law_.working, start), head_start};
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

  if (moment == Moment::Lifting) help_lift(rep_step, estimate.angle, now, elapsed, step);
  if (rep_step.sagged) {
    coach_.ease_down(now);
    on_sag(step);
  }
  if (rep_step.lowered) on_lowered(step);
  update_law(moment, estimate.angle, elapsed);

  const Duration left = std::max(rep_step.point.moment_length - rep_step.point.in_moment, Duration::zero());
  const int reps = plan_.prescription.reps();
  if (moment == Moment::Lowering && rep_.proven() && score_.reps_counted + 2 == reps &&
      left <= CueLine::UtteranceTime)
    coach_.announce_last(now);

  step.expectation = {.moment = moment,
                      .target = rep_step.point.reference.angle,
                      .target_speed = rep_step.point.reference.speed,
                      .tolerance = rep_step.point.tolerance,
                      .in_moment = rep_step.in_moment,
                      .moment_length = rep_step.point.moment_length,
                      .working = entered_ ? std::optional{law_.working} : std::nullopt};
  step.cue = coach_.cue(now);
  step.breath = breath_of(moment);
  step.moment_left = left;
  step.load_set = moment == Moment::Lowering
                      ? plan_.prescription.load() * plan_.prescription.eccentric_ratio()
                      : plan_.prescription.load();
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

void SetRun::on_sag(SetStep& step) {
  ++sags_in_a_row_;
  if (sags_in_a_row_ < SagsInARow) return;
  const auto range = shallower(law_.working, rep_.plan().path.lift.to);
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

void SetRun::update_law(Moment moment, Angle angle, Duration elapsed) {
  if (!entered_ && angle > law_.working.low() + rehab::WallMargin) {
    entered_ = true;
    law_.lower_wall = law_.working.low() + rehab::WallMargin;
  }
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
