#include "simulator/guide.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace plinth::simulator {

namespace {

struct Place {
  units::Angle angle;
  units::AngularVelocity speed;
};

// Raised cosine from one angle to another in `duration_s`: starts and ends still, fastest in the middle.
Place raised_cosine(units::Angle from, units::Angle to, double duration_s, double at_s) {
  if (duration_s <= 0.0 || at_s >= duration_s) return {to, {}};
  const double turn = std::numbers::pi / duration_s;
  const units::Angle span = to - from;
  return {from + 0.5 * (1.0 - std::cos(turn * at_s)) * span,
          units::radians_per_second(0.5 * turn * std::sin(turn * at_s) * units::in_radians(span))};
}

constexpr double SettleS = 1.5;  // from hanging to the lower end, within the count-in

}  // namespace

std::string_view name_of(Moment moment) {
  constexpr std::array<std::string_view, MomentCount> Names{"idle",     "ramp_in", "lifting",  "holding",
                                                            "lowering", "resting", "unloading"};
  return Names.at(static_cast<std::size_t>(moment));
}

GuideView OwnGuide::led(double since_start_s) const {
  GuideView view{.moving = true, .hold_grips = true, .low = routine_.low, .high = routine_.high};
  const auto at = [&](Moment moment, const Place& place, std::uint16_t rep) {
    view.moment = moment;
    view.target = place.angle;
    view.target_speed = place.speed;
    view.rep = rep;
    return view;
  };
  if (since_start_s < routine_.count_in_s) {
    const double settle_s = std::min(SettleS, routine_.count_in_s);
    return at(Moment::RampIn, raised_cosine(from_, routine_.low, settle_s, since_start_s), 0);
  }
  const double rep_s = routine_.lift_s + routine_.hold_s + routine_.lower_s + routine_.rest_s;
  const double trained_s = since_start_s - routine_.count_in_s;
  const auto done = static_cast<std::uint16_t>(std::min(trained_s / rep_s, 65000.0));
  if (done >= routine_.reps) {
    view.moving = false;
    return at(Moment::Unloading, {routine_.low, {}}, routine_.reps);
  }
  const auto rep = static_cast<std::uint16_t>(done + 1);
  double t = trained_s - done * rep_s;
  if (t < routine_.lift_s)
    return at(Moment::Lifting, raised_cosine(routine_.low, routine_.high, routine_.lift_s, t), rep);
  t -= routine_.lift_s;
  if (t < routine_.hold_s) return at(Moment::Holding, {routine_.high, {}}, rep);
  t -= routine_.hold_s;
  if (t < routine_.lower_s)
    return at(Moment::Lowering, raised_cosine(routine_.high, routine_.low, routine_.lower_s, t), rep);
  return at(Moment::Resting, {routine_.low, {}}, rep);
}

GuideView OwnGuide::look(units::Duration now, const MachineSigns& signs) {
  if (signs.carries_torque && !running_) {
    running_ = true;
    started_ = now;
    from_ = signs.legs;
  } else if (!signs.carries_torque && running_) {
    running_ = false;
    idle_since_ = now;
  }
  if (running_) return led(units::in_seconds(now - started_));

  // Hands open for two seconds, so that the machine sees them open, then eight seconds of holding on, for the
  // start needs both grips and nobody says here when the console has been pressed.
  GuideView view{.low = routine_.low, .high = routine_.high};
  constexpr double OpenS = 2.0;
  constexpr double CycleS = 10.0;
  view.hold_grips = std::fmod(units::in_seconds(now - idle_since_), CycleS) >= OpenS;
  return view;
}

GuideView FedGuide::look(units::Duration now) const {
  GuideView view = view_;
  const units::Duration age = now - shown_;
  if (!ever_ || age > Patience) {
    view.moment = Moment::Idle;
    view.moving = false;
    view.hold_grips = false;
    view.target_speed = {};
    return view;
  }
  // 40 ms: two updates at 50 Hz. Past that a lost feed must not carry the legs on.
  const units::TimeSpan ahead = units::time_span(std::min(age, units::milliseconds(40)));
  view.target += units::radians(units::in_radians_per_second(view.target_speed) * units::in_seconds(ahead));
  return view;
}

}  // namespace plinth::simulator
