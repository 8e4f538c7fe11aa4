// What every check may look at: one cycle's estimate, what the rep should be doing, what was commanded last.
#pragma once

#include <algorithm>
#include <optional>

#include "controller/rehab/expectation.hpp"
#include "controller/rehab/movement.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/limits.hpp"
#include "controller/safety/verdict.hpp"
#include "controller/sensing/calibration.hpp"
#include "controller/sensing/estimate.hpp"

namespace plinth::safety {

struct Scene {
  const sensing::Estimate& estimate;
  const rehab::Expectation& expectation;
  const WireCommand& commanded;  // in the last cycle
  const std::optional<Limits>& limits;
  // The range of this set, from the prescription and the rest that was measured at its start; nothing outside
  // a set. Safety's own: it does not depend on what the session expects.
  const std::optional<units::Interval<units::Angle>>& working;
  bool entered;  // the arm has been inside `working` in this set
  bool granted;
  bool under_way;  // granted, or the brake was seen open and has not been seen shut since
  bool permitted;  // the hub's relay was told to close in the last cycle
  units::Duration period{};

  [[nodiscard]] units::Instant now() const { return estimate.at; }
  [[nodiscard]] bool is_stale(const sensing::BlockHealth& health) const {
    return !health.ever_seen || health.age > sensing::oldest_to_train_on(period);
  }
  // What a unit reports, while it is heard: nothing when no report ever came or the newest is too old.
  [[nodiscard]] const sensing::DriveReport* heard_drive() const {
    return estimate.drive_report && !is_stale(estimate.drive) ? &*estimate.drive_report : nullptr;
  }
  [[nodiscard]] const sensing::HubReport* heard_hub() const {
    return estimate.hub_report && !is_stale(estimate.hub) ? &*estimate.hub_report : nullptr;
  }
  [[nodiscard]] bool in_set() const { return granted && limits.has_value() && working.has_value(); }
  // The drive is already taking the legs down without load.
  [[nodiscard]] bool lowering() const { return commanded.mode == sensing::DriveMode::Lowering; }
};

// What a weight turns the arm with at this angle, of what it does held horizontal; never the other way round.
inline units::Torque torque_of_weight(units::Torque horizontal, units::Angle angle) {
  return horizontal * std::max(units::cosine(angle), 0.0);
}

// What the cells carry because the arm gathers speed: the person's doing, not the machine's. Only where it
// adds to the load: a fall must not excuse one.
inline units::Force inertia_force(const sensing::Estimate& estimate, units::Length cuff_radius) {
  const double torque_nm = sensing::ArmInertiaKgM2 * std::max(estimate.acceleration_rad_s2, 0.0);
  return units::force_at(units::newton_metres(torque_nm), cuff_radius);
}

// The force that the machine exerts at the strap, from the drive's torque: the second, independent channel of
// the load cells. Without the arm's inertia and friction.
inline units::Force machine_force(const sensing::Estimate& estimate, units::Length cuff_radius) {
  return units::force_at(estimate.drive_torque + sensing::ArmGravity * units::cosine(estimate.angle),
                         cuff_radius);
}

}  // namespace plinth::safety
