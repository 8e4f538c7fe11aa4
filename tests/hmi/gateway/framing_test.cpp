#include "hmi/gateway/framing.hpp"

#include <gtest/gtest.h>

#include "hmi/gateway/allowance.hpp"

namespace plinth::gateway {
namespace {

using namespace std::chrono_literals;

TEST(Framing, CutsAStreamWhereverItWasBroken) {
  const std::string big(300, 'b');
  const std::string stream = length_prefix(3) + "abc" + length_prefix(0) + length_prefix(big.size()) + big;
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    FrameSplitter frames;
    std::vector<std::string> got;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      frames.feed(std::string_view{stream}.substr(at, step));
      while (auto frame = frames.next()) got.push_back(*frame);
    }
    EXPECT_EQ(got, (std::vector<std::string>{"abc", "", big})) << "in steps of " << step;
    EXPECT_FALSE(frames.broken());
  }
}

TEST(Framing, PrefixesAsProtobufDoes) {
  EXPECT_EQ(length_prefix(0), std::string(1, '\0'));
  EXPECT_EQ(length_prefix(127), "\x7F");
  EXPECT_EQ(length_prefix(128), "\x80\x01");
  EXPECT_EQ(length_prefix(300), "\xAC\x02");
}

TEST(Framing, GivesUpOnALengthThatIsTooLong) {
  FrameSplitter frames;
  frames.feed(length_prefix(MostFromServer + 1));
  EXPECT_EQ(frames.next(), std::nullopt);
  EXPECT_TRUE(frames.broken());
}

TEST(Framing, GivesUpOnALengthThatNeverEnds) {
  FrameSplitter frames;
  frames.feed("\xFF\xFF\xFF\xFF\xFF");
  EXPECT_EQ(frames.next(), std::nullopt);
  EXPECT_TRUE(frames.broken());
}

TEST(Framing, TakesTheLargestFrame) {
  FrameSplitter frames;
  frames.feed(length_prefix(MostFromServer) + std::string(MostFromServer, 'x'));
  const auto frame = frames.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->size(), MostFromServer);
}

TEST(Framing, KnowsTelemetryByItsFirstByte) {
  EXPECT_EQ(kind_of("\x12\x00"), FrameKind::Telemetry);
  EXPECT_EQ(kind_of("\x2A\x00"), FrameKind::Heartbeat);
  EXPECT_EQ(kind_of("\x0A\x00"), FrameKind::Ordered) << "welcome";
  EXPECT_EQ(kind_of("\x1A\x00"), FrameKind::Ordered) << "outcome";
  EXPECT_EQ(kind_of(""), FrameKind::Ordered);
}

TEST(Allowance, LetsAPageSpeakAndStopsAFlood) {
  const auto start = Allowance::Clock::now();
  Allowance page{start};
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(page.take(start + i * 100ms)) << i;

  Allowance flood{start};
  int passed = 0;
  for (int i = 0; i < 1000; ++i) passed += flood.take(start) ? 1 : 0;
  EXPECT_EQ(passed, 40);
  EXPECT_TRUE(flood.take(start + 1s)) << "and forgives";
}

}  // namespace
}  // namespace plinth::gateway
