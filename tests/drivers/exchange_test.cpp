#include "drivers/exchange.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace plinth::drivers {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct Stream {
  Exchange exchange;
  std::array<std::uint8_t, MaxPdu> buffer{};

  // Asks unit 1 for one register; returns the transaction.
  std::uint16_t ask() {
    const auto frame = exchange.ask(1, read_request(Function::ReadInput, 0x0200, 1, buffer));
    return static_cast<std::uint16_t>((frame[0] << 8U) | frame[1]);
  }
  static Bytes answer(std::uint16_t transaction, std::uint16_t value, std::uint8_t unit = 1) {
    return {static_cast<std::uint8_t>(transaction >> 8U),
            static_cast<std::uint8_t>(transaction),
            0,
            0,
            0,
            5,
            unit,
            0x04,
            0x02,
            static_cast<std::uint8_t>(value >> 8U),
            static_cast<std::uint8_t>(value)};
  }
  std::uint16_t value() {
    std::array<std::uint16_t, 1> out{};
    EXPECT_TRUE(registers_of(exchange.answer(), out));
    return out[0];
  }
};

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(Exchange, FramesTheRequestWithTransactionLengthAndUnit) {
  Stream stream;
  stream.ask();
  const auto frame = stream.exchange.ask(17, read_request(Function::ReadHolding, 0x006B, 3, stream.buffer));
  EXPECT_EQ(Bytes(frame.begin(), frame.end()), (Bytes{0, 2, 0, 0, 0, 6, 17, 3, 0, 0x6B, 0, 3}));
}

TEST(Exchange, IsDoneWithTheAnswerThatBelongsToIt) {
  Stream stream;
  const auto transaction = stream.ask();
  EXPECT_EQ(stream.exchange.progress(), Progress::Pending);
  EXPECT_EQ(stream.exchange.feed(Stream::answer(transaction, 4711)), Progress::Done);
  EXPECT_EQ(stream.value(), 4711);
}

TEST(Exchange, PutsAnAnswerTogetherFromSingleBytes) {
  Stream stream;
  const Bytes answer = Stream::answer(stream.ask(), 4711);
  for (std::size_t at = 0; at + 1 < answer.size(); ++at)
    ASSERT_EQ(stream.exchange.feed(std::span{answer}.subspan(at, 1)), Progress::Pending) << at;
  EXPECT_EQ(stream.exchange.feed(std::span{answer}.last(1)), Progress::Done);
  EXPECT_EQ(stream.value(), 4711);
}

TEST(Exchange, SplitAnywhereAnAnswerStaysTheSame) {
  for (std::size_t cut = 1; cut < 22; ++cut) {
    Stream stream;
    const auto old = stream.ask();
    const auto fresh = stream.ask();
    const Bytes both = Stream::answer(old, 1) + Stream::answer(fresh, 2);
    stream.exchange.feed(std::span{both}.first(cut));
    EXPECT_EQ(stream.exchange.feed(std::span{both}.subspan(cut)), Progress::Done);
    EXPECT_EQ(stream.value(), 2) << cut;
    EXPECT_EQ(stream.exchange.stale(), 1U);
  }
}

TEST(Exchange, NeverTakesALateAnswerForTheNextValue) {
  Stream stream;
  for (std::uint16_t cycle = 0; cycle < 200; ++cycle) {
    const auto late = stream.ask();
    stream.exchange.give_up();
    const auto asked = stream.ask();
    ASSERT_EQ(stream.exchange.feed(Stream::answer(late, 0xDEAD)), Progress::Pending);
    ASSERT_EQ(stream.exchange.feed(Stream::answer(asked, cycle)), Progress::Done);
    ASSERT_EQ(stream.value(), cycle);
  }
  EXPECT_EQ(stream.exchange.stale(), 200U);
}

TEST(Exchange, DrainsAnAnswerNobodyWaitsFor) {
  Stream stream;
  const auto transaction = stream.ask();
  stream.exchange.give_up();
  EXPECT_EQ(stream.exchange.feed(Stream::answer(transaction, 1)), Progress::Idle);
  EXPECT_EQ(stream.exchange.stale(), 1U);
}

TEST(Exchange, CountsASecondAnswerToTheSameRequestAsStale) {
  Stream stream;
  const auto transaction = stream.ask();
  EXPECT_EQ(stream.exchange.feed(Stream::answer(transaction, 1) + Stream::answer(transaction, 2)),
            Progress::Done);
  EXPECT_EQ(stream.value(), 1);
  EXPECT_EQ(stream.exchange.stale(), 1U);
}

TEST(Exchange, RemembersHalfALateAnswerAcrossTheNextRequest) {
  Stream stream;
  const Bytes late = Stream::answer(stream.ask(), 1);
  stream.exchange.feed(std::span{late}.first(9));
  stream.exchange.give_up();
  const auto transaction = stream.ask();
  EXPECT_EQ(stream.exchange.feed(std::span{late}.subspan(9)), Progress::Pending);
  EXPECT_EQ(stream.exchange.feed(Stream::answer(transaction, 2)), Progress::Done);
  EXPECT_EQ(stream.value(), 2);
}

TEST(Exchange, DiscardsAnAnswerOfAnotherUnitFunctionOrCount) {
  Stream stream;
  EXPECT_EQ(stream.exchange.feed(Stream::answer(stream.ask(), 1, 2)), Progress::Mismatch);
  Bytes function = Stream::answer(stream.ask(), 1);
  function[7] = 0x03;
  EXPECT_EQ(stream.exchange.feed(function), Progress::Mismatch);
  Bytes count = Stream::answer(stream.ask(), 1);
  count[8] = 0x04;
  EXPECT_EQ(stream.exchange.feed(count), Progress::Mismatch);
  EXPECT_EQ(stream.exchange.feed(Stream::answer(stream.ask(), 5)), Progress::Done);
}

TEST(Exchange, HandsOnAnException) {
  Stream stream;
  const auto transaction = stream.ask();
  EXPECT_EQ(stream.exchange.feed(Bytes{static_cast<std::uint8_t>(transaction >> 8U),
                                       static_cast<std::uint8_t>(transaction), 0, 0, 0, 3, 1, 0x84, 0x06}),
            Progress::Exception);
  EXPECT_EQ(exception_of(stream.exchange.answer()), 6);
}

TEST(Exchange, GivesUpAStreamThatIsNotModbus) {
  for (const Bytes& noise : {Bytes{0, 1, 0, 9, 0, 5, 1}, Bytes{0, 1, 0, 0, 0, 1, 1},
                             Bytes{0, 1, 0, 0, 1, 0, 1}, Bytes{'H', 'T', 'T', 'P', '/', '1', '.'}}) {
    Stream stream;
    stream.ask();
    EXPECT_EQ(stream.exchange.feed(noise), Progress::Broken);
    stream.ask();
    EXPECT_EQ(stream.exchange.progress(), Progress::Broken);
    stream.exchange.restart();
    const auto transaction = stream.ask();
    EXPECT_EQ(stream.exchange.feed(Stream::answer(transaction, 3)), Progress::Done);
  }
}

TEST(Exchange, GoesThroughAllTransactionNumbers) {
  Stream stream;
  for (int round = 0; round < 70'000; ++round)
    ASSERT_EQ(stream.exchange.feed(Stream::answer(stream.ask(), 1)), Progress::Done);
}

}  // namespace
}  // namespace plinth::drivers
