#include "simulator/plant.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Deg;

Legs legs_of_kg(double mass_kg) {
  const auto mass = units::kilograms(mass_kg);
  return legs_of(mass, typical_height(mass));
}

TEST(Legs, OfSeventyEightKilogramsHangBetweenSixtyFiveAndSeventySixDegrees) {
  const Plant plant{legs_of_kg(78)};
  EXPECT_GT(plant.legs_rest_angle(), -76 * Deg);
  EXPECT_LT(plant.legs_rest_angle(), -65 * Deg);
  EXPECT_GT(plant.rest_angle(), -76 * Deg);
  EXPECT_LT(plant.rest_angle(), plant.legs_rest_angle());
}

TEST(Legs, WeighWhatTheSegmentTablesSay) {
  const Legs heavy = legs_of_kg(110);
  EXPECT_NEAR(units::in_newton_metres(heavy.weight_moment), 142, 1);
  EXPECT_NEAR(heavy.inertia.value(), 9.3, 0.1);
  EXPECT_NEAR(units::in_metres(heavy.cuff_radius), 0.84, 0.01);
}

TEST(PassiveHip, TableIsWithinATwentiethOfANewtonMetreOfTheFormula) {
  const PassiveHip table;
  for (double angle = -129.9; angle < 39.9; angle += 0.173)
    EXPECT_NEAR(table.moment_nm(angle * Deg), passive_hip_moment_nm(angle * Deg), 0.05) << angle;
}

TEST(QuickCosine, IsWithinATenMillionthOverTheTravelOfTheArm) {
  for (double angle = -2.4; angle <= 2.4; angle += 0.01)
    EXPECT_NEAR(quick_cosine(angle), std::cos(angle), 1e-7);
}

ArmConstants frictionless_arm() {
  return {.dry_friction = 0.0, .viscous_friction = 0.0, .low_stop = -3.0, .high_stop = 3.0};
}

TEST(Plant, SwingsAsAPendulumOfItsLength) {
  Plant plant{legs_of_kg(78), frictionless_arm(), {.stiffness = 1e5, .damping = 0.0}};
  plant.without_passive_moment();
  const double amplitude = 2.0 * Deg;  // small: the period of a larger one is longer by amplitude²/16
  const double hanging = -90.0 * Deg;
  plant.set_state({hanging + amplitude, 0.0, hanging + amplitude, 0.0});
  const PlantInput free{.brake_closed = false};
  double first = 0.0;
  double last = 0.0;
  int crossings = 0;
  double before = amplitude;
  for (int i = 1; i < 20000; ++i) {
    plant.step(free, 0.001);
    const double now = plant.state().arm_angle - hanging;
    if (before < 0.0 && now >= 0.0) {
      last = (i - now / (now - before)) * 0.001;
      if (crossings++ == 0) first = last;
    }
    before = now;
  }
  ASSERT_GT(crossings, 3);
  const double inertia = 3.2 + plant.legs_inertia();
  const double weight = 31.0 + plant.legs_weight_moment();
  EXPECT_NEAR((last - first) / (crossings - 1), 2 * std::numbers::pi * std::sqrt(inertia / weight), 0.002);
}

TEST(Plant, KeepsItsEnergyForAMinuteWhenNothingRubs) {
  Plant plant{legs_of_kg(78), frictionless_arm(), {.stiffness = 8000.0, .damping = 0.0}};
  plant.without_passive_moment();
  plant.set_state({-40 * Deg, 0.0, -40 * Deg, 0.0});
  const double before = plant.energy();
  const double swing = 126.0;  // J, order of what moves to and fro
  double worst = 0.0;
  for (int i = 0; i < 60000; ++i) {
    plant.step({.brake_closed = false}, 0.001);
    worst = std::max(worst, std::abs(plant.energy() - before));
  }
  EXPECT_LT(worst / swing, 0.003);
}

// A lift, a jolt and a fall against the low stop: worst difference of the arm's angle from the run at an
// eighth of the step.
double difference_from_fine_steps(int coarse_per_ms) {
  const auto run = [](int steps_per_ms, std::vector<double>& angles) {
    Plant plant{legs_of_kg(78)};
    for (int ms = 0; ms < 8000; ++ms) {
      const double t = ms * 0.001;
      const double muscle = t < 5.0 ? 150.0 + 60.0 * std::sin(3.0 * t) : 0.0;
      for (int i = 0; i < steps_per_ms; ++i)
        plant.step({.motor_torque = 60.0, .muscle_torque = muscle, .brake_closed = false},
                   0.001 / steps_per_ms);
      angles.push_back(plant.state().arm_angle);
    }
  };
  std::vector<double> coarse;
  std::vector<double> fine;
  run(coarse_per_ms, coarse);
  run(8 * coarse_per_ms, fine);
  double worst = 0.0;
  for (std::size_t i = 0; i < coarse.size(); ++i) worst = std::max(worst, std::abs(coarse[i] - fine[i]));
  return worst / Deg;
}

TEST(Plant, DiffersByLessThanATenthOfADegreeFromTheRunAtAnEighthOfTheStep) {
  EXPECT_LT(difference_from_fine_steps(1), 0.1);
}

TEST(Brake, HoldsTwoHundredAndFiftyNewtonMetresStill) {
  Plant plant{legs_of_kg(78)};
  const double start = plant.state().arm_angle;
  for (int i = 0; i < 3000; ++i) plant.step({.motor_torque = 250.0, .brake_closed = true}, 0.001);
  EXPECT_NEAR(plant.state().arm_angle, start, 1e-9);
}

TEST(Brake, GivesABlowWhenShutInMotion) {
  Plant plant{legs_of_kg(78)};
  plant.set_state({-30 * Deg, -60 * Deg, -30 * Deg, -60 * Deg});
  double blow = 0.0;
  for (int i = 0; i < 300; ++i) {
    plant.step({.brake_closed = true}, 0.001);
    blow = std::max(blow, std::abs(plant.cuff_force()));
  }
  EXPECT_GT(blow, 150);
  EXPECT_NEAR(plant.state().arm_speed, 0.0, 1e-9);
}

TEST(EndStop, StopsTheArmWithinTwoDegrees) {
  Plant plant{legs_of_kg(110)};
  plant.set_state({-90 * Deg, -100 * Deg, -90 * Deg, -100 * Deg});
  double lowest = 0.0;
  for (int i = 0; i < 1000; ++i) {
    plant.step({.motor_torque = 100.0, .brake_closed = false}, 0.001);
    lowest = std::min(lowest, plant.state().arm_angle);
  }
  EXPECT_GT(lowest, -97.5 * Deg);
}

}  // namespace
}  // namespace plinth::simulator
