#include "controller/rehab/movement.hpp"

#include <algorithm>
#include <numbers>

namespace plinth::rehab {
namespace {

using units::AngularVelocity;

// How far above the guide's peak speed a healthy set goes was tried on thirty simulated sets: up to 1.35
// times lifting, 1.72 times lowering (simulator/README.md). The floors in °/s keep slow tempos usable.
struct Allowance {
  double onset_factor;
  AngularVelocity onset_floor;
  double trip_factor;
  AngularVelocity trip_floor;
};
constexpr Allowance LiftingAllowance{.onset_factor = 1.35,
                                     .onset_floor = units::degrees_per_second(8),
                                     .trip_factor = 1.7,
                                     .trip_floor = units::degrees_per_second(15)};
constexpr Allowance LoweringAllowance{.onset_factor = 1.5,
                                      .onset_floor = units::degrees_per_second(8),
                                      .trip_factor = 2.0,
                                      .trip_floor = units::degrees_per_second(15)};

// The drive trips later than we do: then the slower, better informed stop comes first.
constexpr AngularVelocity DriveHeadroom = units::degrees_per_second(5);

SpeedLimit speed_limit(AngularVelocity peak, AngularVelocity stop_speed, const Allowance& allowance) {
  const AngularVelocity trip =
      std::min(stop_speed, std::max(peak * allowance.trip_factor, peak + allowance.trip_floor));
  const AngularVelocity onset = std::max(peak * allowance.onset_factor, peak + allowance.onset_floor);
  return {.onset = std::min(onset, trip), .trip = trip, .drive = trip + DriveHeadroom};
}

}  // namespace

bool is_too_narrow(const units::Interval<units::Angle>& range) {
  constexpr units::Angle ConversionNoise = units::radians(1e-12);
  return range.width() + ConversionNoise < machine_limits().narrowest_range.value;
}

std::optional<units::Interval<units::Angle>> working_range(const Prescription& prescription,
                                                           units::Angle rest) {
  if (!units::is_finite(rest)) return std::nullopt;
  const auto range = prescription.range();
  auto working =
      units::Interval<units::Angle>::checked(std::max(range.low(), rest + RestMargin), range.high());
  if (!working || is_too_narrow(*working)) return std::nullopt;
  return working;
}

units::Interval<units::Angle> guide_range(const units::Interval<units::Angle>& working) {
  const auto inner = working.shrunk_by(TurnMargin);
  return inner ? *inner : units::Interval<units::Angle>{working.middle(), working.middle()};
}

AngularVelocity peak_speed(units::Angle travel, units::Duration time) {
  return units::radians_per_second(std::numbers::pi * units::in_radians(travel) /
                                   (2.0 * units::in_seconds(time)));
}

SpeedLimits speed_limits(const Prescription& prescription, const units::Interval<units::Angle>& working) {
  const units::Angle travel = guide_range(working).width();
  const Tempo& tempo = prescription.tempo();
  return {.lifting = speed_limit(peak_speed(travel, tempo.lift), prescription.lifting_stop_speed(),
                                 LiftingAllowance),
          .lowering = speed_limit(peak_speed(travel, tempo.lower), prescription.lowering_stop_speed(),
                                  LoweringAllowance)};
}

units::Angle tube_half_width(AngularVelocity guide_speed) {
  // In angle what a person can place a leg to, in time what a reaction to the screen takes.
  constexpr units::Angle AtRest = units::degrees(4);
  constexpr double LateS = 0.25;
  return AtRest + units::radians(LateS * units::in_radians_per_second(units::magnitude(guide_speed)));
}

}  // namespace plinth::rehab
