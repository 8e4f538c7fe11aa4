// Prescription::checked: a draft against the phase, the machine and the person.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/rehab/movement.hpp"
#include "controller/rehab/prescription.hpp"
#include "controller/rehab/wording.hpp"

namespace plinth::rehab {
namespace {

using wording::at_least;
using wording::number;
using wording::window;

// A movement may use this share of the stop speed at its peak; the rest is for a person's unevenness.
constexpr double PeakShareOfStopSpeed = 0.7;

// The window of a raw number at the edge of the words.
struct Window {
  double low;
  double high;
  [[nodiscard]] bool contains(double value) const { return low <= value && value <= high; }
};

// The slip of the pen that would explain a value: the same number in another unit. Only told when the number
// converted would have been accepted.
struct OtherUnit {
  std::string_view name;
  double factor;
};

constexpr OtherUnit Radians{"radians", 180.0 / std::numbers::pi};
constexpr OtherUnit RadiansPerSecond{"radians a second", 180.0 / std::numbers::pi};
constexpr OtherUnit Milliseconds{"milliseconds", 1e-3};
constexpr OtherUnit PerCent{"per cent", 1e-2};
constexpr OtherUnit Centimetres{"centimetres", 1e-2};
constexpr OtherUnit Feet{"feet", 0.3048};
constexpr OtherUnit Pounds{"pounds", 0.45359237};
constexpr OtherUnit Newtons{"newtons", 1.0 / 9.80665};

std::string with_unit(double value, std::string_view unit) {
  std::string text = number(value);
  if (!unit.empty()) text.append(" ").append(unit);
  return text;
}

std::string hint(double value, const Window& accepted, std::string_view unit,
                 std::initializer_list<OtherUnit> others) {
  for (const OtherUnit& other : others) {
    const double converted = value * other.factor;
    if (!accepted.contains(converted)) continue;
    return std::string{" (if "}.append(other.name) + ": " +
           with_unit(std::round(converted * 100.0) / 100.0, unit) + ")";
  }
  return "";
}

std::string newtons_and_kilograms(units::Force force) {
  const double load_n = units::in_newtons(force);
  const double load_kg = load_n / units::in_newtons(weight(units::kilograms(1)));
  return with_unit(load_n, "N") + " (" + number(std::round(load_kg * 10.0) / 10.0) + " kg)";
}

Window in_seconds(const units::Interval<units::Duration>& interval) {
  return {units::in_seconds(interval.low()), units::in_seconds(interval.high())};
}

// Values that went out in degrees and come back may differ from a limit in the last bit. They are put on the
// limit, so that what the station told is accepted again and what is accepted never lies beyond a limit.
template <typename Quantity>
Quantity settled(Quantity value, const units::Interval<Quantity>& limits) {
  const auto noise = Quantity::from_value(1e-12);  // rad, rad/s
  if (units::magnitude(value - limits.low()) < noise) return limits.low();
  if (units::magnitude(value - limits.high()) < noise) return limits.high();
  return value;
}

PrescriptionDraft settled(PrescriptionDraft draft) {
  const PhaseLimits& phase = limits_of(draft.phase);
  const units::Interval<units::AngularVelocity> speeds{machine_limits().lowest_stop_speed.value,
                                                       phase.stop_speed.value};
  draft.range_low = settled(draft.range_low, phase.range.value);
  draft.range_high = settled(draft.range_high, phase.range.value);
  draft.hold_tolerance = settled(draft.hold_tolerance, machine_limits().hold_tolerance.value);
  draft.lifting_stop_speed = settled(draft.lifting_stop_speed, speeds);
  draft.lowering_stop_speed = settled(draft.lowering_stop_speed, speeds);
  return draft;
}

class Checks {
 public:
  Checks(const PrescriptionDraft& draft, const Person& person)
      : draft_{draft}, person_{person}, phase_{limits_of(draft.phase)}, machine_{machine_limits()} {}

  std::vector<Refusal> all() {
    check_names();
    if (!refusals_.empty()) return std::move(refusals_);  // without a phase there is nothing to check against
    check_range();
    check_load();
    check_ratio();
    check_tempo();
    check_hold_tolerance();
    check_speed(draft_.lifting_stop_speed, "lifting_stop_speed_deg_s");
    check_speed(draft_.lowering_stop_speed, "lowering_stop_speed_deg_s");
    check_counts();
    check_leg_support();
    check_person();
    return std::move(refusals_);
  }

 private:
  void refuse(RefusalCode code, std::string_view field, std::string found, std::string allowed) {
    refusals_.push_back({code, std::string{field}, std::move(found), std::move(allowed)});
  }

  // Refuses what is not finite; true when the value may be checked further.
  bool finite(std::string_view field, double value, std::string_view unit, const std::string& allowed) {
    if (std::isfinite(value)) return true;
    refuse(RefusalCode::NotANumber, field, with_unit(value, unit), allowed);
    return false;
  }

  void check_names() {
    if (name_of(draft_.exercise).empty()) {
      refuse(RefusalCode::UnknownName, "exercise", number(static_cast<double>(draft_.exercise)),
             std::string{name_of(Exercise::ReverseHyper)});
    }
    if (name_of(draft_.phase).empty()) {
      std::string names;
      for (const Phase phase : AllPhases) names.append(names.empty() ? "" : ", ").append(name_of(phase));
      refuse(RefusalCode::UnknownName, "phase", number(static_cast<double>(draft_.phase)), names);
    }
  }

  void check_range() {
    const double low_deg = units::in_degrees(draft_.range_low);
    const double high_deg = units::in_degrees(draft_.range_high);
    const auto& phase = phase_.range.value;
    const Window accepted{units::in_degrees(phase.low()), units::in_degrees(phase.high())};
    const std::string allowed = window(accepted.low, accepted.high, 1, "°");

    const bool low_is_finite = finite("range_low_deg", low_deg, "°", allowed);
    const bool high_is_finite = finite("range_high_deg", high_deg, "°", allowed);
    if (low_is_finite) check_range_end("range_low_deg", draft_.range_low, allowed, accepted);
    if (high_is_finite) check_range_end("range_high_deg", draft_.range_high, allowed, accepted);
    if (!low_is_finite || !high_is_finite) return;

    if (draft_.range_low > draft_.range_high) {
      refuse(RefusalCode::RangeInverted, "range_low_deg",
             with_unit(low_deg, "°") + ", above range_high_deg " + with_unit(high_deg, "°"), allowed);
      return;
    }
    const units::Interval<units::Angle> wanted{draft_.range_low, draft_.range_high};
    if (is_too_narrow(wanted)) {
      refuse(RefusalCode::RangeTooNarrow, "range_high_deg",
             with_unit(high_deg - low_deg, "°") + " above range_low_deg",
             at_least(units::in_degrees(machine_.narrowest_range.value), 1, "°") +
                 " above range_low_deg, within " + allowed);
      return;
    }
    range_ = wanted.intersection(phase);
    if (range_ && is_too_narrow(*range_)) range_.reset();
  }

  void check_range_end(std::string_view field, units::Angle angle, const std::string& allowed,
                       const Window& accepted) {
    const double angle_deg = units::in_degrees(angle);
    const std::string found = with_unit(angle_deg, "°") + hint_of_radians(angle_deg, accepted);
    if (!phase_.range.value.contains(angle)) {
      refuse(RefusalCode::RangeOutsidePhase, field, found, allowed);
    }
    if (!machine_.range.value.contains(angle)) {
      refuse(RefusalCode::RangeOutsideMachine, field, found, allowed);
    }
  }

  // A small angle is only taken for radians when both ends are small, for an upper end near 0° is common.
  [[nodiscard]] std::string hint_of_radians(double angle_deg, const Window& accepted) const {
    constexpr double QuarterTurnRad = std::numbers::pi / 2.0;
    const bool both_small = std::abs(units::in_degrees(draft_.range_low)) <= QuarterTurnRad &&
                            std::abs(units::in_degrees(draft_.range_high)) <= QuarterTurnRad;
    const Window nearly{accepted.low - 1.0,
                        accepted.high + 1.0};  // -1.05 rad is meant for -60°, and is -60.2°
    return both_small ? hint(angle_deg, nearly, "°", {Radians}) : "";
  }

  void check_load() {
    // Ceilings are for the heavier of the two directions. A ratio that is itself refused counts as the
    // nearest accepted one, so that one mistake is told once.
    const double ratio = std::isfinite(draft_.eccentric_ratio)
                             ? machine_.eccentric_ratio.value.clamp(draft_.eccentric_ratio)
                             : 1.0;
    const double heavier = std::max(1.0, ratio);

    units::Force of_machine = machine_.load.value;
    std::optional<units::Force> of_phase;
    std::optional<units::Force> of_strength;
    if (is_accepted(person_)) {
      const units::Length radius = leg_measures(person_).cuff_radius;
      of_machine = std::min(of_machine, units::force_at(machine_.resisting_torque.value, radius));
      of_phase = weight(person_.mass) * phase_.load_per_body_weight.value;
      if (person_.strength) {
        of_strength = units::force_at(*person_.strength * machine_.load_per_strength.value, radius);
      }
    }
    const units::Force tightest =
        std::min({of_machine, of_phase.value_or(of_machine), of_strength.value_or(of_machine)}) / heavier;
    const std::string allowed = window(0.0, units::in_newtons(tightest), 1, "N") + ", that is up to " +
                                number(std::floor(units::in_newtons(tightest) /
                                                  units::in_newtons(weight(units::kilograms(1))) * 10.0) /
                                       10.0) +
                                " kg";

    if (!finite("load_n", units::in_newtons(draft_.load), "N", allowed)) return;
    const units::Force heaviest = draft_.load * heavier;
    std::string found = newtons_and_kilograms(draft_.load);
    if (heavier > 1.0) found += ", " + newtons_and_kilograms(heaviest) + " while lowering";

    if (draft_.load < units::newtons(0)) refuse(RefusalCode::LoadNegative, "load_n", found, allowed);
    if (of_phase && heaviest > *of_phase) refuse(RefusalCode::LoadAbovePhase, "load_n", found, allowed);
    if (heaviest > of_machine) refuse(RefusalCode::LoadAboveMachine, "load_n", found, allowed);
    if (of_strength && heaviest > *of_strength) {
      refuse(RefusalCode::LoadAboveStrength, "load_n", found, allowed);
    }
  }

  void check_ratio() {
    const auto& accepted = phase_.eccentric_ratio.value;
    check_window(RefusalCode::EccentricRatioOutside, "eccentric_ratio", draft_.eccentric_ratio,
                 {accepted.low(), accepted.high()}, 2, "", {PerCent});
  }

  void check_tempo() {
    const Tempo& tempo = draft_.tempo;
    check_movement("lift_s", RefusalCode::TempoLiftOutside, tempo.lift, machine_.shortest_lift.value,
                   "lifting_stop_speed_deg_s", draft_.lifting_stop_speed);
    check_time("hold_s", RefusalCode::TempoHoldOutside, tempo.hold, in_seconds(machine_.hold.value));
    check_movement("lower_s", RefusalCode::TempoLowerOutside, tempo.lower, machine_.shortest_lower.value,
                   "lowering_stop_speed_deg_s", draft_.lowering_stop_speed);
    check_time("rest_s", RefusalCode::TempoRestOutside, tempo.rest, in_seconds(machine_.rest_in_rep.value));
  }

  // A lift or a lowering: not too quick or slow in itself, and at its peak far enough from the stop speed.
  void check_movement(std::string_view field, RefusalCode outside, units::Duration time,
                      units::Duration shortest, std::string_view speed_field,
                      units::AngularVelocity wanted_stop_speed) {
    const double time_s = units::in_seconds(time);
    const double longest_s = units::in_seconds(machine_.longest_movement.value);
    const std::optional<double> fitting_s = fitting_time_s(wanted_stop_speed);
    const Window accepted{std::min(std::max(units::in_seconds(shortest), fitting_s.value_or(0.0)), longest_s),
                          longest_s};
    if (time < shortest || time > machine_.longest_movement.value) {
      refuse(outside, field, with_unit(time_s, "s") + hint(time_s, accepted, "s", {Milliseconds}),
             window(accepted.low, accepted.high, 1, "s"));
    }
    if (!fitting_s || time_s <= 0.0 || time_s >= *fitting_s) return;

    const units::AngularVelocity peak = peak_speed(guide_range(*range_).width(), time);
    std::string allowed;
    if (*fitting_s <= longest_s) allowed = at_least(accepted.low, 1, "s");
    const units::AngularVelocity needed_stop_speed = peak / PeakShareOfStopSpeed;
    if (needed_stop_speed <= phase_.stop_speed.value) {
      allowed.append(allowed.empty() ? "" : ", or ")
          .append(speed_field)
          .append(" ")
          .append(at_least(units::in_degrees_per_second(needed_stop_speed), 1, "°/s"));
    }
    refuse(RefusalCode::TempoTooFastForRange, field,
           with_unit(time_s, "s") + ", with a peak of " +
               number(std::round(units::in_degrees_per_second(peak) * 10.0) / 10.0) + " °/s",
           allowed);
  }

  // The shortest time in which the guide keeps within its share of the stop speed; nothing when range or
  // stop speed are themselves refused.
  [[nodiscard]] std::optional<double> fitting_time_s(units::AngularVelocity stop_speed) const {
    if (!range_ || !(stop_speed >= machine_.lowest_stop_speed.value)) return std::nullopt;
    const units::AngularVelocity highest =
        std::min(stop_speed, phase_.stop_speed.value) * PeakShareOfStopSpeed;
    const units::Angle travel = guide_range(*range_).width();
    const double in_one_second = units::in_radians_per_second(peak_speed(travel, units::milliseconds(1000)));
    return in_one_second / units::in_radians_per_second(highest);
  }

  void check_time(std::string_view field, RefusalCode code, units::Duration time, const Window& accepted) {
    check_window(code, field, units::in_seconds(time), accepted, 1, "s", {Milliseconds});
  }

  void check_hold_tolerance() {
    const auto& accepted = machine_.hold_tolerance.value;
    check_window(RefusalCode::HoldToleranceOutside, "hold_tolerance_deg",
                 units::in_degrees(draft_.hold_tolerance),
                 {units::in_degrees(accepted.low()), units::in_degrees(accepted.high())}, 1, "°", {Radians});
  }

  void check_speed(units::AngularVelocity speed, std::string_view field) {
    check_window(RefusalCode::SpeedLimitOutside, field, units::in_degrees_per_second(speed),
                 {units::in_degrees_per_second(machine_.lowest_stop_speed.value),
                  units::in_degrees_per_second(phase_.stop_speed.value)},
                 1, "°/s", {RadiansPerSecond});
  }

  void check_counts() {
    const auto& sets = phase_.sets.value;
    const auto& reps = phase_.reps.value;
    check_window(RefusalCode::SetsOutside, "sets", draft_.sets,
                 {static_cast<double>(sets.low()), static_cast<double>(sets.high())}, 0, "", {});
    check_window(RefusalCode::RepsOutside, "reps", draft_.reps,
                 {static_cast<double>(reps.low()), static_cast<double>(reps.high())}, 0, "", {});
    check_time("rest_between_sets_s", RefusalCode::RestOutside, draft_.rest_between_sets,
               in_seconds(machine_.rest_between_sets.value));
    const double longest_s = units::in_seconds(phase_.session.value);
    const double length_s = units::in_seconds(session_length(draft_));
    if (length_s > longest_s) {
      refuse(RefusalCode::SessionTooLong, "", "The session would last " + with_unit(length_s, "s"),
             window(0.0, longest_s, 0, "s") + " (" + with_unit(longest_s / 60.0, "min") + ")");
    }
  }

  void check_leg_support() {
    check_window(RefusalCode::LegSupportOutside, "leg_support", draft_.leg_support,
                 {0.0, machine_.leg_support.value}, 2, "", {PerCent});
  }

  void check_person() {
    check_window(RefusalCode::PersonOutside, "person.mass_kg", units::in_kilograms(person_.mass),
                 {units::in_kilograms(AcceptedMass.low()), units::in_kilograms(AcceptedMass.high())}, 1, "kg",
                 {Pounds, Newtons});
    check_window(RefusalCode::PersonOutside, "person.height_m", units::in_metres(person_.height),
                 {units::in_metres(AcceptedHeight.low()), units::in_metres(AcceptedHeight.high())}, 2, "m",
                 {Centimetres, Feet});
    if (!person_.strength) return;
    check_window(
        RefusalCode::PersonOutside, "person.strength_nm", units::in_newton_metres(*person_.strength),
        {units::in_newton_metres(AcceptedStrength.low()), units::in_newton_metres(AcceptedStrength.high())},
        1, "N·m", {});
  }

  void check_window(RefusalCode code, std::string_view field, double value, const Window& accepted,
                    int decimals, std::string_view unit, std::initializer_list<OtherUnit> others) {
    const std::string allowed = window(accepted.low, accepted.high, decimals, unit);
    if (!finite(field, value, unit, allowed) || accepted.contains(value)) return;
    refuse(code, field, with_unit(value, unit) + hint(value, accepted, unit, others), allowed);
  }

  const PrescriptionDraft& draft_;
  const Person& person_;
  const PhaseLimits& phase_;
  const MachineLimits& machine_;
  std::optional<units::Interval<units::Angle>> range_{};  // what of it the phase allows, once usable
  std::vector<Refusal> refusals_{};
};

}  // namespace

tl::expected<Prescription, std::vector<Refusal>> Prescription::checked(const PrescriptionDraft& draft,
                                                                       const Person& person) {
  const PrescriptionDraft on_limits = settled(draft);
  std::vector<Refusal> refusals = Checks{on_limits, person}.all();
  if (!refusals.empty()) return tl::unexpected(std::move(refusals));
  return Prescription{on_limits, person};
}

}  // namespace plinth::rehab
