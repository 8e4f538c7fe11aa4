#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Bench;
using testing::Deg;

TEST(Hub, SamplesFiveHundredTimesASecond) {
  Bench bench;
  bench.pass(1000);
  const Word first = bench.host.word(2, 0x0200);
  bench.pass(1000);
  EXPECT_EQ(static_cast<Word>(bench.host.word(2, 0x0200) - first), 500);
}

TEST(Hub, SeesTheSameAngleAsTheDriveByASensorOfItsOwn) {
  Bench bench;
  bench.pass(500);
  const double hub = as_signed(bench.host.word(2, 0x0218)) * AngleUnit;
  const double drive = as_signed(bench.host.word(1, 0x0209)) * AngleUnit;
  EXPECT_NEAR(hub, drive, 0.2 * Deg);
  EXPECT_NEAR(hub, bench.station.plant().state().arm_angle, 0.2 * Deg);
}

TEST(Hub, WeighsThePersonOnItsPads) {
  Bench bench;
  bench.pass(500);
  EXPECT_NEAR(bench.host.word(2, 0x0217) * ForceUnit, 78 * 9.81, 30);
}

TEST(Hub, TaresASteadyChannelAndRefusesWhatItCannot) {
  Bench bench;
  bench.pass(3000);
  bench.host.write(2, 0x0400, {17, 1, 0b000011, 0});
  EXPECT_EQ(bench.host.word(2, 0x0409), 2);
  EXPECT_NEAR(as_signed(bench.host.word(2, 0x0205)) * ForceUnit, 0.0, 1.5);
  EXPECT_GT(as_signed(bench.host.word(2, 0x0211)) * ForceUnit, 3.0) << "gross stays";
  EXPECT_NE(bench.host.word(2, 0x020B) & (1U << 8U), 0) << "tare active";
  bench.host.write(2, 0x0400, {16, 2, 0b010000, 0});
  EXPECT_EQ(bench.host.word(2, 0x0409), 3) << "a person lies on it: too much for a zero";
  EXPECT_EQ(bench.host.word(2, 0x040A), 2);
  bench.host.write(2, 0x0400, {18, 3, 0b000011, 0});
  bench.pass(2);  // the next sample shows it
  EXPECT_GT(as_signed(bench.host.word(2, 0x0205)) * ForceUnit, 3.0);
}

TEST(Hub, TakesThePermitBackAtOnceEvenAsASingleRegister) {
  Bench bench;
  bench.host.permit(true);
  EXPECT_TRUE(bench.station.hub().relay_closed());
  EXPECT_EQ(bench.host.write_one(2, 0x0101, 0).exception(), 0);
  EXPECT_FALSE(bench.station.hub().relay_closed());
}

TEST(Eyes, TakeOnlyAWholeBlockWithANewSequence) {
  Bench bench;
  const auto low = to_signed_word(-1.0, AngleUnit);
  EXPECT_EQ(bench.host.write(2, 0x0600, {0, 0, 2, 1, 1}).exception(), 3);
  EXPECT_EQ(bench.host.write(2, 0x0600, {0, 0, 7, 1, 1, 3, low, 0}).exception(), 3) << "no such moment";
  EXPECT_EQ(
      bench.host.write(2, 0x0600, {to_signed_word(-0.5, AngleUnit), 100, 2, 1, 1, 3, low, 0}).exception(), 0);
  bench.pass(10);
  EXPECT_TRUE(bench.station.view().moving);
  EXPECT_EQ(bench.station.view().moment, Moment::Lifting);
  bench.pass(200);
  bench.host.write(2, 0x0600, {to_signed_word(-0.5, AngleUnit), 100, 2, 1, 1, 3, low, 0});
  bench.pass(200);
  EXPECT_FALSE(bench.station.view().moving) << "the same sequence again is no new look";
}

}  // namespace
}  // namespace plinth::simulator
