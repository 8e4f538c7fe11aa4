#include "controller/safety/drive_watch.hpp"

#include <algorithm>
#include <cmath>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using sensing::DriveMode;

// From the first command to torque: enabling, brake release (80 ms) and margin.
constexpr units::Duration LongestStart = units::milliseconds(2000);

// The set-point is an echo in integers, not a measurement. An ignored command does no harm until it would
// have differed from the one before, so this tolerance, 0.5 N·m, is also the harm: 0.6 N at the cuff.
constexpr int SetpointTolerance = 5;
// The drive adds damping, walls and speed limits by itself; near them its set-point is its own affair.
constexpr double SpeedMarginRadS = 0.05;
constexpr double WallMarginRad = 0.01;

// Torque is measured from the current: 10 %, 20 N·m.
constexpr int TorqueTolerance = 200;
constexpr int TorqueToleranceDivisor = 10;
// Against its set-point it does not brake but drive, faster and faster. Torque that changes its sign is
// through in 5 ms.
constexpr units::Duration Opposing = units::milliseconds(20);
// A telegram, the drive's own state, and the report that shows it, twice.
constexpr units::Duration StopBegins = units::milliseconds(40);
// 5 N·m: current that flows for nothing. A drive that folds back gives more.
constexpr int NoTorque = 50;
// A set-point from which on that shows: friction and the current's own error are half of it.
constexpr int TorqueMeant = 100;

int dnm(units::Torque torque) {
  return static_cast<int>(std::lround(units::in_newton_metres(torque) * 10.0));
}

int torque_tolerance(const sensing::DriveReport& report) {
  return TorqueTolerance + std::abs(dnm(report.torque_setpoint)) / TorqueToleranceDivisor;
}

bool strays_from_setpoint(const sensing::DriveReport& report) {
  return std::abs(dnm(report.torque) - dnm(report.torque_setpoint)) > torque_tolerance(report);
}
bool opposes_setpoint(const sensing::DriveReport& report) {
  const int torque = dnm(report.torque);
  const int setpoint = dnm(report.torque_setpoint);
  return (torque >= NoTorque && setpoint <= -NoTorque) || (torque <= -NoTorque && setpoint >= NoTorque);
}

bool gives_nothing(const sensing::DriveReport& report) {
  return std::abs(dnm(report.torque)) < NoTorque;
}
// Of torque that strays: is it beyond what the drive means, or short of it? Next to nothing is beyond
// nothing.
bool beyond_setpoint(const sensing::DriveReport& report) {
  return !gives_nothing(report) && (report.torque > std::max(report.torque_setpoint, units::Torque{}) ||
                                    report.torque < std::min(report.torque_setpoint, units::Torque{}));
}
// A power stage that is off, told by small torques already.
bool withholds_torque(const sensing::DriveReport& report) {
  return gives_nothing(report) && std::abs(dnm(report.torque_setpoint)) > TorqueMeant;
}

}  // namespace

void DriveWatch::remember(const WireCommand& commanded) {
  if (!commanded.run || commanded.mode != DriveMode::Torque) {
    torque_cycles_ = 0;
    return;
  }
  told_.at(next_) = {.torque_dnm = commanded.torque_dnm,
                     .resisting_limit_dnm = commanded.resisting_limit_dnm,
                     .supporting_limit_dnm = commanded.supporting_limit_dnm};
  next_ = (next_ + 1) % Length;
  torque_cycles_ = std::min(torque_cycles_ + 1, Length);
}

bool DriveWatch::setpoint_differs(const sensing::DriveReport& report, const WireCommand& commanded) const {
  const double speed = units::in_radians_per_second(report.velocity);
  const double angle = units::in_radians(report.angle);
  const bool on_its_own = report.limiting != 0 ||
                          speed > 1e-3 * commanded.lifting_speed_limit_mrad_s - SpeedMarginRadS ||
                          -speed > 1e-3 * commanded.lowering_speed_limit_mrad_s - SpeedMarginRadS ||
                          angle > 1e-4 * commanded.wall_high_dmrad - WallMarginRad ||
                          angle < 1e-4 * commanded.wall_low_dmrad + WallMarginRad;
  if (on_its_own) return false;
  const auto [least, most] = std::ranges::minmax_element(told_, {}, &Told::torque_dnm);
  const double damping = speed > 0.0 ? commanded.lifting_damping_dnms : commanded.lowering_damping_dnms;
  const int damped = static_cast<int>(std::lround(damping * speed));  // 0.1 N·m, as the damping register
  const int setpoint = dnm(report.torque_setpoint) - damped;
  const int tolerance = SetpointTolerance + std::abs(damped) / TorqueToleranceDivisor;
  return setpoint > most->torque_dnm + tolerance || setpoint < least->torque_dnm - tolerance;
}

bool DriveWatch::beyond_limits(const sensing::DriveReport& report) const {
  const int torque = dnm(report.torque);
  const int tolerance = torque_tolerance(report);
  const int down = std::ranges::max_element(told_, {}, &Told::resisting_limit_dnm)->resisting_limit_dnm;
  const int up = std::ranges::max_element(told_, {}, &Told::supporting_limit_dnm)->supporting_limit_dnm;
  return torque > down + tolerance || torque < -up - tolerance;
}

DriveWatch::Findings DriveWatch::watch(const Scene& scene) {
  const WireCommand& commanded = scene.commanded;
  remember(commanded);

  const auto* report = scene.heard_drive();
  const units::Instant now = scene.now();
  if (!commanded.run) {
    run_since_.reset();
    torque_was_on_ = false;
  } else if (!run_since_) {
    run_since_ = now;
  }
  if (report == nullptr) {
    free_since_.reset();
    opposing_.forget();
    deaf_.forget();
    return {};
  }
  if (scene.estimate.drive.fresh) {
    echo_stands_ = echo_ == report->heartbeat_echo;
    echo_ = report->heartbeat_echo;
  }
  const bool free = report->torque_on && report->brake_released;
  if (!free)
    free_since_.reset();
  else if (!free_since_)
    free_since_ = now;
  // A drive that is stopping by itself, for whatever reason, does what it must.
  const bool by_itself = report->stopping || report->ss1_active || report->fault_latched ||
                         (!report->sto_a_ok && !report->sto_b_ok);
  Findings findings;
  const bool astray = free && strays_from_setpoint(*report);
  const bool beyond = astray && beyond_setpoint(*report);
  findings.opposes = opposing_.held(free && opposes_setpoint(*report), now, Opposing);
  findings.strays = beyond || (astray && gives_nothing(*report));
  // Told to stop and still in a mode of its own.
  const bool deaf = deaf_.held(commanded.controlled_stop && free && !by_itself, now, StopBegins);
  if (!commanded.run || by_itself) {
    findings.ignores = deaf;
    return findings;
  }

  const bool was_on = torque_was_on_;
  torque_was_on_ = torque_was_on_ || report->torque_on;
  // The brake shuts and torque goes at the end of a lowering: that is its purpose, not disobedience.
  const bool withholds = !report->torque_on && commanded.mode != DriveMode::Lowering;

  findings.ignores = echo_stands_ || (withholds && (was_on || now - *run_since_ > LongestStart)) ||
                     (report->torque_on && report->mode != commanded.mode);
  if (free) {
    // Until so many commands for torque have gone out, what it gives may have been told before them.
    const bool settled = torque_cycles_ >= Length;
    findings.over_delivers = beyond || (settled && beyond_limits(*report));
    findings.ignores = findings.ignores || (astray && !beyond) || withholds_torque(*report) ||
                       (settled && setpoint_differs(*report, commanded));
  }
  return findings;
}

}  // namespace plinth::safety
