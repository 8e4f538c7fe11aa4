#include "drivers/blocks.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/drivers/fake_units.hpp"

namespace plinth::drivers {
namespace {

template <typename Block>
Block sealed(Block block) {
  block.back() = test::slow_crc16(std::span{block}.first(block.size() - 1));
  return block;
}

// A drive lifting at 0.5 rad/s with 94.8 N·m, register by register.
DriveInBlock lifting() {
  return sealed(DriveInBlock{0x0102, 0x0001, 0x86A0, 0x00FE, 0x0B47, 0x0001, 0x0011, 0x0000, 0x009B, 0xE000,
                             0x01F4, 0x03B4, 0x03B6, 0x0138, 0x8000, 0x01E0, 0x0061, 0x0004, 0x0009, 0});
}

HubInBlock resting_hub() {
  return sealed(HubInBlock{0x0010, 0x0002, 0x0001, 0x0001, 0x003F,                  //
                           0x0258, 0x0264, 0x07D0, 0x07DA, 0xFF9C, 0x03E8,          // net
                           0x0081, 0x0081, 0x0081, 0x0081, 0x0081, 0x0081,          // status
                           0,      0,      0,      0,      0,      0,      0x0FA0,  // gross, pad sum
                           0xE001, 0x0001, 0x03E8, 0x00F7, 0x1388, 0x00FA, 0x0003, 0});
}

TEST(DriveReport, ReadsEveryFieldInTheUnitsOfTheArm) {
  const auto report = drive_report(lifting());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->sequence, 0x0102);
  EXPECT_EQ(report->timestamp_us, 100'000U);
  EXPECT_EQ(report->heartbeat_echo, 0xFE);
  EXPECT_TRUE(report->ready && report->enabled && report->torque_on && report->homed &&
              report->brake_released && report->watchdog_armed && report->cyclic_ok);
  EXPECT_FALSE(report->fault_latched || report->stopping || report->watchdog_tripped);
  EXPECT_EQ(report->mode, sensing::DriveMode::Torque);
  EXPECT_EQ(report->limiting, 0x11);
  EXPECT_TRUE(report->sto_a_ok && report->sto_b_ok && report->estop_a_closed && report->estop_b_closed &&
              report->brake_feedback);
  EXPECT_FALSE(report->ss1_active);
  EXPECT_NEAR(units::in_radians(report->angle), -0.8192, 1e-12);
  EXPECT_NEAR(units::in_radians_per_second(report->velocity), 0.5, 1e-12);
  EXPECT_NEAR(units::in_newton_metres(report->torque), 94.8, 1e-12);
  EXPECT_NEAR(units::in_newton_metres(report->torque_setpoint), 95.0, 1e-12);
  EXPECT_NEAR(report->motor_temperature_c, 31.2, 1e-12);
  EXPECT_TRUE(std::isnan(report->drive_temperature_c));
  EXPECT_NEAR(report->bus_voltage_v, 48.0, 1e-12);
  EXPECT_EQ(report->watchdog_left, units::milliseconds(97));
  EXPECT_EQ(report->last_reject, 4);
  EXPECT_EQ(report->boot_counter, 9);
}

TEST(DriveReport, WithASingleFlippedBitIsNone) {
  for (std::size_t at = 0; at < map::drive_in::Count; ++at) {
    for (unsigned bit = 0; bit < 16; ++bit) {
      DriveInBlock block = lifting();
      block[at] = static_cast<std::uint16_t>(block[at] ^ (1U << bit));
      ASSERT_FALSE(drive_report(block)) << "register " << at << " bit " << bit;
    }
  }
}

TEST(DriveReport, WithoutAValidAngleSpeedOrTorqueIsNone) {
  for (const std::size_t vital : {9U, 10U, 11U, 12U}) {
    DriveInBlock block = lifting();
    block[vital] = 0x8000;
    EXPECT_FALSE(drive_report(sealed(block))) << vital;
  }
}

TEST(DriveReport, CallsAModeItDoesNotKnowNoMode) {
  DriveInBlock block = lifting();
  block[map::drive_in::Mode] = 6;
  EXPECT_EQ(drive_report(sealed(block))->mode, sensing::DriveMode::None);
}

TEST(DriveReport, ReachesBothEndsOfEverySignedField) {
  DriveInBlock block = lifting();
  block[map::drive_in::Position] = 0x7FFF;
  block[map::drive_in::Torque] = 0x8001;
  const auto report = drive_report(sealed(block));
  EXPECT_NEAR(units::in_radians(report->angle), 3.2767, 1e-12);
  EXPECT_NEAR(units::in_newton_metres(report->torque), -3276.7, 1e-9);
}

TEST(HubReport, TakesACellThatReadsAllThatItsConverterCanForBroken) {
  for (const unsigned net : {0x7FFFU, 0x7D6FU, 0x8001U, 0x8291U}) {
    HubInBlock block = resting_hub();
    block[map::hub_in::NetForce] = static_cast<std::uint16_t>(net);
    EXPECT_FALSE(hub_report(sealed(block))->strap_left.force) << net;
  }
  for (const unsigned net : {0x7D6EU, 0x8292U}) {
    HubInBlock block = resting_hub();
    block[map::hub_in::NetForce] = static_cast<std::uint16_t>(net);
    EXPECT_TRUE(hub_report(sealed(block))->strap_left.force) << net;
  }
}

TEST(HubReport, ReadsEveryChannelAndInput) {
  const auto report = hub_report(resting_hub());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->sequence, 16);
  EXPECT_EQ(report->timestamp_us, 0x20001U);
  EXPECT_TRUE(report->ok);
  EXPECT_NEAR(units::in_newtons(*report->strap_left.force), 60.0, 1e-9);
  EXPECT_NEAR(units::in_newtons(*report->strap_right.force), 61.2, 1e-9);
  EXPECT_NEAR(units::in_newtons(*report->pads[0].force), 200.0, 1e-9);
  EXPECT_NEAR(units::in_newtons(*report->pads[2].force), -10.0, 1e-9);
  EXPECT_NEAR(units::in_newtons(*report->pads[3].force), 100.0, 1e-9);
  EXPECT_NEAR(units::in_radians(*report->second_angle), -0.8191, 1e-12);
  EXPECT_TRUE(report->estop_a_closed && report->estop_b_closed && report->guard_closed &&
              report->bench_latched && report->left_grip && report->right_grip);
  EXPECT_FALSE(report->service_key);
  EXPECT_FALSE(report->comfort_pressed);
  EXPECT_TRUE(report->comfort_plausible);
  EXPECT_EQ(report->boot_counter, 3);
}

TEST(HubReport, HasNoForceUnlessMaskStatusAndValueAllCallItValid) {
  HubInBlock masked = resting_hub();
  masked[4] = 0x003E;
  EXPECT_FALSE(hub_report(sealed(masked))->strap_left.force);
  HubInBlock faulty = resting_hub();
  faulty[0x0B] = 0x0008;  // bridge open
  EXPECT_FALSE(hub_report(sealed(faulty))->strap_left.force);
  EXPECT_EQ(hub_report(sealed(faulty))->strap_left.status, 0x0008);
  HubInBlock sentinel = resting_hub();
  sentinel[5] = 0x8000;
  EXPECT_FALSE(hub_report(sealed(sentinel))->strap_left.force);
  EXPECT_TRUE(hub_report(sealed(sentinel))->strap_right.force);
}

TEST(HubReport, HasNoSecondAngleUnlessItsSensorIsWell) {
  for (const std::uint16_t status : std::array<std::uint16_t, 3>{0x0000, 0x0003, 0x0005}) {
    HubInBlock block = resting_hub();
    block[0x19] = status;
    EXPECT_FALSE(hub_report(sealed(block))->second_angle) << status;
  }
  HubInBlock block = resting_hub();
  block[0x18] = 0x8000;
  EXPECT_FALSE(hub_report(sealed(block))->second_angle);
}

TEST(HubReport, TakesThePendantForPressedWhenEitherContactSaysSo) {
  struct Case {
    std::uint16_t contacts;  // bit 2 normally closed, bit 3 normally open
    bool pressed, plausible;
  };
  for (const Case& one :
       {Case{0x04, false, true}, Case{0x08, true, true}, Case{0x00, true, false}, Case{0x0C, true, false}}) {
    HubInBlock block = resting_hub();
    block[0x1B] = one.contacts;
    const auto report = hub_report(sealed(block));
    EXPECT_EQ(report->comfort_pressed, one.pressed) << one.contacts;
    EXPECT_EQ(report->comfort_plausible, one.plausible) << one.contacts;
  }
}

TEST(HubReport, IsNotOkWithAnyHubWideFault) {
  for (unsigned bit = 1; bit <= 6; ++bit) {
    HubInBlock block = resting_hub();
    block[3] = static_cast<std::uint16_t>(1U | (1U << bit));
    EXPECT_FALSE(hub_report(sealed(block))->ok) << bit;
  }
}

TEST(HubReport, WithASingleFlippedBitIsNone) {
  for (std::size_t at = 0; at < map::hub_in::Count; ++at) {
    HubInBlock block = resting_hub();
    block[at] = static_cast<std::uint16_t>(block[at] ^ 0x0100U);
    EXPECT_FALSE(hub_report(block)) << at;
  }
}

TEST(DriveBlock, PutsEveryFieldWhereTheMapHasIt) {
  safety::WireCommand command;
  command.enable = true;
  command.controlled_stop = true;
  command.hold_position = true;
  command.mode = sensing::DriveMode::Lowering;
  command.torque_dnm = -2;
  command.velocity_mrad_s = 3;
  command.position_dmrad = -4;
  command.resisting_limit_dnm = 5;
  command.supporting_limit_dnm = 6;
  command.lifting_speed_limit_mrad_s = 7;
  command.slew_nm_s = 8;
  command.lifting_damping_dnms = 9;
  command.lowering_damping_dnms = 10;
  command.lowering_speed_limit_mrad_s = 11;
  command.wall_low_dmrad = -12;
  command.wall_high_dmrad = 13;
  command.wall_stiffness_nm_rad = 14;
  const DriveOutBlock expected =
      sealed(DriveOutBlock{0xBEEF, 0x15, 5, 0xFFFE, 3, 0xFFFC, 5, 6, 7, 8, 9, 10, 11, 0xFFF4, 13, 14, 0});
  EXPECT_EQ(drive_block(command, 0xBEEF), expected);

  safety::WireCommand bits;
  bits.run = true;
  bits.fault_reset = true;
  EXPECT_EQ(drive_block(bits, 0)[1], 0x0A);
}

TEST(DriveBlock, NeverSaysInvalidWhereItMeansTheLowestValue) {
  safety::WireCommand command;
  command.torque_dnm = -32768;
  command.velocity_mrad_s = -32768;
  command.position_dmrad = -32768;
  command.wall_low_dmrad = -32768;
  command.resisting_limit_dnm = 0xFFFF;
  const DriveOutBlock block = drive_block(command, 1);
  for (const std::size_t at : {3U, 4U, 5U, 13U}) EXPECT_EQ(block[at], 0x8001) << at;
  EXPECT_EQ(block[6], 0xFFFF);
}

TEST(HubBlock, CarriesHeartbeatPermitAndChecksum) {
  EXPECT_EQ(hub_block(true, 0x1234), sealed(HubOutBlock{0x1234, 1, 0}));
  EXPECT_EQ(hub_block(false, 0x1235), sealed(HubOutBlock{0x1235, 0, 0}));
}

TEST(Identity, ExplainsWhatIsWrong) {
  const IdentityBlock good{0x5248, 0x5831, 0x0102, 1,      0x0001, 0x0002, 0x0100, 1,      0, 0x7F,
                           2250,   2094,   0xAAAA, 0x5555, 0x1234, 0x0102, 0x0304, 0x42F7, 0};
  std::string why;
  const auto identity = identity_of(good, map::UnitClass::ResistanceUnit, why);
  ASSERT_TRUE(identity) << why;
  EXPECT_EQ(identity->serial, 0x10002U);
  EXPECT_EQ(identity->configuration_crc, 0xAAAA5555U);

  EXPECT_FALSE(identity_of(good, map::UnitClass::LoadCellHub, why));
  EXPECT_NE(why.find("swapped"), std::string::npos) << why;
  IdentityBlock other = good;
  other[0] = 0;
  EXPECT_FALSE(identity_of(other, map::UnitClass::ResistanceUnit, why));
  EXPECT_NE(why.find("0x00005831"), std::string::npos) << why;
  other = good;
  std::swap(other[0x11], other[0x12]);
  EXPECT_FALSE(identity_of(other, map::UnitClass::ResistanceUnit, why));
  EXPECT_NE(why.find("swaps"), std::string::npos) << why;
  other = good;
  other[2] = 0x0200;
  EXPECT_FALSE(identity_of(other, map::UnitClass::ResistanceUnit, why));
  EXPECT_NE(why.find("version 2.0"), std::string::npos) << why;
}

TEST(Identity, OfAFirmwareThatNobodyTriedLetsNobodyTrain) {
  const IdentityBlock good{0x5248, 0x5831, 0x0102, 1,      0x0001, 0x0002, 0x0100, 1,      0, 0x7F,
                           2250,   2094,   0xAAAA, 0x5555, 0x1234, 0x0102, 0x0304, 0x42F7, 0};
  std::string why;
  for (const auto& [version, build] : {std::pair{0x0100, 2}, std::pair{0x0101, 1}, std::pair{0x0103, 44}}) {
    IdentityBlock other = good;
    other[6] = static_cast<std::uint16_t>(version);
    other[7] = static_cast<std::uint16_t>(build);
    EXPECT_FALSE(identity_of(other, map::UnitClass::ResistanceUnit, why));
    EXPECT_NE(why.find("was tried with 1.0 build 1"), std::string::npos) << why;
  }
  EXPECT_NE(why.find("firmware 1.3 build 44"), std::string::npos) << why;
}

}  // namespace
}  // namespace plinth::drivers
