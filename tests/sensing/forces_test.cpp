#include "controller/sensing/forces.hpp"

#include <gtest/gtest.h>

namespace plinth::sensing {
namespace {

using units::degrees_per_second;
using units::in_metres;
using units::in_newtons;
using units::milliseconds;
using units::newtons;

TEST(Calibration, AppliesGainThenOffset) {
  const auto force = calibrated({.force = newtons(100), .status = 1}, {.gain = 1.1, .offset = newtons(-5)});
  ASSERT_TRUE(force.has_value());
  EXPECT_NEAR(in_newtons(*force), 105, 1e-9);
}

TEST(Calibration, OfAnotherCellIsNotApplied) {
  const ForceChannel channel{.force = newtons(100), .status = 1};
  EXPECT_TRUE(calibrated(channel, {.gain = 0.5, .offset = {}}).has_value());
  EXPECT_TRUE(calibrated(channel, {.gain = 2.0, .offset = {}}).has_value());
  EXPECT_FALSE(calibrated(channel, {.gain = 0.49, .offset = {}}).has_value());
  EXPECT_FALSE(calibrated(channel, {.gain = 2.01, .offset = {}}).has_value());
}

TEST(Calibration, MakesNoForceOfAnInvalidReading) {
  EXPECT_FALSE(calibrated({.force = std::nullopt, .status = 2}, {}).has_value());
}

TEST(Sum, IsUnknownWhenAPartIs) {
  EXPECT_FALSE(sum(newtons(1), std::nullopt).has_value());
  EXPECT_NEAR(in_newtons(*sum(newtons(1), newtons(2))), 3, 1e-12);
}

TEST(CentreOfPressure, LiesInTheMiddleUnderAnEvenLoad) {
  const auto centre = centre_of_pressure({newtons(100), newtons(100), newtons(100), newtons(100)}, {});
  ASSERT_TRUE(centre.has_value());
  EXPECT_NEAR(in_metres(centre->x), 0, 1e-12);
  EXPECT_NEAR(in_metres(centre->y), 0, 1e-12);
}

TEST(CentreOfPressure, LiesOnThePadThatCarriesAll) {
  const Calibration calibration;
  const auto centre = centre_of_pressure({newtons(400), newtons(0), newtons(0), newtons(0)}, calibration);
  ASSERT_TRUE(centre.has_value());
  EXPECT_NEAR(in_metres(centre->x), in_metres(calibration.pad_half_length), 1e-12);
  EXPECT_NEAR(in_metres(centre->y), in_metres(calibration.pad_half_width), 1e-12);
}

TEST(CentreOfPressure, IsNoneOfAnEmptyBenchOrADeadPad) {
  EXPECT_FALSE(centre_of_pressure({newtons(4), newtons(4), newtons(4), newtons(4)}, {}).has_value());
  EXPECT_FALSE(centre_of_pressure({newtons(400), std::nullopt, newtons(0), newtons(0)}, {}).has_value());
}

class Cell : public ::testing::Test {
 protected:
  void reports(int count, double newton, double speed_deg_s) {
    for (int i = 0; i < count; ++i)
      watch_.watch({.force = newtons(newton), .status = 1}, degrees_per_second(speed_deg_s),
                   milliseconds(10));
  }
  CellWatch watch_;
};

TEST_F(Cell, IsFrozenAfter150MsOfTheSameValueInMotionUnderLoad) {
  reports(16, 60, 20);
  EXPECT_FALSE(watch_.frozen());
  reports(1, 60, 20);
  EXPECT_TRUE(watch_.frozen());
  reports(1, 60.1, 20);
  EXPECT_FALSE(watch_.frozen());
}

TEST_F(Cell, IsFrozenAfterASecondHoweverLightItsLoad) {
  for (const double newton : {14.9, 10.0, 0.0, -3.0}) {
    reports(101, newton, 10);
    EXPECT_FALSE(watch_.frozen()) << newton;
    reports(1, newton, 10);
    EXPECT_TRUE(watch_.frozen()) << newton;
  }
}

TEST_F(Cell, IsWatchedAcrossThePausesOfARep) {
  reports(60, 10, 10);
  reports(500, 10, 0);
  EXPECT_FALSE(watch_.frozen());
  reports(42, 10, -10);
  EXPECT_TRUE(watch_.frozen());
}

TEST_F(Cell, MayRepeatItselfWhileTheArmStandsStill) {
  reports(1000, 60, 1.9);
  EXPECT_FALSE(watch_.frozen());
}

}  // namespace
}  // namespace plinth::sensing
