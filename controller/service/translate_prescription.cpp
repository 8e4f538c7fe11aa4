#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "controller/rehab/person.hpp"
#include "controller/service/translate.hpp"

namespace plinth::service {
namespace {

using rehab::Refusal;
using rehab::RefusalCode;
using Violations = std::vector<Refusal>;

// Longer than any duration that is ever allowed, and far from the end of what a Duration holds: whatever lies
// beyond is refused all the same, but can be converted first.
constexpr double LongestSeconds = 1e6;

constexpr std::string_view KnownPhases = "foundation (1), strength (2), integrated (3) or maintenance (4)";

// Degrees as somebody would write them. The way through radians costs the last bits, and -60.00000000000001
// would be refused at a limit of -60 when it comes back.
double written(double degrees) {
  constexpr double Digits = 1e9;
  return std::round(degrees * Digits) / Digits;
}
double written_degrees(units::Angle angle) {
  return written(units::in_degrees(angle));
}
double written_degrees_per_second(units::AngularVelocity speed) {
  return written(units::in_degrees_per_second(speed));
}

v1::Phase message_of(rehab::Phase phase) {
  using rehab::Phase;
  switch (phase) {
    case Phase::Foundation:
      return v1::PHASE_FOUNDATION;
    case Phase::Strength:
      return v1::PHASE_STRENGTH;
    case Phase::Integrated:
      return v1::PHASE_INTEGRATED;
    case Phase::Maintenance:
      return v1::PHASE_MAINTENANCE;
  }
  return v1::PHASE_UNSPECIFIED;
}

std::optional<rehab::Phase> phase_of(v1::Phase phase) {
  using rehab::Phase;
  switch (phase) {
    case v1::PHASE_FOUNDATION:
      return Phase::Foundation;
    case v1::PHASE_STRENGTH:
      return Phase::Strength;
    case v1::PHASE_INTEGRATED:
      return Phase::Integrated;
    case v1::PHASE_MAINTENANCE:
      return Phase::Maintenance;
    default:
      return std::nullopt;
  }
}

void fill(const rehab::PrescriptionDraft& draft, v1::Prescription& out) {
  out.set_exercise(v1::EXERCISE_REVERSE_HYPER);
  out.set_phase(message_of(draft.phase));
  out.set_range_low_deg(written_degrees(draft.range_low));
  out.set_range_high_deg(written_degrees(draft.range_high));
  out.set_load_n(units::in_newtons(draft.load));
  out.set_eccentric_ratio(draft.eccentric_ratio);
  out.set_lift_s(units::in_seconds(draft.tempo.lift));
  out.set_hold_s(units::in_seconds(draft.tempo.hold));
  out.set_lower_s(units::in_seconds(draft.tempo.lower));
  out.set_rest_s(units::in_seconds(draft.tempo.rest));
  out.set_hold_tolerance_deg(written_degrees(draft.hold_tolerance));
  out.set_lifting_stop_speed_deg_s(written_degrees_per_second(draft.lifting_stop_speed));
  out.set_lowering_stop_speed_deg_s(written_degrees_per_second(draft.lowering_stop_speed));
  out.set_sets(static_cast<std::uint32_t>(std::max(0, draft.sets)));
  out.set_reps(static_cast<std::uint32_t>(std::max(0, draft.reps)));
  out.set_rest_between_sets_s(units::in_seconds(draft.rest_between_sets));
  out.set_leg_support(draft.leg_support);
}

// Reads fields one by one and keeps what was wrong with each.
class Reader {
 public:
  explicit Reader(Violations& violations) : violations_{violations} {}

  // Gives the value to `set` where there is one and it is finite; else the default that stands there stays.
  template <typename Set>
  void number(bool present, double value, std::string_view field, Set set) {
    if (!present) return;
    if (std::isfinite(value)) {
      set(value);
    } else {
      violations_.push_back({RefusalCode::NotANumber, std::string{field},
                             std::isnan(value) ? "not a number" : "infinite", "a finite number"});
    }
  }
  template <typename Set>
  void duration(bool present, double seconds, std::string_view field, Set set) {
    number(present, seconds, field,
           [&](double s) { set(units::seconds_long(std::clamp(s, -LongestSeconds, LongestSeconds))); });
  }
  // Counts beyond int stay beyond every limit.
  template <typename Set>
  static void count(bool present, std::uint32_t value, Set set) {
    if (present) set(static_cast<int>(std::min<std::uint32_t>(value, std::numeric_limits<int>::max())));
  }

 private:
  Violations& violations_;
};

void read_exercise(const v1::Prescription& message, Violations& violations) {
  if (message.exercise() == v1::EXERCISE_REVERSE_HYPER || message.exercise() == v1::EXERCISE_UNSPECIFIED) {
    return;
  }
  violations.push_back({RefusalCode::UnknownName, "exercise",
                        "exercise " + std::to_string(message.exercise()), "reverse_hyper (1)"});
}

std::optional<rehab::Phase> read_phase(const v1::Prescription& message, Violations& violations) {
  const auto phase = phase_of(message.phase());
  if (!phase) {
    const bool missing = message.phase() == v1::PHASE_UNSPECIFIED;
    violations.push_back({missing ? RefusalCode::FieldMissing : RefusalCode::UnknownName, "phase",
                          missing ? "" : "phase " + std::to_string(message.phase()),
                          std::string{KnownPhases}});
  }
  return phase;
}

std::optional<rehab::Person> read_person(const v1::Prescription& message, Violations& violations) {
  if (!message.has_person()) {
    violations.push_back({RefusalCode::FieldMissing, "person", "", "at least the person's mass_kg"});
    return std::nullopt;
  }
  const v1::Person& in = message.person();
  const std::size_t before = violations.size();
  rehab::Person person{};
  Reader read{violations};
  // A mass of 0 takes part in the check like any other, and is refused there with the accepted window.
  read.number(true, in.mass_kg(), "person.mass_kg", [&](double v) {
    person.mass = units::kilograms(v);
    // Only a mass of the accepted kind has a typical height; else the height is no second violation.
    const bool accepted = rehab::is_accepted(rehab::typical_person(units::kilograms(v)));
    person.height = rehab::typical_person(accepted ? person.mass : units::kilograms(78)).height;
  });
  read.number(in.has_height_m(), in.height_m(), "person.height_m",
              [&](double v) { person.height = units::metres(v); });
  read.number(in.has_strength_nm(), in.strength_nm(), "person.strength_nm",
              [&](double v) { person.strength = units::newton_metres(v); });
  if (violations.size() != before) return std::nullopt;
  return person;
}

void read_values(const v1::Prescription& in, rehab::PrescriptionDraft& draft, Violations& violations) {
  Reader read{violations};
  read.number(in.has_range_low_deg(), in.range_low_deg(), "range_low_deg",
              [&](double v) { draft.range_low = units::degrees(v); });
  read.number(in.has_range_high_deg(), in.range_high_deg(), "range_high_deg",
              [&](double v) { draft.range_high = units::degrees(v); });
  read.number(in.has_load_n(), in.load_n(), "load_n", [&](double v) { draft.load = units::newtons(v); });
  read.number(in.has_eccentric_ratio(), in.eccentric_ratio(), "eccentric_ratio",
              [&](double v) { draft.eccentric_ratio = v; });
  read.duration(in.has_lift_s(), in.lift_s(), "lift_s", [&](units::Duration v) { draft.tempo.lift = v; });
  read.duration(in.has_hold_s(), in.hold_s(), "hold_s", [&](units::Duration v) { draft.tempo.hold = v; });
  read.duration(in.has_lower_s(), in.lower_s(), "lower_s", [&](units::Duration v) { draft.tempo.lower = v; });
  read.duration(in.has_rest_s(), in.rest_s(), "rest_s", [&](units::Duration v) { draft.tempo.rest = v; });
  read.number(in.has_hold_tolerance_deg(), in.hold_tolerance_deg(), "hold_tolerance_deg",
              [&](double v) { draft.hold_tolerance = units::degrees(v); });
  read.number(in.has_lifting_stop_speed_deg_s(), in.lifting_stop_speed_deg_s(), "lifting_stop_speed_deg_s",
              [&](double v) { draft.lifting_stop_speed = units::degrees_per_second(v); });
  read.number(in.has_lowering_stop_speed_deg_s(), in.lowering_stop_speed_deg_s(), "lowering_stop_speed_deg_s",
              [&](double v) { draft.lowering_stop_speed = units::degrees_per_second(v); });
  Reader::count(in.has_sets(), in.sets(), [&](int v) { draft.sets = v; });
  Reader::count(in.has_reps(), in.reps(), [&](int v) { draft.reps = v; });
  read.duration(in.has_rest_between_sets_s(), in.rest_between_sets_s(), "rest_between_sets_s",
                [&](units::Duration v) { draft.rest_between_sets = v; });
  read.number(in.has_leg_support(), in.leg_support(), "leg_support",
              [&](double v) { draft.leg_support = v; });
}

void fill(double low, double high, v1::Window& out) {
  out.set_low(low);
  out.set_high(high);
}

}  // namespace

v1::Prescription message_of(const rehab::Prescription& prescription) {
  v1::Prescription out;
  fill(prescription.draft(), out);
  const rehab::Person& person = prescription.person();
  out.mutable_person()->set_mass_kg(units::in_kilograms(person.mass));
  out.mutable_person()->set_height_m(units::in_metres(person.height));
  if (person.strength) out.mutable_person()->set_strength_nm(units::in_newton_metres(*person.strength));
  return out;
}

tl::expected<rehab::Prescription, Violations> prescription_of(const v1::Prescription& message) {
  Violations violations;
  read_exercise(message, violations);
  const auto phase = read_phase(message, violations);
  const auto person = read_person(message, violations);
  // Without a phase any will do to go through the numbers: a number that is none is told all the same.
  rehab::PrescriptionDraft draft = rehab::defaults_of(phase.value_or(rehab::Phase::Foundation));
  read_values(message, draft, violations);
  if (!phase || !person) return tl::unexpected{violations};
  auto checked = rehab::Prescription::checked(draft, *person);
  if (!checked) violations.insert(violations.end(), checked.error().begin(), checked.error().end());
  if (!violations.empty()) return tl::unexpected{violations};
  return checked.value();
}

v1::PhaseDefaults message_of(const rehab::PhaseLimits& limits) {
  const double newtons_per_kilogram =
      limits.load_per_body_weight.value * units::in_newtons(rehab::weight(units::kilograms(1)));
  v1::PhaseDefaults out;
  fill(rehab::defaults_of(limits.phase), *out.mutable_defaults());
  fill(written_degrees(limits.range.value.low()), written_degrees(limits.range.value.high()),
       *out.mutable_range_deg());
  fill(0.0, newtons_per_kilogram, *out.mutable_load_n_per_kg());
  fill(limits.eccentric_ratio.value.low(), limits.eccentric_ratio.value.high(),
       *out.mutable_eccentric_ratio());
  fill(limits.sets.value.low(), limits.sets.value.high(), *out.mutable_sets());
  fill(limits.reps.value.low(), limits.reps.value.high(), *out.mutable_reps());
  out.set_stop_speed_deg_s(written_degrees_per_second(limits.stop_speed.value));
  out.set_weeks(std::string{limits.weeks});
  return out;
}

v1::MachineCeiling message_of(const rehab::MachineLimits& limits) {
  v1::MachineCeiling out;
  fill(written_degrees(limits.range.value.low()), written_degrees(limits.range.value.high()),
       *out.mutable_range_deg());
  out.set_load_n(units::in_newtons(limits.load.value));
  out.set_shortest_lift_s(units::in_seconds(limits.shortest_lift.value));
  out.set_shortest_lower_s(units::in_seconds(limits.shortest_lower.value));
  fill(units::in_seconds(limits.hold.value.low()), units::in_seconds(limits.hold.value.high()),
       *out.mutable_hold_s());
  fill(units::in_seconds(limits.rest_in_rep.value.low()), units::in_seconds(limits.rest_in_rep.value.high()),
       *out.mutable_rest_s());
  fill(units::in_seconds(limits.rest_between_sets.value.low()),
       units::in_seconds(limits.rest_between_sets.value.high()), *out.mutable_rest_between_sets_s());
  return out;
}

}  // namespace plinth::service
