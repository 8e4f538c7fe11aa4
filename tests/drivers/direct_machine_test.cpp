#include "drivers/direct_machine.hpp"

#include <gtest/gtest.h>

#include "tests/drivers/fake_units.hpp"

namespace plinth::drivers {
namespace {

using sensing::Reading;
using units::milliseconds;

safety::InstalledLimits tightest() {
  safety::InstalledLimits limits;
  limits.torque_max_dnm = 600;
  limits.speed_max_mrad_s = 200;
  limits.position_min_dmrad = -15'000;
  limits.position_max_dmrad = 500;
  limits.slew_max_nm_s = 2000;
  return limits;
}

// A machine of fake units in virtual time.
struct Bench {
  test::FakeStation station;
  units::Instant now{};

  auto machine() {
    return DirectMachine{
        [this](std::uint8_t unit, std::span<const std::uint8_t> request, std::span<std::uint8_t> reply) {
          return station.handle(unit, request, reply);
        }};
  }
  template <typename Machine>
  Outcome<void> bring_up(Machine& machine) {
    return machine.bring_up(tightest(), [this](units::Duration span) { station.drive.advance(span); });
  }
};

TEST(BringUp, IdentifiesBothUnitsInstallsLimitsAndProvesWatchdogAndBrake) {
  Bench bench;
  auto machine = bench.machine();
  const auto done = bench.bring_up(machine);
  ASSERT_TRUE(done) << done.error().what;
  const sensing::Sample sample = machine.read(bench.now);
  EXPECT_TRUE(sample.setup.drive_identified && sample.setup.hub_identified && sample.setup.limits_confirmed &&
              sample.setup.watchdog_proven && sample.setup.brake_proven);
  EXPECT_EQ(bench.station.drive.registers[0x0305], 600);
  EXPECT_FALSE(sample.drive.report->fault_latched);
  EXPECT_EQ(bench.station.drive.enables_seen, 0);
}

TEST(BringUp, RefusesADriveWhoseWatchdogNeverTrips) {
  Bench bench;
  bench.station.drive.watchdog_works = false;
  auto machine = bench.machine();
  const auto done = bench.bring_up(machine);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("watchdog did not trip"), std::string::npos) << done.error().what;
  EXPECT_FALSE(machine.setup().watchdog_proven);
  EXPECT_TRUE(machine.setup().limits_confirmed);
}

TEST(BringUp, RefusesADriveWhoseWatchdogTripsLate) {
  Bench bench;
  bench.station.drive.watchdog_late_ms = 60;
  auto machine = bench.machine();
  EXPECT_FALSE(bench.bring_up(machine));
  EXPECT_FALSE(machine.setup().watchdog_proven);
}

TEST(BringUp, RefusesADriveThatDoesNotObeyTheLimitsItWasGiven) {
  Bench bench;
  bench.station.drive.obeys_limits = false;
  auto machine = bench.machine();
  const auto done = bench.bring_up(machine);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("does not obey"), std::string::npos) << done.error().what;
  EXPECT_FALSE(machine.setup().limits_confirmed || machine.setup().watchdog_proven);
}

TEST(BringUp, SaysWhichUnitIsNotWhatItShouldBe) {
  Bench bench;
  bench.station.hub.registers[0x0003] = 1;
  auto machine = bench.machine();
  const auto done = bench.bring_up(machine);
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what.find("load-cell hub"), std::string::npos) << done.error().what;
  EXPECT_FALSE(machine.setup().hub_identified);
  EXPECT_TRUE(machine.setup().drive_identified);
}

TEST(BringUp, ClearsTheTripThatADeadControllerLeftBehind) {
  Bench bench;
  bench.station.drive.status |= 0x0408;
  bench.station.drive.fault_code = 15;
  auto machine = bench.machine();
  const auto done = bench.bring_up(machine);
  EXPECT_TRUE(done) << done.error().what;
}

TEST(BringUp, DoesNotDisturbADriveThatIsStillLoweringTheLegs) {
  Bench bench;
  bench.station.drive.status |= 0x0026;  // enabled, torque on, stopping
  auto machine = bench.machine();
  units::Duration waited{};
  const auto done = machine.bring_up(tightest(), [&](units::Duration span) {
    waited += span;
    bench.station.drive.advance(span);
    if (waited < milliseconds(6000)) {
      EXPECT_TRUE(bench.station.drive.writes.empty());
    }
    if (waited >= milliseconds(6000) && bench.station.drive.writes.empty())
      bench.station.drive.status &= 0xFFD9;
  });
  EXPECT_TRUE(done) << done.error().what;
  EXPECT_GE(waited, milliseconds(6000));
}

TEST(DirectMachine, ReadsFreshBlocksTakenAtTheCycle) {
  Bench bench;
  bench.station.drive.position_dmrad = -10'000;
  auto machine = bench.machine();
  const auto at = units::Instant{} + milliseconds(30);
  const sensing::Sample sample = machine.read(at);
  EXPECT_EQ(sample.drive.reading, Reading::Fresh);
  EXPECT_EQ(sample.drive.taken_at, at);
  EXPECT_NEAR(units::in_radians(sample.drive.report->angle), -1.0, 1e-12);
  EXPECT_EQ(sample.hub.reading, Reading::Fresh);
  EXPECT_TRUE(sample.hub.report->estop_a_closed);
}

TEST(DirectMachine, KeepsTheLastGoodReportAndItsAgeWhenAUnitFallsSilent) {
  Bench bench;
  auto machine = bench.machine();
  const auto first = units::Instant{} + milliseconds(10);
  machine.read(first);
  bench.station.drive.mute = true;
  const sensing::Sample sample = machine.read(first + milliseconds(10));
  EXPECT_EQ(sample.drive.reading, Reading::Missing);
  EXPECT_EQ(sample.drive.taken_at, first);
  EXPECT_TRUE(sample.drive.report);
  EXPECT_EQ(sample.hub.reading, Reading::Fresh);
}

TEST(DirectMachine, CallsABlockWithAWrongChecksumOrAnExceptionDamaged) {
  Bench bench;
  auto machine = bench.machine();
  machine.read(bench.now);
  bench.station.drive.corrupt_checksum = true;
  bench.station.hub.refuse_with = 6;
  const sensing::Sample sample = machine.read(bench.now + milliseconds(10));
  EXPECT_EQ(sample.drive.reading, Reading::Damaged);
  EXPECT_EQ(sample.hub.reading, Reading::Damaged);
  EXPECT_EQ(sample.drive.taken_at, bench.now);
}

TEST(Heartbeat, ChangesWithEachApprovedCommandAndNotOtherwise) {
  Bench bench;
  auto machine = bench.machine();
  machine.read(bench.now);
  const safety::ApprovedCommand command;
  machine.write(command);
  const auto beat = bench.station.drive.heartbeat_echo;
  for (int cycle = 0; cycle < 5; ++cycle) machine.read(bench.now);
  EXPECT_EQ(bench.station.drive.heartbeat_echo, beat);
  EXPECT_EQ(bench.station.drive.writes.size(), 1U);
  machine.write(command);
  EXPECT_NE(bench.station.drive.heartbeat_echo, beat);
  EXPECT_EQ(bench.station.drive.accepted_blocks, 2);
}

TEST(Heartbeat, GoesOnFromTheLastOneThatTheDriveAccepted) {
  Bench bench;
  bench.station.drive.heartbeat_echo = 1;  // what a counter starting at nought would send first
  auto machine = bench.machine();
  machine.read(bench.now);
  machine.write({});
  EXPECT_EQ(bench.station.drive.accepted_blocks, 1);
  EXPECT_EQ(bench.station.drive.heartbeat_echo, 2);
}

TEST(Heartbeat, WrapsWithoutMissingAFeed) {
  Bench bench;
  bench.station.drive.heartbeat_echo = 0xFFFE;
  auto machine = bench.machine();
  machine.read(bench.now);
  for (int cycle = 0; cycle < 4; ++cycle) machine.write({});
  EXPECT_EQ(bench.station.drive.accepted_blocks, 4);
  EXPECT_EQ(bench.station.drive.heartbeat_echo, 2);
}

TEST(Heartbeat, OfTheHubGoesOnFromItsRegisterAfterBringUp) {
  Bench bench;
  bench.station.hub.registers[0x0100] = 77;
  bench.station.relay_is_wired = true;
  auto machine = bench.machine();
  ASSERT_TRUE(bench.bring_up(machine));
  EXPECT_GT(bench.station.hub.heartbeat, 78);
  const auto last = bench.station.hub.heartbeat;
  machine.write({});
  EXPECT_EQ(bench.station.hub.heartbeat, last + 1);
  EXPECT_EQ(bench.station.hub.permit, 0);
}

TEST(StationProtocol, CountsCommandsThatTheDriveDidNotAccept) {
  Bench bench;
  auto machine = bench.machine();
  machine.read(bench.now);
  machine.write({});
  machine.read(bench.now);
  EXPECT_EQ(machine.protocol().commands_not_echoed(), 0U);
  bench.station.drive.mute = true;
  machine.write({});
  bench.station.drive.mute = false;
  machine.read(bench.now);
  EXPECT_EQ(machine.protocol().commands_not_echoed(), 1U);
}

TEST(Install, IsConfirmedOnlyByWhatIsReadBack) {
  Bench bench;
  auto machine = bench.machine();
  ASSERT_TRUE(bench.bring_up(machine));
  safety::InstalledLimits wider = tightest();
  wider.torque_max_dnm = 1500;
  machine.install(wider);
  EXPECT_TRUE(machine.read(bench.now).setup.limits_confirmed);
  EXPECT_EQ(bench.station.drive.registers[0x0320], 1500);

  bench.station.drive.status |= 0x0002;  // enabled: the drive ignores the write
  wider.torque_max_dnm = 1600;
  machine.install(wider);
  EXPECT_FALSE(machine.read(bench.now).setup.limits_confirmed);
}

TEST(Limits, ThatTheDriveHasLostSinceTheyWereInstalledAreNoticedWhenTheyAreCompared) {
  Bench bench;
  auto machine = bench.machine();
  ASSERT_TRUE(bench.bring_up(machine));
  machine.compare_limits();
  EXPECT_TRUE(machine.read(bench.now).setup.limits_confirmed);
  bench.station.drive.registers[0x0320] = 4000;
  EXPECT_TRUE(machine.read(bench.now).setup.limits_confirmed);
  machine.compare_limits();
  EXPECT_FALSE(machine.read(bench.now).setup.limits_confirmed);
}

TEST(ADriveThatHasRestarted, HasProvenNothing) {
  Bench bench;
  auto machine = bench.machine();
  ASSERT_TRUE(bench.bring_up(machine));
  ++bench.station.drive.boot_counter;
  const auto setup = machine.read(bench.now).setup;
  EXPECT_FALSE(setup.limits_confirmed);
  EXPECT_FALSE(setup.watchdog_proven);
  EXPECT_FALSE(setup.brake_proven);
  EXPECT_TRUE(setup.drive_identified);
}

}  // namespace
}  // namespace plinth::drivers
