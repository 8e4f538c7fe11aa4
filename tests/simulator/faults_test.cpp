#include "simulator/faults.hpp"

#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Deg;
using testing::Host;

StationSetup with(FaultKind kind, double value = 0.0) {
  StationSetup setup;
  setup.faults = {
      {.kind = kind, .at = units::milliseconds(1000), .lasts = units::milliseconds(500), .value = value}};
  return setup;
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

class EachFault : public ::testing::TestWithParam<int> {};

TEST_P(EachFault, TakesEffectAtItsTimeIsFeltAndEnds) {
  const auto kind = static_cast<FaultKind>(GetParam());
  VirtualStation station{with(kind, kind == FaultKind::EncJump ? 20.0 : 0.0)};
  Host host{station};
  live_through(station, host);
  ASSERT_EQ(station.faults().size(), 1U);
  const FaultRecord& fault = station.faults()[0];
  EXPECT_EQ(fault.effective, units::milliseconds(1000));
  ASSERT_TRUE(fault.felt.has_value()) << name_of(kind);
  EXPECT_LT(*fault.felt, units::milliseconds(1100));
  EXPECT_FALSE(fault.active);
}

INSTANTIATE_TEST_SUITE_P(All, EachFault, ::testing::Range(0, FaultKindCount));

TEST(LoadCellFreeze, StopsTheSequenceAndStuckOnlyTheValues) {
  for (const bool freeze : {true, false}) {
    VirtualStation station{with(freeze ? FaultKind::LcFreeze : FaultKind::LcStuck)};
    Host host{station};
    station.advance_to(units::milliseconds(1100));
    const auto first = host.words(2, 0x0200, 32);
    station.advance_to(units::milliseconds(1200));
    const auto second = host.words(2, 0x0200, 32);
    EXPECT_EQ(first[0] == second[0], freeze);
    EXPECT_TRUE(std::equal(first.begin() + 5, first.begin() + 11, second.begin() + 5));
    EXPECT_EQ(second[31], crc16(std::span{second}.first(31))) << "a lying block is still a sound one";
  }
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

}  // namespace
}  // namespace plinth::simulator
