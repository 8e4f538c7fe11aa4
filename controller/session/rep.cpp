#include "controller/session/rep.hpp"

#include <algorithm>

namespace plinth::session {
namespace {

using rehab::Moment;
using units::Angle;
using units::Duration;

// The guide slows from the edge of the tube on and stands still half a tube further out.
constexpr double StandsStillAt = 1.5;

}  // namespace

Rep::Rep(const RepPlan& plan, Duration head_start)
    : plan_{plan}, guide_time_{head_start}, in_moment_{head_start} {}

Angle Rep::hold_band() const {
  return plan_.hold_tolerance + rehab::tube_half_width(units::AngularVelocity{});
}

RepStep Rep::advance(Angle angle, Duration elapsed) {
  RepStep step;
  const Moment before = moment_;
  in_moment_ += elapsed;
  if (!over_) {
    switch (moment_) {
      case Moment::Holding:
        hold(angle, elapsed, step);
        break;
      case Moment::Lowering:
        lower(angle, elapsed, step);
        break;
      case Moment::Resting:
        rest(elapsed, step);
        break;
      default:
        lift(angle, elapsed);
        break;
    }
  }
  step.moment_began = began_ || moment_ != before;
  began_ = false;
  step.point = point_in(plan_.path, moment_, guide_time_);
  step.point.reference.speed = step.point.reference.speed * pace_;
  step.in_moment = in_moment_;
  step.behind = behind(angle);
  return step;
}

void Rep::enter(Moment moment, Duration head_start) {
  moment_ = moment;
  guide_time_ = head_start;
  in_moment_ = head_start;
  pace_ = 1.0;
  waited_ = Duration::zero();
  below_ = Duration::zero();
}

Angle Rep::behind(Angle angle) const {
  const Angle ahead_of_guide = angle - point_in(plan_.path, moment_, guide_time_).reference.angle;
  return moment_ == Moment::Lowering || moment_ == Moment::Resting ? ahead_of_guide : -ahead_of_guide;
}

Duration Rep::paced(Angle angle, Duration elapsed) {
  const double tubes = (behind(angle) / point_in(plan_.path, moment_, guide_time_).tolerance).value();
  pace_ = std::clamp((StandsStillAt - tubes) / (StandsStillAt - 1.0), 0.0, 1.0);
  return pace_ >= 1.0 ? elapsed : units::seconds_long(units::in_seconds(elapsed) * pace_);
}

void Rep::lift(Angle angle, Duration elapsed) {
  const Duration length = plan_.path.lift.length;
  guide_time_ += paced(angle, elapsed);
  if (guide_time_ < length) return;
  const Duration beyond = guide_time_ - length;
  guide_time_ = length;
  if (units::magnitude(angle - plan_.path.lift.to) > hold_band()) {
    waited_ += elapsed;
    if (waited_ >= TurnGrace) come_down(angle);
  } else if (plan_.path.hold > Duration::zero()) {
    enter(Moment::Holding, waited_ > Duration::zero() ? Duration::zero() : beyond);
    held_ = guide_time_;
  } else {
    proven_ = true;  // a hold of no length is held by getting there
    enter(Moment::Lowering, beyond);
  }
}

void Rep::hold(Angle angle, Duration elapsed, RepStep& step) {
  const Duration length = plan_.path.hold;
  const Angle above = angle - plan_.path.lift.to;
  guide_time_ += elapsed;
  if (units::magnitude(above) <= hold_band()) held_ += elapsed;
  below_ = above < -std::min(hold_band(), DeepestSag) ? below_ + elapsed : Duration::zero();
  if (below_ >= SagDwell) {
    step.sagged = true;
    come_down(angle);
    return;
  }
  if (guide_time_ < length) return;
  proven_ = units::in_seconds(held_) >= HeldShare * units::in_seconds(length);
  if (proven_) {
    // What the grace took of the clock is not taken off the lowering.
    const bool in_time = guide_time_ - length < elapsed;
    enter(Moment::Lowering, in_time ? guide_time_ - length : Duration::zero());
  } else if (guide_time_ >= length + HoldGrace) {
    come_down(angle);
  }
}

void Rep::come_down(Angle angle) {
  plan_.path.lower = lowering_from(plan_.path.lower, std::min(angle, plan_.path.lift.to));
  enter(Moment::Lowering, Duration::zero());
  began_ = true;
}

void Rep::lower(Angle angle, Duration elapsed, RepStep& step) {
  const Duration length = plan_.path.lower.length;
  guide_time_ += paced(angle, elapsed);
  if (guide_time_ < length) return;
  const Duration beyond = guide_time_ - length;
  guide_time_ = length;
  const bool late = behind(angle) > rehab::tube_half_width(units::AngularVelocity{});
  if (late) {
    waited_ += elapsed;
    if (waited_ < TurnGrace) return;
  }
  step.lowered = true;
  enter(Moment::Resting, waited_ > Duration::zero() ? Duration::zero() : beyond);
  if (guide_time_ >= plan_.path.rest) rest(Duration::zero(), step);
}

void Rep::rest(Duration elapsed, RepStep& step) {
  guide_time_ += elapsed;
  if (guide_time_ < plan_.path.rest) return;
  over_ = true;
  step.over = true;
  step.left_over = guide_time_ - plan_.path.rest;
  guide_time_ = plan_.path.rest;
}

}  // namespace plinth::session
