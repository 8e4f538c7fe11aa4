// Limits as data: what the machine can do at most, and what each phase allows and starts from.
#pragma once

#include <string_view>

#include "controller/rehab/phase.hpp"
#include "controller/units/interval.hpp"
#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::rehab {

// A number and where it comes from.
template <typename T>
struct Sourced {
  T value;
  std::string_view source;
};

// What no phase, prescription or person may exceed: the hard ceiling of this station.
struct MachineLimits {
  Sourced<units::Interval<units::Angle>> range;           // soft limits of the arm
  Sourced<units::Force> load;                             // added at the strap, both legs
  Sourced<double> load_per_strength;                      // share of the isometric test
  Sourced<units::AngularVelocity> speed;                  // the drive's own limit
  Sourced<units::Torque> resisting_torque;                // drive, continuous: no load may need more
  Sourced<units::Torque> supporting_torque;               // drive, peak: catching and lowering legs
  Sourced<units::TorqueRate> torque_slew;                 // fast enough to unload in 60 ms
  Sourced<units::Duration> shortest_lift;                 //
  Sourced<units::Duration> shortest_lower;                //
  Sourced<units::Duration> longest_movement;              // a lift or a lowering
  Sourced<units::Interval<units::Duration>> hold;         //
  Sourced<units::Interval<units::Duration>> rest_in_rep;  //
  Sourced<units::Interval<units::Duration>> rest_between_sets;
  Sourced<units::Interval<double>> eccentric_ratio;       // load lowering ÷ load lifting
  Sourced<double> leg_support;                            // κ, at most
  Sourced<units::Duration> session;                       //
  Sourced<units::Angle> narrowest_range;                  //
  Sourced<units::Interval<units::Angle>> hold_tolerance;  // ±
  Sourced<units::AngularVelocity> lowest_stop_speed;      // below it every movement would trip
};
const MachineLimits& machine_limits();

// What the machine may exert at the strap for a load: a quarter more, for the resistance that grows with
// speed, and 20 N for friction, the arm's inertia and the cells (station physics, simulator/README.md).
inline constexpr double ForceLimitShare = 1.25;
inline constexpr units::Force ForceLimitFloor = units::newtons(20);
units::Force force_limit(units::Force heaviest_load);
// Beyond the load at a wall, and beyond the weight that is carried when legs fall, the drive may use this
// much at the strap to stop two legs.
inline constexpr units::Force CatchReserve = units::newtons(200);

// What a phase allows, and what a new prescription of that phase starts from.
struct PhaseLimits {
  Phase phase;
  std::string_view weeks;  // for the screen; a phase is never left by the calendar alone
  Sourced<units::Interval<units::Angle>> range;        // also the default
  Sourced<double> load_per_body_weight;                // absolute ceiling of the load ÷ body weight
  Sourced<units::Interval<double>> load_per_strength;  // usual window of the load ÷ isometric test
  Sourced<units::Force> default_load;
  Sourced<units::AngularVelocity> stop_speed;
  Sourced<units::Duration> default_lift;
  Sourced<units::Duration> default_hold;
  Sourced<units::Duration> default_lower;
  Sourced<units::Duration> default_rest;
  Sourced<units::Interval<double>> eccentric_ratio;
  Sourced<double> default_eccentric_ratio;
  Sourced<units::Angle> hold_tolerance;  // default; ± around the hold target
  Sourced<units::Interval<int>> sets;
  Sourced<int> default_sets;
  Sourced<units::Interval<int>> reps;
  Sourced<int> default_reps;
  Sourced<units::Duration> rest_between_sets;
  Sourced<units::Duration> session;  // powered time at most
};
const PhaseLimits& limits_of(Phase phase);

}  // namespace plinth::rehab
