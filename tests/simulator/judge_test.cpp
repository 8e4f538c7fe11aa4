#include "simulator/judge.hpp"

#include <gtest/gtest.h>

namespace plinth::simulator {
namespace {

JudgeSetup setup() {
  return {.low = units::degrees(-60),
          .high = units::degrees(-5),
          .force_limit = units::newtons(170),
          .legs = units::newton_metres(95),
          .cuff_radius = units::metres(0.79)};
}

// Feeds one truth for some milliseconds.
struct Scene {
  Judge judge{setup()};
  Truth truth{.arm_angle = units::degrees(-30), .brake_closed = false, .torque_on = true};
  void last(int ms) {
    for (int i = 0; i < ms; ++i) {
      truth.time += units::milliseconds(1);
      judge.observe(truth);
    }
  }
  void load(double newtons) { truth.added_load = units::newtons(newtons); }
  void speed(double deg_s) { truth.arm_speed = units::degrees_per_second(deg_s); }
};

TEST(Judge, FindsNothingWrongWithAnOrdinaryLift) {
  Scene scene;
  scene.judge.started();
  scene.load(120);
  scene.speed(40);
  scene.last(2000);
  EXPECT_TRUE(scene.judge.reasons().empty());
}

TEST(Judge, AllowsForceAboveTheLimitForSixtyMillisecondsAndNoLonger) {
  Scene scene;
  scene.judge.started();
  scene.load(195);
  scene.last(60);
  EXPECT_TRUE(scene.judge.reasons().empty());
  scene.last(10);
  ASSERT_EQ(scene.judge.reasons().size(), 1U);
  EXPECT_NE(scene.judge.reasons()[0].find("above the limit"), std::string::npos);
  scene.last(1000);
  EXPECT_EQ(scene.judge.reasons().size(), 1U) << "told once";
}

TEST(Judge, CallsALoadThatRisesOrStaysAfterAStopUnsafe) {
  Scene scene;
  scene.judge.started();
  scene.load(120);
  scene.last(10);
  scene.judge.tripped(scene.truth.time);
  scene.load(60);
  scene.last(100);
  scene.load(90);
  scene.last(40);
  EXPECT_EQ(scene.judge.reasons().size(), 1U);
  scene.last(400);
  EXPECT_EQ(scene.judge.reasons().size(), 2U);
}

TEST(Judge, CallsPushingTheLegsUpAndMovingUnaskedUnsafe) {
  Scene scene;
  scene.load(-60);
  scene.speed(10);
  scene.last(100);
  EXPECT_EQ(scene.judge.reasons().size(), 2U);
}

TEST(Judge, LetsTheLowerWallOfTheSetPushWhereLegsRestAboveTheRange) {
  for (const double rest_deg : {-50.0, -70.0}) {
    Scene scene;
    scene.truth.brake_closed = true;
    scene.truth.arm_angle = units::degrees(rest_deg);
    scene.judge.started();
    scene.last(10);
    scene.truth.brake_closed = false;
    scene.truth.arm_angle = units::degrees(-48);
    scene.load(-60);
    scene.speed(2);
    scene.last(100);
    EXPECT_EQ(scene.judge.reasons().size(), rest_deg < -60 ? 1U : 0U) << rest_deg;
  }
}

TEST(Judge, BoundsTheFallOfDroppedLegs) {
  Scene scene;
  scene.judge.started();
  scene.truth.let_go = true;
  scene.speed(-75);
  scene.last(5);
  EXPECT_EQ(scene.judge.reasons().size(), 1U);
  scene.speed(-30);
  scene.last(250);
  EXPECT_EQ(scene.judge.reasons().size(), 2U);
}

TEST(Judge, CallsABrakeThatShutsOnMovingLegsUnsafe) {
  Scene scene;
  scene.judge.started();
  scene.speed(-9);
  scene.last(10);
  scene.truth.brake_closed = true;
  scene.last(10);
  EXPECT_TRUE(scene.judge.reasons().empty()) << "gently, at the end of a lowering";
  scene.truth.brake_closed = false;
  scene.last(10);
  scene.speed(30);
  scene.truth.brake_closed = true;
  scene.last(10);
  EXPECT_EQ(scene.judge.reasons().size(), 1U);
}

TEST(Judge, LetsABrakeShutOnLegsThatBeatWithNoMoreThanTheyBeatWith) {
  for (const double speed : {-16.0, -18.0}) {
    Scene scene;
    scene.judge.started();
    scene.judge.excuse({.excuses = Shakes, .arm_left = {}});
    scene.speed(speed);
    scene.last(10);
    scene.truth.brake_closed = true;
    scene.last(1);
    EXPECT_EQ(scene.judge.reasons().empty(), speed > -17) << speed;
  }
}

TEST(Judge, BlamesNobodyForASpringThatShutsTheBrakeWithoutPower) {
  Scene scene;
  scene.judge.started();
  scene.judge.excuse({.excuses = BrakeFalls, .arm_left = {}});
  scene.speed(30);
  scene.last(10);
  scene.truth.brake_closed = true;
  scene.last(10);
  EXPECT_TRUE(scene.judge.reasons().empty());
}

TEST(Judge, AllowsTheDriveItsCapAndNoMore) {
  Scene scene;
  scene.judge.started();
  scene.truth.motor_torque = units::newton_metres(230);
  scene.last(50);
  EXPECT_TRUE(scene.judge.reasons().empty());
  scene.truth.motor_torque = units::newton_metres(240);
  scene.last(10);
  EXPECT_EQ(scene.judge.reasons().size(), 1U);
}

TEST(Judge, CallsLegsThatFallUnheldUnsafe) {
  Scene scene;
  scene.judge.started();
  scene.truth.muscle_torque = units::newton_metres(80);
  scene.speed(-80);
  scene.last(100);
  EXPECT_TRUE(scene.judge.reasons().empty()) << "a person may lower their own legs as they like";
  scene.truth.muscle_torque = units::newton_metres(0);
  scene.last(100);
  EXPECT_EQ(scene.judge.reasons().size(), 1U);
}

TEST(Judge, AsksOfTheMachineToHoldLegsThatAreThrownBackOnceTheyAreBelowItsSoftLimit) {
  for (const double angle : {15.5, 14.5}) {
    Scene scene;
    scene.judge.started();
    scene.truth.arm_angle = units::degrees(angle);
    scene.speed(-80);
    scene.last(30);
    EXPECT_EQ(scene.judge.reasons().empty(), angle > 15) << angle;
  }
}

TEST(Judge, LetsTheWallHoldBackAsMuchAsItIsPressedAndNoMore) {
  for (const double depth_deg : {1.0, 6.0}) {
    Scene scene;
    scene.judge.started();
    scene.truth.arm_angle = units::degrees(-8.0 + depth_deg);
    scene.load(170.0 + 100.0);  // a wall of 2000 N·m/rad gives 44 N at 1°, and 200 N from 4.5° on
    scene.last(100);
    EXPECT_EQ(scene.judge.reasons().empty(), depth_deg > 4.5) << depth_deg;
  }
}

TEST(Judge, MeasuresSupportByTheLegsWeightAtTheirAngle) {
  Scene scene;
  scene.judge.started();
  scene.truth.leg_angle = units::degrees(-60);
  scene.load(-270);  // 60 + 200 N, and 20 N of margin
  scene.last(100);
  EXPECT_TRUE(scene.judge.reasons().empty());
  scene.load(-290);
  scene.last(100);
  EXPECT_EQ(scene.judge.reasons().size(), 1U);
}

TEST(Judge, TimesAStopThatIsCutOffFromTheLastTelegram) {
  Scene scene;
  scene.judge.started();
  scene.load(120);
  scene.last(300);
  scene.judge.tripped(scene.truth.time);
  scene.last(20);
  scene.load(100);
  scene.last(1);
  scene.judge.cut_off(scene.truth.time);
  scene.last(110);
  EXPECT_TRUE(scene.judge.reasons().empty()) << "the watchdog has not begun";
  scene.last(300);
  EXPECT_FALSE(scene.judge.reasons().empty());
}

TEST(Judge, DoesNotTakeABrakeTestForAPush) {
  Scene scene;
  scene.truth.torque_on = false;
  scene.truth.brake_closed = true;
  scene.truth.motor_torque = units::newton_metres(260);
  scene.last(300);
  EXPECT_TRUE(scene.judge.reasons().empty());
}

}  // namespace
}  // namespace plinth::simulator
