// The limits that are enforced for one loaded prescription: derived once from `rehab`, where the numbers
// stand.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/rehab/movement.hpp"
#include "controller/rehab/prescription.hpp"

namespace plinth::safety {

struct Limits {
  rehab::Prescription prescription;
  rehab::LegMeasures legs;
  units::Force force_limit;          // 1.25·F + 20 N, of the machine at the strap
  units::Torque resisting_ceiling;   // the most the drive may ever resist under this prescription
  units::Torque supporting_ceiling;  // and support: (G·cosθ + arm) with its cap
  units::Duration longest_hold;      // a hold beyond it ends the set
  units::Duration longest_set;
};
Limits limits_for(const rehab::Prescription& prescription);

// Whether `now` gives the machine no more room than `before` did, by the prescription and by every limit
// that follows from it.
bool is_no_looser(const Limits& now, const Limits& before);

// The range in which a set that begins with the legs at `rest` is worked; nothing without a prescription.
std::optional<units::Interval<units::Angle>> working_range(const std::optional<Limits>& limits,
                                                           units::Angle rest);

// How much the drive may support (magnitude) to catch legs of this gravity torque and carry them down:
// 1.2·(arm + legs) + 40 N·m, at most what the machine may.
units::Torque lowering_support(units::Torque legs_gravity);

// What is written into the drive itself, in wire integers (registers 0301–030A); it obeys it without us.
struct InstalledLimits {
  std::uint16_t watchdog_ms = 100;
  std::uint16_t watchdog_action = 1;  // lowering
  std::uint16_t ramp_ms = 180;
  std::uint16_t trip_damping_dnms = 0;
  std::uint16_t torque_max_dnm = 0;
  std::uint16_t speed_max_mrad_s = 0;
  std::int16_t position_min_dmrad = 0;
  std::int16_t position_max_dmrad = 0;
  std::uint16_t slew_max_nm_s = 0;
  std::int16_t polarity = 1;

  friend bool operator==(const InstalledLimits&, const InstalledLimits&) = default;
};
// Without a prescription: the machine's own, for lowering must work for whoever lies there; that nothing else
// happens then is the gate's doing. `period` is the control
// period; the watchdog is max(100 ms, 4 periods + 20 ms), never above 250 ms.
InstalledLimits installed_limits(const std::optional<Limits>& limits, units::Duration period);

}  // namespace plinth::safety
