#include "controller/session/score.hpp"

#include <algorithm>
#include <cmath>

namespace plinth::session {

using rehab::Moment;
using units::Duration;

void TubeTime::add(bool in_tube, Duration elapsed) {
  all += elapsed;
  if (in_tube) inside += elapsed;
}

TubeTime& TubeTime::operator+=(const TubeTime& other) {
  inside += other.inside;
  all += other.all;
  return *this;
}

double TubeTime::share() const {
  return all > Duration::zero() ? units::in_seconds(inside) / units::in_seconds(all) : 0.0;
}

void RepTally::observe(const RepStep& step, const sensing::Estimate& estimate, Duration elapsed) {
  const bool in_tube = units::magnitude(estimate.angle - step.point.reference.angle) <= step.point.tolerance;
  top_ = seen_ ? std::max(top_, estimate.angle) : estimate.angle;
  bottom_ = seen_ ? std::min(bottom_, estimate.angle) : estimate.angle;
  seen_ = true;
  switch (step.point.moment) {
    case Moment::Lifting:
      lift_.add(in_tube, elapsed);
      peak_lift_ = std::max(peak_lift_, estimate.velocity);
      observe_tempo(step, in_tube, elapsed);
      break;
    case Moment::Holding:
      hold_.add(in_tube, elapsed);
      observe_hold(estimate.angle);
      running_ = {};
      break;
    case Moment::Lowering:
      lower_.add(in_tube, elapsed);
      peak_lower_ = std::max(peak_lower_, -estimate.velocity);
      observe_tempo(step, in_tube, elapsed);
      break;
    default:
      running_ = {};
      return;
  }
  observe_sides(estimate);
}

void RepTally::observe_tempo(const RepStep& step, bool in_tube, Duration elapsed) {
  const bool late = step.behind.value() > 0.0;
  running_.late = !in_tube && late ? running_.late + elapsed : Duration::zero();
  running_.early = !in_tube && !late ? running_.early + elapsed : Duration::zero();
  TempoError& worst = worst_.at(step.point.moment == Moment::Lifting ? 0 : 1);
  worst.late = std::max(worst.late, running_.late);
  worst.early = std::max(worst.early, running_.early);
}

void RepTally::observe_hold(units::Angle angle) {
  ++hold_count_;
  const double off = units::in_radians(angle) - hold_mean_;
  hold_mean_ += off / hold_count_;
  hold_squares_ += off * (units::in_radians(angle) - hold_mean_);
}

void RepTally::observe_sides(const sensing::Estimate& estimate) {
  if (!estimate.strap_left || !estimate.strap_right) return;
  const units::Force both = *estimate.strap_left + *estimate.strap_right;
  if (both < LeastForce) return;
  ++sides_count_;
  sides_sum_ += std::clamp((*estimate.strap_left / both).value(), 0.0, 1.0);
}

double RepTally::left_share() const {
  return sides_count_ > 0 ? sides_sum_ / sides_count_ : 0.5;
}

RepScore RepTally::score(std::uint16_t number, bool counted) const {
  return {.number = number,
          .counted = counted,
          .in_tube_lift = lift_.share(),
          .in_tube_hold = hold_.share(),
          .in_tube_lower = lower_.share(),
          .top = top_,
          .bottom = bottom_,
          .hold_spread = units::radians(hold_count_ > 1 ? std::sqrt(hold_squares_ / (hold_count_ - 1)) : 0.0),
          .peak_lift = peak_lift_,
          .peak_lower = peak_lower_,
          .left_share = left_share()};
}

RepFaults RepTally::faults(const RepPlan& plan) const {
  const units::Angle target = plan.path.lift.to;
  const units::Angle held_at = hold_count_ > 0 ? units::radians(hold_mean_) : top_;
  const double weaker = std::min(left_share(), 1.0 - left_share());
  return {.lift_early = worst_[0].early > TempoNotice,
          .lift_late = worst_[0].late > TempoNotice,
          .lower_early = worst_[1].early > TempoNotice,
          .lower_late = worst_[1].late > TempoNotice,
          .low = (held_at < target - plan.hold_tolerance),
          .high = (held_at > target + plan.hold_tolerance),
          .uneven = weaker < (1.0 - AsymmetryNotice) * (1.0 - weaker)};
}

TubeTime RepTally::in_tube() const {
  TubeTime sum = lift_;
  sum += hold_;
  sum += lower_;
  return sum;
}

}  // namespace plinth::session
