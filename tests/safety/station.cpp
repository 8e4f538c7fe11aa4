#include "tests/safety/station.hpp"

#include <algorithm>

#include "controller/sensing/calibration.hpp"

namespace plinth::safety::testing {

using units::degrees;
using units::milliseconds;
using units::newton_metres;
using units::newtons;

rehab::Prescription strength_prescription() {
  rehab::PrescriptionDraft draft = rehab::defaults_of(rehab::Phase::Strength);
  draft.range_low = degrees(-60);
  draft.range_high = degrees(-5);
  draft.load = newtons(120);
  draft.eccentric_ratio = 1.0;
  draft.tempo = {.lift = milliseconds(2000),
                 .hold = milliseconds(1000),
                 .lower = milliseconds(4000),
                 .rest = milliseconds(0)};
  draft.reps = 10;
  return rehab::Prescription::checked(
             draft,
             {.mass = units::kilograms(78), .height = units::metres(1.75), .strength = newton_metres(160)})
      .value();
}

Station::Station() : limits{limits_for(strength_prescription())} {
  estimate.period = Period;
  estimate.angle_plausible = true;
  estimate.angle_sensors_agree = true;
  estimate.strap_left = newtons(0);
  estimate.strap_right = newtons(0);
  estimate.strap = newtons(0);
  estimate.trunk = newtons(765);
  estimate.centre_of_pressure = sensing::CentreOfPressure{.x = units::metres(-0.05), .y = units::metres(0.0)};
  estimate.patient_present = true;
  estimate.estop_closed = true;
  estimate.drive = {.ever_seen = true, .fresh = true};
  estimate.hub = {.ever_seen = true, .fresh = true};
  estimate.setup = {.drive_identified = true,
                    .hub_identified = true,
                    .limits_confirmed = true,
                    .watchdog_proven = true,
                    .brake_proven = true};
  sensing::DriveReport drive_report;
  drive_report.ready = true;
  drive_report.homed = true;
  drive_report.sto_a_ok = true;
  drive_report.sto_b_ok = true;
  drive_report.estop_a_closed = true;
  drive_report.estop_b_closed = true;
  estimate.drive_report = drive_report;
  sensing::HubReport hub_report;
  hub_report.ok = true;
  hub_report.estop_a_closed = true;
  hub_report.estop_b_closed = true;
  hub_report.comfort_plausible = true;
  estimate.hub_report = hub_report;
  place(degrees(-70));
}

void Station::place(units::Angle angle, units::AngularVelocity velocity) {
  estimate.angle = angle;
  estimate.velocity = velocity;
  estimate.second_angle = angle;
  estimate.second_velocity = velocity;
  drive().angle = angle;
  drive().velocity = velocity;
}

void Station::expect(rehab::Moment moment, units::Angle target) {
  expectation.moment = moment;
  expectation.target = target;
  expectation.tolerance = degrees(4);
}

void Station::brake(bool closed) {
  drive().brake_released = !closed;
  drive().brake_feedback = !closed;
  drive().torque_on = !closed;
}

rehab::TorqueDemand Station::load_demand() const {
  const rehab::LegMeasures legs =
      limits ? limits->legs : rehab::leg_measures(strength_prescription().person());
  const units::Torque load = units::moment(newtons(120), legs.cuff_radius);
  return {.torque = load - sensing::ArmGravity * units::cosine(estimate.angle),
          .resisting_limit = newton_metres(150),
          .supporting_limit = newton_metres(200),
          .lifting_speed_limit = units::degrees_per_second(70),
          .lowering_speed_limit = units::degrees_per_second(40),
          .lifting_damping = units::newton_metre_seconds_per_radian(0),
          .lowering_damping = units::newton_metre_seconds_per_radian(0),
          .walls = {degrees(-57), degrees(-8)},
          .wall_stiffness = units::newton_metres_per_radian(2000)};
}

void Station::obey() {
  const WireCommand& told = wire();
  sensing::DriveReport& report = drive();
  report.enabled = told.enable;
  report.ss1_active = !command_.permit();
  // What a test says of a drive that stops by itself stays.
  if (told.controlled_stop != told_to_stop_) report.stopping = told_to_stop_ = told.controlled_stop;
  const bool runs = told.enable && (told.run || told.controlled_stop);
  if (runs && !report.brake_released && told.run && told.mode == sensing::DriveMode::Torque) brake(false);
  if (!told.enable) brake(true);
  report.mode = told.run && report.torque_on ? told.mode : sensing::DriveMode::None;
  const bool gives_torque = told.mode == sensing::DriveMode::Torque && report.torque_on;
  report.torque_setpoint = newton_metres(gives_torque ? 0.1 * told.torque_dnm : 0.0);
  report.torque = report.torque_setpoint;
  estimate.drive_torque = report.torque;
  estimate.drive_setpoint = report.torque_setpoint;
  if (!limits) return;
  const units::Force force =
      report.torque_on ? machine_force(estimate, limits->legs.cuff_radius) : newtons(0);
  estimate.strap = force;
  estimate.strap_left = force * 0.5;
  estimate.strap_right = force * 0.5;
}

const Verdict& Station::cycle() {
  now_ += Period;
  estimate.at = now_;
  if (drive_hears) ++drive().heartbeat_echo;
  if (drive_follows) obey();
  verdict_ = supervisor_.judge(estimate, expectation, requests, command_, limits);
  requests = {};
  command_ = gate_.approve(demand, verdict_, limits);
  return verdict_;
}

const Verdict& Station::run(units::Duration time) {
  for (units::Duration done{}; done < time; done += Period) cycle();
  return verdict_;
}

void Station::reset(LatchLevel level) {
  run(milliseconds(700));
  requests.reset = level;
  cycle();
  cycle();
}

void Station::start() {
  estimate.left_grip = false;
  estimate.right_grip = false;
  cycle();
  requests.start = true;
  cycle();
}

void Station::squeeze() {
  estimate.left_grip = true;
  estimate.right_grip = true;
  cycle();
}

void Station::train() {
  reset();
  start();
  squeeze();
  expect(rehab::Moment::RampIn, degrees(-56));
  place(degrees(-58));
  demand = load_demand();
  run(milliseconds(400));
  place(degrees(-30));
  expect(rehab::Moment::Lifting, degrees(-30));
  demand = load_demand();
  run(milliseconds(100));
}

}  // namespace plinth::safety::testing
