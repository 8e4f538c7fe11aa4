#include "controller/safety/gate_core.hpp"

#include <algorithm>

namespace plinth::safety {
namespace {

using sensing::DriveMode;

// The load is gone after 250 ms, within the 300 ms that a release may take, telegrams included.
constexpr int UnloadMs = 250;
// While the arm still rises it is braked, with no more than the load it had: a release in mid-lift would
// otherwise let the legs coast 33° instead of 17° (station physics, simulator/README.md).
constexpr int RiseBrakeMs = 500;
// 150 N·m·s/rad, well within what the drive renders at 1 kHz: at 45 °/s it asks for more than any load, so
// the limit decides.
constexpr std::uint16_t RiseDampingDnms = 1500;

// 10 °/s.
constexpr int LoweringMradS = 174;

// What torque may rise by: 400 N·m/s takes a quarter of a second for the heaviest usual load, and lets the
// resistance grow with a speed that grows at 10 rad/s². Falling is free, but support must not come as a push.
constexpr int RiseDnmPerMs = 4;
constexpr int SupportRiseDnmPerMs = 10;
// Rounding and the arm's commissioning: 3 N·m.
constexpr int SupportMarginDnm = 30;

// What a drive renders stably at 1 kHz (Hulin's passivity bound for this arm, station physics): no more
// leaves.
constexpr int StiffestWall = 5000;     // N·m/rad
constexpr int MostDampingDnms = 4000;  // 400 N·m·s/rad

constexpr std::uint16_t FaultResetMs = 100;
std::int16_t signed_word(int value) {
  return static_cast<std::int16_t>(std::clamp(value, -32767, 32767));
}
std::uint16_t word(int value) {
  return static_cast<std::uint16_t>(std::clamp(value, 0, 65535));
}

int gravity_permille(const GateInput& in) {
  return std::clamp(in.gravity_permille, 0, 1000);
}
int arm_weight(const GateInput& in) {
  return in.caps.arm_dnm * gravity_permille(in) / 1000;
}
// All the support there is, at the angle where the legs are: what hangs takes less to hold, and a catch with
// more than that and its reserve would be a blow.
int most_support(const GateInput& in) {
  const int hanging = in.caps.weight_dnm * (1000 - gravity_permille(in)) / 1000;
  return in.caps.supporting_limit_dnm - hanging;
}

}  // namespace

int GateCore::faded(int from, int over_ms) const {
  const int left = std::max(over_ms - static_cast<int>(down_.ms), 0);
  return from * left / over_ms;
}

// A cycle that came late must not make the way down longer.
std::uint16_t GateCore::elapsed(const GateInput& in) const {
  return std::max(in.elapsed_ms, period_ms_);
}

WireCommand GateCore::off(const GateInput& in) const {
  WireCommand command;
  command.position_dmrad = in.rest_dmrad;
  command.fault_reset = fault_reset_ms_ > 0;
  return command;
}

WireCommand GateCore::torque(const GateInput& in) {
  const int before = phase_ == Phase::Torque ? last_.torque_dnm : 0;
  WireCommand command = in.torque;
  command.enable = true;
  command.run = true;
  command.controlled_stop = false;
  command.fault_reset = false;
  command.hold_position = false;
  command.mode = DriveMode::Torque;
  command.velocity_mrad_s = 0;
  command.position_dmrad = in.rest_dmrad;
  command.resisting_limit_dnm =
      word(std::min(static_cast<int>(in.torque.resisting_limit_dnm), in.caps.resisting_limit_dnm));
  command.supporting_limit_dnm =
      word(std::min(static_cast<int>(in.torque.supporting_limit_dnm), most_support(in)));
  command.lifting_speed_limit_mrad_s =
      word(std::min(static_cast<int>(in.torque.lifting_speed_limit_mrad_s), in.caps.lifting_speed_mrad_s));
  command.lowering_speed_limit_mrad_s =
      word(std::min(static_cast<int>(in.torque.lowering_speed_limit_mrad_s), in.caps.lowering_speed_mrad_s));
  command.slew_nm_s = word(in.caps.slew_nm_s);
  command.wall_high_dmrad =
      signed_word(std::min(static_cast<int>(in.torque.wall_high_dmrad), in.caps.wall_high_dmrad));
  // The lower wall rises once the legs have entered the range, and stays there.
  if (phase_ == Phase::Torque)
    command.wall_low_dmrad = std::max(in.torque.wall_low_dmrad, last_.wall_low_dmrad);
  command.wall_stiffness_nm_rad = word(std::clamp(static_cast<int>(in.torque.wall_stiffness_nm_rad),
                                                  in.caps.wall_stiffness_nm_rad, StiffestWall));
  command.lifting_damping_dnms =
      word(std::min(static_cast<int>(in.torque.lifting_damping_dnms), MostDampingDnms));
  command.lowering_damping_dnms =
      word(std::min(static_cast<int>(in.torque.lowering_damping_dnms), MostDampingDnms));

  // Support carries weight and never pushes: at most the arm's and the prescribed share of the legs', at the
  // angle where they are. Resisting ends at the force limit.
  const int weight = arm_weight(in) + in.caps.carried_legs_dnm * gravity_permille(in) / 1000;
  int lowest = -std::min(weight + SupportMarginDnm, static_cast<int>(command.supporting_limit_dnm));
  // The arm's weight is part of the force that the limit means.
  int highest = std::min(in.caps.torque_dnm - arm_weight(in), static_cast<int>(command.resisting_limit_dnm));
  if (in.no_upward_torque) lowest = std::max(lowest, -arm_weight(in));
  if (in.no_downward_torque) highest = std::min(highest, std::max(lowest, -arm_weight(in)));
  if (in.action == Action::Limit) highest = std::min(highest, std::max(lowest, before));

  // After a gap torque goes on where it was: at most one period's worth at a time.
  const int rise = before + RiseDnmPerMs * period_ms_;
  const int fall = std::min(before, 0) - SupportRiseDnmPerMs * period_ms_;
  const int wanted = std::clamp(static_cast<int>(in.torque.torque_dnm), fall, rise);
  command.torque_dnm = signed_word(std::clamp(wanted, lowest, std::max(lowest, highest)));
  return command;
}

WireCommand GateCore::unload(const GateInput& in) {
  // From the torque that was to a weightless arm: the added load goes to zero, what carried stays.
  const int target = std::min(down_.from_dnm, -arm_weight(in));
  const int torque =
      std::min(static_cast<int>(last_.torque_dnm), target + faded(down_.from_dnm - target, UnloadMs));
  down_.rise_is_over = down_.rise_is_over || !in.rising;
  // The envelope is one of added load: a torque of zero still leaves the arm's weight on the legs. Once it is
  // below that weight there is nothing left to brake with, and the arm is carried again.
  const int weight = arm_weight(in);
  const int braking =
      down_.rise_is_over ? 0 : faded(std::max(down_.from_dnm + weight, 0), RiseBrakeMs) - weight;
  const int limit_before = std::min(static_cast<int>(last_.resisting_limit_dnm), std::max(down_.from_dnm, 0));

  WireCommand command = last_;
  command.position_dmrad = in.rest_dmrad;
  command.torque_dnm = signed_word(torque);
  command.resisting_limit_dnm = word(std::min(limit_before, std::max({torque, braking, 0})));
  command.supporting_limit_dnm = word(std::max(in.caps.lowering_support_dnm, -torque));
  command.lifting_damping_dnms = braking > 0 ? RiseDampingDnms : std::uint16_t{0};
  command.lowering_damping_dnms = 0;
  // With nothing left to resist with, the upper wall gives legs that still rise the arm's own weight to slow
  // them. Legs that have stopped need it carried.
  if (command.resisting_limit_dnm == 0 && !in.rising) command.wall_high_dmrad = HighestDmrad;
  // A wall at a place that is not where it seems pushes, and may push up.
  if (in.angle_doubted) command.wall_stiffness_nm_rad = 0;
  // The lowering's own limit stays: a sudden 10 °/s would brake legs that sink faster, take the load off at
  // once, and bring back what the ramp still leaves as soon as they are slow. The lower wall stays while load
  // is left: what it carries of the legs must not fall back on them. The drive's lowering, which comes next,
  // knows no walls.
  return command;
}

WireCommand GateCore::lower(const GateInput& in) const {
  WireCommand command;
  command.enable = true;
  command.run = true;
  command.mode = DriveMode::Lowering;
  command.velocity_mrad_s = -LoweringMradS;
  command.position_dmrad = in.rest_dmrad;
  // Legs that fall, or are thrown down by a spasm with more than lowering has to spare, are caught with all
  // the support there is; what carries them down afterwards is less.
  command.supporting_limit_dnm =
      word(in.sinking ? most_support(in) : std::min(in.caps.lowering_support_dnm, most_support(in)));
  command.lifting_speed_limit_mrad_s = word(in.caps.lifting_speed_mrad_s);
  command.lowering_speed_limit_mrad_s = LoweringMradS;
  command.slew_nm_s = word(in.caps.slew_nm_s);
  return command;
}

WireCommand GateCore::stop(const GateInput& in) {
  // The drive does it on its own profile; enabled stays what still has to lower and to brake.
  WireCommand command = lower(in);
  command.run = false;
  command.controlled_stop = true;
  command.mode = DriveMode::None;
  command.velocity_mrad_s = 0;
  command.resisting_limit_dnm = word(
      std::min(static_cast<int>(last_.resisting_limit_dnm), faded(std::max(down_.from_dnm, 0), UnloadMs)));
  return command;
}

WireCommand GateCore::way_down(const GateInput& in) {
  const bool begins = phase_ == Phase::Torque;
  if (begins) down_ = {.from_dnm = last_.torque_dnm};
  // Counted as far as anything depends on it.
  down_.ms = static_cast<std::uint16_t>(std::min(down_.ms + elapsed(in), RiseBrakeMs));

  // A drive that is off and silent stays off: nothing is enabled on a guess. One that is off with its brake
  // seen open has legs in the air.
  const bool unseen_at_rest = phase_ == Phase::Off && in.brake == Brake::Unknown;
  if (in.brake == Brake::Closed || unseen_at_rest) {
    phase_ = Phase::Off;
    down_ = {};
    return off(in);
  }
  if (in.action >= Action::DriveStop || phase_ == Phase::Stopping || phase_ == Phase::Off) {
    phase_ = Phase::Stopping;
    return stop(in);
  }
  if (begins) phase_ = Phase::Unloading;
  if (phase_ == Phase::Unloading) {
    // Falling legs are caught at once: the drive's lowering fades the load and brakes the fall together.
    const bool unloaded =
        down_.ms >= UnloadMs && (down_.rise_is_over || !in.rising || down_.ms >= RiseBrakeMs);
    if (!in.falling && !unloaded) return unload(in);
  }
  phase_ = Phase::Lowering;
  down_ = {};
  return lower(in);
}

WireCommand GateCore::step(const GateInput& in) {
  // Counts whatever else happens: a reset that was asked for is not made up for after the next set.
  fault_reset_ms_ =
      fault_reset_ms_ > elapsed(in) ? static_cast<std::uint16_t>(fault_reset_ms_ - elapsed(in)) : 0;
  if (in.latch_cleared) {
    fault_reset_ms_ = FaultResetMs;
    // As after a start: where the legs are, only a brake that is seen shut tells.
    if (phase_ == Phase::Dead) phase_ = Phase::Stopping;
  }
  // Torque begins behind a brake that was seen shut, and once under each permission: from the way down there
  // is no way back.
  const bool trains = in.want == GateInput::Want::Torque && in.granted && in.action <= Action::Limit &&
                      !used_ && (phase_ == Phase::Off || phase_ == Phase::Torque);
  used_ = in.granted && (used_ || (phase_ == Phase::Torque && !trains));
  if (in.action == Action::TorqueOff || phase_ == Phase::Dead) {
    phase_ = Phase::Dead;
    last_ = WireCommand{};
    last_.position_dmrad = in.rest_dmrad;
  } else if (trains) {
    last_ = torque(in);
    phase_ = Phase::Torque;
  } else {
    last_ = way_down(in);
  }
  return last_;
}

}  // namespace plinth::safety
