#include "simulator/plant.hpp"

#include <cmath>

namespace plinth::simulator {

namespace {

// What is left of a speed after dry friction had `step_change` (rad/s) to take from it: friction stops, it
// never turns a movement round, and below its limit it holds.
double after_dry_friction(double speed, double step_change) {
  if (speed > step_change) return speed - step_change;
  if (speed < -step_change) return speed + step_change;
  return 0.0;
}

}  // namespace

Plant::Plant(const Legs& legs, const ArmConstants& arm, const CuffConstants& cuff)
    : arm_{arm},
      legs_weight_{units::in_newton_metres(legs.weight_moment)},
      legs_inertia_{legs.inertia.value()},
      radius_{units::in_metres(legs.cuff_radius)},
      cuff_stiffness_{cuff.stiffness * radius_ * radius_},
      cuff_damping_{cuff.damping * radius_ * radius_},
      per_arm_inertia_{1.0 / arm.inertia},
      per_legs_inertia_{1.0 / legs_inertia_} {
  const double rest = rest_angle();
  // The arm rests on the legs through the cuff, which gives a little.
  const double sag = arm_.weight_moment * std::cos(rest) / cuff_stiffness_;
  state_ = {rest, 0.0, rest + sag, 0.0};
}

double Plant::balance(double weight) const {
  double low = -130.0 * units::RadiansPerDegree;
  double high = 0.0;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    const bool falls = weight * std::cos(middle) > passive_.moment_nm(middle);
    (falls ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

double Plant::legs_rest_angle() const {
  return balance(legs_weight_);
}
double Plant::rest_angle() const {
  return balance(legs_weight_ + arm_.weight_moment);
}

void Plant::step(const PlantInput& input, double dt) {
  state_.arm_angle += 0.5 * dt * state_.arm_speed;
  state_.leg_angle += 0.5 * dt * state_.leg_speed;

  double arm_torque = -arm_.weight_moment * quick_cosine(state_.arm_angle) - input.motor_torque;
  const double leg_torque = -legs_weight_ * quick_cosine(state_.leg_angle) +
                            passive_scale_ * passive_.moment_nm(state_.leg_angle) + input.muscle_torque;

  if (state_.arm_angle < arm_.low_stop) {
    const double push =
        arm_.stop_stiffness * (arm_.low_stop - state_.arm_angle) - arm_.stop_damping * state_.arm_speed;
    if (push > 0.0) arm_torque += push;
  } else if (state_.arm_angle > arm_.high_stop) {
    const double push =
        arm_.stop_stiffness * (state_.arm_angle - arm_.high_stop) + arm_.stop_damping * state_.arm_speed;
    if (push > 0.0) arm_torque -= push;
  }

  obstacle_torque_ = 0.0;
  if (input.obstacle_stiffness > 0.0 && state_.arm_angle < input.obstacle_angle) {
    obstacle_torque_ = input.obstacle_stiffness * (input.obstacle_angle - state_.arm_angle);
    arm_torque += obstacle_torque_;
  }

  double cuff = 0.0;
  if (input.legs_in_cuff) cuff = cuff_stiffness_ * (state_.leg_angle - state_.arm_angle);
  double arm_speed = state_.arm_speed + dt * (arm_torque + cuff) * per_arm_inertia_;
  double leg_speed = state_.leg_speed + dt * (leg_torque - cuff) * per_legs_inertia_;

  if (input.legs_in_cuff) {
    // Damper between two bodies, implicit midpoint: the mean of the relative speed before and after.
    const double before = state_.leg_speed - state_.arm_speed;
    const double free_after = leg_speed - arm_speed;
    const double ratio = 0.5 * dt * cuff_damping_ * (per_arm_inertia_ + per_legs_inertia_);
    const double damper = (before + free_after) * (0.5 * cuff_damping_ / (1.0 + ratio));
    arm_speed += dt * damper * per_arm_inertia_;
    leg_speed -= dt * damper * per_legs_inertia_;
    cuff += damper;
  }

  const double drag = 0.5 * dt * arm_.viscous_friction * input.friction_share * per_arm_inertia_;
  arm_speed = (arm_speed - drag * state_.arm_speed) * (1.0 / (1.0 + drag));
  const double dry = arm_.dry_friction * input.friction_share +
                     (input.brake_closed ? arm_.brake_torque * input.brake_share : 0.0);
  arm_speed = after_dry_friction(arm_speed, dt * dry * per_arm_inertia_);

  state_.arm_speed = arm_speed;
  state_.leg_speed = leg_speed;
  state_.arm_angle += 0.5 * dt * arm_speed;
  state_.leg_angle += 0.5 * dt * leg_speed;
  cuff_force_ = cuff / radius_;
}

double Plant::energy() const {
  const double stretch = state_.leg_angle - state_.arm_angle;
  return 0.5 * arm_.inertia * state_.arm_speed * state_.arm_speed +
         0.5 * legs_inertia_ * state_.leg_speed * state_.leg_speed +
         arm_.weight_moment * std::sin(state_.arm_angle) + legs_weight_ * std::sin(state_.leg_angle) +
         0.5 * cuff_stiffness_ * stretch * stretch;
}

}  // namespace plinth::simulator
