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
  return scene.estimate.hub_report && !scene.estimate.hub_report->ok && !check_hub_stale(scene);
}

bool check_drive_hot(const Scene& scene) {
  const auto& report = scene.estimate.drive_report;
  if (!report || check_drive_stale(scene)) return false;
  return !cool_enough(report->motor_temperature_c, HottestMotorC) ||
         !cool_enough(report->drive_temperature_c, HottestDriveC) ||
         (report->limiting & (FoldsBack | ThermalLimit)) != 0;
}

bool check_drive_stopped(const Scene& scene) {
  const auto& report = scene.estimate.drive_report;
  if (!report || check_drive_stale(scene) || !scene.commanded.run) return false;
  return (report->stopping || report->ss1_active) && !report->fault_latched && !report->watchdog_tripped;
}

Brake brake_of(const Scene& scene) {
  const auto& report = scene.estimate.drive_report;
  if (!report || check_drive_stale(scene)) return Brake::Unknown;
  return report->brake_released || report->brake_feedback ? Brake::Open : Brake::Closed;
}

bool check_brake_fault(const Scene& scene) {
  const auto& report = scene.estimate.drive_report;
  if (!report || check_drive_stale(scene)) return false;
  if (report->brake_released != report->brake_feedback) return true;
  return brake_of(scene) == Brake::Closed && units::magnitude(scene.estimate.velocity) > Slips;
}

bool check_relay_stuck(const Scene& scene) {
  const auto& report = scene.estimate.drive_report;
  if (!report || check_drive_stale(scene) || check_hub_stale(scene) || scene.permitted) return false;
  return !report->ss1_active && report->sto_a_ok && report->sto_b_ok;
}

bool check_sto_disagrees(const Scene& scene) {
  const auto& report = scene.estimate.drive_report;
  return report && !check_drive_stale(scene) && report->sto_a_ok != report->sto_b_ok;
}

bool check_estop_disagrees(const Scene& scene) {
  const auto& drive = scene.estimate.drive_report;
  const auto& hub = scene.estimate.hub_report;
  return (drive && !check_drive_stale(scene) && drive->estop_a_closed != drive->estop_b_closed) ||
         (hub && !check_hub_stale(scene) && hub->estop_a_closed != hub->estop_b_closed);
}

}  // namespace plinth::safety
