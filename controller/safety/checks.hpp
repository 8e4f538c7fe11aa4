// The criteria of the rules, one small pure function each: does it hold in this scene, now? Dwell, action and
// words stand in the rule table; memory, where a criterion needs any, comes in as an argument.
#pragma once

#include <optional>

#include "controller/rehab/refusal.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

// --- checks_data.cpp: are the readings worth acting on ---
bool check_drive_stale(const Scene& scene);
bool check_hub_stale(const Scene& scene);
bool check_drive_frozen(const Scene& scene);
bool check_hub_frozen(const Scene& scene);
bool check_strap_invalid(const Scene& scene);
bool check_strap_frozen(const Scene& scene);
bool check_angle_jump(const Scene& scene);
bool check_angles_disagree(const Scene& scene);
bool check_not_finite(const Scene& scene);
// What cannot be: a value that is no number, or a set that runs though nobody knows its range (every rule
// that measures against it would be silent), or though the gate was asked for something that is no number:
// `told_by_gate` is the cause in its last command.
bool check_internal(const Scene& scene, Cause told_by_gate);

// --- checks_force.cpp ---
// Strap or drive torque above the force limit (more where a wall pushes back), or support beyond its own cap.
bool check_over_force(const Scene& scene);

// Until the brake is off and the cuff has taken up its slack, cells and drive do not measure the same thing.
inline constexpr units::Duration SettleAfterBrake = units::milliseconds(300);
// Whether they do: under load in a set. `brake_open_for`: how long torque has been able to move the arm.
bool are_forces_comparable(const Scene& scene, units::Duration brake_open_for);
// What went before that a check of forces has to know.
struct ArmPast {
  units::Duration brake_open_for{};
  bool sank = false;  // within the last quarter of a second
};
// Is the arm on its way down, the legs being lowered?
bool sinks(const Scene& scene);
// Strap cells against the drive's torque: more than friction and inertia explain.
bool check_forces_disagree(const Scene& scene, const ArmPast& past);
// The arm is braked, or stands, though the legs were on their way down, and part of what pulls it does not
// reach the straps.
bool check_obstacle(const Scene& scene, const ArmPast& past);
// The drive reports torque that does not arrive at the straps (they carry the arm's own weight alone, or a
// third of the torque, or it pushes the other way), though nobody lets the legs fall and nothing is in the
// way.
bool check_torque_missing(const Scene& scene, const ArmPast& past);
// One leg carries more than four fifths of what both do.
bool check_uneven(const Scene& scene);

// --- checks_machine.cpp: link, program, drive and hub as they report themselves ---
bool check_link_poor(const Scene& scene);
bool check_control_stalled(const Scene& scene);
bool check_hub_fault(const Scene& scene);
// Something gives a running set more room than it began with. What is not known of its beginning is no room.
bool check_limits_loosened(const Scene& scene, const std::optional<Limits>& at_start);
bool check_drive_hot(const Scene& scene);
// Though it was told to run, and without a fault of its own that would say why.
bool check_drive_stopped(const Scene& scene);
// What it says of its brake and what the brake's own contact says; Unknown while the drive is silent. Shut
// only when both say so: a drive is never switched off on one bit.
Brake brake_of(const Scene& scene);
// What it says and what the contact says differ, or the arm moves behind a shut brake.
bool check_brake_fault(const Scene& scene);
// The brake is shut, the arm stands and the machine pulls with next to nothing.
bool is_at_rest(const Scene& scene, bool at_standstill);
// The second way to stop, seen each time it is used: at every rest under a latch.
bool check_relay_stuck(const Scene& scene);
bool check_sto_disagrees(const Scene& scene);
bool check_estop_disagrees(const Scene& scene);

// --- checks_motion.cpp ---
// Faster than this prescription's stop speed, by the encoder or, with 10 °/s to spare, by the second sensor.
bool check_over_speed(const Scene& scene);
bool check_tempo_far_off(const Scene& scene);
// The hold was given up. `sagged`: so it was in the last cycle.
bool check_sag(const Scene& scene, bool sagged);

// Where the arm is in its range, as far as torque is concerned.
struct RangeState {
  bool near_high = false;  // beyond the upper end, or too fast to stop before it: no torque upward
  bool near_low = false;
  bool crossed = false;
  bool below = false;  // beneath the lower end, whether or not the arm has been above it
};
RangeState judge_range(const Scene& scene);
// The arm is inside its range for this set.
bool has_entered(const Scene& scene);
// The greatest speed towards an end that lies `distance` ahead: with 60 ms until braking begins and 8 rad/s²
// of braking the arm stops at the end, not beyond it. 0 at and beyond the end.
units::AngularVelocity approach_speed(units::Angle distance);

// --- checks_person.cpp ---
bool check_comfort_stop(const Scene& scene);
bool check_grip_released(const Scene& scene);
bool check_patient_absent(const Scene& scene);
bool check_estop_open(const Scene& scene);

// What stands against arming, the first in the order in which a person would put it right; nothing: go on.
// That the drive may still be waking up is not among it (`check_drive_ready`).
std::optional<rehab::RefusalCode> obstacle_to_start(const Scene& scene, bool at_standstill);
bool check_drive_ready(const Scene& scene);

}  // namespace plinth::safety
