#include "controller/session/tempo_guide.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace plinth::session {
namespace {

using rehab::Moment;
using units::Angle;
using units::Duration;

// A movement, however short, is never quicker than a person reacts to it.
constexpr Duration ShortestStroke = units::milliseconds(500);

Duration in_proportion(Duration length, Angle travel, Angle planned_travel) {
  if (units::magnitude(planned_travel).value() <= 0.0) return std::max(length, ShortestStroke);
  const double ratio = units::magnitude(travel).value() / units::magnitude(planned_travel).value();
  return std::max(units::seconds_long(units::in_seconds(length) * ratio), ShortestStroke);
}

Stroke scaled(Angle from, Angle to, Duration length, Angle planned_travel) {
  return {from, to, in_proportion(length, to - from, planned_travel)};
}

}  // namespace

Reference Stroke::at(Duration elapsed) const {
  if (elapsed <= Duration::zero()) return {.angle = from};
  if (elapsed >= length) return {.angle = to};
  const double turn = std::numbers::pi / units::in_seconds(length);
  const double phase = turn * units::in_seconds(elapsed);
  const Angle span = to - from;
  return {.angle = from + span * (0.5 * (1.0 - std::cos(phase))),
          .speed = units::radians_per_second(units::in_radians(span) * 0.5 * turn * std::sin(phase))};
}

RepPath rep_path(const rehab::Tempo& tempo, const units::Interval<Angle>& working, Angle start) {
  const auto turns = rehab::guide_range(working);
  const bool at_turn = start == turns.low();
  return {.lift = at_turn ? Stroke{start, turns.high(), tempo.lift}
                          : scaled(start, turns.high(), tempo.lift, turns.width()),
          .hold = tempo.hold,
          .lower = {turns.high(), turns.low(), tempo.lower},
          .rest = tempo.rest};
}

Stroke lowering_from(const Stroke& planned, Angle from) {
  // Legs that already hang below the turn are not asked to come up again.
  return scaled(from, std::min(planned.to, from), planned.length, planned.to - planned.from);
}

GuidePoint point_in(const RepPath& path, Moment moment, Duration in_moment) {
  GuidePoint point{.moment = moment, .in_moment = in_moment};
  switch (moment) {
    case Moment::Lifting:
      point.reference = path.lift.at(in_moment);
      point.moment_length = path.lift.length;
      break;
    case Moment::Holding:
      point.reference = {.angle = path.lift.to};
      point.moment_length = path.hold;
      break;
    case Moment::Lowering:
      point.reference = path.lower.at(in_moment);
      point.moment_length = path.lower.length;
      break;
    case Moment::Resting:
      point.reference = {.angle = path.lower.to};
      point.moment_length = path.rest;
      break;
    case Moment::Idle:
    case Moment::RampIn:
    case Moment::Unloading:
      point.reference = {.angle = path.lift.from};
      break;
  }
  point.tolerance = rehab::tube_half_width(point.reference.speed);
  return point;
}

GuidePoint point_at(const RepPath& path, Duration since_start) {
  Duration left = std::max(since_start, Duration::zero());
  if (left < path.lift.length) return point_in(path, Moment::Lifting, left);
  left -= path.lift.length;
  if (left < path.hold) return point_in(path, Moment::Holding, left);
  left -= path.hold;
  if (left < path.lower.length) return point_in(path, Moment::Lowering, left);
  return point_in(path, Moment::Resting, std::min(left - path.lower.length, path.rest));
}

}  // namespace plinth::session
