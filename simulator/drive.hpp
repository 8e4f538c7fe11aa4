// How the resistance unit's drive behaves, 1000 times a second, whatever its host says.
//
// Raw SI numbers on the inside: rad, rad/s, N·m, s. Torque positive pulls the legs down, lifting is positive.
#pragma once

#include <cstdint>

#include "simulator/random.hpp"
#include "simulator/wrongs.hpp"

namespace plinth::simulator {

enum class DriveMode : std::uint8_t { None, Torque, Velocity, Position, SpringDamper, Lowering };

// Registers 0101–010F in SI units.
struct DriveCommand {
  bool enable = false;
  bool run = false;
  bool controlled_stop = false;
  bool fault_reset = false;
  bool hold = false;
  DriveMode mode = DriveMode::None;
  double torque = 0.0;
  double velocity = 0.0;
  double position = 0.0;     // rest angle in torque and lowering mode
  double torque_plus = 0.0;  // most downward torque, ≥ 0
  double torque_minus =
      0.0;  // most upward torque: the support that walls, speed limits and lowering may use, ≥ 0
  double speed_lifting = 0.0;
  double slew = 0.0;
  double damping_lifting = 0.0;
  double damping_lowering = 0.0;
  double speed_lowering = 0.0;
  double wall_low = 0.0;  // angles at which the walls begin
  double wall_high = 0.0;
  double wall_stiffness = 0.0;  // N·m/rad; 0: no walls
};

enum class WatchdogAction : std::uint8_t { Lowering = 1, HaltAndBrake = 2, TorqueOff = 3 };

struct DriveLimits {
  int watchdog_ms = 100;
  WatchdogAction action = WatchdogAction::Lowering;
  int ramp_ms = 180;
  double torque_max = 400.0;
  double speed_max = 2.0943951;  // 120 °/s
  double position_min = -1.6580628;
  double position_max = 0.61086524;
  double slew_max = 20000.0;

  friend bool operator==(const DriveLimits&, const DriveLimits&) = default;
};

enum class DriveFault : std::uint8_t {
  None = 0,
  OverVoltage = 2,
  UnderVoltage = 3,
  EncoderJump = 7,
  OverSpeed = 8,
  PositionWindow = 9,
  StoOpenWhileEnabled = 13,
  Brake = 14,
  Watchdog = 15,
  Overload = 17,
};

enum class DriveState : std::uint8_t {
  Off,    // not enabled: no torque, brake shut
  Ready,  // enabled: no torque, brake shut, watchdog armed
  Running,
  Stopping,   // lowering (or halting) by itself, then brake, then torque off
  Stopped,    // braked after a stop; waits to see run = 0
  BrakeTest,  // torque against the shut brake
};

enum class ResetOutcome : std::uint8_t { NothingToReset, Cleared, StillEnabled, CauseStillThere };

class Drive {
 public:
  static constexpr double Tick = 0.001;  // s
  static constexpr double ContinuousTorque = 225.0;
  static constexpr double PeakTorque = 400.0;
  static constexpr double MaxDamping = 400.0;          // what 1 kHz carries with margin, N·m·s/rad
  static constexpr double MaxWallStiffness = 5000.0;   // N·m/rad
  static constexpr double LoweringSpeed = 0.17453293;  // 10 °/s
  static constexpr int Ss1TimeoutMs =
      10000;  // stop category 1: torque goes even if the legs are still held up

  explicit Drive(const DriveLimits& limits, std::uint64_t seed, Wrongs& wrongs = nothing_wrong())
      : wrongs_{&wrongs}, limits_{limits}, random_{seed} {}

  // --- From the registers, between ticks ---
  // A whole, sound block. `feeds`: its heartbeat was fresh.
  void accept(const DriveCommand& command, bool feeds);
  // Torque off and brake, at once (enable = 0).
  void disable();
  void set_limits(const DriveLimits& limits) { limits_ = limits; }
  ResetOutcome reset_fault();
  bool start_brake_test();
  bool start_watchdog_test();
  void restart();  // as after power-up
  void latch(DriveFault fault);

  // --- Every millisecond ---
  // `shaft_angle`: what the encoder sees; `stop_circuit_closed`: hub's relay and e-stop chain; false asks for
  // SS1.
  void tick(double shaft_angle, bool stop_circuit_closed);

  // --- To the plant ---
  [[nodiscard]] double motor_torque() const { return output_; }
  [[nodiscard]] bool brake_closed() const { return brake_closed_; }

  // --- To the registers ---
  [[nodiscard]] std::uint32_t ticks() const { return ticks_; }
  [[nodiscard]] DriveState state() const { return state_; }
  [[nodiscard]] DriveMode active_mode() const;
  [[nodiscard]] DriveFault fault() const { return fault_; }
  [[nodiscard]] std::uint16_t status_bits() const;
  [[nodiscard]] std::uint16_t limiting_bits() const { return limiting_; }
  [[nodiscard]] bool sto_closed() const { return sto_closed_; }
  [[nodiscard]] bool ss1_active() const { return !stop_circuit_closed_; }
  [[nodiscard]] double angle() const { return angle_; }  // measured
  [[nodiscard]] double speed() const { return speed_; }
  [[nodiscard]] double setpoint() const { return setpoint_; }  // after ramp and limits
  // As measured by the drive, which may be mistaken.
  [[nodiscard]] double measured_torque() const;
  [[nodiscard]] int watchdog_left_ms() const;
  [[nodiscard]] int watchdog_trips() const { return watchdog_trips_; }
  [[nodiscard]] int watchdog_min_margin_ms() const { return watchdog_min_margin_ms_; }
  [[nodiscard]] bool watchdog_armed() const {
    return (state_ != DriveState::Off && state_ != DriveState::BrakeTest) || watchdog_test_ == Test::Busy;
  }
  [[nodiscard]] double motor_celsius() const { return motor_celsius_; }
  [[nodiscard]] const DriveCommand& command() const { return command_; }
  [[nodiscard]] const DriveLimits& limits() const { return limits_; }

  enum class Test : std::uint8_t { Idle, Busy, Passed, Failed };
  [[nodiscard]] Test brake_test() const { return brake_test_; }
  [[nodiscard]] Test watchdog_test() const { return watchdog_test_; }

 private:
  void fail();
  bool watchdog_is_due();
  void sense(double shaft_angle);
  void watch();
  void follow_command(bool enabled_now);
  void begin_lowering();
  void begin_stop(WatchdogAction how);
  void finish_stop();
  [[nodiscard]] bool may_enable() const;
  [[nodiscard]] double arm_weight() const;
  double demand();
  double follow_mode();
  double protect();
  double lower(double support_cap);
  double halt(double support_cap);
  void brake_when_settled();
  double limit(double torque);
  void apply(double torque);
  [[nodiscard]] double falsified(double torque, bool powered);
  void drive_brake();

  Wrongs* wrongs_;
  DriveLimits limits_;
  Random random_;
  DriveCommand command_;
  DriveState state_ = DriveState::Off;
  DriveMode last_mode_ = DriveMode::None;
  DriveFault fault_ = DriveFault::None;
  std::uint32_t ticks_ = 0;
  std::uint16_t limiting_ = 0;
  bool run_seen_low_ = false;

  bool first_sense_ = true;
  double angle_ = 0.0;   // measured, as reported
  double bridge_ = 0.0;  // part of the measured angle that the laws do not believe yet
  double law_angle_ = 0.0;
  double speed_ = 0.0;
  int glitches_ = 0;
  std::uint32_t last_glitch_ = 0;

  bool stop_circuit_closed_ = false;
  bool sto_closed_ = false;
  std::uint32_t ss1_since_ = 0;
  std::uint32_t last_feed_ = 0;
  std::uint32_t healthy_since_ = 0;
  bool ever_fed_ = false;
  bool deaf_ = false;  // watchdog self-test
  bool tripped_ = false;
  int watchdog_trips_ = 0;
  int watchdog_min_margin_ms_ = 1000;

  double ramped_ = 0.0;  // command after slew
  double integral_ = 0.0;
  double held_angle_ = 0.0;
  bool holding_ = false;
  double stop_load_ = 0.0;    // added load when the stop began, N·m
  double lowest_load_ = 0.0;  // and the least it has been since
  double stop_cap_ =
      0.0;  // support allowed when the stop began: a later block may raise it, never take it away
  int stop_ms_ = 0;
  int still_ms_ = 0;
  WatchdogAction stop_how_ = WatchdogAction::Lowering;
  bool closing_ = false;

  double setpoint_ = 0.0;
  double torque_ = 0.0;
  double output_ = 0.0;    // what the motor gives: `torque_` unless something is wrong
  double overload_ = 0.0;  // (N·m)²·s above continuous
  bool folded_ = false;
  int lagging_ms_ = 0;
  int folded_ms_ = 0;  // the same of a torque folded back
  int gained_ms_ = 0;
  int stuck_ms_ = 0;
  double motor_celsius_ = 28.0;
  bool brake_wanted_closed_ = true;
  bool brake_closed_ = true;
  int brake_ms_ = 0;

  Test brake_test_ = Test::Idle;
  Test watchdog_test_ = Test::Idle;
  int test_ms_ = 0;
  double test_angle_ = 0.0;
};

}  // namespace plinth::simulator
