// The mechanics: an arm on a shaft, a person's legs, and the cuff between them.
//
// Raw SI numbers (rad, rad/s, N·m, kg·m²): this is the world outside the controller, and its innermost loop.
// Signs are the station's: 0° with the thighs in line with the trunk, lifting positive; motor torque positive
// pulls the legs down.
#pragma once

#include "simulator/person.hpp"

namespace plinth::simulator {

struct ArmConstants {
  double inertia = 3.2;                               // kg·m², with the motor's behind the gear
  double weight_moment = 31.0;                        // N·m, arm level
  double dry_friction = 4.0;                          // N·m
  double viscous_friction = 2.0;                      // N·m·s/rad
  double brake_torque = 350.0;                        // N·m; the station asks for at least 300
  double low_stop = -95.0 * units::RadiansPerDegree;  // mechanical ends of travel
  double high_stop = 35.0 * units::RadiansPerDegree;
  double stop_stiffness = 20000.0;  // N·m/rad, rubber on steel
  double stop_damping = 200.0;      // N·m·s/rad
};

// Closed on both sides: a strap that only pulls could neither catch legs nor lower them.
struct CuffConstants {
  double stiffness = 8000.0;  // N/m
  double damping = 60.0;      // N·s/m
};

struct PlantState {
  double arm_angle = 0.0;
  double arm_speed = 0.0;
  double leg_angle = 0.0;
  double leg_speed = 0.0;
};

// What acts on the mechanics during a step; held over the step.
struct PlantInput {
  double motor_torque = 0.0;   // positive pulls down
  double muscle_torque = 0.0;  // of the person's hips, positive lifts
  bool brake_closed = true;
  bool legs_in_cuff = true;         // false: the arm moves alone and the legs hang
  double brake_share = 1.0;         // of its torque that a shut brake holds
  double friction_share = 1.0;      // of gear and bearings
  double obstacle_angle = 0.0;      // the arm rests on something below this angle …
  double obstacle_stiffness = 0.0;  // … that pushes back so much, N·m/rad; 0: nothing is there
};

class Plant {
 public:
  // Starts at rest where arm and relaxed legs hang in balance.
  Plant(const Legs& legs, const ArmConstants& arm = {}, const CuffConstants& cuff = {});

  // One step of `dt` seconds: half a drift, a whole kick in the middle, half a drift (second order; damping
  // by the implicit midpoint, dry friction as an impulse that can stop but never reverse). At 1 ms a wild
  // ride with a fall on the end stop differs from the run at an eighth of the step by less than 0.1°; the
  // tests measure it.
  void step(const PlantInput& input, double dt);

  [[nodiscard]] const PlantState& state() const { return state_; }
  void set_state(const PlantState& state) { state_ = state; }
  // Force of the machine on the legs at the cuff during the last step, N, positive pulls them down.
  [[nodiscard]] double cuff_force() const { return cuff_force_; }
  // Torque of what stands under the arm during the last step, N·m.
  [[nodiscard]] double obstacle_torque() const { return obstacle_torque_; }
  // Where the relaxed legs hang: alone, and with the arm resting on them.
  [[nodiscard]] double legs_rest_angle() const;
  [[nodiscard]] double rest_angle() const;
  // Kinetic and potential energy of arm, legs and cuff, J. The passive moment is not part of it.
  [[nodiscard]] double energy() const;
  [[nodiscard]] double passive_moment() const { return passive_.moment_nm(state_.leg_angle); }

  [[nodiscard]] const ArmConstants& arm() const { return arm_; }
  [[nodiscard]] double legs_weight_moment() const { return legs_weight_; }
  [[nodiscard]] double legs_inertia() const { return legs_inertia_; }
  [[nodiscard]] double cuff_radius() const { return radius_; }
  // For tests of the integrator: a leg without passive moment is a plain pendulum.
  void without_passive_moment() { passive_scale_ = 0.0; }

 private:
  [[nodiscard]] double balance(double weight) const;

  ArmConstants arm_;
  PassiveHip passive_;
  double legs_weight_;
  double legs_inertia_;
  double radius_;
  double cuff_stiffness_;  // about the shaft, N·m/rad
  double cuff_damping_;    // N·m·s/rad
  double per_arm_inertia_;
  double per_legs_inertia_;
  double passive_scale_ = 1.0;
  double cuff_force_ = 0.0;
  double obstacle_torque_ = 0.0;
  PlantState state_;
};

}  // namespace plinth::simulator
