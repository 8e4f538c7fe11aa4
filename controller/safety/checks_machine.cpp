#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

// Windings of class F bear 155 °C; a motor housing beside a person's legs is stopped long before. Power
// stages switch off by themselves at 100 °C and more, without lowering anybody.
constexpr double HottestMotorC = 90.0;
constexpr double HottestDriveC = 80.0;
// A sensor that is broken or torn off reads colder than any room, or nothing at all.
constexpr double ColdestC = -20.0;
// The drive's register 0206: less torque than commanded, to protect motor or power stage.
constexpr std::uint16_t FoldsBack = 1U << 6U;
constexpr std::uint16_t ThermalLimit = 1U << 7U;

// A shut brake lets the arm rock in its play, not move.
constexpr units::AngularVelocity Slips = units::degrees_per_second(3);

constexpr units::Force AtMostAtRest = units::newtons(20);

bool cool_enough(double celsius, double hottest) {
  return celsius >= ColdestC && celsius <= hottest;
}

}  // namespace

bool check_link_poor(const Scene& scene) {
  return scene.estimate.drive.unreliable || scene.estimate.hub.unreliable;
}

// The loop wakes to absolute times: a gap is the computer's doing, or a debugger's, and for as long as it
// lasted nobody judged anything.
bool check_control_stalled(const Scene& scene) {
  return scene.estimate.period > sensing::oldest_to_train_on(scene.period);
}

bool check_hub_fault(const Scene& scene) {
  const auto* report = scene.heard_hub();
  return report != nullptr && !report->ok;
}

bool check_limits_loosened(const Scene& scene, const std::optional<Limits>& at_start) {
  return scene.in_set() && !(at_start && is_no_looser(*scene.limits, *at_start));
}

bool check_drive_hot(const Scene& scene) {
  const auto* report = scene.heard_drive();
  if (report == nullptr) return false;
  return !cool_enough(report->motor_temperature_c, HottestMotorC) ||
         !cool_enough(report->drive_temperature_c, HottestDriveC) ||
         (report->limiting & (FoldsBack | ThermalLimit)) != 0;
}

bool check_drive_stopped(const Scene& scene) {
  const auto* report = scene.heard_drive();
  if (report == nullptr || !scene.commanded.run) return false;
  return (report->stopping || report->ss1_active) && !report->fault_latched && !report->watchdog_tripped;
}

Brake brake_of(const Scene& scene) {
  const auto* report = scene.heard_drive();
  if (report == nullptr) return Brake::Unknown;
  return report->brake_released || report->brake_feedback ? Brake::Open : Brake::Closed;
}

bool check_brake_fault(const Scene& scene) {
  const auto* report = scene.heard_drive();
  if (report == nullptr) return false;
  if (report->brake_released != report->brake_feedback) return true;
  return brake_of(scene) == Brake::Closed && units::magnitude(scene.estimate.velocity) > Slips;
}

bool is_at_rest(const Scene& scene, bool at_standstill) {
  const auto* report = scene.heard_drive();
  if (report == nullptr || brake_of(scene) != Brake::Closed || !at_standstill) return false;
  // With torque off behind a shut brake the machine exerts nothing, whatever hangs in the cuffs.
  if (!report->torque_on) return true;
  return scene.limits &&
         units::magnitude(machine_force(scene.estimate, scene.limits->legs.cuff_radius)) <= AtMostAtRest;
}

bool check_relay_stuck(const Scene& scene) {
  const auto* report = scene.heard_drive();
  if (report == nullptr || check_hub_stale(scene) || scene.permitted) return false;
  return !report->ss1_active && report->sto_a_ok && report->sto_b_ok;
}

bool check_sto_disagrees(const Scene& scene) {
  const auto* report = scene.heard_drive();
  return report != nullptr && report->sto_a_ok != report->sto_b_ok;
}

bool check_estop_disagrees(const Scene& scene) {
  const auto* drive = scene.heard_drive();
  const auto* hub = scene.heard_hub();
  return (drive != nullptr && drive->estop_a_closed != drive->estop_b_closed) ||
         (hub != nullptr && hub->estop_a_closed != hub->estop_b_closed);
}

}  // namespace plinth::safety
