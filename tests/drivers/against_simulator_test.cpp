// Two readings of one register map: this driver's and the simulator's, which were written apart from each
// other. Where they disagree, one of them is wrong.
#include <gtest/gtest.h>

#include "drivers/direct_machine.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::drivers {
namespace {

using sensing::Reading;
using units::milliseconds;

safety::InstalledLimits tightest() {
  safety::InstalledLimits limits;
  limits.torque_max_dnm = 600;
  limits.speed_max_mrad_s = 300;
  limits.position_min_dmrad = -15'700;
  limits.position_max_dmrad = 5'200;
  limits.slew_max_nm_s = 2000;
  return limits;
}

struct Rig {
  simulator::VirtualStation station{simulator::StationSetup{}};

  auto machine() {
    return DirectMachine{
        [this](std::uint8_t unit, std::span<const std::uint8_t> request, std::span<std::uint8_t> reply) {
          return station.handle(unit, request, reply);
        }};
  }
  void pass(units::Duration span) { station.advance_to(station.now() + span); }
  template <typename Machine>
  Outcome<void> bring_up(Machine& machine, const safety::InstalledLimits& limits = tightest()) {
    return machine.bring_up(limits, [this](units::Duration span) { pass(span); });
  }
  [[nodiscard]] units::Instant now() const { return units::Instant{station.now()}; }
};

TEST(SimulatedStation, IsBroughtUpWithEverythingEstablished) {
  Rig rig;
  auto machine = rig.machine();
  const auto done = rig.bring_up(machine);
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE(machine.setup().drive_identified && machine.setup().hub_identified &&
              machine.setup().limits_confirmed && machine.setup().watchdog_proven &&
              machine.setup().brake_proven);
  const auto sample = machine.read(rig.now());
  EXPECT_FALSE(sample.drive.report->fault_latched);
  EXPECT_FALSE(sample.drive.report->watchdog_tripped);
  EXPECT_EQ(sample.drive.report->fault_code, 0);
  EXPECT_FALSE(sample.drive.report->enabled || sample.drive.report->torque_on);
  EXPECT_FALSE(rig.station.truth().torque_on);
}

TEST(SimulatedStation, ReportsTheTruthOfArmForcesAndInputs) {
  Rig rig;
  auto machine = rig.machine();
  ASSERT_TRUE(rig.bring_up(machine));
  rig.pass(milliseconds(500));
  const auto sample = machine.read(rig.now());
  ASSERT_EQ(sample.drive.reading, Reading::Fresh);
  ASSERT_EQ(sample.hub.reading, Reading::Fresh);
  const auto& drive = *sample.drive.report;
  const auto& hub = *sample.hub.report;
  const auto truth = rig.station.truth();
  EXPECT_NEAR(units::in_degrees(drive.angle), units::in_degrees(truth.arm_angle), 0.2);
  ASSERT_TRUE(hub.second_angle);
  EXPECT_NEAR(units::in_degrees(*hub.second_angle), units::in_degrees(truth.arm_angle), 1.0);
  EXPECT_NEAR(units::in_newton_metres(drive.torque), 0.0, 0.2);
  EXPECT_TRUE(hub.ok);
  EXPECT_TRUE(hub.strap_left.force && hub.strap_right.force);
  for (const auto& pad : hub.pads) EXPECT_TRUE(pad.force);
  EXPECT_TRUE(drive.estop_a_closed && drive.estop_b_closed && hub.estop_a_closed && hub.estop_b_closed);
  EXPECT_FALSE(hub.comfort_pressed);
  EXPECT_TRUE(hub.comfort_plausible);
  EXPECT_TRUE(drive.homed);
  EXPECT_FALSE(drive.brake_released);
}

TEST(SimulatedStation, EchoesEveryHeartbeat) {
  Rig rig;
  auto machine = rig.machine();
  ASSERT_TRUE(rig.bring_up(machine));
  std::uint16_t last_sequence = machine.read(rig.now()).drive.report->sequence;
  for (int cycle = 0; cycle < 100; ++cycle) {
    machine.write({});
    rig.pass(milliseconds(10));
    const auto sample = machine.read(rig.now());
    ASSERT_EQ(sample.drive.report->heartbeat_echo, machine.protocol().drive_heartbeat());
    ASSERT_EQ(static_cast<std::uint16_t>(sample.drive.report->sequence - last_sequence), 10);
    last_sequence = sample.drive.report->sequence;
  }
  EXPECT_EQ(machine.protocol().commands_not_echoed(), 0U);
}

TEST(SimulatedStation, TakesEveryFieldOfAnInstallation) {
  Rig rig;
  auto machine = rig.machine();
  ASSERT_TRUE(rig.bring_up(machine));
  safety::InstalledLimits limits;
  limits.watchdog_ms = 140;
  limits.watchdog_action = 1;
  limits.ramp_ms = 200;
  limits.torque_max_dnm = 2222;
  limits.speed_max_mrad_s = 1801;
  limits.position_min_dmrad = -12'345;
  limits.position_max_dmrad = 1'234;
  limits.slew_max_nm_s = 2500;
  limits.polarity = 1;
  machine.install(limits);
  EXPECT_TRUE(machine.setup().limits_confirmed);
}

TEST(SimulatedStation, RefusesAnInstallationOutsideItsHardRange) {
  Rig rig;
  auto machine = rig.machine();
  ASSERT_TRUE(rig.bring_up(machine));
  safety::InstalledLimits limits = tightest();
  limits.watchdog_ms = 0;  // a watchdog cannot be switched off
  machine.install(limits);
  EXPECT_FALSE(machine.setup().limits_confirmed);
}

// A host without a gate: only the gate can approve an enabling command.
struct Host {
  Host(Rig& with, std::uint16_t last_heartbeat) : rig{with}, heartbeat{last_heartbeat} {}

  bool send(std::uint8_t unit, std::uint16_t address, std::span<const std::uint16_t> block) {
    const auto pdu = write_request(address, block, request);
    const auto size = rig.station.handle(unit, pdu, reply);
    return AnswerShape{pdu}.match(std::span{reply}.first(size)) == AnswerShape::Match::Answer;
  }
  bool command(const safety::WireCommand& command) {
    return send(1, map::drive_out::Begin, drive_block(command, ++heartbeat));
  }
  bool permit(bool on) { return send(2, map::hub_out::Begin, hub_block(on, ++hub_heartbeat)); }

  Rig& rig;
  std::uint16_t heartbeat;
  std::uint16_t hub_heartbeat = 1000;
  std::array<std::uint8_t, MaxPdu> request{};
  std::array<std::uint8_t, MaxPdu> reply{};
};

// No two fields alike, in none of their units.
safety::WireCommand all_different() {
  safety::WireCommand command;
  command.enable = true;
  command.mode = sensing::DriveMode::SpringDamper;
  command.torque_dnm = -211;
  command.velocity_mrad_s = -322;
  command.position_dmrad = -12'033;
  command.resisting_limit_dnm = 344;
  command.supporting_limit_dnm = 455;
  command.lifting_speed_limit_mrad_s = 1566;
  command.lowering_speed_limit_mrad_s = 677;
  command.slew_nm_s = 1788;
  command.lifting_damping_dnms = 89;
  command.lowering_damping_dnms = 191;
  command.wall_low_dmrad = -14'202;
  command.wall_high_dmrad = 5'313;
  command.wall_stiffness_nm_rad = 2424;
  return command;
}

TEST(SimulatedStation, TakesEveryFieldOfACommandBlock) {
  Rig rig;
  Host host{rig, 0};
  const auto sent = all_different();
  ASSERT_TRUE(host.command(sent));
  const simulator::DriveCommand& taken = rig.station.drive().command();
  constexpr double Exactly = 1e-9;
  EXPECT_EQ(static_cast<int>(taken.mode), static_cast<int>(sent.mode));
  EXPECT_NEAR(taken.torque, -21.1, Exactly);
  EXPECT_NEAR(taken.velocity, -0.322, Exactly);
  EXPECT_NEAR(taken.position, -1.2033, Exactly);
  EXPECT_NEAR(taken.torque_plus, 34.4, Exactly);
  EXPECT_NEAR(taken.torque_minus, 45.5, Exactly);
  EXPECT_NEAR(taken.speed_lifting, 1.566, Exactly);
  EXPECT_NEAR(taken.speed_lowering, 0.677, Exactly);
  EXPECT_NEAR(taken.slew, 1788, Exactly);
  EXPECT_NEAR(taken.damping_lifting, 8.9, Exactly);
  EXPECT_NEAR(taken.damping_lowering, 19.1, Exactly);
  EXPECT_NEAR(taken.wall_low, -1.4202, Exactly);
  EXPECT_NEAR(taken.wall_high, 0.5313, Exactly);
  EXPECT_NEAR(taken.wall_stiffness, 2424, Exactly);
}

TEST(SimulatedStation, TakesEveryBitOfACommandBlock) {
  Rig rig;
  Host host{rig, 0};
  using Bits = std::array<bool, 5>;
  for (std::size_t set = 0; set < Bits{}.size(); ++set) {
    Bits want{};
    want.at(set) = true;
    want[0] = true;  // without it the drive keeps no run bit
    safety::WireCommand sent = all_different();
    sent.run = want[1];
    sent.controlled_stop = want[2];
    sent.fault_reset = want[3];
    sent.hold_position = want[4];
    ASSERT_TRUE(host.command(sent));
    const simulator::DriveCommand& taken = rig.station.drive().command();
    EXPECT_EQ((Bits{taken.enable, taken.run, taken.controlled_stop, taken.fault_reset, taken.hold}), want);
  }
}

// A drive that runs on -20 N·m, which help to carry the arm.
struct Running {
  Running() {
    auto limits = tightest();
    limits.torque_max_dnm = 2250;
    limits.speed_max_mrad_s = 2000;
    const auto done = rig.bring_up(machine, limits);
    EXPECT_TRUE(done) << done.error().what;
    host.heartbeat = report().heartbeat_echo;
    command.enable = true;
    command.run = true;
    command.mode = sensing::DriveMode::Torque;
    command.torque_dnm = -200;
    command.resisting_limit_dnm = 300;
    command.supporting_limit_dnm = 400;
    command.lifting_speed_limit_mrad_s = 1500;
    command.lowering_speed_limit_mrad_s = 1500;
    command.slew_nm_s = 2000;
    command.position_dmrad = -12'000;
    // The enable relay first: an open one keeps the drive from waking.
    EXPECT_TRUE(host.permit(true));
    rig.pass(milliseconds(10));
    for (int cycle = 0; cycle < 60; ++cycle) {
      EXPECT_TRUE(host.command(command) && host.permit(true));
      rig.pass(milliseconds(10));
      EXPECT_EQ(report().heartbeat_echo, host.heartbeat);
    }
  }
  sensing::DriveReport report() { return *machine.read(rig.now()).drive.report; }

  Rig rig;
  decltype(rig.machine()) machine = rig.machine();
  Host host{rig, 0};
  safety::WireCommand command;
};

TEST(SimulatedStation, RunsOnTheCommandedTorque) {
  Running station;
  const auto report = station.report();
  EXPECT_TRUE(report.enabled && report.torque_on && report.watchdog_armed);
  EXPECT_FALSE(report.fault_latched) << report.fault_code;
  EXPECT_EQ(report.mode, sensing::DriveMode::Torque);
  EXPECT_NEAR(units::in_newton_metres(report.torque_setpoint), -20.0, 0.11);
  EXPECT_TRUE(station.rig.station.truth().torque_on);
  EXPECT_GT(units::in_seconds(report.watchdog_left), 0.05);
}

TEST(SimulatedStation, TripsItsWatchdogOnBlocksWithAWrongChecksum) {
  Running station;
  // Answered, not applied, and no food for the watchdog.
  auto damaged = drive_block(station.command, ++station.host.heartbeat);
  damaged.back() ^= 1U;
  for (int cycle = 0; cycle < 13; ++cycle) {
    EXPECT_TRUE(station.host.send(1, map::drive_out::Begin, damaged) && station.host.permit(true));
    station.rig.pass(milliseconds(10));
  }
  EXPECT_TRUE(station.report().watchdog_tripped);
}

TEST(SimulatedStation, DropsItsRelayAHundredMillisecondsAfterTheHubWasLastFed) {
  Running station;
  ASSERT_TRUE(station.host.permit(true));
  // The drive is fed all the while; only the hub is not.
  for (int cycle = 0; cycle < 9; ++cycle) {
    ASSERT_TRUE(station.host.command(station.command));
    station.rig.pass(milliseconds(10));
  }
  EXPECT_TRUE(station.report().ready && station.report().torque_on);
  EXPECT_FALSE(station.report().stopping || station.report().ss1_active);
  ASSERT_TRUE(station.host.command(station.command));
  station.rig.pass(milliseconds(20));
  EXPECT_FALSE(station.report().ready);
  EXPECT_TRUE(station.report().stopping && station.report().ss1_active);
}

TEST(SimulatedStation, DropsItsRelayWithTheFirstBlockThatPermitsNothing) {
  Running station;
  ASSERT_TRUE(station.host.permit(false));
  station.rig.pass(milliseconds(2));
  EXPECT_TRUE(station.report().stopping && station.report().ss1_active);
}

}  // namespace
}  // namespace plinth::drivers
