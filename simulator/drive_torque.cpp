// What the drive does with torque in each tick: the modes, the protections, the lowering, the limits.
#include <algorithm>
#include <cmath>

#include "simulator/drive.hpp"

namespace plinth::simulator {

namespace {

constexpr double Deg = 0.017453292519943295;
constexpr double Tick = Drive::Tick;
constexpr double TorqueLag = 0.3935;      // 1 − e^(−1 ms / 2 ms): current loop and gear
constexpr double ReflectedInertia = 3.2;  // kg·m², for the critical damping of walls
// N·m of the arm's weight left uncarried while lowering, so that friction cannot hang the arm up.
constexpr double ArmWeightLeft = 4.5;
constexpr double SpeedGain = 390.0;         // N·m·s/rad, lowering: what the loop carries at 1 kHz
constexpr double SpeedIntegral = 6000.0;    // N·m/rad: legs that relax are caught before they gather 15 °/s
constexpr double HoldStiffness = 1500.0;    // N·m/rad, position mode and hold
constexpr double HoldDamping = 140.0;       // critical for the arm
constexpr double NoUpwardWork = 2.0 * Deg;  // per second
constexpr double BrakeTestTorque = 208.0;   // 1.2 times the arm and the legs of 110 kg, level
constexpr int BrakeTestMs = 300;
constexpr double BrakeTestSlip = 0.5 * Deg;

enum LimitingBit : std::uint16_t {
  TorquePlusBit = 1U << 0U,
  TorqueMinusBit = 1U << 1U,
  SpeedBit = 1U << 2U,
  LowWallBit = 1U << 3U,
  HighWallBit = 1U << 4U,
  SlewBit = 1U << 5U,
  OverloadBit = 1U << 6U,
  ClippedBit = 1U << 8U,
};

double toward(double from, double to, double step) {
  return from + std::clamp(to - from, -step, step);
}

}  // namespace

double Drive::demand() {
  switch (state_) {
    case DriveState::Running: {
      if (command_.mode == DriveMode::Lowering) {
        if (last_mode_ != DriveMode::Lowering) begin_lowering();
        last_mode_ = DriveMode::Lowering;
        const double torque = lower(std::min(command_.torque_minus, limits_.torque_max));
        brake_when_settled();
        return torque;
      }
      if (closing_) {  // the host has thought better of it before the brake was shut
        closing_ = false;
        brake_wanted_closed_ = false;
      }
      return limit(follow_mode() + protect());
    }
    case DriveState::Stopping: {
      const double cap = std::min(std::max(stop_cap_, command_.torque_minus), limits_.torque_max);
      const double torque = stop_how_ == WatchdogAction::HaltAndBrake ? halt(cap) : lower(cap);
      brake_when_settled();
      return torque;
    }
    case DriveState::BrakeTest: {
      // A brake that gives way is pressed no further.
      const bool slips = std::abs(angle_ - test_angle_) >= BrakeTestSlip;
      if (++test_ms_ > BrakeTestMs || slips) {
        brake_test_ = slips ? Test::Failed : Test::Passed;
        if (slips) latch(DriveFault::Brake);
        state_ = DriveState::Off;
        return 0.0;
      }
      return BrakeTestTorque * std::min(1.0, test_ms_ / 100.0);
    }
    default:
      return 0.0;
  }
}

double Drive::follow_mode() {
  if (command_.mode != last_mode_) {
    ramped_ = last_mode_ == DriveMode::None ? 0.0 : setpoint_;
    integral_ = 0.0;
    held_angle_ = law_angle_;
    last_mode_ = command_.mode;
  }
  if (command_.hold != holding_) {
    holding_ = command_.hold;
    held_angle_ = law_angle_;
  }
  if (holding_) {
    ramped_ = HoldStiffness * (law_angle_ - held_angle_) + HoldDamping * speed_;
    return ramped_;
  }
  const double slew = std::min(command_.slew, limits_.slew_max) * Tick;
  switch (command_.mode) {
    case DriveMode::Torque:
      if (std::abs(command_.torque - ramped_) > slew) limiting_ |= SlewBit;
      ramped_ = toward(ramped_, command_.torque, slew);
      return ramped_;
    case DriveMode::Velocity: {
      const double error = speed_ - command_.velocity;
      integral_ =
          std::clamp(integral_ + SpeedIntegral * error * Tick, -command_.torque_minus, command_.torque_plus);
      return SpeedGain * error + integral_;
    }
    case DriveMode::Position: {
      const double up = std::min(command_.speed_lifting, limits_.speed_max) * Tick;
      const double down = std::min(command_.speed_lowering, limits_.speed_max) * Tick;
      held_angle_ += std::clamp(command_.position - held_angle_, -down, up);
      return HoldStiffness * (law_angle_ - held_angle_) + HoldDamping * speed_;
    }
    case DriveMode::SpringDamper: {
      const double stiffness = std::min(command_.wall_stiffness, MaxWallStiffness);
      if (std::abs(command_.torque - ramped_) > slew) limiting_ |= SlewBit;
      ramped_ = toward(ramped_, command_.torque, slew);
      return ramped_ + stiffness * (law_angle_ - command_.position);
    }
    default:
      return 0.0;
  }
}

// Directional damping, directional speed limits, and walls: all of them against the movement or inward, so
// none of them can do work on the person. They live here and not in the host because 1 kHz carries them
// stably.
double Drive::protect() {
  double torque = 0.0;
  const double damping =
      std::min(speed_ > 0.0 ? command_.damping_lifting : command_.damping_lowering, MaxDamping);
  torque += damping * speed_;

  const double rest = MaxDamping - damping;  // together never more than the loop carries
  const double fastest_up = std::min(command_.speed_lifting, limits_.speed_max);
  const double fastest_down = std::min(command_.speed_lowering, limits_.speed_max);
  if (Wrong& ignored = (*wrongs_)[FaultKind::DriveSpeedIgnored]) {
    ignored.show(speed_ > fastest_up || speed_ < -fastest_down);
  } else if (speed_ > fastest_up) {
    torque += rest * (speed_ - fastest_up);
    limiting_ |= SpeedBit;
  } else if (speed_ < -fastest_down) {
    torque += rest * (speed_ + fastest_down);
    limiting_ |= SpeedBit;
  }

  const bool walls = command_.mode == DriveMode::Torque || command_.mode == DriveMode::Velocity;
  if (!walls || command_.wall_stiffness <= 0.0) return torque;
  const double stiffness = std::min(command_.wall_stiffness, MaxWallStiffness);
  const double wall_damping = std::min(2.0 * std::sqrt(stiffness * ReflectedInertia), MaxDamping);
  const double beyond_high = law_angle_ - std::min(command_.wall_high, limits_.position_max);
  const double beyond_low = std::max(command_.wall_low, limits_.position_min) - law_angle_;
  if (beyond_high > 0.0) {
    torque += stiffness * beyond_high + wall_damping * std::max(speed_, 0.0);
    limiting_ |= HighWallBit;
  }
  if (beyond_low > 0.0) {
    torque -= stiffness * beyond_low + wall_damping * std::max(-speed_, 0.0);
    limiting_ |= LowWallBit;
  }
  return torque;
}

// The drive carries the legs down at no more than 10 °/s. The load it had added fades within the ramp; what
// it then does upward is support and braking, never work: above −10 °/s nothing pushes but the arm's own
// weight.
double Drive::lower(double support_cap) {
  ++stop_ms_;
  const double faded = std::max(0.0, 1.0 - stop_ms_ / static_cast<double>(limits_.ramp_ms));
  const double load = stop_load_ * faded;
  // The arm's weight passes from the person to the drive as the load fades.
  const double carried_arm = std::max(0.0, arm_weight() - ArmWeightLeft * (1.0 - faded));
  const double error = speed_ + LoweringSpeed;  // negative: faster down than allowed
  const double most = support_cap + load;
  integral_ = std::clamp(integral_ + SpeedIntegral * error * Tick, -most, 0.0);
  // Legs that bounce up in the cuff after a catch are not pushed after: support fades out within 2 °/s
  // upward.
  const double not_rising = std::clamp(1.0 - speed_ / NoUpwardWork, 0.0, 1.0);
  const double support = std::clamp(SpeedGain * error + integral_, -most, 0.0) * not_rising;
  double torque = load - carried_arm + support;
  // Braking the fall may take more of the load off than the ramp has; what is off stays off.
  torque = std::min(torque, lowest_load_ - arm_weight());
  lowest_load_ = std::clamp(torque + arm_weight(), ArmWeightLeft, std::max(lowest_load_, ArmWeightLeft));
  if (torque <= -support_cap) {
    torque = -support_cap;
    limiting_ |= TorqueMinusBit;
  }
  if (faded <= 0.0) torque = std::min(torque, 0.0);
  return torque;
}

double Drive::halt(double support_cap) {
  ++stop_ms_;
  const double faded = std::max(0.0, 1.0 - stop_ms_ / static_cast<double>(limits_.ramp_ms));
  const double most_down = std::max(0.0, stop_load_ * faded - arm_weight());
  integral_ = std::clamp(integral_ + SpeedIntegral * speed_ * Tick, -support_cap, 0.0);
  return std::clamp(SpeedGain * speed_ + integral_ - arm_weight(), -support_cap, most_down);
}

double Drive::limit(double torque) {
  const double most_down = std::min(command_.torque_plus, limits_.torque_max);
  const double most_up = std::min(command_.torque_minus, limits_.torque_max);
  if (torque > most_down) {
    limiting_ |= TorquePlusBit;
    if (command_.torque > most_down) limiting_ |= ClippedBit;
    return most_down;
  }
  if (torque < -most_up) {
    limiting_ |= TorqueMinusBit;
    if (command_.torque < -most_up) limiting_ |= ClippedBit;
    return -most_up;
  }
  return torque;
}

void Drive::apply(double torque) {
  // Heat: the square of the torque above what the motor bears for ever, 3 s of peak.
  overload_ = std::max(0.0, overload_ + (torque_ * torque_ - ContinuousTorque * ContinuousTorque) * Tick);
  constexpr double Bearable = (PeakTorque * PeakTorque - ContinuousTorque * ContinuousTorque) * 3.0;
  if (overload_ > Bearable) folded_ = true;
  if (overload_ < 0.5 * Bearable) folded_ = false;
  const double most = folded_ ? ContinuousTorque : PeakTorque;
  if (folded_) limiting_ |= OverloadBit;
  motor_celsius_ += Tick * (torque_ * torque_ * 4e-6 - (motor_celsius_ - 28.0) * 0.002);

  torque = std::clamp(torque, -most, most);
  const bool powered =
      state_ == DriveState::Running || state_ == DriveState::Stopping || state_ == DriveState::BrakeTest;
  setpoint_ = powered ? toward(setpoint_, torque, limits_.slew_max * Tick) : 0.0;
  torque_ += TorqueLag * (setpoint_ - torque_);
  output_ = wrongs_->any() ? falsified(torque_, powered) : torque_;
}

// What the motor makes of a torque when inverter or motor are not sound.
double Drive::falsified(double torque, bool powered) {
  using enum FaultKind;
  Wrongs& wrongs = *wrongs_;
  constexpr double Felt = 0.1 * ContinuousTorque;  // N·m
  constexpr int FeltMs = 50;
  constexpr int SettlesMs = 30;  // what is shorter is a loop that settles, and in no three telegrams
  // A drive's current tells its torque to 20 N·m and a tenth, and what it tells trembles by half a N·m.
  const auto strays = [torque](double out) { return std::abs(out - torque) > 20.5 + 0.1 * std::abs(torque); };
  double out = torque;
  if (Wrong& gain = wrongs[DriveGain]) {
    out *= gain.value;
    gained_ms_ = strays(out) ? gained_ms_ + 1 : 0;
    gain.show(gained_ms_ >= SettlesMs);
  }
  if (Wrong& folded = wrongs[DriveFoldback]) {
    out *= folded.value;
    folded_ms_ = strays(out) ? folded_ms_ + 1 : 0;
    folded.show(folded_ms_ >= FeltMs);
  }
  if (Wrong& lag = wrongs[DriveTorqueLag]; lag && lag.value > 0.0) {
    out = output_ + (1.0 - std::exp(-1.0 / lag.value)) * (out - output_);
    constexpr double Quick = 100.0;  // ms: up to five control periods a lag is the drive's own affair
    lagging_ms_ = std::abs(out - torque) > Felt ? lagging_ms_ + 1 : 0;
    lag.show(lag.value < Quick ? std::abs(out - torque) > 1.0 : lagging_ms_ >= FeltMs);
  }
  if (Wrong& stuck = wrongs[DriveStuckTorque]; stuck && powered) {
    out = output_;
    stuck_ms_ = strays(out) ? stuck_ms_ + 1 : 0;
    stuck.show(stuck_ms_ >= SettlesMs);
  }
  if (Wrong& off = wrongs[DriveSilentOff]) {
    out = 0.0;
    constexpr double Told = 27.0;  // N·m: at the cuff 20 N and a tenth, and what friction hides
    off.show(std::abs(torque) > Told);
  }
  return out;
}

double Drive::measured_torque() const {
  const Wrong& off = (*wrongs_)[FaultKind::DriveSilentOff];
  return off && off.value > 0.5 ? torque_ : output_;
}

}  // namespace plinth::simulator
