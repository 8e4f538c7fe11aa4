#include "controller/safety/limits.hpp"

#include <algorithm>
#include <cmath>

#include "controller/sensing/calibration.hpp"

namespace plinth::safety {
namespace {

using units::Duration;
using units::Force;
using units::Torque;

// Catching falling legs and carrying them down: 1.2 times their weight and the arm's, and 40 N·m to brake.
constexpr double CatchShare = 1.2;
constexpr Torque BrakingReserve = units::newton_metres(40);

// A hold may wait for the person and begin again once; a program that hangs in it may not.
constexpr double HoldShare = 2.0;
constexpr Duration HoldReserve = units::milliseconds(3000);
// A person who is slower than the guide is not stopped for it, but a set has an end: half as long again, and
// half a minute for count-in and lowering.
constexpr double SetShare = 1.5;
constexpr Duration SetReserve = units::milliseconds(30'000);

// The longest watchdog of a drive that trains people.
constexpr std::int64_t LongestWatchdogMs = 250;
constexpr std::int64_t ShortestWatchdogMs = 100;
// The drive's position window lies this far outside the range: it is the last fence, not the first.
constexpr units::Angle WindowMargin = units::degrees(5);

Duration times(Duration duration, double factor) {
  return units::seconds_long(units::in_seconds(duration) * factor);
}

// Rounded inward (`down`) or outward: a limit on the wire is never looser than the one in quantities.
int dnm_down(Torque torque) {
  return static_cast<int>(std::floor(units::in_newton_metres(torque) * 10.0));
}
int dmrad(units::Angle angle) {
  return static_cast<int>(std::lround(units::in_radians(angle) * 1e4));
}
std::uint16_t word(double value) {
  return static_cast<std::uint16_t>(std::clamp(value, 0.0, 65535.0));
}
std::int16_t signed_word(int value) {
  return static_cast<std::int16_t>(std::clamp(value, -32768, 32767));
}

}  // namespace

units::Torque lowering_support(units::Torque legs_gravity) {
  return std::min(CatchShare * (sensing::ArmGravity + legs_gravity) + BrakingReserve,
                  rehab::machine_limits().supporting_torque.value);
}

Limits limits_for(const rehab::Prescription& prescription) {
  const rehab::MachineLimits& machine = rehab::machine_limits();
  const rehab::LegMeasures legs = rehab::leg_measures(prescription.person());
  const Force force_limit = rehab::force_limit(rehab::heaviest_load(prescription.draft()));
  const rehab::Tempo& tempo = prescription.tempo();
  const Duration rep = tempo.lift + tempo.hold + tempo.lower + tempo.rest;

  return {.prescription = prescription,
          .legs = legs,
          .force_limit = force_limit,
          .resisting_ceiling = std::min(units::moment(force_limit + rehab::CatchReserve, legs.cuff_radius),
                                        machine.resisting_torque.value),
          .supporting_ceiling = std::min(std::max(sensing::ArmGravity + legs.gravity_moment +
                                                      units::moment(rehab::CatchReserve, legs.cuff_radius),
                                                  lowering_support(legs.gravity_moment)),
                                         machine.supporting_torque.value),
          .longest_hold = std::min(times(tempo.hold, HoldShare), machine.hold.value.high()) + HoldReserve,
          .longest_set =
              std::min(times(rep * prescription.reps(), SetShare) + SetReserve, machine.session.value)};
}

bool is_no_looser(const Limits& now, const Limits& before) {
  return rehab::is_no_looser(now.prescription, before.prescription) &&
         now.force_limit <= before.force_limit && now.resisting_ceiling <= before.resisting_ceiling &&
         now.supporting_ceiling <= before.supporting_ceiling && now.longest_hold <= before.longest_hold &&
         now.longest_set <= before.longest_set;
}

std::optional<units::Interval<units::Angle>> working_range(const std::optional<Limits>& limits,
                                                           units::Angle rest) {
  if (!limits) return std::nullopt;
  return rehab::working_range(limits->prescription, rest);
}

InstalledLimits installed_limits(const std::optional<Limits>& limits, units::Duration period) {
  const rehab::MachineLimits& machine = rehab::machine_limits();
  InstalledLimits installed;
  installed.watchdog_ms = static_cast<std::uint16_t>(
      std::clamp(4 * units::in_milliseconds(period) + 20, ShortestWatchdogMs, LongestWatchdogMs));
  installed.slew_max_nm_s = word(units::in_newton_metres_per_second(machine.torque_slew.value));
  // Lowering must work for whoever lies there, with and without a prescription: support is never cut below
  // what carries the heaviest legs, and resisting is cut cycle by cycle.
  const Torque carries_anybody = limits ? std::max(limits->supporting_ceiling, limits->resisting_ceiling)
                                        : machine.supporting_torque.value;
  installed.torque_max_dnm = word(dnm_down(carries_anybody));
  // The machine's own, not the prescription's: legs that fall are caught at 60–70 °/s, and a drive that took
  // that for a fault of its own would stop catching. The prescription's limits go out with every cycle.
  installed.speed_max_mrad_s = word(std::floor(units::in_radians_per_second(machine.speed.value) * 1000.0));
  if (!limits) {
    installed.position_min_dmrad = signed_word(dmrad(machine.range.value.low()));
    installed.position_max_dmrad = signed_word(dmrad(machine.range.value.high()));
    return installed;
  }
  const auto range = limits->prescription.range();
  // Legs hang below any prescribed range: the low end stays the machine's.
  installed.position_min_dmrad = signed_word(dmrad(machine.range.value.low()));
  installed.position_max_dmrad =
      signed_word(dmrad(std::min(range.high() + WindowMargin, machine.range.value.high())));
  return installed;
}

}  // namespace plinth::safety
