#include "controller/rehab/limits.hpp"

namespace plinth::rehab {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newton_metres;
using units::newtons;

// Sources that stand behind more than one number. "Engineering default" means that no study fixes the number:
// it is chosen on the careful side and a physio may prescribe tighter, never looser.
constexpr std::string_view Default = "engineering default, editable";
constexpr std::string_view Lawrence2019 =
    "thigh-trunk range of 76.6° in the reverse hyper, Lawrence 2019 (JSCR 33(8):2053)";
constexpr std::string_view Lawrence2022 =
    "50 % of body weight, the lightest load studied, Lawrence 2022 (J Appl Biomech 38(5):336)";
constexpr std::string_view David = "20-40 % of the test, David back programme, before-after study, N=103";
constexpr std::string_view Fisher =
    "engineering default around 50 %, which trains like 80 % (Fisher, PMC6252242)";
constexpr std::string_view Steele = "50 % (Fisher, PMC6252242) to 80 % of the test (Steele, Spine)";
constexpr std::string_view LumbarTempo =
    "2 s up, 1 s hold, 4 s down: customary in lumbar-extension training, not from a study";
constexpr std::string_view SlowTempo = "engineering default: slower than customary while control is learned";
constexpr std::string_view PeakOfPhase =
    "engineering default: above the guide's peak speed at the phase's range and tempo";
constexpr std::string_view NeverHeavierLowering =
    "engineering default: not heavier down than up; 0.8 is Biostrength's preset for the deconditioned";
constexpr std::string_view TubeAtRest =
    "engineering default: the guide's tube at rest, 2.5 times the end-point scatter of a steady person";
constexpr std::string_view SixtyToNinety =
    "60 s is Biostrength's preset for the deconditioned; up to 90 s usual";
constexpr std::string_view MiddleOfWindow =
    "engineering default: middle of the window for a typical 78 kg (160 N·m over 0.79 m), below the 70 % "
    "that "
    "last a dozen reps";

}  // namespace

units::Force force_limit(units::Force heaviest_load) {
  return heaviest_load * ForceLimitShare + ForceLimitFloor;
}

const MachineLimits& machine_limits() {
  static const MachineLimits limits{
      .range = {{degrees(-90), degrees(15)}, "soft limits of the arm; the mechanical stops lie beyond"},
      .load = {newtons(400),
               "engineering default: 75 % of a heavy person's weight is more than anybody lifts"},
      .load_per_strength = {0.8, "80 % of the tested torque, Steele (Spine), the heaviest training studied"},
      .speed = {degrees_per_second(120), "the drive's safely limited speed"},
      .resisting_torque = {newton_metres(225), "drive, continuous rating"},
      .supporting_torque = {newton_metres(400), "drive, peak rating"},
      .torque_slew = {units::newton_metres_per_second(4000),
                      "derived: 225 N·m, the heaviest load, goes in less than 60 ms"},
      .shortest_lift = {milliseconds(1000), Default},
      .shortest_lower = {milliseconds(1500), Default},
      .longest_movement = {milliseconds(10'000), "engineering default: slower cannot be told from a stall"},
      .hold = {{milliseconds(0), milliseconds(10'000)},
               "10 s, the longest customary in bird-dog hold pyramids"},
      .rest_in_rep = {{milliseconds(0), milliseconds(10'000)}, Default},
      .rest_between_sets = {{milliseconds(30'000), milliseconds(600'000)}, Default},
      .eccentric_ratio = {{0.5, 1.2}, "engineering default; 120 % lowering is the most in common use"},
      .leg_support = {0.9, "station physics: below 1, so that a still machine never drives legs up"},
      .session = {milliseconds(1'800'000), Default},
      .narrowest_range = {degrees(15),
                          "engineering default: less leaves the guide no room between its turns"},
      .hold_tolerance = {{degrees(2), degrees(8)},
                         "engineering default: four times the angle's ±0.5°, to twice the guide's tube"},
      .lowest_stop_speed = {degrees_per_second(5), Default},
  };
  return limits;
}

namespace {

constexpr PhaseLimits Foundation{
    .phase = Phase::Foundation,
    .weeks = "weeks 1-2",
    .range = {{degrees(-45), degrees(-15)}, Default},
    .load_per_body_weight = {0.10, Default},
    .load_per_strength = {{0.0, 0.10}, Default},
    .default_load = {newtons(20), "engineering default: 10 % of the test of a typical 78 kg"},
    .stop_speed = {degrees_per_second(30), PeakOfPhase},
    .default_lift = {milliseconds(3000), SlowTempo},
    .default_hold = {milliseconds(2000), SlowTempo},
    .default_lower = {milliseconds(4000), SlowTempo},
    .default_rest = {milliseconds(0), SlowTempo},
    .eccentric_ratio = {{0.5, 1.0}, NeverHeavierLowering},
    .default_eccentric_ratio = {0.8, "20 % less down, Biostrength's preset for the deconditioned"},
    .hold_tolerance = {degrees(4), TubeAtRest},
    .sets = {{1, 2}, Default},
    .default_sets = {1, Default},
    .reps = {{1, 8}, Default},
    .default_reps = {8, Default},
    .rest_between_sets = {milliseconds(90'000), Default},
    .session = {milliseconds(300'000), Default},
};

constexpr PhaseLimits Strength{
    .phase = Phase::Strength,
    .weeks = "weeks 3-6",
    .range =
        {{degrees(-60), degrees(-5)},
         "engineering default inside the full range, where the lumbar spine flexes 20.4° (Lawrence 2019)"},
    .load_per_body_weight = {0.30, Default},
    .load_per_strength = {{0.20, 0.40}, David},
    .default_load = {newtons(60), MiddleOfWindow},
    .stop_speed = {degrees_per_second(70), PeakOfPhase},
    .default_lift = {milliseconds(2000), LumbarTempo},
    .default_hold = {milliseconds(1000), LumbarTempo},
    .default_lower = {milliseconds(4000), LumbarTempo},
    .default_rest = {milliseconds(0), LumbarTempo},
    .eccentric_ratio = {{0.5, 1.0}, NeverHeavierLowering},
    .default_eccentric_ratio = {1.0, NeverHeavierLowering},
    .hold_tolerance = {degrees(4), TubeAtRest},
    .sets = {{1, 3}, Default},
    .default_sets = {2, "2 sets of 10, growing to 2 of 15-20 (David back programme, N=103)"},
    .reps = {{1, 20}, "20 reps a set, David back programme, N=103"},
    .default_reps = {10, "2 sets of 10, growing to 2 of 15-20 (David back programme, N=103)"},
    .rest_between_sets = {milliseconds(60'000), SixtyToNinety},
    .session = {milliseconds(720'000), Default},
};

constexpr PhaseLimits Integrated{
    .phase = Phase::Integrated,
    .weeks = "from week 7",
    .range = {{degrees(-75), degrees(0)}, Lawrence2019},
    .load_per_body_weight = {0.50, Lawrence2022},
    .load_per_strength = {{0.40, 0.60}, Fisher},
    .default_load = {newtons(100), MiddleOfWindow},
    .stop_speed = {degrees_per_second(95), PeakOfPhase},
    .default_lift = {milliseconds(2000), LumbarTempo},
    .default_hold = {milliseconds(1000), LumbarTempo},
    .default_lower = {milliseconds(4000), LumbarTempo},
    .default_rest = {milliseconds(0), LumbarTempo},
    .eccentric_ratio = {{0.5, 1.0}, NeverHeavierLowering},
    .default_eccentric_ratio = {1.0, NeverHeavierLowering},
    .hold_tolerance = {degrees(4), TubeAtRest},
    .sets = {{1, 3}, "up to 3 sets of 8-12, ACSM position stand 2009"},
    .default_sets = {3, "3 sets of 8-12, ACSM position stand 2009"},
    .reps = {{1, 12}, "3 sets of 8-12, ACSM position stand 2009"},
    .default_reps = {10, "middle of 8-12, ACSM position stand 2009"},
    .rest_between_sets = {milliseconds(90'000), Default},
    .session = {milliseconds(1'200'000), Default},
};

constexpr PhaseLimits Maintenance{
    .phase = Phase::Maintenance,
    .weeks = "afterwards",
    .range = {{degrees(-80), degrees(5)}, Default},
    .load_per_body_weight = {0.75, Default},
    .load_per_strength = {{0.50, 0.80}, Steele},
    .default_load =
        {newtons(105),
         "lower part of the usual share: what a typical 78 kg person completes 8 times up to +1°, where the "
         "hip extensors are weakest, in simulation"},
    .stop_speed = {degrees_per_second(105), PeakOfPhase},
    .default_lift = {milliseconds(2000), Default},
    .default_hold = {milliseconds(1000), Default},
    .default_lower = {milliseconds(3000), Default},
    .default_rest = {milliseconds(0), Default},
    .eccentric_ratio = {{0.5, 1.1}, "engineering default: up to 10 % more down, for the physio to decide"},
    .default_eccentric_ratio = {1.0, Default},
    .hold_tolerance = {degrees(4), TubeAtRest},
    .sets = {{1, 3}, "engineering default: one set maintains, more is the physio's choice"},
    .default_sets = {1, "1 set, MedX 10- and 12-week studies"},
    .reps = {{1, 15}, "8-15 customary in lumbar-extension training"},
    .default_reps = {8, "8-15 customary in lumbar-extension training"},
    .rest_between_sets = {milliseconds(120'000), "2-3 min customary between heavy sets"},
    .session = {milliseconds(1'200'000), Default},
};

}  // namespace

const PhaseLimits& limits_of(Phase phase) {
  switch (phase) {
    case Phase::Foundation:
      return Foundation;
    case Phase::Strength:
      return Strength;
    case Phase::Integrated:
      return Integrated;
    case Phase::Maintenance:
      return Maintenance;
  }
  return Foundation;  // no such phase: the tightest
}

}  // namespace plinth::rehab
