#include <algorithm>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using rehab::RefusalCode;

// A set begins with legs that hang: at most so far above the lower end of the prescribed range …
constexpr units::Angle AboveLowEnd = units::degrees(5);
// … or, when the range begins lower than a person's legs can hang, as far up as legs hang at all. Those of a
// 78 kg person hang at −65 to −76° (station physics).
constexpr units::Angle HighestHanging = units::degrees(-60);

// The bench weighs whom it carries: clothes, a cuff's pull and the pads' zero are within 15 %, the next
// patient on the list usually is not.
constexpr double WeightMayDiffer = 0.15;

bool weighs_as_prescribed(const Scene& scene) {
  const units::Force expected = rehab::weight(scene.limits->prescription.person().mass);
  return units::magnitude(*scene.estimate.trunk - expected) <= WeightMayDiffer * expected;
}

// Legs that hang beside a braked arm leave the straps nearly slack; a zero that has wandered, or a hand that
// pulls, does not.
constexpr units::Force SlackStrap = units::newtons(25);

bool straps_are_slack(const sensing::Estimate& estimate) {
  return units::magnitude(*estimate.strap_left) <= SlackStrap &&
         units::magnitude(*estimate.strap_right) <= SlackStrap;
}

}  // namespace

// Only a hub that is heard can say so; that it is not heard has rules of its own and other words.
bool check_comfort_stop(const Scene& scene) {
  const auto* hub = scene.heard_hub();
  return hub != nullptr && (hub->comfort_pressed || !hub->comfort_plausible);
}

// Once the drive lowers the legs without load the hands have done their part.
bool check_grip_released(const Scene& scene) {
  if (!scene.in_set() || scene.lowering() || check_hub_stale(scene)) return false;
  return !scene.estimate.left_grip || !scene.estimate.right_grip;
}

// Nobody gets up while the legs are in the air: on the way down too.
bool check_patient_absent(const Scene& scene) {
  return scene.under_way && scene.limits && !scene.estimate.patient_present && !check_hub_stale(scene);
}

bool check_estop_open(const Scene& scene) {
  const auto* drive = scene.heard_drive();
  const auto* hub = scene.heard_hub();
  return (drive != nullptr && !(drive->estop_a_closed && drive->estop_b_closed)) ||
         (hub != nullptr && !(hub->estop_a_closed && hub->estop_b_closed));
}

std::optional<RefusalCode> obstacle_to_start(const Scene& scene, bool at_standstill) {
  const sensing::Estimate& estimate = scene.estimate;
  if (!scene.limits) return RefusalCode::NoPrescription;
  const auto* drive = scene.heard_drive();
  const bool readings_good = drive != nullptr && !check_hub_stale(scene) && !check_drive_frozen(scene) &&
                             !check_hub_frozen(scene) && !check_angle_jump(scene) &&
                             !check_angles_disagree(scene) && !check_strap_invalid(scene) &&
                             !check_hub_fault(scene) && !check_link_poor(scene);
  if (!readings_good) return RefusalCode::DriveNotReady;
  const bool held =
      drive->homed && brake_of(scene) == Brake::Closed && !check_brake_fault(scene) && at_standstill;
  if (!held) return RefusalCode::DriveNotReady;
  if (!estimate.setup.limits_confirmed) return RefusalCode::LimitsNotConfirmed;
  if (!estimate.setup.watchdog_proven) return RefusalCode::WatchdogNotProven;
  if (!estimate.setup.brake_proven) return RefusalCode::BrakeNotProven;
  if (check_drive_hot(scene)) return RefusalCode::DriveHot;
  if (!estimate.patient_present) return RefusalCode::PatientAbsent;
  if (!weighs_as_prescribed(scene)) return RefusalCode::WeightMismatch;
  if (!straps_are_slack(estimate)) return RefusalCode::StrapsNotSlack;
  const auto& prescription = scene.limits->prescription;
  const units::Angle highest = std::max(prescription.range().low() + AboveLowEnd, HighestHanging);
  if (estimate.angle > highest || !rehab::working_range(prescription, estimate.angle))
    return RefusalCode::LegsAboveRest;
  return std::nullopt;
}

bool check_drive_ready(const Scene& scene) {
  const auto* report = scene.heard_drive();
  return report != nullptr && report->ready && !report->fault_latched && !report->watchdog_tripped &&
         !report->ss1_active;
}

}  // namespace plinth::safety
