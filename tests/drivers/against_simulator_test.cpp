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
  limits.trip_damping_dnms = 1500;
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

// What the register port of a test sees that speaks to the drive behind the machine's back.
TEST(SimulatedStation, ObeysACommandBlockInEveryField) {
  Rig rig;
  auto machine = rig.machine();
  auto limits = tightest();
  limits.torque_max_dnm = 2250;
  limits.speed_max_mrad_s = 2000;
  ASSERT_TRUE(rig.bring_up(machine, limits));
  // Not through the machine: only the gate can approve an enabling command.
  std::array<std::uint8_t, MaxPdu> request{};
  std::array<std::uint8_t, MaxPdu> reply{};
  const auto send = [&](std::uint8_t unit, std::uint16_t address, std::span<const std::uint16_t> block) {
    const auto pdu = write_request(address, block, request);
    const auto size = rig.station.handle(unit, pdu, reply);
    return Expectation{pdu}.match(std::span{reply}.first(size)) == Expectation::Match::Answer;
  };
  safety::WireCommand command;
  command.enable = true;
  command.run = true;
  command.mode = sensing::DriveMode::Torque;
  command.torque_dnm = -200;  // helps to carry the arm
  command.resisting_limit_dnm = 300;
  command.supporting_limit_dnm = 400;
  command.lifting_speed_limit_mrad_s = 1500;
  command.lowering_speed_limit_mrad_s = 1500;
  command.slew_nm_s = 2000;
  command.lowering_damping_dnms = 100;
  command.wall_low_dmrad = -15'000;
  command.wall_high_dmrad = 5'000;
  command.wall_stiffness_nm_rad = 2000;
  command.position_dmrad = -12'000;
  std::uint16_t heartbeat = machine.read(rig.now()).drive.report->heartbeat_echo;
  std::uint16_t hub_heartbeat = 1000;
  // The enable relay first: an open one keeps the drive from waking.
  ASSERT_TRUE(send(2, map::hub_out::Begin, hub_block(true, ++hub_heartbeat)));
  rig.pass(milliseconds(10));
  for (int cycle = 0; cycle < 60; ++cycle) {
    ASSERT_TRUE(send(1, map::drive_out::Begin, drive_block(command, ++heartbeat)));
    ASSERT_TRUE(send(2, map::hub_out::Begin, hub_block(true, ++hub_heartbeat)));
    rig.pass(milliseconds(10));
    ASSERT_EQ(machine.read(rig.now()).drive.report->heartbeat_echo, heartbeat);
  }
  const auto report = *machine.read(rig.now()).drive.report;
  EXPECT_TRUE(report.enabled && report.torque_on && report.watchdog_armed);
  EXPECT_FALSE(report.fault_latched) << report.fault_code;
  EXPECT_EQ(report.mode, sensing::DriveMode::Torque);
  EXPECT_NEAR(units::in_newton_metres(report.torque_setpoint), -20.0, 0.11);
  EXPECT_TRUE(rig.station.truth().torque_on);
  EXPECT_GT(units::in_seconds(report.watchdog_left), 0.05);

  // A block with a wrong checksum is answered, not applied, and does not feed the watchdog: it trips.
  auto damaged = drive_block(command, ++heartbeat);
  damaged.back() ^= 1U;
  for (int cycle = 0; cycle < 13; ++cycle) {
    EXPECT_TRUE(send(1, map::drive_out::Begin, damaged));
    rig.pass(milliseconds(10));
  }
  EXPECT_TRUE(machine.read(rig.now()).drive.report->watchdog_tripped);
}

TEST(SimulatedStation, DropsItsRelayWhenTheHubIsNotFed) {
  Rig rig;
  auto machine = rig.machine();
  ASSERT_TRUE(rig.bring_up(machine));
  for (int cycle = 0; cycle < 10; ++cycle) {
    machine.write({});
    rig.pass(milliseconds(10));
  }
  const auto sample = machine.read(rig.now());
  // A default command permits nothing, so the relay stays open and torque cannot be had.
  EXPECT_FALSE(sample.drive.report->sto_a_ok && sample.drive.report->sto_b_ok &&
               sample.drive.report->torque_on);
}

}  // namespace
}  // namespace plinth::drivers
