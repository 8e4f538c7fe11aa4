#include "simulator/guide.hpp"

#include <gtest/gtest.h>

namespace plinth::simulator {
namespace {

using units::milliseconds;

TEST(OwnGuide, CountsInLiftsHoldsLowersAndComesToAnEnd) {
  OwnGuide guide{Routine{.reps = 2}};
  const MachineSigns alive{.carries_torque = true, .legs = units::degrees(-72)};
  const auto at = [&](int ms) { return guide.look(milliseconds(1000 + ms), alive); };
  EXPECT_EQ(at(0).moment, Moment::RampIn);
  EXPECT_NEAR(units::in_degrees(at(0).target), -72, 0.1);
  EXPECT_NEAR(units::in_degrees(at(2900).target), -60, 0.1);
  EXPECT_EQ(at(3500).moment, Moment::Lifting);
  EXPECT_EQ(at(3500).rep, 1);
  EXPECT_EQ(at(5500).moment, Moment::Holding);
  EXPECT_NEAR(units::in_degrees(at(5500).target), -5, 0.1);
  EXPECT_EQ(at(7000).moment, Moment::Lowering);
  EXPECT_EQ(at(10500).rep, 2);
  EXPECT_EQ(at(17500).moment, Moment::Unloading);
  EXPECT_FALSE(at(17500).moving);
}

TEST(OwnGuide, HoldsTheGripsForAStartAndShowsThemOpenInBetween) {
  OwnGuide guide{Routine{}};
  const MachineSigns dead{};
  EXPECT_FALSE(guide.look(milliseconds(1000), dead).hold_grips);
  EXPECT_TRUE(guide.look(milliseconds(5000), dead).hold_grips);
  EXPECT_FALSE(guide.look(milliseconds(11000), dead).hold_grips);
  EXPECT_TRUE(guide.look(milliseconds(15000), dead).hold_grips);
}

TEST(FedGuide, GoesOnBetweenTwoUpdatesAndNoFurther) {
  FedGuide guide;
  GuideView view;
  view.moving = true;
  view.target_speed = units::degrees_per_second(50);
  guide.show(milliseconds(1000), view);
  EXPECT_NEAR(units::in_degrees(guide.look(milliseconds(1010)).target), 0.5, 1e-6);
  EXPECT_NEAR(units::in_degrees(guide.look(milliseconds(1200)).target), 2.0, 1e-6);
}

TEST(FedGuide, LetsTheLegsHangAndTheGripsGoWhenTheFeedStops) {
  FedGuide guide;
  GuideView view;
  view.moving = true;
  view.hold_grips = true;
  guide.show(milliseconds(1000), view);
  EXPECT_TRUE(guide.look(milliseconds(1299)).moving);
  EXPECT_FALSE(guide.look(milliseconds(1301)).moving);
  EXPECT_FALSE(guide.look(milliseconds(1301)).hold_grips);
}

}  // namespace
}  // namespace plinth::simulator
