#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Bench;
using testing::Host;

TEST(Identity, OfBothUnitsReadsAsTheMapSays) {
  Bench bench;
  for (const std::uint8_t unit : {std::uint8_t{1}, std::uint8_t{2}}) {
    const auto words = bench.host.words(unit, 0x0000, 0x13);
    EXPECT_EQ(words[0], 0x5248);  // "RH"
    EXPECT_EQ(words[1], 0x5831);  // "X1"
    EXPECT_EQ(words[2], 0x0100);
    EXPECT_EQ(words[3], unit);  // class 1 resistance unit, 2 hub
    EXPECT_EQ(words[0x0E], 0x1234);
    EXPECT_EQ(words[0x0F], 0x0102);
    EXPECT_EQ(words[0x10], 0x0304);
    EXPECT_EQ(words[0x11], 0x42F7);
    EXPECT_EQ(words[0x12], 0x0000);
  }
  EXPECT_EQ(bench.host.word(1, 0x000A), 4000);  // 400 N·m
  EXPECT_EQ(bench.host.word(2, 0x000A), 6);     // channels
}

TEST(CyclicInputs, CarryTheSumOfTheirWordsAndASequenceThatCountsMilliseconds) {
  Bench bench;
  bench.pass(100);
  const auto first = bench.host.words(1, 0x0200, 20);
  EXPECT_EQ(first[19], crc16(std::span{first}.first(19)));
  bench.pass(10);
  const auto second = bench.host.words(1, 0x0200, 20);
  EXPECT_EQ(static_cast<Word>(second[0] - first[0]), 10);
  const auto hub = bench.host.words(2, 0x0200, 32);
  EXPECT_EQ(hub[31], crc16(std::span{hub}.first(31)));
  EXPECT_EQ(hub[4], 0x3F);
}

TEST(CyclicInputs, OfOneInstantAreTheSameHoweverOftenTheyAreRead) {
  Bench bench;
  bench.pass(101);
  EXPECT_EQ(bench.host.words(1, 0x0200, 20), bench.host.words(1, 0x0200, 20));
  EXPECT_EQ(bench.host.words(2, 0x0200, 32), bench.host.words(2, 0x0200, 32));
}

TEST(Checksum, IsTheOneOfModbus) {
  // 01 03 33 00 00 05 has the sum 8A 8D on the wire, low byte first.
  const std::vector<Word> words{0x0103, 0x3300, 0x0005};
  EXPECT_EQ(crc16(words), 0x8D8A);
}

TEST(Registers, ThatDoNotExistAreExceptionTwo) {
  Bench bench;
  EXPECT_EQ(bench.host.read(1, 0x0111, 1).exception(), 2);
  EXPECT_EQ(bench.host.read(1, 0x0210, 10).exception(), 2) << "half of it defined";
  EXPECT_EQ(bench.host.write(1, 0x0200, {1}).exception(), 2) << "read only";
  EXPECT_EQ(bench.host.read(2, 0x0300, 1).exception(), 2);
}

TEST(Registers, AskedForInImpossibleNumbersAreExceptionThreeAndUnknownFunctionsOne) {
  Bench bench;
  EXPECT_EQ(bench.host.read(1, 0x0000, 0).exception(), 3);
  EXPECT_EQ(bench.host.read(1, 0x0000, 126).exception(), 3);
  EXPECT_EQ(bench.host.send(1, {0x2B, 0x0E, 1, 0}).exception(), 1);
  EXPECT_EQ(bench.host.send(1, {0x10, 1, 0, 0, 2, 3, 0, 0, 0}).exception(), 3) << "byte count does not fit";
}

TEST(ReadWrite, WritesTheBlockAndReadsTheEchoOfItsHeartbeatInOneRequest) {
  Bench bench;
  Host::Block block;
  bench.host.heartbeat_ = 77;
  const auto words = bench.host.encode(block);
  std::vector<std::uint8_t> request{0x17, 0x02, 0x03, 0, 1, 0x01, 0x00, 0, 17, 34};
  for (const Word word : words) {
    request.push_back(static_cast<std::uint8_t>(word >> 8U));
    request.push_back(static_cast<std::uint8_t>(word & 0xFFU));
  }
  const auto reply = bench.host.send(1, request);
  ASSERT_EQ(reply.exception(), 0);
  EXPECT_EQ(reply.bytes[3], 77);
}

TEST(CyclicBlock, WithAModeThatDoesNotExistIsExceptionThree) {
  Bench bench;
  Host::Block block;
  block.mode = 6;
  EXPECT_EQ(bench.host.command(block).exception(), 3);
}

TEST(InstalledLimits, TakeNoWriteWithoutTheKey) {
  Bench bench;
  EXPECT_EQ(bench.host.write_one(1, 0x0305, 2000).exception(), 0);
  EXPECT_EQ(bench.host.word(1, 0x0305), 4000);
  EXPECT_NE(bench.host.word(1, 0x0206) & (1U << 9U), 0) << "limit request refused";
}

TEST(InstalledLimits, AreMirroredFromWhatTheDriveWorksWith) {
  Bench bench;
  ASSERT_EQ(bench.host.write_one(1, 0x0300, 0x5AFE).exception(), 0);
  ASSERT_EQ(
      bench.host.write(1, 0x0301, {120, 1, 150, 0, 2000, 1500, static_cast<Word>(-15000), 3000, 5000, 1})
          .exception(),
      0);
  const auto mirror = bench.host.words(1, 0x0320, 12);
  EXPECT_EQ(mirror[0], 2000);
  EXPECT_EQ(mirror[1], 2000);
  EXPECT_EQ(mirror[2], 1500);
  EXPECT_EQ(as_signed(mirror[3]), -15000);
  EXPECT_EQ(mirror[4], 3000);
  EXPECT_EQ(mirror[5], 5000);
  EXPECT_EQ(mirror[6], 120);
  EXPECT_EQ(mirror[7], 1);
  EXPECT_EQ(mirror[8], 150);
  const auto installed = bench.host.words(1, 0x0301, 10);
  const std::uint32_t sum = crc32(installed);
  EXPECT_EQ(mirror[10], high_word(sum));
  EXPECT_EQ(mirror[11], low_word(sum));
}

TEST(InstalledLimits, TightenAtAnyTimeAndLoosenOnlyWhileDisabled) {
  Bench bench;
  bench.host.write_one(1, 0x0300, 0x5AFE);
  bench.host.write_one(1, 0x0305, 2000);
  Host::Block block;
  bench.host.start(block);
  bench.host.write_one(1, 0x0305, 1500);
  EXPECT_EQ(bench.host.word(1, 0x0305), 1500);
  bench.host.write_one(1, 0x0305, 2500);
  EXPECT_EQ(bench.host.word(1, 0x0305), 1500);
  EXPECT_EQ(bench.host.word(1, 0x0211), 5);
  block.control = 0;
  bench.host.run(0.1, block);
  bench.host.write_one(1, 0x0305, 2500);
  EXPECT_EQ(bench.host.word(1, 0x0305), 2500);
}

TEST(InstalledLimits, BeyondTheHardwareAreExceptionThreeAndChangeNothing) {
  Bench bench;
  bench.host.write_one(1, 0x0300, 0x5AFE);
  EXPECT_EQ(bench.host.write_one(1, 0x0301, 501).exception(), 3);
  EXPECT_EQ(bench.host.write_one(1, 0x0301, 0).exception(), 3) << "a watchdog that is off does not exist";
  EXPECT_EQ(bench.host.write(1, 0x0305, {2000, 9999}).exception(), 3);
  EXPECT_EQ(bench.host.word(1, 0x0305), 4000);
}

TEST(InstalledLimits, LockAgainAfterThirtySeconds) {
  Bench bench;
  bench.host.write_one(1, 0x0300, 0x5AFE);
  bench.pass(30001);
  bench.host.write_one(1, 0x0305, 2000);
  EXPECT_EQ(bench.host.word(1, 0x0305), 4000);
}

TEST(Mailbox, CarriesOutACommandOnceForEachNewSequence) {
  Bench bench;
  EXPECT_EQ(bench.host.word(1, 0x0409), 0);
  bench.host.write(1, 0x0400, {3, 1, 0, 0});  // save
  EXPECT_EQ(bench.host.word(1, 0x0409), 1) << "busy";
  EXPECT_EQ(bench.host.write(1, 0x0400, {3, 2, 0, 0}).exception(), 6);
  bench.pass(60);
  EXPECT_EQ(bench.host.words(1, 0x0408, 3), (std::vector<Word>{1, 2, 0}));
  bench.host.write(1, 0x0400, {99, 1, 0, 0});
  EXPECT_EQ(bench.host.word(1, 0x0409), 2) << "an old sequence is not carried out";
  bench.host.write(1, 0x0400, {99, 2, 0, 0});
  EXPECT_EQ(bench.host.word(1, 0x0409), 3) << "unknown: rejected";
  EXPECT_EQ(bench.host.write(1, 0x0400, {3, 3}).exception(), 3) << "only as a whole";
}

TEST(Mailbox, ProvesTheBrake) {
  Bench bench;
  Host::Block idle;
  bench.host.run(0.1, idle);  // the test needs torque, and torque the hub's permit
  bench.host.write(1, 0x0400, {4, 1, 0, 0});
  bench.host.run(0.5, idle);
  EXPECT_EQ(bench.host.word(1, 0x0409), 2);
}

}  // namespace
}  // namespace plinth::simulator
