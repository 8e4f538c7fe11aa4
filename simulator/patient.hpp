// A model of a person who follows the guide with human means: late, uneven, with lag, tremor and fatigue.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "simulator/guide.hpp"
#include "simulator/patient_model.hpp"
#include "simulator/person.hpp"
#include "simulator/random.hpp"
#include "simulator/wrongs.hpp"

namespace plinth::simulator {

struct PatientSetup {
  units::Mass mass = units::kilograms(78);
  units::Length height = units::metres(1.75);
  double strength = 1.0;  // times the typical person of that mass
  PatientModel model = PatientModel::Steady;
  std::uint16_t event_rep = 3;  // the repetition in which the model's one-time event happens
  double leg_support = 0.0;  // share of the legs' weight that the machine carries: they have trained with it
};

// What the person feels.
struct Felt {
  double leg_angle = 0.0;    // rad
  double leg_speed = 0.0;    // rad/s
  double cuff_torque = 0.0;  // N·m about the hip, positive pulls the legs down
};

class Patient {
 public:
  static constexpr double ThinkPeriod = 0.005;   // s: the brain, 200 Hz
  static constexpr double MusclePeriod = 0.001;  // s: muscle and tremor, with the plant

  Patient(const PatientSetup& setup, std::uint64_t seed, Wrongs& wrongs = nothing_wrong());

  // Every ThinkPeriod: looks at the guide and decides what the hips shall do.
  void think(const GuideView& guide, const Felt& felt);
  // Every MusclePeriod: the hips' torque now, N·m, positive lifts. Activation lags by 50 ms.
  double muscle();

  [[nodiscard]] bool left_grip() const { return grips_held_; }
  [[nodiscard]] bool right_grip() const { return grips_held_; }
  [[nodiscard]] double left_share() const { return left_share_; }  // of what the cuff carries
  [[nodiscard]] double on_bench() const { return on_bench_; }      // 1 lies on the pads … 0 gone
  [[nodiscard]] bool has_let_go() const { return let_go_; }    // dropped the legs: ground truth for the judge
  [[nodiscard]] double fatigued() const { return fatigued_; }  // share of muscle that is spent
  [[nodiscard]] units::Torque strength() const { return strength_; }  // `strength_nm` of a fresh person
  // Torque the hips could give at this angle and speed now, N·m.
  [[nodiscard]] double capacity(double angle, double speed) const;

 private:
  // A slow random walk that stays near zero: Ornstein–Uhlenbeck, deviation 1.
  struct Wander {
    double keep;
    double kick;
    double value = 0.0;
    explicit Wander(double time_constant_s);
    double next(Random& random) { return value = keep * value + kick * random.bell(); }
  };
  struct Glimpse {  // one remembered look, for everything a person notices late
    double target = 0.0;
    double speed = 0.0;
    double error = 0.0;
    double load = 0.0;  // at the cuffs, without the machine's share of the legs' weight, N·m
    Moment moment = Moment::Idle;
    bool moving = false;
  };
  static constexpr std::size_t Memory = 64;  // × 5 ms

  [[nodiscard]] const Glimpse& seen(double seconds_ago) const;
  [[nodiscard]] double carried(const GuideView& guide, double angle) const;
  void remember(const GuideView& guide, const Felt& felt);
  void mind_the_grips(const GuideView& guide);
  void act_out(const GuideView& guide);
  void suffer(const GuideView& guide, const Felt& felt);
  void recover();
  [[nodiscard]] static double spasm(double since_s);
  double intend(const GuideView& guide, const Felt& felt);
  void tire(double activation);

  Wrongs* wrongs_;
  PatientModel model_;
  std::uint16_t event_rep_;
  double leg_support_;
  Random random_;
  PassiveHip passive_;
  double weight_moment_;
  double inertia_;
  units::Torque strength_;
  double full_torque_;  // N·m at 0°, fresh

  std::array<Glimpse, Memory> memory_{};
  std::size_t newest_ = 0;
  Wander pace_{0.25};
  Wander lateness_{1.0};
  Wander unsteadiness_{0.3};
  Moment last_moment_ = Moment::Idle;
  bool was_moving_ = false;
  double own_angle_ = 0.0;  // where this person means to be, rad
  double last_seen_speed_ = 0.0;
  double own_acceleration_ = 0.0;
  double correction_ = 0.0;  // slow correction of drift, rad
  double end_error_low_ = 0.0;
  double end_error_high_ = 0.0;
  double misjudgement_ = 0.0;  // of the load, share
  double next_misjudgement_ = 0.0;
  double felt_load_ = 0.0;  // N·m
  double will_ = 0.0;       // 0 relaxed … 1 at work

  double wanted_ = 0.0;  // N·m, before the muscle's lag
  double active_ = 0.0;  // N·m, after it
  double lag_gain_;
  double tremor_share_;
  double tremor_cos_ = 1.0;  // a turning pointer: no sine in the fast loop
  double tremor_sin_ = 0.0;
  double tremor_turn_cos_;
  double tremor_turn_sin_;
  double extra_ = 0.0;  // spasm, N·m

  double fatigued_ = 0.0;
  double vigour_ = 1.0;  // falls in `sags`
  bool let_go_ = false;
  double event_clock_ = -1.0;  // s since the model's event began; negative: not begun
  double moment_clock_ = 0.0;  // s in the present moment
  double on_bench_ = 1.0;
  double left_share_ = 0.5;
  double own_left_share_ = 0.5;
  static constexpr std::size_t TenthOfASecond = 20;  // × 5 ms
  static constexpr std::size_t Beat = 34;            // × 5 ms: of 6 Hz
  [[nodiscard]] double speed_before(std::size_t steps) const;
  std::array<double, Beat + 1> speeds_{};  // of the legs, rad/s, while something is wrong
  double swings_s_ = 0.0;                  // a coarse clonus has lasted
  double since_swing_s_ = 1.0;
  std::size_t speed_place_ = 0;
  double uneven_s_ = 0.0;
  double sags_s_ = 0.0;
  double beginning_s_ = 0.0;   // until what was gathered in the beginning of a lift is no longer compared
  double let_go_speed_ = 0.0;  // of the legs, rad/s, when a fault made the muscles let go
  double cuff_radius_;
  bool suffers_ = false;  // a fault of the scenario's acts on this person
  bool hurried_ = false;
  bool grips_held_ = false;
  double grip_timer_ = -1.0;
};

}  // namespace plinth::simulator
