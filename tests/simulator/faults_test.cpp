#include "simulator/faults.hpp"

#include <algorithm>

#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Host;

StationSetup with(FaultKind kind, double value) {
  StationSetup setup;
  setup.faults = {
      {.kind = kind, .at = units::milliseconds(1000), .lasts = units::milliseconds(500), .value = value}};
  return setup;
}
StationSetup with(FaultKind kind) {
  return with(kind, row_of(kind).usual);
}

TEST(FaultTable, SaysOfEveryFaultWhatItDoesAndWhenItIsFelt) {
  for (const FaultRow& row : fault_table()) {
    EXPECT_EQ(fault_named(row.name), row.kind);
    EXPECT_FALSE(row.does.empty()) << row.name;
    EXPECT_FALSE(row.felt_when.empty()) << row.name;
    EXPECT_LE(row.low, row.least) << row.name;
    EXPECT_LE(row.least, row.most) << row.name;
    EXPECT_LE(row.most, row.high) << row.name;
    EXPECT_GE(row.usual, row.low) << row.name;
    EXPECT_LE(row.usual, row.high) << row.name;
    if (row.response.wire_ms > 0) {
      EXPECT_FALSE(row.response.causes.empty()) << row.name;
    }
  }
  EXPECT_FALSE(fault_named("lc.unheard_of").has_value());
}

// Reads and writes as a host does, through the fault and past its end.
void live_through(VirtualStation& station, Host& host) {
  Host::Block block;
  host.start(block);
  host.run(1.6, block, [&](Host::Block& out) {
    out.torque_nm = -25.0 - 5.0 * std::sin(units::in_seconds(station.now()) * 20.0);
    host.read(1, 0x0200, 20);
    host.read(2, 0x0200, 32);
  });
}

// Those that show in the registers of a machine that holds still.
class EachFault : public ::testing::TestWithParam<const char*> {};

TEST_P(EachFault, TakesEffectAtItsTimeIsFeltAndEnds) {
  const FaultKind kind = *fault_named(GetParam());
  VirtualStation station{with(kind)};
  Host host{station};
  live_through(station, host);
  ASSERT_EQ(station.faults().size(), 1U);
  const FaultRecord& fault = station.faults()[0];
  EXPECT_EQ(fault.effective, units::milliseconds(1000));
  ASSERT_TRUE(fault.felt.has_value());
  EXPECT_LT(*fault.felt, units::milliseconds(1100));
  EXPECT_FALSE(fault.active);
}

INSTANTIATE_TEST_SUITE_P(InTheRegisters, EachFault,
                         ::testing::Values("lc.freeze", "lc.seq", "lc.open", "lc.rail", "lc.bias", "lc.noise",
                                           "lc.excitation", "pad.dead", "hub.angle_offset", "hub.reboot",
                                           "enc.jump", "enc.wrap", "drive.ignore", "drive.fault", "drive.seq",
                                           "drive.freeze", "drive.echo_stuck", "drive.temp", "drive.voltage",
                                           "drive.sto_one", "drive.reboot", "bus.mute", "bus.drip",
                                           "bus.late", "bus.dup", "bus.swap", "bus.flip", "bus.forge",
                                           "bus.slave", "bus.exc", "bus.function", "bus.count", "bus.extra",
                                           "bus.truncate", "estop", "estop.one_channel", "comfort",
                                           "comfort.open"),
                         [](const auto& name) {
                           std::string text{name.param};
                           std::ranges::replace(text, '.', '_');
                           return text;
                         });

TEST(LoadCellFreeze, StopsTheSequenceAndStuckOnlyTheValues) {
  for (const bool freeze : {true, false}) {
    VirtualStation station{with(freeze ? FaultKind::LcFreeze : FaultKind::LcStuck)};
    Host host{station};
    station.advance_to(units::milliseconds(995));
    host.words(2, 0x0200, 32);
    station.advance_to(units::milliseconds(1100));
    const auto first = host.words(2, 0x0200, 32);
    station.advance_to(units::milliseconds(1200));
    const auto second = host.words(2, 0x0200, 32);
    EXPECT_EQ(first[0] == second[0], freeze);
    EXPECT_TRUE(std::equal(first.begin() + 5, first.begin() + 11, second.begin() + 5));
    EXPECT_EQ(second[31], crc16(std::span{second}.first(31))) << "a lying block is still a sound one";
  }
}

TEST(LoadCellGain, ScalesTheStrapCellsAndLeavesThePadsAlone) {
  VirtualStation sound{StationSetup{}};
  VirtualStation wrong{with(FaultKind::LcGain, 2.0)};
  Host sound_host{sound};
  Host wrong_host{wrong};
  sound.advance_to(units::milliseconds(1100));
  wrong.advance_to(units::milliseconds(1100));
  const auto honest = sound_host.words(2, 0x0200, 32);
  const auto told = wrong_host.words(2, 0x0200, 32);
  for (std::size_t i = 5; i < 7; ++i) EXPECT_NEAR(as_signed(told[i]), 2 * as_signed(honest[i]), 2);
  EXPECT_EQ(told[7], honest[7]);
  EXPECT_EQ(told[31], crc16(std::span{told}.first(31)));
}

TEST(BusMute, SilencesTheUnitThatItNames) {
  VirtualStation station{with(FaultKind::BusMute, 2.0)};
  Host host{station};
  station.advance_to(units::milliseconds(1100));
  EXPECT_FALSE(host.read(1, 0, 1).silent());
  EXPECT_TRUE(host.read(2, 0, 1).silent());
  station.advance_to(units::milliseconds(1600));
  EXPECT_FALSE(host.read(2, 0, 1).silent());
}

TEST(BusLate, AnswersEachRequestWithTheAnswerToTheOneBefore) {
  VirtualStation station{with(FaultKind::BusLate)};
  Host host{station};
  station.advance_to(units::milliseconds(1100));
  EXPECT_TRUE(host.read(1, 0, 4).silent());
  EXPECT_EQ(host.words(1, 0, 2), (std::vector<Word>{0x5248, 0x5831, 0x0100, 1}))
      << "the four that were asked before";
}

TEST(BusForge, ChangesAReadingUnderARightSum) {
  VirtualStation sound{StationSetup{}};
  VirtualStation wrong{with(FaultKind::BusForge, 1.0)};
  Host sound_host{sound};
  Host wrong_host{wrong};
  sound.advance_to(units::milliseconds(1100));
  wrong.advance_to(units::milliseconds(1100));
  const auto honest = sound_host.words(2, 0x0200, 32);
  const auto told = wrong_host.words(2, 0x0200, 32);
  EXPECT_FALSE(std::equal(told.begin(), told.end() - 1, honest.begin()));
  EXPECT_EQ(told[31], crc16(std::span{told}.first(31)));
}

TEST(DriveIgnore, EchoesTheHeartbeatAndKeepsTheOldCommand) {
  VirtualStation station{with(FaultKind::DriveIgnore)};
  Host host{station};
  Host::Block block;
  host.start(block);
  block.torque_nm = -20;
  host.run(0.9, block);
  block.torque_nm = -35;
  host.run(0.1, block);
  EXPECT_EQ(host.word(1, 0x0203), host.heartbeat_);
  EXPECT_NEAR(station.drive().motor_torque(), -20, 1);
}

TEST(DriveReboot, ShutsTheBrakeFallsSilentAndCountsItsBoots) {
  VirtualStation station{with(FaultKind::DriveReboot)};
  Host host{station};
  Host::Block block;
  host.start(block);
  host.run(0.5, block);
  const Word boots = host.word(1, 0x0212);
  station.advance_to(units::milliseconds(1100));
  EXPECT_TRUE(station.drive().brake_closed());
  EXPECT_TRUE(host.read(1, 0x0200, 20).silent());
  station.advance_to(units::milliseconds(1300));
  EXPECT_EQ(host.word(1, 0x0212), boots + 1);
}

TEST(ComfortOpen, LooksUnpluggedAndNotPressed) {
  VirtualStation station{with(FaultKind::ComfortOpen)};
  Host host{station};
  station.advance_to(units::milliseconds(1100));
  const Word inputs = host.word(2, 0x021B);
  EXPECT_EQ(inputs & 0b1100U, 0U) << "both contacts open";
}

TEST(EncoderSlip, StaysBehindWhenTheBeltHoldsAgain) {
  FaultyEncoder encoder;
  Wrongs wrongs;
  wrongs[FaultKind::EncSlip] = {.on = true, .value = 0.5};
  wrongs.recount();
  EXPECT_DOUBLE_EQ(encoder.report(wrongs, 0.0), 0.0);
  EXPECT_DOUBLE_EQ(encoder.report(wrongs, 0.2), 0.1);
  wrongs[FaultKind::EncSlip].on = false;
  wrongs.recount();
  EXPECT_DOUBLE_EQ(encoder.report(wrongs, 0.3), 0.2);
}

TEST(Fault, AtAMomentWaitsForItsRepetition) {
  StationSetup setup;
  setup.faults = {
      {.kind = FaultKind::Comfort, .at = AtMoment{2, Moment::Lifting}, .lasts = std::nullopt, .value = 0.0}};
  VirtualStation station{setup};
  const auto look = [&](Moment moment, std::uint16_t rep) {
    GuideView view;
    view.moment = moment;
    view.rep = rep;
    station.show_guide(view);
    station.advance_to(station.now() + units::milliseconds(20));
    return station.faults()[0].effective.has_value();
  };
  EXPECT_FALSE(look(Moment::Lifting, 1));
  EXPECT_FALSE(look(Moment::Holding, 2));
  EXPECT_TRUE(look(Moment::Lifting, 2));
}

TEST(Fault, OnTopOfAnotherWaitsUntilThatOneIsFelt) {
  StationSetup setup;
  setup.faults = {{.kind = FaultKind::LcOpen, .at = units::milliseconds(100), .lasts = {}, .value = 0.0},
                  {.kind = FaultKind::Comfort,
                   .at = WhenFirstIsFelt{units::milliseconds(20)},
                   .lasts = std::nullopt,
                   .value = 0.0}};
  VirtualStation station{setup};
  Host host{station};
  station.advance_to(units::milliseconds(500));
  EXPECT_FALSE(station.faults()[1].effective.has_value()) << "nobody has read a cell yet";
  host.read(2, 0x0200, 32);
  station.advance_to(units::milliseconds(600));
  EXPECT_EQ(station.faults()[1].effective, units::milliseconds(521));
}

}  // namespace
}  // namespace plinth::simulator
