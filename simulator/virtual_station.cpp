#include "simulator/virtual_station.hpp"

#include <algorithm>

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
      plant_{legs_},
      patient_{setup.patient, Random{setup.seed}.next()},
      drive_unit_{setup.seed ^ 0xA5A5000000000001ULL},
      hub_{setup.seed ^ 0xA5A5000000000002ULL},
      faults_{setup.faults} {
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
  hub_inputs_.pendant_pressed = !circuits_.pendant_released;
  hub_.sample(hub_inputs_);
}

void VirtualStation::tick() {
  now_ += Tick;
  ++ticks_;
  if (ticks_ % ThinkEvery == 0) {
    let_the_patient_think();
    weigh_the_pads();
  }
  if (!faults_.empty()) {
    if (faults_.advance(now_, view_.moment, view_.rep)) apply_faults();
    feel_faults();
  }
  muscle_ = patient_.muscle();
  const Drive& drive = drive_unit_.drive();
  plant_.step(
      {.motor_torque = drive.motor_torque(), .muscle_torque = muscle_, .brake_closed = drive.brake_closed()},
      TickS);
  hub_.tick();
  circuits_.relay_closed = hub_.relay_closed();
  drive_unit_.tick(plant_.state().arm_angle + encoder_offset_, circuits_);
  if (ticks_ % LoadCellHub::SampleEveryMs == 0) sample_the_hub();
}

std::size_t VirtualStation::handle(std::uint8_t unit, std::span<const std::uint8_t> request,
                                   std::span<std::uint8_t> reply) {
  if (muted_ == 0 || muted_ == unit) {
    FaultRecord* mute = faults_.active(FaultKind::BusMute);
    if (mute != nullptr && !mute->felt) mute->felt = now_;
    return 0;
  }
  switch (unit) {
    case DriveUnitId:
      return answer(drive_unit_, request, reply);
    case HubUnitId:
      return answer(hub_, request, reply);
    default:
      return 0;
  }
}

void VirtualStation::apply_faults() {
  const FaultRecord* mute = faults_.active(FaultKind::BusMute);
  muted_ = mute == nullptr ? -1 : static_cast<int>(mute->plan.value);
  const FaultRecord* jump = faults_.active(FaultKind::EncJump);
  encoder_offset_ = jump == nullptr ? 0.0 : jump->plan.value * units::RadiansPerDegree;
  hub_.freeze(faults_.active(FaultKind::LcFreeze) != nullptr);
  hub_.stick(faults_.active(FaultKind::LcStuck) != nullptr);
  drive_unit_.ignore_commands(faults_.active(FaultKind::DriveIgnore) != nullptr);
  const bool stopped = faults_.active(FaultKind::Estop) != nullptr;
  circuits_.chain_a_closed = !stopped;
  circuits_.chain_b_closed = !stopped;
  circuits_.pendant_released = faults_.active(FaultKind::Comfort) == nullptr;
}

// A fault that changed nothing proves nothing: each is marked when a signal first shows it. (A muted bus
// is felt where a request goes unanswered.)
void VirtualStation::feel_faults() {
  const auto felt_when = [this](FaultKind kind, bool shows) {
    FaultRecord* record = faults_.active(kind);
    if (record != nullptr && !record->felt && shows) record->felt = now_;
  };
  felt_when(FaultKind::LcFreeze, hub_.false_answers() > 0);
  felt_when(FaultKind::LcStuck, hub_.false_answers() > 0);
  felt_when(FaultKind::DriveIgnore, drive_unit_.ignored_commands() > 0);
  felt_when(FaultKind::EncJump, encoder_offset_ != 0.0);
  felt_when(FaultKind::Estop, !circuits_.chain_a_closed);
  felt_when(FaultKind::Comfort, !circuits_.pendant_released);
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
          .brake_closed = drive.brake_closed(),
          .torque_on = drive.state() == DriveState::Running || drive.state() == DriveState::Stopping,
          .let_go = patient_.has_let_go()};
}

}  // namespace plinth::simulator
