#include "simulator/virtual_station.hpp"

#include <algorithm>
#include <cmath>

namespace plinth::simulator {

namespace {

constexpr double TickS = 0.001;
constexpr std::uint32_t ThinkEvery = 5;  // ticks

// The pads: two rows, 0.45 m apart, the rear one under the hips. What lies on them is the trunk, arms and
// head (0.68 of the body, its centre 0.28 m in front of the rear row), the weight of the legs, and what the
// machine pulls.
constexpr double TrunkShare = 0.678;
constexpr double TrunkLever = 0.28;  // m
constexpr double PadRows = 0.45;     // m
constexpr double Gravity = 9.81;

}  // namespace

VirtualStation::VirtualStation(const StationSetup& setup)
    : legs_{legs_of(setup.patient.mass, setup.patient.height)},
      mass_kg_{units::in_kilograms(setup.patient.mass)},
      fastest_lift_{units::in_radians_per_second(setup.fastest_lift)},
      fastest_lowering_{units::in_radians_per_second(setup.fastest_lowering)},
      plant_{legs_},
      patient_{setup.patient, Random{setup.seed}.next(), *wrongs_},
      drive_unit_{setup.seed ^ 0xA5A5000000000001ULL, *wrongs_},
      hub_{setup.seed ^ 0xA5A5000000000002ULL, *wrongs_},
      faults_{setup.faults},
      bus_{setup.seed ^ 0xA5A5000000000003ULL} {
  if (setup.by_heart) own_guide_.emplace(*setup.by_heart);
  weigh_the_pads();
  sample_the_hub();
}

void VirtualStation::let_the_patient_think() {
  const PlantState& state = plant_.state();
  const bool by_eye = hub_.eyes().ever_shown() || !own_guide_;
  const Drive& drive = drive_unit_.drive();
  view_ = by_eye ? hub_.eyes().look(now_)
                 : own_guide_->look(
                       now_, {.carries_torque = !drive.brake_closed() && drive.state() == DriveState::Running,
                              .legs = units::radians(state.leg_angle)});
  patient_.think(view_, {.leg_angle = state.leg_angle,
                         .leg_speed = state.leg_speed,
                         .cuff_torque = plant_.cuff_force() * plant_.cuff_radius()});
}

void VirtualStation::weigh_the_pads() {
  const PlantState& state = plant_.state();
  const double cuff = plant_.cuff_force();
  const double level = quick_cosine(state.leg_angle);
  const double total = std::max(0.0, mass_kg_ * Gravity + cuff * level);
  const double tipping = plant_.legs_weight_moment() * level + cuff * plant_.cuff_radius();
  // When the legs would tip the trunk up the hands hold it down: the front row keeps a little.
  const double front = std::clamp((TrunkShare * mass_kg_ * Gravity * TrunkLever - tipping) / PadRows,
                                  0.02 * total, 0.9 * total);
  const double rear = total - front;
  const double there = patient_.on_bench();
  const double left = 0.5 + 0.3 * (patient_.left_share() - 0.5);
  hub_inputs_.force[2] = there * front * 0.5;
  hub_inputs_.force[3] = there * front * 0.5;
  hub_inputs_.force[4] = there * rear * left;
  hub_inputs_.force[5] = there * rear * (1.0 - left);
  if (Wrong& slide = (*wrongs_)[FaultKind::PatientSlide]) {
    // To the left; the pad that takes it has its edge, so a part of the weight is borne by nothing.
    for (const std::size_t right : {std::size_t{3}, std::size_t{5}}) {
      const double goes = slide.value * hub_inputs_.force[right];
      hub_inputs_.force[right] -= goes;
      hub_inputs_.force[right - 1] += 0.7 * goes;
    }
    slide.show(slide.value > 0.2 && there > 0.5);
  }
}

void VirtualStation::sample_the_hub() {
  const double cuff = plant_.cuff_force();
  hub_inputs_.force[0] = cuff * patient_.left_share();
  hub_inputs_.force[1] = cuff * (1.0 - patient_.left_share());
  hub_inputs_.arm_angle = plant_.state().arm_angle;
  hub_inputs_.left_grip = patient_.left_grip();
  hub_inputs_.right_grip = patient_.right_grip();
  hub_inputs_.chain_a_closed = circuits_.chain_a_closed;
  hub_inputs_.chain_b_closed = circuits_.chain_b_closed;
  hub_inputs_.pendant_pressed = (*wrongs_)[FaultKind::Comfort].on;
  hub_inputs_.pendant_unplugged = (*wrongs_)[FaultKind::ComfortOpen].on;
  if (Wrong& stuck = (*wrongs_)[FaultKind::GripStuck]) {
    stuck.show(!hub_inputs_.left_grip || !hub_inputs_.right_grip);
    hub_inputs_.left_grip = true;
    hub_inputs_.right_grip = true;
  }
  hub_.sample(hub_inputs_);
}

void VirtualStation::tick() {
  now_ += Tick;
  ++ticks_;
  if (ticks_ % ThinkEvery == 0) {
    let_the_patient_think();
    weigh_the_pads();
  }
  if (!faults_.empty()) advance_faults();
  muscle_ = patient_.muscle();
  plant_.step(plant_input(), TickS);
  hub_.tick();
  circuits_.relay_closed = hub_.relay_closed();
  drive_unit_.tick(encoder_.report(*wrongs_, plant_.state().arm_angle), circuits_);
  if (ticks_ % LoadCellHub::SampleEveryMs == 0) sample_the_hub();
}

// Haste counts where it is faster than the prescription's own limits.
void VirtualStation::watch_the_pace() {
  const double speed = plant_.state().arm_speed;
  Wrong& hurry = (*wrongs_)[FaultKind::PatientFast];
  Wrong& lift = (*wrongs_)[FaultKind::FastLift];
  if (hurry) hurry.show(speed > fastest_lift_ || speed < -fastest_lowering_);
  if (lift) lift.show(speed > fastest_lift_);
}

void VirtualStation::advance_faults() {
  wrongs_->set_now(now_);
  if (wrongs_->any()) watch_the_pace();
  if (faults_.advance(now_, view_.moment, view_.rep, *wrongs_)) open_circuits();
  faults_.note_felt(now_, *wrongs_);
}

// Wired circuits are read by everybody at once: what opens is felt.
void VirtualStation::open_circuits() {
  using enum FaultKind;
  Wrongs& wrongs = *wrongs_;
  const Wrong& one = wrongs[EstopOneChannel];
  circuits_.chain_a_closed = !wrongs[Estop] && !(one && one.value < 0.5);
  circuits_.chain_b_closed = !wrongs[Estop] && !(one && one.value >= 0.5);
  circuits_.pendant_released = !wrongs[Comfort] && !wrongs[ComfortOpen];
  for (const FaultKind kind : {Estop, EstopOneChannel, Comfort, ComfortOpen})
    wrongs[kind].show(wrongs[kind].on);
  if (!wrongs[Obstacle]) obstacle_.reset();
}

PlantInput VirtualStation::plant_input() {
  using enum FaultKind;
  const Drive& drive = drive_unit_.drive();
  PlantInput input{
      .motor_torque = drive.motor_torque(), .muscle_torque = muscle_, .brake_closed = drive.brake_closed()};
  Wrongs& wrongs = *wrongs_;
  if (!wrongs.any()) return input;

  const PlantState& state = plant_.state();
  if (Wrong& slip = wrongs[BrakeSlip]) {
    input.brake_share = slip.value / plant_.arm().brake_torque;
    if (!input.brake_closed) braked_at_ = state.arm_angle;
    constexpr double Slips = 0.5 * units::RadiansPerDegree;
    slip.show(input.brake_closed && std::abs(state.arm_angle - braked_at_) > Slips);
  }
  if (Wrong& loose = wrongs[DamperNone]) {
    input.friction_share = 0.0;
    loose.show(std::abs(state.arm_speed) > 0.1);
  }
  if (Wrong& obstacle = wrongs[Obstacle]) {
    constexpr double Below = 3.0 * units::RadiansPerDegree;
    if (!obstacle_) obstacle_ = state.arm_angle - Below;
    input.obstacle_angle = *obstacle_;
    input.obstacle_stiffness = obstacle.value / units::RadiansPerDegree;
    obstacle.show(plant_.obstacle_torque() > 10.0);
  }
  return input;
}

std::size_t VirtualStation::serve(std::uint8_t unit, std::span<const std::uint8_t> request,
                                  std::span<std::uint8_t> reply) {
  switch (unit) {
    case DriveUnitId:
      return answer(drive_unit_, request, reply);
    case HubUnitId:
      return answer(hub_, request, reply);
    default:
      return 0;
  }
}

std::size_t VirtualStation::handle(std::uint8_t unit, std::span<const std::uint8_t> request,
                                   std::span<std::uint8_t> reply) {
  const bool silent = unit == DriveUnitId ? drive_unit_.silent() : hub_.silent();
  if (!wrongs_->any()) return silent ? 0 : serve(unit, request, reply);
  using enum FaultKind;
  Wrongs& wrongs = *wrongs_;
  if (silent) {
    for (const FaultKind kind : {DriveReboot, DriveLimitsLost, HubReboot, PowerCut}) {
      const bool of_this_unit = kind == PowerCut || (kind == HubReboot) == (unit == HubUnitId);
      wrongs[kind].show(wrongs[kind].on && of_this_unit);
    }
    return 0;
  }
  if (wrongs[BusDelay]) wrongs[BusDelay].show();
  return bus_.carry(wrongs, unit, request, reply,
                    [this](std::uint8_t answering, std::span<const std::uint8_t> sent,
                           std::span<std::uint8_t> back) { return serve(answering, sent, back); });
}

Truth VirtualStation::truth() const {
  const PlantState& state = plant_.state();
  const Drive& drive = drive_unit_.drive();
  const double arm_weight = plant_.arm().weight_moment * quick_cosine(state.arm_angle);
  return {.time = now_,
          .arm_angle = units::radians(state.arm_angle),
          .leg_angle = units::radians(state.leg_angle),
          .arm_speed = units::radians_per_second(state.arm_speed),
          .leg_speed = units::radians_per_second(state.leg_speed),
          .machine_force = units::newtons(plant_.cuff_force()),
          .added_load = units::newtons((drive.motor_torque() + arm_weight) / plant_.cuff_radius()),
          .motor_torque = units::newton_metres(drive.motor_torque()),
          .muscle_torque = units::newton_metres(muscle_),
          .obstacle_torque = units::newton_metres(plant_.obstacle_torque()),
          .brake_closed = drive.brake_closed(),
          .torque_on = drive.state() == DriveState::Running || drive.state() == DriveState::Stopping,
          .let_go = patient_.has_let_go()};
}

}  // namespace plinth::simulator
