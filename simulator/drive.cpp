#include "simulator/drive.hpp"

#include <algorithm>
#include <cmath>

#include "simulator/person.hpp"

namespace plinth::simulator {

namespace {

constexpr double Deg = 0.017453292519943295;
constexpr double Tick = Drive::Tick;

constexpr double EncoderStep = 1.2e-6;     // rad: 17 bits on the motor, gear 40 : 1
constexpr double SpeedSmoothing = 0.3935;  // 1 − e^(−1 ms / 2 ms)
// More than this between two ticks is no movement (6 rad/s is three times the rated speed): a glitch of the
// encoder.
constexpr double GlitchAngle = 0.006;
constexpr double BridgeRate = 0.5;  // rad/s at which the laws come to believe a jumped angle

constexpr double ArmWeightMoment = 31.0;  // N·m, commissioned: the drive carries its own arm

constexpr double StandsStill = 1.0 * Deg;  // per second
constexpr int StandsStillMs = 300;
constexpr double MechanicalLow = -95.0 * Deg;
constexpr double NearRest = 5.0 * Deg;
// The window as delivered ends where the arm's stops are, and those give by a third of a degree under a load.
constexpr double WindowTolerance = 1.0 * Deg;
constexpr int BrakeReleaseMs = 80;
constexpr int BrakeEngageMs = 50;
constexpr int HealthyMs = 500;  // heartbeat seen well for so long before a watchdog trip may be reset

double toward(double from, double to, double step) {
  return from + std::clamp(to - from, -step, step);
}

}  // namespace

// --- Commands

bool Drive::may_enable() const {
  return fault_ == DriveFault::None && stop_circuit_closed_ && sto_closed_ && state_ != DriveState::BrakeTest;
}

void Drive::accept(const DriveCommand& command, bool feeds) {
  feeds = feeds && !deaf_;
  const DriveCommand before = command_;
  command_ = command;
  if (Wrong& deaf = (*wrongs_)[FaultKind::DriveModeIgnored]; deaf && state_ == DriveState::Running) {
    // A mode without run is none that anybody asks for.
    deaf.show(command_.run && command_.mode != before.mode);
    command_.mode = before.mode;
  }
  if (feeds) {
    const int age = static_cast<int>(ticks_ - last_feed_);
    if (!ever_fed_ || age > limits_.watchdog_ms)
      healthy_since_ = ticks_;
    else if (watchdog_armed())
      watchdog_min_margin_ms_ = std::min(watchdog_min_margin_ms_, limits_.watchdog_ms - age);
    last_feed_ = ticks_;
    ever_fed_ = true;
  }
  if (!command_.enable) {
    disable();
    // The edge counts only while disabled, so that no block can reset and start in one.
    if (command_.fault_reset && !before.fault_reset) reset_fault();
    return;
  }
  follow_command(!before.enable);
}

void Drive::disable() {
  command_.enable = false;
  command_.run = false;
  if (state_ == DriveState::BrakeTest) return;
  if (state_ != DriveState::Off) {
    if (watchdog_test_ == Test::Busy) watchdog_test_ = Test::Failed;  // disarmed before it could trip
    deaf_ = false;
  }
  state_ = DriveState::Off;
  brake_wanted_closed_ = true;
  closing_ = false;
}

void Drive::follow_command(bool enabled_now) {
  // A run bit that has been standing there is no start: enabling takes run = 0, or both in one block.
  if (state_ == DriveState::Off && may_enable() && (!command_.run || enabled_now)) {
    state_ = DriveState::Ready;
    run_seen_low_ = true;
    last_feed_ = ticks_;
  }
  if (state_ == DriveState::Off) return;
  if (!command_.run) {
    if (state_ == DriveState::Ready) run_seen_low_ = true;
    if (state_ == DriveState::Stopped && fault_ == DriveFault::None && !command_.controlled_stop) {
      state_ = DriveState::Ready;
      run_seen_low_ = true;
    }
  }
  const bool wants_torque = command_.run && !command_.controlled_stop && command_.mode != DriveMode::None;
  if (state_ == DriveState::Ready && wants_torque && run_seen_low_ && may_enable()) {
    state_ = DriveState::Running;
    run_seen_low_ = false;
    brake_wanted_closed_ = false;
    closing_ = false;
    ramped_ = 0.0;
    integral_ = 0.0;
    holding_ = false;
    last_mode_ = DriveMode::None;
  } else if (state_ == DriveState::Running && !wants_torque) {
    begin_stop(WatchdogAction::Lowering);
  }
}

void Drive::latch(DriveFault fault) {
  if (fault_ == DriveFault::None) fault_ = fault;
  if (state_ == DriveState::Running)
    begin_stop(fault == DriveFault::Watchdog ? limits_.action : WatchdogAction::Lowering);
}

ResetOutcome Drive::reset_fault() {
  if (fault_ == DriveFault::None) return ResetOutcome::NothingToReset;
  if (command_.enable) return ResetOutcome::StillEnabled;
  const bool healthy = ever_fed_ && static_cast<int>(ticks_ - healthy_since_) >= HealthyMs &&
                       static_cast<int>(ticks_ - last_feed_) <= limits_.watchdog_ms;
  const bool standing = (*wrongs_)[FaultKind::DriveFaultCode] || (*wrongs_)[FaultKind::DriveVoltage];
  if (standing || (fault_ == DriveFault::Watchdog && !healthy)) return ResetOutcome::CauseStillThere;
  fault_ = DriveFault::None;
  tripped_ = false;
  glitches_ = 0;
  return ResetOutcome::Cleared;
}

bool Drive::start_brake_test() {
  if (state_ != DriveState::Off || !may_enable() || !brake_closed_) return false;
  state_ = DriveState::BrakeTest;
  brake_test_ = Test::Busy;
  test_ms_ = 0;
  test_angle_ = angle_;
  return true;
}

bool Drive::start_watchdog_test() {
  if (state_ != DriveState::Ready && state_ != DriveState::Off) return false;
  if (state_ == DriveState::Off) last_feed_ = ticks_;  // the test arms it
  deaf_ = true;
  watchdog_test_ = Test::Busy;
  return true;
}

void Drive::restart() {
  const Drive fresh{limits_, random_.next(), *wrongs_};
  const double angle = angle_;
  const std::uint32_t ticks = ticks_;
  const bool brake_closed = brake_closed_;  // it takes its time to shut, whoever has lost power
  const bool stop_circuit_closed = stop_circuit_closed_;
  *this = fresh;
  angle_ = angle;
  ticks_ = ticks;
  brake_closed_ = brake_closed;
  stop_circuit_closed_ = stop_circuit_closed;
}

// --- Stopping

double Drive::arm_weight() const {
  return ArmWeightMoment * quick_cosine(law_angle_);
}

void Drive::begin_lowering() {
  stop_ms_ = 0;
  still_ms_ = 0;
  closing_ = false;
  stop_load_ = std::max(0.0, setpoint_ + arm_weight());
  lowest_load_ = stop_load_;
  // Support that is already there stays, so that nothing falls between the modes.
  integral_ = std::min(0.0, setpoint_ + arm_weight());
}

void Drive::begin_stop(WatchdogAction how) {
  stop_how_ = how;
  if (how == WatchdogAction::TorqueOff) {
    state_ = DriveState::Stopped;
    brake_wanted_closed_ = true;
    return;
  }
  if (last_mode_ != DriveMode::Lowering) begin_lowering();
  stop_cap_ = command_.torque_minus;
  state_ = DriveState::Stopping;
}

void Drive::finish_stop() {
  state_ = DriveState::Stopped;
  closing_ = false;
  run_seen_low_ = false;
}

// --- Every millisecond

void Drive::sense(double shaft_angle) {
  // Biased to stay positive, where a cast rounds down; no library call in the fast loop.
  constexpr double Bias = 16777216.5;
  const auto steps = static_cast<std::int64_t>(shaft_angle * (1.0 / EncoderStep) + Bias);
  const double measured = static_cast<double>(steps - 16777216) * EncoderStep;
  if (first_sense_) {
    angle_ = measured;
    first_sense_ = false;
  }
  double moved = measured - angle_;
  if (std::abs(moved) > GlitchAngle) {
    // A jump must feed neither damping nor walls: the speed is carried on and the laws take the new angle
    // slowly.
    const double believed = speed_ * Tick;
    bridge_ += moved - believed;
    moved = believed;
    if (ticks_ - last_glitch_ > 100) glitches_ = 0;
    last_glitch_ = ticks_;
    if (++glitches_ >= 3) latch(DriveFault::EncoderJump);
  }
  bridge_ = toward(bridge_, 0.0, BridgeRate * Tick);
  angle_ = measured;
  law_angle_ = measured - bridge_;
  speed_ += SpeedSmoothing * (moved / Tick - speed_);
}

// Faults that the drive's own electronics find, and latch.
void Drive::fail() {
  using enum FaultKind;
  if (Wrong& own = (*wrongs_)[DriveFaultCode]) {
    latch(static_cast<DriveFault>(static_cast<std::uint8_t>(own.value)));
    own.show();
  }
  const Wrong& voltage = (*wrongs_)[DriveVoltage];
  constexpr double Lowest = 220.0;
  constexpr double Highest = 410.0;
  if (voltage && voltage.value > Highest) latch(DriveFault::OverVoltage);
  if (voltage && voltage.value < Lowest) latch(DriveFault::UnderVoltage);
}

bool Drive::watchdog_is_due() {
  using enum FaultKind;
  const int age = static_cast<int>(ticks_ - last_feed_);
  if (age < limits_.watchdog_ms) return false;
  Wrong& never = (*wrongs_)[DriveWatchdogNever];
  Wrong& late = (*wrongs_)[DriveWatchdogLate];
  if (never) never.show();
  if (late) late.show();
  return !never && (!late || age >= limits_.watchdog_ms + static_cast<int>(late.value));
}

void Drive::watch() {
  if (wrongs_->any()) fail();
  if (watchdog_armed() && !tripped_ && watchdog_is_due()) {
    tripped_ = true;
    ++watchdog_trips_;
    watchdog_min_margin_ms_ = 0;
    if (watchdog_test_ == Test::Busy) watchdog_test_ = Test::Passed;
    deaf_ = false;
    latch(DriveFault::Watchdog);
  }
  if (state_ == DriveState::Running && std::abs(speed_) > 1.15 * limits_.speed_max)
    latch(DriveFault::OverSpeed);
  // The last fence. On the way down nobody needs one, and an arm that coasts there is being lowered already.
  const bool outside = law_angle_ < limits_.position_min - WindowTolerance ||
                       law_angle_ > limits_.position_max + WindowTolerance;
  if (state_ == DriveState::Running && command_.mode != DriveMode::Lowering && outside)
    latch(DriveFault::PositionWindow);

  if (stop_circuit_closed_) {
    sto_closed_ = true;
    return;
  }
  switch (state_) {
    case DriveState::Running:
      begin_stop(WatchdogAction::Lowering);
      break;
    case DriveState::Ready:
    case DriveState::BrakeTest:
      state_ = DriveState::Off;
      if (brake_test_ == Test::Busy) brake_test_ = Test::Failed;
      break;
    default:
      break;
  }
  const bool torque_on = state_ == DriveState::Stopping;
  const int waited = static_cast<int>(ticks_ - ss1_since_);
  if (torque_on && waited >= Ss1TimeoutMs && !closing_ &&
      (std::abs(speed_) < LoweringSpeed || waited >= Ss1TimeoutMs + 1000)) {
    closing_ = true;
    brake_wanted_closed_ = true;
  }
  if (!torque_on && sto_closed_) {
    sto_closed_ = false;
    if (command_.enable && state_ == DriveState::Stopped) latch(DriveFault::StoOpenWhileEnabled);
  }
}

void Drive::tick(double shaft_angle, bool stop_circuit_closed) {
  ++ticks_;
  limiting_ = 0;
  if (stop_circuit_closed_ && !stop_circuit_closed) ss1_since_ = ticks_;
  stop_circuit_closed_ = stop_circuit_closed;
  sense(shaft_angle);
  watch();
  apply(demand());
  drive_brake();
}

void Drive::brake_when_settled() {
  const bool still = std::abs(speed_) < StandsStill;
  still_ms_ = still ? still_ms_ + 1 : 0;
  const bool at_rest = law_angle_ <= command_.position + NearRest || law_angle_ <= MechanicalLow + NearRest;
  const bool anywhere = stop_how_ == WatchdogAction::HaltAndBrake && state_ == DriveState::Stopping;
  if (!closing_ && still_ms_ >= StandsStillMs && (at_rest || anywhere)) {
    closing_ = true;
    brake_wanted_closed_ = true;
  }
  if (closing_ && brake_closed_) finish_stop();
}

void Drive::drive_brake() {
  if (Wrong& stuck = (*wrongs_)[FaultKind::BrakeStuck]; stuck && brake_closed_ == (stuck.value < 0.5)) {
    constexpr int Noticed = 200;  // ms
    // Behind a moving arm it may be open for a reason.
    const bool owed = brake_wanted_closed_ != brake_closed_ && std::abs(speed_) < StandsStill;
    brake_ms_ = owed ? brake_ms_ + 1 : 0;
    stuck.show(brake_ms_ >= Noticed);
    return;
  }
  if (brake_wanted_closed_ == brake_closed_) {
    brake_ms_ = 0;
    return;
  }
  if (++brake_ms_ >= (brake_wanted_closed_ ? BrakeEngageMs : BrakeReleaseMs)) {
    brake_closed_ = brake_wanted_closed_;
    brake_ms_ = 0;
  }
}

// --- What is reported

DriveMode Drive::active_mode() const {
  switch (state_) {
    case DriveState::Running:
      return command_.mode;
    case DriveState::Stopping:
      return stop_how_ == WatchdogAction::HaltAndBrake ? DriveMode::Velocity : DriveMode::Lowering;
    case DriveState::BrakeTest:
      return DriveMode::Torque;
    default:
      return DriveMode::None;
  }
}

std::uint16_t Drive::status_bits() const {
  const bool torque_on =
      state_ == DriveState::Running || state_ == DriveState::Stopping || state_ == DriveState::BrakeTest;
  unsigned bits = 0;
  const auto set = [&](unsigned bit, bool on) { bits |= on ? 1U << bit : 0U; };
  set(0, fault_ == DriveFault::None && stop_circuit_closed_ && sto_closed_);
  set(1, state_ == DriveState::Ready || state_ == DriveState::Running || state_ == DriveState::Stopping ||
             state_ == DriveState::Stopped);
  set(2, torque_on);
  set(3, fault_ != DriveFault::None);
  set(4, folded_ || (last_glitch_ != 0 && ticks_ - last_glitch_ < 1000));
  set(5, state_ == DriveState::Stopping);
  set(6, true);
  set(7, (command_.mode == DriveMode::Position && std::abs(law_angle_ - command_.position) < 0.5 * Deg) ||
             state_ == DriveState::Stopped);
  set(8, !brake_closed_);
  set(9, watchdog_armed());
  set(10, tripped_);
  set(14, torque_ * speed_ < -20.0);
  return static_cast<std::uint16_t>(bits);
}

int Drive::watchdog_left_ms() const {
  if (!watchdog_armed() || tripped_) return 0;
  return std::max(0, limits_.watchdog_ms - static_cast<int>(ticks_ - last_feed_));
}

}  // namespace plinth::simulator
