#include "hmi/gateway/outbox.hpp"

#include <gtest/gtest.h>

namespace plinth::gateway {
namespace {

std::string telemetry(const std::string& body) {
  return "\x12" + body;
}
std::string outcome(const std::string& body) {
  return "\x1A" + body;
}

TEST(Outbox, SendsOnlyTheNewestTelemetry) {
  Outbox outbox;
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(outbox.push(telemetry(std::to_string(i))));
  EXPECT_EQ(outbox.pop(), telemetry("999"));
  EXPECT_EQ(outbox.pop(), std::nullopt);
  EXPECT_EQ(outbox.replaced(), 999U);
  EXPECT_EQ(outbox.bytes(), 0U);
}

TEST(Outbox, KeepsTheOrderInWhichTheStationSpoke) {
  Outbox outbox;
  ASSERT_TRUE(outbox.push(telemetry("before the stop")));
  ASSERT_TRUE(outbox.push(outcome("stopped")));
  ASSERT_TRUE(outbox.push(telemetry("after the stop")));
  EXPECT_EQ(outbox.pop(), outcome("stopped"));
  EXPECT_EQ(outbox.pop(), telemetry("after the stop"));
}

TEST(Outbox, LosesNoAnswer) {
  Outbox outbox;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(outbox.push(outcome(std::to_string(i))));
    ASSERT_TRUE(outbox.push(telemetry("t")));
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(outbox.pop(), outcome(std::to_string(i)));
}

TEST(Outbox, RefusesRatherThanGrow) {
  Outbox by_count;
  std::size_t taken = 0;
  while (by_count.push(outcome("x"))) ++taken;
  EXPECT_EQ(taken, Outbox::MostFrames);

  Outbox by_size;
  while (by_size.push(outcome(std::string(10'000, 'x')))) {
  }
  EXPECT_LE(by_size.bytes(), Outbox::MostBytes);
}

TEST(Outbox, TakesOneLargeFrameWhenEmpty) {
  Outbox outbox;
  EXPECT_TRUE(outbox.push(outcome(std::string(MostFromServer - 1, 'x'))));
  EXPECT_FALSE(outbox.push(outcome("y")));
}

}  // namespace
}  // namespace plinth::gateway
