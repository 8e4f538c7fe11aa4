#include "simulator/judge.hpp"

#include <gtest/gtest.h>

namespace plinth::simulator {
namespace {

JudgeSetup setup() {
  return {.low = units::degrees(-60),
          .high = units::degrees(-5),
          .force_limit = units::newtons(170),
          .support_limit = units::newtons(320),
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

TEST(Judge, BlamesNobodyForASpringThatShutsTheBrakeWithoutPower) {
  Scene scene;
  scene.judge.started();
  scene.judge.excuse(BrakeFalls);
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

}  // namespace
}  // namespace plinth::simulator
