#include <chrono>
#include <cmath>

#include "controller/safety/rules.hpp"
#include "controller/service/translate.hpp"

namespace plinth::service {
namespace {

using cycle::LoopHealth;
using cycle::Snapshot;

double finite(double value) {
  return std::isfinite(value) ? value : 0.0;
}

// Calls `set` with the value in its unit, or leaves the field absent.
template <typename Quantity, typename Unit, typename Set>
void put(const std::optional<Quantity>& quantity, Unit in_unit, Set set) {
  if (quantity && std::isfinite(in_unit(*quantity))) set(in_unit(*quantity));
}

bool in_touch(const sensing::BlockHealth& block) {
  return block.ever_seen && block.age <= StaleAfter;
}

double milliseconds_of(units::Duration duration) {
  return units::in_seconds(duration) * 1000.0;
}

v1::Stage message_of(session::Stage stage) {
  using session::Stage;
  switch (stage) {
    case Stage::NoPrescription:
      return v1::STAGE_NO_PRESCRIPTION;
    case Stage::Ready:
      return v1::STAGE_READY;
    case Stage::Armed:
      return v1::STAGE_ARMED;
    case Stage::CountIn:
      return v1::STAGE_COUNT_IN;
    case Stage::Training:
      return v1::STAGE_TRAINING;
    case Stage::Unloading:
      return v1::STAGE_UNLOADING;
    case Stage::Resting:
      return v1::STAGE_RESTING;
    case Stage::Done:
      return v1::STAGE_DONE;
    case Stage::Stopped:
      return v1::STAGE_STOPPED;
  }
  return v1::STAGE_UNSPECIFIED;
}

v1::Moment message_of(rehab::Moment moment) {
  using rehab::Moment;
  switch (moment) {
    case Moment::Idle:
      return v1::MOMENT_IDLE;
    case Moment::RampIn:
      return v1::MOMENT_RAMP_IN;
    case Moment::Lifting:
      return v1::MOMENT_LIFTING;
    case Moment::Holding:
      return v1::MOMENT_HOLDING;
    case Moment::Lowering:
      return v1::MOMENT_LOWERING;
    case Moment::Resting:
      return v1::MOMENT_RESTING;
    case Moment::Unloading:
      return v1::MOMENT_UNLOADING;
  }
  return v1::MOMENT_UNSPECIFIED;
}

v1::Permission message_of(safety::Permission permission) {
  using safety::Permission;
  switch (permission) {
    case Permission::Latched:
      return v1::PERMISSION_LATCHED;
    case Permission::Ready:
      return v1::PERMISSION_READY;
    case Permission::Armed:
      return v1::PERMISSION_ARMED;
    case Permission::Granted:
      return v1::PERMISSION_GRANTED;
  }
  return v1::PERMISSION_UNSPECIFIED;
}

void fill(const sensing::Estimate& estimate, v1::Arm& arm) {
  if (in_touch(estimate.drive) && estimate.angle_plausible) {
    put(std::optional{estimate.angle}, units::in_degrees, [&](double v) { arm.set_angle_deg(v); });
    put(std::optional{estimate.velocity}, units::in_degrees_per_second,
        [&](double v) { arm.set_velocity_deg_s(v); });
  }
  put(estimate.second_angle, units::in_degrees, [&](double v) { arm.set_second_angle_deg(v); });
}

void fill(const Snapshot& snapshot, const std::optional<units::Force>& force_limit, v1::Load& load) {
  const sensing::Estimate& estimate = snapshot.estimate;
  load.set_set_n(finite(units::in_newtons(snapshot.load_set)));
  load.set_applied_n(finite(units::in_newtons(snapshot.load_applied)));
  put(snapshot.load_measured, units::in_newtons, [&](double v) { load.set_measured_n(v); });
  put(estimate.strap_left, units::in_newtons, [&](double v) { load.set_left_n(v); });
  put(estimate.strap_right, units::in_newtons, [&](double v) { load.set_right_n(v); });
  load.set_torque_nm(finite(units::in_newton_metres(estimate.drive_torque)));
  put(force_limit, units::in_newtons, [&](double v) { load.set_limit_n(v); });
}

void fill(const sensing::Estimate& estimate, v1::Body& body) {
  body.set_present(estimate.patient_present);
  body.set_left_grip(estimate.left_grip);
  body.set_right_grip(estimate.right_grip);
  put(estimate.trunk, units::in_newtons, [&](double v) { body.set_trunk_n(v); });
  if (estimate.centre_of_pressure) {
    const auto& [x, y] = *estimate.centre_of_pressure;
    put(std::optional{x}, units::in_metres, [&](double v) { body.set_centre_x_m(v); });
    put(std::optional{y}, units::in_metres, [&](double v) { body.set_centre_y_m(v); });
  }
}

void fill(const session::RepScore& score, v1::RepScore& out) {
  out.set_number(score.number);
  out.set_counted(score.counted);
  out.set_in_tube_lift(finite(score.in_tube_lift));
  out.set_in_tube_hold(finite(score.in_tube_hold));
  out.set_in_tube_lower(finite(score.in_tube_lower));
  out.set_top_deg(finite(units::in_degrees(score.top)));
  out.set_bottom_deg(finite(units::in_degrees(score.bottom)));
  out.set_hold_spread_deg(finite(units::in_degrees(score.hold_spread)));
  out.set_peak_lift_deg_s(finite(units::in_degrees_per_second(score.peak_lift)));
  out.set_peak_lower_deg_s(finite(units::in_degrees_per_second(score.peak_lower)));
  out.set_left_share(finite(score.left_share));
}

// The guide stands for something only while the person is asked to follow it.
bool guides(rehab::Moment moment) {
  return moment != rehab::Moment::Idle && moment != rehab::Moment::Unloading;
}

void fill(const session::Guidance& guidance, v1::SessionState& state) {
  const rehab::Expectation& expectation = guidance.expectation;
  state.set_stage(message_of(guidance.stage));
  state.set_moment(message_of(expectation.moment));
  if (guidance.cue != session::Cue::None) state.set_cue(std::string{name_of(guidance.cue)});
  state.set_breath(std::string{name_of(guidance.breath)});
  state.set_set(guidance.set);
  state.set_sets(guidance.sets);
  state.set_rep(guidance.rep);
  state.set_reps(guidance.reps);
  state.set_reps_counted(guidance.score.reps_counted);
  state.set_reps_counted_total(guidance.reps_counted_in_session);
  state.set_moment_left_s(units::in_seconds(guidance.moment_left));
  state.set_moment_length_s(units::in_seconds(expectation.moment_length));
  if (guides(expectation.moment)) {
    put(std::optional{expectation.target}, units::in_degrees, [&](double v) { state.set_target_deg(v); });
    put(std::optional{expectation.target_speed}, units::in_degrees_per_second,
        [&](double v) { state.set_target_velocity_deg_s(v); });
    put(std::optional{expectation.tolerance}, units::in_degrees,
        [&](double v) { state.set_tolerance_deg(v); });
  }
  if (guidance.working) {
    put(std::optional{guidance.working->low()}, units::in_degrees,
        [&](double v) { state.set_range_low_deg(v); });
    put(std::optional{guidance.working->high()}, units::in_degrees,
        [&](double v) { state.set_range_high_deg(v); });
  }
  state.set_in_tube(finite(guidance.score.in_tube));
  if (guidance.last_set_end) state.set_last_set_end(std::string{name_of(*guidance.last_set_end)});
  if (guidance.score.last_rep.number > 0) fill(guidance.score.last_rep, *state.mutable_last_rep());
}

// Measured, not concluded from what was commanded: the drive reports no torque and its brake closed, and the
// arm stands.
bool is_released(const Snapshot& snapshot) {
  const auto& drive = snapshot.estimate.drive_report;
  return in_touch(snapshot.estimate.drive) && drive && !drive->torque_on && !drive->brake_released &&
         snapshot.verdict.at_standstill;
}

// Legs hang where they were measured before the set; before the first, not above this: those of a person of
// 78 kg hang at −65 to −76° (station physics, simulator/README.md).
constexpr units::Angle HighestHanging = units::degrees(-60);
// The brake's play, and what legs give way when it closes.
constexpr units::Angle HeldAbove = units::degrees(5);

std::optional<bool> is_held_up(const Snapshot& snapshot) {
  const sensing::Estimate& estimate = snapshot.estimate;
  if (!in_touch(estimate.drive) || !estimate.drive_report || !estimate.angle_plausible) return std::nullopt;
  const units::Angle rest = snapshot.verdict.rest_angle.value_or(HighestHanging);
  return !estimate.drive_report->brake_released && estimate.angle > rest + HeldAbove;
}

void fill(const Snapshot& snapshot, v1::Safety& out) {
  const safety::Verdict& verdict = snapshot.verdict;
  out.set_permission(message_of(verdict.permission));
  out.set_action(std::string{name_of(verdict.action)});
  out.set_latch(std::string{name_of(verdict.latch)});
  if (verdict.cause != safety::Cause::None) {
    const safety::Rule& rule = safety::rule_of(verdict.cause);
    out.set_cause(std::string{rule.name});
    out.set_patient_words(std::string{rule.patient});
    out.set_physio_words(std::string{rule.physio});
    out.set_next_step(std::string{rule.next_step});
  }
  out.set_armed_left_s(units::in_seconds(verdict.armed_left));
  for (std::size_t i = 1; i < safety::CauseCount; ++i) {  // 0 is None
    if (verdict.active[i]) out.add_active(std::string{safety::rule_of(static_cast<safety::Cause>(i)).name});
  }
  out.set_released(is_released(snapshot));
  if (const auto held_up = is_held_up(snapshot)) out.set_held_up(*held_up);
}

void fill(const sensing::BlockHealth& block, std::uint32_t fault_code, v1::Unit& unit) {
  unit.set_connected(in_touch(block));
  if (block.ever_seen) unit.set_age_ms(milliseconds_of(block.age));
  unit.set_fault_code(fault_code);
}

void fill(const sensing::Estimate& estimate, v1::Units& out) {
  const auto& drive = estimate.drive_report;
  const auto& hub = estimate.hub_report;
  fill(estimate.drive, drive ? drive->fault_code : 0U, *out.mutable_drive());
  fill(estimate.hub, hub ? hub->status : 0U, *out.mutable_hub());
  out.set_limits_confirmed(estimate.setup.limits_confirmed);
  out.set_watchdog_proven(estimate.setup.watchdog_proven);
  out.set_brake_released(drive && drive->brake_released);
  out.set_estop_closed(estimate.estop_closed);
}

void fill(const LoopHealth& health, v1::Loop& loop) {
  loop.set_real_time(health.real_time);
  loop.set_period_ms(milliseconds_of(health.period));
  loop.set_late_cycles(health.late_cycles);
  loop.set_worst_lateness_ms(milliseconds_of(health.worst_lateness));
  loop.set_answers_missed(health.answers_missed);
}

}  // namespace

v1::Telemetry telemetry_of(const Snapshot& snapshot, const LoopHealth& health,
                           const std::optional<units::Force>& force_limit) {
  v1::Telemetry out;
  out.set_cycle(snapshot.cycle);
  const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(snapshot.at.time_since_epoch());
  out.set_at_ms(static_cast<std::uint64_t>(std::max<std::int64_t>(0, at.count())));
  fill(snapshot.estimate, *out.mutable_arm());
  fill(snapshot, force_limit, *out.mutable_load());
  fill(snapshot.estimate, *out.mutable_body());
  fill(snapshot.guidance, *out.mutable_session());
  fill(snapshot, *out.mutable_safety());
  fill(snapshot.estimate, *out.mutable_units());
  fill(health, *out.mutable_loop());
  return out;
}

}  // namespace plinth::service
