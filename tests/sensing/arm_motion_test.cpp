#include "controller/sensing/arm_motion.hpp"

#include <gtest/gtest.h>

namespace plinth::sensing {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::in_degrees;
using units::in_degrees_per_second;
using units::milliseconds;

class Encoder : public ::testing::Test {
 protected:
  void take(double angle_deg, double speed_deg_s) {
    now_ += milliseconds(10);
    motion_.take({.angle = degrees(angle_deg), .taken_at = now_}, degrees_per_second(speed_deg_s));
  }
  EncoderMotion motion_;
  units::Instant now_{};
};

TEST_F(Encoder, IsBelievedAtFirstSight) {
  take(-70, 0);
  EXPECT_TRUE(motion_.plausible());
  EXPECT_NEAR(in_degrees(motion_.angle()), -70, 1e-9);
}

TEST_F(Encoder, MayMoveAsFastAsAnythingCan) {
  double angle = -70;
  take(angle, 0);
  for (int i = 0; i < 20; ++i) {
    take(angle += 2.2, 100);  // 220 °/s: 1.8° and half a degree of noise in 10 ms
    EXPECT_TRUE(motion_.plausible()) << i;
  }
}

TEST_F(Encoder, DropsOneReadingOutOfPlace) {
  take(-30, 0);
  take(-27.6, 0);
  EXPECT_FALSE(motion_.plausible());
  EXPECT_NEAR(in_degrees(motion_.angle()), -30, 1e-9);
  take(-30, 0);
  EXPECT_TRUE(motion_.plausible());
}

TEST_F(Encoder, StaysImplausibleLongEnoughForTheJumpRule) {
  take(-30, 0);
  for (int i = 0; i < 5; ++i) {
    take(-10, 0);
    EXPECT_FALSE(motion_.plausible()) << i;
  }
}

TEST_F(Encoder, BelievesAnOffsetOnceTheArmCouldHaveGoneThere) {
  take(-30, 0);
  for (int i = 0; i < 12; ++i) take(-10, 0);
  EXPECT_TRUE(motion_.plausible());
  EXPECT_NEAR(in_degrees(motion_.angle()), -10, 1e-9);
}

TEST_F(Encoder, FollowsARealSpeedWithinThreeCycles) {
  take(-30, 30);
  for (int i = 0; i < 3; ++i) take(-30, 35);
  EXPECT_NEAR(in_degrees_per_second(motion_.velocity()), 35, 0.7);
}

TEST_F(Encoder, ChangesItsSpeedNoFasterThanMassCan) {
  take(-30, 0);
  take(-30, 2000);
  // 90 rad/s² for 10 ms are 51.7 °/s, of which smoothing takes half.
  EXPECT_NEAR(in_degrees_per_second(motion_.velocity()), 51.7 / 2, 0.2);
}

TEST_F(Encoder, FollowsTheFallOfTheLightestPersonThatIsAccepted) {
  // 30 kg and 1.30 m with the arm are 4.43 kg·m²; 390 N·m take them to 50 °/s in 10 ms.
  take(-30, 0);
  take(-30, -50);
  EXPECT_NEAR(in_degrees_per_second(motion_.velocity()), -25, 1e-9) << "not bounded, only smoothed";
}

TEST_F(Encoder, KnowsInTimeThatAThrownArmGathersSpeed) {
  take(-30, 0);
  double speed = 0;
  for (int i = 1; i <= 4; ++i)
    take(-30, units::in_degrees_per_second(units::radians_per_second(speed += 0.05 * i)));
  // 20 rad/s² by now and 15 in the cycle before; smoothed it is hardly more than half of that.
  EXPECT_LT(motion_.acceleration_rad_s2(), 11.5);
  EXPECT_NEAR(motion_.acceleration_now_rad_s2(), 19.0, 1.5);
}

TEST_F(Encoder, HasOneAccelerationOnceItIsSteady) {
  take(-30, 0);
  double speed = 0;
  for (int i = 0; i < 20; ++i)
    take(-30, units::in_degrees_per_second(units::radians_per_second(speed += 0.02)));
  EXPECT_NEAR(motion_.acceleration_rad_s2(), 2.0, 0.01);
  EXPECT_NEAR(motion_.acceleration_now_rad_s2(), 2.0, 0.01);
}

TEST_F(Encoder, KeepsItsLastSpeedWithoutNewReports) {
  take(-30, 20);
  EXPECT_NEAR(in_degrees_per_second(motion_.velocity()), 20, 1e-9);
}

TEST(SecondSensor, HasTheSpeedOfItsOwnReadings) {
  SecondMotion second;
  units::Instant now{};
  double angle = -30;
  for (int i = 0; i < 40; ++i) {
    now += milliseconds(10);
    second.take(TimedAngle{.angle = degrees(angle += 0.5), .taken_at = now});
  }
  ASSERT_TRUE(second.velocity().has_value());
  EXPECT_NEAR(in_degrees_per_second(*second.velocity()), 50, 0.01);
}

TEST(SecondSensor, StartsAnewAfterAnInvalidReading) {
  SecondMotion second;
  units::Instant now{};
  second.take(TimedAngle{.angle = degrees(-30), .taken_at = now});
  second.take(std::nullopt);
  EXPECT_FALSE(second.reading().has_value());
  second.take(TimedAngle{.angle = degrees(-10), .taken_at = now + milliseconds(20)});
  EXPECT_FALSE(second.velocity().has_value());
}

TEST(TwoSensors, AgreeWithinTwoDegreesAtRest) {
  const units::Instant now{};
  const auto agree = [now](double apart) {
    return angles_agree({.angle = degrees(-30), .taken_at = now},
                        {.angle = degrees(-30 + apart), .taken_at = now}, degrees_per_second(0));
  };
  EXPECT_TRUE(agree(1.99));
  EXPECT_TRUE(agree(-1.99));
  EXPECT_FALSE(agree(2.01));
  EXPECT_FALSE(agree(-2.01));
}

TEST(TwoSensors, MayBeApartByWhatTheArmMovesBetweenThem) {
  const units::Instant now{};
  const auto agree = [now](double apart) {
    return angles_agree({.angle = degrees(-30), .taken_at = now},
                        {.angle = degrees(-30 + apart), .taken_at = now - milliseconds(10)},
                        degrees_per_second(60));
  };
  EXPECT_TRUE(agree(3.1));  // 2° + 60 °/s · 20 ms
  EXPECT_FALSE(agree(3.3));
}

}  // namespace
}  // namespace plinth::sensing
