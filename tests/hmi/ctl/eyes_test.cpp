#include "hmi/ctl/eyes.hpp"

#include <gtest/gtest.h>

namespace plinth::ctl {
namespace {

v1::Telemetry lifting() {
  v1::Telemetry telemetry;
  v1::SessionState& session = *telemetry.mutable_session();
  session.set_stage(v1::STAGE_TRAINING);
  session.set_moment(v1::MOMENT_LIFTING);
  session.set_rep(3);
  session.set_target_deg(-30.0);
  session.set_target_velocity_deg_s(20.0);
  session.set_range_low_deg(-60.0);
  session.set_range_high_deg(-5.0);
  return telemetry;
}

std::int16_t as_signed(std::uint16_t word) {
  return static_cast<std::int16_t>(word);
}

TEST(TheEyes, SeeTheGuideInTheUnitsOfTheRegisters) {
  const Eyes eyes = eyes_for(lifting(), 77);
  EXPECT_EQ(as_signed(eyes[0]), -5236);  // 30° are 0.5236 rad
  EXPECT_EQ(as_signed(eyes[1]), 349);
  EXPECT_EQ(eyes[2], 2);  // lifting
  EXPECT_EQ(eyes[3], 3);
  EXPECT_EQ(eyes[4], 77);
  EXPECT_EQ(eyes[5], 3);  // hold the grips, follow the target
  EXPECT_EQ(as_signed(eyes[6]), -10472);
  EXPECT_EQ(as_signed(eyes[7]), -873);
}

TEST(TheEyes, AreAskedToHoldTheGripsFromTheArmingUntilTheLegsAreDown) {
  const auto holds = [](v1::Stage stage) {
    v1::Telemetry telemetry;
    telemetry.mutable_session()->set_stage(stage);
    return (eyes_for(telemetry, 0)[5] & 1U) != 0;
  };
  for (const v1::Stage stage :
       {v1::STAGE_ARMED, v1::STAGE_COUNT_IN, v1::STAGE_TRAINING, v1::STAGE_UNLOADING}) {
    EXPECT_TRUE(holds(stage)) << v1::Stage_Name(stage);
  }
  for (const v1::Stage stage :
       {v1::STAGE_NO_PRESCRIPTION, v1::STAGE_READY, v1::STAGE_RESTING, v1::STAGE_DONE, v1::STAGE_STOPPED}) {
    EXPECT_FALSE(holds(stage)) << v1::Stage_Name(stage);
  }
}

TEST(TheEyes, FollowNothingWithoutATarget) {
  v1::Telemetry telemetry = lifting();
  telemetry.mutable_session()->clear_target_deg();
  EXPECT_EQ(eyes_for(telemetry, 0)[5], 1);
}

TEST(TheEyes, HoldAValueThatIsTooLargeAtTheRegistersEnd) {
  v1::Telemetry telemetry = lifting();
  telemetry.mutable_session()->set_target_deg(1000.0);
  EXPECT_EQ(as_signed(eyes_for(telemetry, 0)[0]), 32767);
}

TEST(TheWriteRequest, IsAModbusFrameByteForByte) {
  const auto bytes = write_request(0x0102, Eyes{1, 2, 3, 4, 5, 6, 7, 0x1234});
  const std::vector<std::uint8_t> expected{0x01, 0x02, 0, 0, 0, 23, 2, 16, 0x06, 0x00, 0, 8, 16,   0,   1,
                                           0,    2,    0, 3, 0, 4,  0, 5,  0,    6,    0, 7, 0x12, 0x34};
  EXPECT_EQ(bytes, expected);
}

TEST(TheWriteRequest, IsConfirmedOnlyByItsOwnAnswer) {
  const std::vector<std::uint8_t> answer{0x01, 0x02, 0, 0, 0, 6, 2, 16, 0x06, 0x00, 0, 8};
  EXPECT_TRUE(confirms(answer, 0x0102));
  EXPECT_FALSE(confirms(answer, 0x0103));
  std::vector<std::uint8_t> refused = answer;
  refused[7] = 0x90;
  EXPECT_FALSE(confirms(refused, 0x0102));
}

TEST(AnEndpoint, IsReadFromItsName) {
  const auto endpoint = endpoint_named("tcp:127.0.0.1:1502");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(endpoint->host, "127.0.0.1");
  EXPECT_EQ(endpoint->port, "1502");
  for (const char* wrong : {"", "tcp:", "tcp:1502", "127.0.0.1:1502", "tcp:host:", "tcp::1502"}) {
    EXPECT_FALSE(endpoint_named(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace plinth::ctl
