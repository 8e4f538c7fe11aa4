// What a gate is given, as a few words: at rest, training at a torque, released.
#pragma once

#include "controller/safety/gate_core.hpp"

namespace plinth::safety::testing {

inline WireCaps caps() {
  return {.torque_dnm = 1300,
          .resisting_limit_dnm = 2000,
          .supporting_limit_dnm = 2500,
          .lowering_support_dnm = 1900,
          .arm_dnm = 310,
          .carried_legs_dnm = 0,
          .lifting_speed_mrad_s = 1300,
          .lowering_speed_mrad_s = 800,
          .slew_nm_s = 4000,
          .wall_high_dmrad = -900};
}

inline GateInput at_rest() {
  GateInput in;
  in.elapsed_ms = 10;
  in.caps = caps();
  in.action = Action::Allow;
  in.brake = Brake::Closed;
  in.gravity_permille = 1000;
  in.rest_dmrad = -12000;
  return in;
}

inline GateInput training(int torque_dnm) {
  GateInput in = at_rest();
  in.granted = true;
  in.brake = Brake::Open;
  in.want = GateInput::Want::Torque;
  in.torque.torque_dnm = static_cast<std::int16_t>(torque_dnm);
  in.torque.resisting_limit_dnm = 1500;
  in.torque.supporting_limit_dnm = 2000;
  in.torque.lifting_speed_limit_mrad_s = 1200;
  in.torque.lowering_speed_limit_mrad_s = 700;
  in.torque.wall_high_dmrad = -1000;
  in.torque.wall_low_dmrad = -10000;
  in.torque.wall_stiffness_nm_rad = 2000;
  return in;
}

inline GateInput released() {
  GateInput in = training(0);
  in.granted = false;
  in.action = Action::Release;
  in.want = GateInput::Want::Nothing;
  return in;
}

// A gate that has seen the brake shut.
inline GateCore fresh_gate() {
  GateCore gate{10};
  gate.step(at_rest());
  return gate;
}

inline GateCore gate_at(int torque_dnm) {
  GateCore gate = fresh_gate();
  for (int i = 0; i < 100; ++i) gate.step(training(torque_dnm));
  return gate;
}

}  // namespace plinth::safety::testing
