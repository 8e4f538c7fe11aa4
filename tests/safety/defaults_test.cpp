// What nobody has filled in permits nothing: every value of the safety layer begins as the safe one.
#include <gtest/gtest.h>

#include "controller/safety/checks.hpp"
#include "controller/safety/drive_watch.hpp"
#include "controller/safety/gate_core.hpp"
#include "controller/safety/latch.hpp"
#include "controller/safety/limits.hpp"
#include "controller/safety/spasm_watch.hpp"
#include "controller/safety/stop_watch.hpp"
#include "controller/safety/verdict.hpp"

namespace plinth::safety {
namespace {

TEST(WhatNobodyFilledIn, IsACommandThatAsksForNothing) {
  const WireCommand command;
  EXPECT_FALSE(command.enable || command.run || command.controlled_stop || command.fault_reset ||
               command.hold_position);
  EXPECT_EQ(command.mode, sensing::DriveMode::None);
  for (const int number :
       {int{command.torque_dnm}, int{command.velocity_mrad_s}, int{command.position_dmrad},
        int{command.resisting_limit_dnm}, int{command.supporting_limit_dnm},
        int{command.lifting_speed_limit_mrad_s}, int{command.lowering_speed_limit_mrad_s},
        int{command.slew_nm_s}, int{command.lifting_damping_dnms}, int{command.lowering_damping_dnms},
        int{command.wall_low_dmrad}, int{command.wall_high_dmrad}, int{command.wall_stiffness_nm_rad}})
    EXPECT_EQ(number, 0);
}

TEST(WhatNobodyFilledIn, IsAnApprovalThatStopsEverything) {
  const ApprovedCommand command;
  EXPECT_EQ(command.drive(), WireCommand{});
  EXPECT_FALSE(command.permit());
  EXPECT_EQ(command.action(), Action::TorqueOff);
  EXPECT_EQ(command.cause(), Cause::Boot);
}

TEST(WhatNobodyFilledIn, GrantsTheGateNothing) {
  const GateInput in;
  EXPECT_EQ(in.want, GateInput::Want::Nothing);
  EXPECT_EQ(in.action, Action::DriveStop);
  EXPECT_EQ(in.brake, Brake::Unknown);
  EXPECT_FALSE(in.granted || in.no_upward_torque || in.no_downward_torque || in.rising || in.falling ||
               in.sinking || in.latch_cleared);
  EXPECT_EQ(in.elapsed_ms, 0);
  EXPECT_EQ(in.gravity_permille, 0);
  EXPECT_EQ(in.rest_dmrad, 0);
}

TEST(WhatNobodyFilledIn, AllowsNoTorqueAtAll) {
  const WireCaps caps;
  for (const int number : {caps.torque_dnm, caps.resisting_limit_dnm, caps.supporting_limit_dnm,
                           caps.lowering_support_dnm, caps.arm_dnm, caps.carried_legs_dnm,
                           caps.lifting_speed_mrad_s, caps.lowering_speed_mrad_s, caps.slew_nm_s})
    EXPECT_EQ(number, 0);
  EXPECT_EQ(caps.wall_high_dmrad, -15'708);  // as low as the arm goes
}

TEST(WhatNobodyFilledIn, TellsTheLatchNothing) {
  const LatchEvents events;
  EXPECT_FALSE(events.trip || events.reset || events.obstacle);
  EXPECT_TRUE(events.acting.none());
  EXPECT_FALSE(events.cause_present || events.at_rest || events.start || events.left_grip ||
               events.right_grip || events.set_finished || events.drive_ready);
  EXPECT_EQ(events.elapsed_ms, 0);
  const Latch::Answer answer;
  EXPECT_FALSE(answer.refused || answer.granted_now || answer.cleared_now);
}

TEST(WhatNobodyFilledIn, IsAVerdictThatStops) {
  const Verdict verdict;
  EXPECT_EQ(verdict.action, Action::DriveStop);
  EXPECT_EQ(verdict.cause, Cause::Boot);
  EXPECT_EQ(verdict.first_cause, Cause::Boot);
  EXPECT_EQ(verdict.latch, LatchLevel::Therapist);
  EXPECT_EQ(verdict.permission, Permission::Latched);
  EXPECT_EQ(verdict.brake, Brake::Unknown);
  EXPECT_FALSE(verdict.no_upward_torque || verdict.no_downward_torque || verdict.rising || verdict.falling ||
               verdict.sinking || verdict.at_standstill || verdict.withdraw_permit || verdict.latch_cleared);
  EXPECT_EQ(verdict.gravity_permille, 0);
  EXPECT_EQ(verdict.elapsed_ms, 0);
  const Requests requests;
  EXPECT_FALSE(requests.stop || requests.start || requests.reset || requests.set_finished);
}

TEST(WhatNobodyFilledIn, InstallsTheTightestLimitsInTheDrive) {
  const InstalledLimits limits;
  EXPECT_EQ(limits.watchdog_ms, 100);
  EXPECT_EQ(limits.watchdog_action, 1);
  EXPECT_EQ(limits.ramp_ms, 180);
  EXPECT_EQ(limits.polarity, 1);
  for (const int number :
       {int{limits.trip_damping_dnms}, int{limits.torque_max_dnm}, int{limits.speed_max_mrad_s},
        int{limits.position_min_dmrad}, int{limits.position_max_dmrad}, int{limits.slew_max_nm_s}})
    EXPECT_EQ(number, 0);
}

TEST(WhatNobodyFilledIn, FindsNothing) {
  const DriveWatch::Findings drive;
  EXPECT_FALSE(drive.ignores || drive.over_delivers);
  const StopWatch::Findings stop;
  EXPECT_FALSE(stop.release_unverified || stop.lowering_amiss || stop.stop_unverified);
  const SpasmWatch::Findings muscle;
  EXPECT_FALSE(muscle.spasm || muscle.clonus);
  const RangeState range;
  EXPECT_FALSE(range.near_high || range.near_low || range.crossed);
}

TEST(ACommand, IsAnotherWhenAnyOfItsRegistersIs) {
  const auto same = [](auto bend) {
    WireCommand command;
    bend(command);
    return command == WireCommand{};
  };
  EXPECT_TRUE(same([](WireCommand&) {}));
  EXPECT_FALSE(same([](WireCommand& c) { c.enable = true; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.run = true; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.controlled_stop = true; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.fault_reset = true; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.hold_position = true; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.torque_dnm = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.velocity_mrad_s = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.position_dmrad = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.resisting_limit_dnm = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.supporting_limit_dnm = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.lifting_speed_limit_mrad_s = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.lowering_speed_limit_mrad_s = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.slew_nm_s = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.lifting_damping_dnms = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.lowering_damping_dnms = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.wall_low_dmrad = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.wall_high_dmrad = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.wall_stiffness_nm_rad = 1; }));
  EXPECT_FALSE(same([](WireCommand& c) { c.mode = sensing::DriveMode::Lowering; }));
}

}  // namespace
}  // namespace plinth::safety
