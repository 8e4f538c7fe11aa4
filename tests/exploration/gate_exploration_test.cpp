// The shipping gate, in integers as it leaves for the wire, in every state that it can reach: whatever the
// session asks for, whatever the supervisor says, whatever the brake does.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "controller/safety/gate_core.hpp"
#include "tests/exploration/explorer.hpp"

namespace plinth::exploration {
namespace {

using safety::Action;
using safety::Brake;
using safety::GateCore;
using safety::GateInput;
using safety::WireCaps;
using safety::WireCommand;
using sensing::DriveMode;
using Phase = GateCore::Phase;
using Want = GateInput::Want;

// Numbers that stay few under the gate's arithmetic: in 125 ms torque rises by 500.
constexpr WireCaps Prescribed{.torque_dnm = 1000,
                              .resisting_limit_dnm = 1500,
                              .supporting_limit_dnm = 2000,
                              .weight_dnm = 500,
                              .lowering_support_dnm = 1800,
                              .arm_dnm = 250,
                              .carried_legs_dnm = 220,
                              .lifting_speed_mrad_s = 1300,
                              .lowering_speed_mrad_s = 800,
                              .slew_nm_s = 4000,
                              .wall_high_dmrad = -900};
// Tightened while a set runs; and no prescription at all.
constexpr WireCaps Tight{.torque_dnm = 500,
                         .resisting_limit_dnm = 600,
                         .supporting_limit_dnm = 250,
                         .lowering_support_dnm = 1800,
                         .arm_dnm = 250,
                         .carried_legs_dnm = 0,
                         .lifting_speed_mrad_s = 600,
                         .lowering_speed_mrad_s = 100,
                         .slew_nm_s = 4000,
                         .wall_high_dmrad = -900};
constexpr WireCaps None{.torque_dnm = 0,
                        .resisting_limit_dnm = 0,
                        .supporting_limit_dnm = 3000,
                        .lowering_support_dnm = 3000,
                        .arm_dnm = 250,
                        .carried_legs_dnm = 0,
                        .lifting_speed_mrad_s = 2000,
                        .lowering_speed_mrad_s = 2000,
                        .slew_nm_s = 4000,
                        .wall_high_dmrad = -900};

WireCommand request(int torque, unsigned limits, unsigned support, unsigned speeds) {
  WireCommand asked;
  asked.torque_dnm = static_cast<std::int16_t>(torque);
  asked.resisting_limit_dnm = static_cast<std::uint16_t>(limits);
  asked.supporting_limit_dnm = static_cast<std::uint16_t>(support);
  asked.lifting_speed_limit_mrad_s = static_cast<std::uint16_t>(speeds);
  asked.lowering_speed_limit_mrad_s = static_cast<std::uint16_t>(speeds);
  asked.wall_low_dmrad = -10'000;
  asked.wall_high_dmrad = 32'767;
  asked.wall_stiffness_nm_rad = 65'535;
  asked.lifting_damping_dnms = 65'535;
  asked.lowering_damping_dnms = 65'535;
  // What a request may not decide.
  asked.fault_reset = true;
  asked.hold_position = true;
  asked.controlled_stop = true;
  asked.mode = DriveMode::Velocity;
  asked.velocity_mrad_s = 500;
  asked.position_dmrad = 6000;
  asked.slew_nm_s = 65535;
  return asked;
}

constexpr int FaultResetMs = 100;

// What an onlooker with a stopwatch would have written down.
struct Onlooker {
  std::uint16_t period_ms = 0;
  WireCommand sent{};               // in the step before
  std::uint16_t way_down_ms = 500;  // since then; at first there has been none
  std::uint16_t cleared_ms = 1000;  // since somebody cleared the latch
  bool brake_was_shut = false;      // since anything was last enabled
  bool set_ended = false;           // torque was taken away under this permission

  friend bool operator==(const Onlooker&, const Onlooker&) = default;
};

class GateDomain {
 public:
  struct State {
    GateCore gate;
    Onlooker seen;
    friend bool operator==(const State&, const State&) = default;
  };
  using Input = GateInput;
  using Output = WireCommand;

  // `caps`: of which any may hold in any step. `late`: a step may come a second late.
  GateDomain(std::uint16_t period_ms, const std::vector<WireCaps>& caps, std::size_t requests, bool late)
      : period_ms_{period_ms} {
    const std::vector<WireCommand> asked{request(32767, 65535, 65535, 65535),
                                         request(-32767, 65535, 65535, 65535), request(500, 500, 250, 50),
                                         request(0, 0, 0, 0), request(1000, 1500, 2000, 800)};
    for (const WireCaps& cap : caps)
      for (const std::uint16_t elapsed :
           late ? std::vector<std::uint16_t>{0, 1000} : std::vector<std::uint16_t>{0})
        for (unsigned bits = 0; bits < 128; ++bits)
          for (const Brake brake : {Brake::Unknown, Brake::Open, Brake::Closed})
            for (const Action action :
                 {Action::Allow, Action::Limit, Action::Release, Action::DriveStop, Action::TorqueOff})
              for (const Want want : {Want::Nothing, Want::Lowering, Want::Torque}) {
                GateInput in;
                in.want = want;
                in.caps = cap;
                in.granted = (bits & 1U) != 0;
                in.action = action;
                in.no_upward_torque = (bits & 2U) != 0;
                in.no_downward_torque = (bits & 4U) != 0;
                in.rising = (bits & 8U) != 0;
                in.falling = (bits & 16U) != 0;
                in.sinking = in.falling;  // whoever falls sinks
                in.brake = brake;
                in.gravity_permille = (bits & 32U) != 0 ? 1000 : 0;
                in.rest_dmrad = -12'000;
                in.latch_cleared = (bits & 64U) != 0;
                in.elapsed_ms = elapsed;
                if (want != Want::Torque) {
                  inputs_.push_back(in);
                  in.angle_doubted = true;
                  inputs_.push_back(in);
                  continue;
                }
                for (std::size_t i = 0; i < requests; ++i) {
                  in.torque = asked.at(i);
                  inputs_.push_back(in);
                }
              }
  }

  State start() const { return {GateCore{period_ms_}, Onlooker{.period_ms = period_ms_}}; }
  const std::vector<Input>& inputs() const { return inputs_; }

  Output step(State& state, const Input& in) const {
    const Phase was = state.gate.phase();
    const Output command = state.gate.step(in);
    Onlooker& seen = state.seen;
    const bool torque = state.gate.phase() == Phase::Torque;
    const int elapsed_ms = std::max(in.elapsed_ms, period_ms_);
    if (torque) {
      seen.way_down_ms = 0;
    } else {
      // Once the drive is off, or has lowered for long, the time tells nothing more.
      seen.way_down_ms = command.enable
                             ? static_cast<std::uint16_t>(std::min(seen.way_down_ms + elapsed_ms, 500))
                             : std::uint16_t{500};
    }
    seen.cleared_ms = in.latch_cleared ? std::uint16_t{0}
                                       : static_cast<std::uint16_t>(std::min<int>(
                                             seen.cleared_ms + period_ms_, FaultResetMs + period_ms_));
    seen.set_ended = in.granted && (seen.set_ended || (was == Phase::Torque && !torque));
    seen.brake_was_shut = !command.enable && (seen.brake_was_shut || in.brake == Brake::Closed);
    seen.sent = command;
    return command;
  }

  std::uint64_t hash(const State& state) const {
    const Onlooker& seen = state.seen;
    std::uint64_t hash = mixed(0, static_cast<std::uint16_t>(seen.sent.torque_dnm) +
                                      (std::uint64_t{seen.sent.resisting_limit_dnm} << 16U) +
                                      (std::uint64_t{seen.sent.supporting_limit_dnm} << 32U) +
                                      (std::uint64_t{seen.sent.lowering_speed_limit_mrad_s} << 48U));
    hash = mixed(hash, std::uint64_t{seen.way_down_ms} + (std::uint64_t{seen.cleared_ms} << 32U) +
                           (static_cast<std::uint64_t>(state.gate.phase()) << 48U));
    return mixed(hash, (seen.brake_was_shut ? 1U : 0U) + (seen.set_ended ? 2U : 0U) +
                           (unsigned{seen.sent.lifting_damping_dnms} << 2U));
  }

  std::span<const Property<GateDomain>> properties() const;

  std::string words(const Input& in) const {
    static constexpr std::array Actions{"allow", "limit", "release", "drive stop", "torque off"};
    static constexpr std::array Wants{"nothing", "lowering", "torque"};
    static constexpr std::array Brakes{"unknown", "open", "closed"};
    return std::string{"  wants "} + Wants.at(static_cast<std::size_t>(in.want)) +
           (in.want == Want::Torque ? " " + std::to_string(in.torque.torque_dnm) : "") + ", " +
           Actions.at(static_cast<std::size_t>(in.action)) + (in.granted ? ", granted" : "") + ", brake " +
           Brakes.at(static_cast<std::size_t>(in.brake)) + (in.rising ? ", rising" : "") +
           (in.falling ? ", falling" : "") + (in.no_upward_torque ? ", none upward" : "") +
           (in.no_downward_torque ? ", none downward" : "") + ", cos " + std::to_string(in.gravity_permille) +
           ", cap " + std::to_string(in.caps.torque_dnm) + (in.latch_cleared ? ", cleared" : "");
  }

 private:
  std::uint16_t period_ms_;
  std::vector<Input> inputs_;
};

using Step = Transition<GateDomain>;

Phase was(const Step& s) {
  return s.before.gate.phase();
}
Phase is(const Step& s) {
  return s.after.gate.phase();
}
bool may_train(const Step& s) {
  return s.input.granted && s.input.action <= Action::Limit;
}
int arm(const Step& s) {
  return s.input.caps.arm_dnm * s.input.gravity_permille / 1000;
}
int carried(const Step& s) {
  return arm(s) + s.input.caps.carried_legs_dnm * s.input.gravity_permille / 1000;
}
int most_support(const Step& s) {
  return s.input.caps.supporting_limit_dnm -
         s.input.caps.weight_dnm * (1000 - s.input.gravity_permille) / 1000;
}
int torque(const Step& s) {
  return s.output.torque_dnm;
}
int torque_before(const Step& s) {
  return s.before.seen.sent.torque_dnm;
}
// A command that takes part in the movement; a stop of the drive's own is one without torque of ours.
bool in_torque_mode(const WireCommand& command) {
  return command.run && command.mode == DriveMode::Torque;
}
// What the torque of the step before was, as far as a rise begins there.
int risen_from(const Step& s) {
  return was(s) == Phase::Torque ? torque_before(s) : 0;
}

constexpr std::array<Property<GateDomain>, 30> Properties{{
    {"I1 torque begins only behind a brake that was seen shut since anything was last enabled",
     [](const Step& s) {
       return is(s) != Phase::Torque || was(s) == Phase::Torque || s.before.seen.brake_was_shut;
     }},
    {"I2 torque needs the permission and no stop",
     [](const Step& s) { return is(s) != Phase::Torque || (may_train(s) && s.input.want == Want::Torque); }},
    {"I2 torque comes once under each permission",
     [](const Step& s) { return is(s) != Phase::Torque || !s.before.seen.set_ended || !s.input.granted; }},
    {"I3 what is not enabled carries nothing",
     [](const Step& s) {
       const WireCommand& out = s.output;
       return out.enable ||
              (!out.run && !out.controlled_stop && out.mode == DriveMode::None && out.torque_dnm == 0 &&
               out.velocity_mrad_s == 0 && out.resisting_limit_dnm == 0 && out.supporting_limit_dnm == 0 &&
               out.lifting_damping_dnms == 0);
     }},
    {"I3 outside torque mode there is no torque command",
     [](const Step& s) { return in_torque_mode(s.output) || torque(s) == 0; }},
    {"I4 in a set every register keeps to every cap",
     [](const Step& s) {
       const WireCommand& out = s.output;
       const WireCaps& caps = s.input.caps;
       return is(s) != Phase::Torque ||
              (out.torque_dnm <= caps.torque_dnm && out.torque_dnm <= int{out.resisting_limit_dnm} &&
               out.torque_dnm >= -int{out.supporting_limit_dnm} &&
               int{out.resisting_limit_dnm} <= caps.resisting_limit_dnm &&
               int{out.supporting_limit_dnm} <= most_support(s) &&
               int{out.lifting_speed_limit_mrad_s} <= caps.lifting_speed_mrad_s &&
               int{out.lowering_speed_limit_mrad_s} <= caps.lowering_speed_mrad_s &&
               int{out.slew_nm_s} == caps.slew_nm_s && int{out.wall_high_dmrad} <= caps.wall_high_dmrad);
     }},
    {"I4 in a set torque and the arm's weight together keep to the force limit",
     [](const Step& s) {
       return is(s) != Phase::Torque || torque(s) <= std::max(s.input.caps.torque_dnm - arm(s), 0);
     }},
    {"I4 no wall stiffer and no damping higher than what a drive renders stably",
     [](const Step& s) {
       return int{s.output.wall_stiffness_nm_rad} <= 5000 && int{s.output.lifting_damping_dnms} <= 4000 &&
              int{s.output.lowering_damping_dnms} <= 4000;
     }},
    {"I4 on the way down no wall holds at an angle that is doubted",
     [](const Step& s) {
       return is(s) == Phase::Torque || !s.input.angle_doubted || s.output.wall_stiffness_nm_rad == 0;
     }},
    {"I4 in a set no limit is wider than what was asked for",
     [](const Step& s) {
       const WireCommand& out = s.output;
       const WireCommand& asked = s.input.torque;
       return is(s) != Phase::Torque ||
              (out.resisting_limit_dnm <= asked.resisting_limit_dnm &&
               out.supporting_limit_dnm <= asked.supporting_limit_dnm &&
               out.lifting_speed_limit_mrad_s <= asked.lifting_speed_limit_mrad_s &&
               out.lowering_speed_limit_mrad_s <= asked.lowering_speed_limit_mrad_s);
     }},
    {"I4 support carries the arm and the prescribed share of the legs, and never pushes",
     [](const Step& s) { return is(s) != Phase::Torque || torque(s) >= -(carried(s) + 30); }},
    {"I5 torque rises by 400 N·m/s at most",
     [](const Step& s) {
       return is(s) != Phase::Torque || torque(s) <= std::max(risen_from(s) + 4 * s.after.seen.period_ms, 0);
     }},
    {"I5 support comes by 1000 N·m/s at most, but for the arm's own weight",
     [](const Step& s) {
       return is(s) != Phase::Torque ||
              torque(s) >= std::min(std::min(risen_from(s), 0) - 10 * s.after.seen.period_ms, -arm(s));
     }},
    {"I6 after a stop resisting torque never rises",
     [](const Step& s) {
       return is(s) == Phase::Torque || (std::max(torque(s), 0) <= std::max(torque_before(s), 0) &&
                                         (!in_torque_mode(s.output) || torque(s) <= torque_before(s)));
     }},
    {"I6 after a stop the drive may resist no more than before, and no more than the load that was",
     [](const Step& s) {
       if (is(s) == Phase::Torque) return true;
       const int had = was(s) == Phase::Torque ? std::max(torque_before(s), 0)
                                               : int{s.before.seen.sent.resisting_limit_dnm};
       return int{s.output.resisting_limit_dnm} <= had;
     }},
    {"I6 the way down ends the set: no torque mode that was not there before",
     [](const Step& s) {
       return is(s) == Phase::Torque || !in_torque_mode(s.output) || in_torque_mode(s.before.seen.sent);
     }},
    {"I16 250 ms after the last torque nothing is added to the legs",
     [](const Step& s) {
       return s.after.seen.way_down_ms < 250 || !in_torque_mode(s.output) || torque(s) <= -arm(s);
     }},
    {"I16 an arm that does not rise is not braked longer than 250 ms",
     [](const Step& s) {
       return s.after.seen.way_down_ms < 250 || s.input.rising || s.output.resisting_limit_dnm == 0;
     }},
    {"I16 500 ms after the last torque the legs are lowered or held",
     [](const Step& s) {
       return s.after.seen.way_down_ms < 500 ||
              (!in_torque_mode(s.output) && s.output.resisting_limit_dnm == 0);
     }},
    {"I17 every stop is honoured in the same cycle",
     [](const Step& s) { return may_train(s) || is(s) != Phase::Torque; }},
    {"I17 a drive stop lets nothing run",
     [](const Step& s) { return s.input.action < Action::DriveStop || !s.output.run; }},
    {"I17 torque off is off in the same cycle",
     [](const Step& s) {
       return s.input.action != Action::TorqueOff || (!s.output.enable && is(s) == Phase::Dead);
     }},
    {"I7 torque off lasts until somebody has cleared it",
     [](const Step& s) {
       return was(s) != Phase::Dead || s.input.latch_cleared || (is(s) == Phase::Dead && !s.output.enable);
     }},
    {"I12 no torque outward: upward none beyond the arm's weight, downward none",
     [](const Step& s) {
       if (is(s) != Phase::Torque) return true;
       return (!s.input.no_upward_torque || torque(s) >= -arm(s)) &&
              (!s.input.no_downward_torque || torque(s) <= 0);
     }},
    {"under a limit torque only falls, but for the arm's weight",
     [](const Step& s) {
       if (is(s) != Phase::Torque || s.input.action != Action::Limit) return true;
       return torque(s) <= std::max(risen_from(s), 0);
     }},
    {"the drive is disabled only behind a brake that is seen shut, when torque must go, or when it was off",
     [](const Step& s) {
       return s.output.enable || s.input.brake == Brake::Closed || is(s) == Phase::Dead ||
              (!s.before.seen.sent.enable && s.input.brake == Brake::Unknown);
     }},
    {"legs that fall are caught at once",
     [](const Step& s) { return !s.input.falling || is(s) == Phase::Torque || !in_torque_mode(s.output); }},
    {"lowering is the drive's own: 10 °/s, downward, never resisting",
     [](const Step& s) {
       return s.output.mode != DriveMode::Lowering ||
              (s.output.velocity_mrad_s == -174 && s.output.lowering_speed_limit_mrad_s == 174 &&
               s.output.resisting_limit_dnm == 0 &&
               int{s.output.supporting_limit_dnm} ==
                   (s.input.sinking ? most_support(s)
                                    : std::min(s.input.caps.lowering_support_dnm, most_support(s))));
     }},
    {"a fault of the drive is reset only while disabled, within 100 ms of a cleared latch",
     [](const Step& s) {
       return !s.output.fault_reset || (!s.output.enable && s.after.seen.cleared_ms <= FaultResetMs);
     }},
    {"the rest angle always goes along and no position is ever held",
     [](const Step& s) { return s.output.position_dmrad == s.input.rest_dmrad && !s.output.hold_position; }},
}};

std::span<const Property<GateDomain>> GateDomain::properties() const {
  return Properties;
}

void expect_all_properties(const char* name, const GateDomain& domain) {
  const Result result = explore(domain);
  EXPECT_EQ(result.violation, "");
  std::printf("exploration: gate, %s: %zu states, %llu transitions, %zu properties\n", name, result.states,
              static_cast<unsigned long long>(result.transitions), Properties.size());
  EXPECT_GT(result.states, 10U);
}

TEST(GateExploration, KeepsEveryPropertyInEveryStateOfASet) {
  expect_all_properties("a prescription",
                        {125, {Prescribed}, size_from_environment() == Size::Small ? 2U : 3U, false});
}

TEST(GateExploration, KeepsEveryPropertyWhenTheCapsChangeUnderASet) {
  if (size_from_environment() == Size::Small) GTEST_SKIP() << "a sample is enough here";
  expect_all_properties("changing caps", {250, {Prescribed, Tight, None}, 2, false});
}

TEST(GateExploration, KeepsEveryPropertyWhenStepsComeLate) {
  if (size_from_environment() == Size::Small) GTEST_SKIP() << "a sample is enough here";
  expect_all_properties("late steps", {125, {Prescribed}, 2, true});
}

TEST(GateExploration, KeepsEveryPropertyInFinerSteps) {
  if (size_from_environment() != Size::Full) GTEST_SKIP() << "explored by ./plinth proof";
  expect_all_properties("50 ms", {50, {Prescribed}, 5, true});
}

}  // namespace
}  // namespace plinth::exploration
