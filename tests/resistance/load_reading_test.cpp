#include "controller/resistance/load_reading.hpp"

#include <gtest/gtest.h>

#include "tests/resistance/laws.hpp"

namespace plinth::resistance {
namespace {

using units::degrees;
using units::newtons;

TEST(AppliedLoad, IsTheLoadThatTheLawAskedFor) {
  for (const double support : {0.0, 0.4}) {
    ConstantLoad law = typical_law();
    law.leg_support = support;
    for (const double angle : {-50.0, -30.0, -8.0}) {
      const auto demand = torque_demand(law, arm_at(angle));
      EXPECT_NEAR(units::in_newtons(applied_load(law, demand.torque, degrees(angle))), 120, 1e-9) << angle;
    }
  }
}

TEST(MeasuredLoad, TakesTheCarriedWeightOfTheLegsOutOfTheCells) {
  ConstantLoad law = typical_law();
  law.leg_support = 0.5;
  sensing::Estimate estimate = arm_at(-30);
  const double carried = 0.5 * 95.0 * std::cos(-30 * units::RadiansPerDegree) / 0.79;
  estimate.strap = newtons(120 - carried);
  EXPECT_NEAR(units::in_newtons(*measured_load(law, estimate)), 120, 1e-9);
}

TEST(MeasuredLoad, IsUnknownWhileTheCellsAre) {
  EXPECT_FALSE(measured_load(typical_law(), arm_at(-30)).has_value());
}

TEST(MeasuredLoad, IsTheCellsOwnReadingWhenNothingIsApplied) {
  sensing::Estimate estimate = arm_at(-70);
  estimate.strap = newtons(12);
  EXPECT_EQ(measured_load(Off{}, estimate), newtons(12));
  EXPECT_EQ(applied_load(Lower{}, units::newton_metres(-80), degrees(-30)), newtons(0));
}

}  // namespace
}  // namespace plinth::resistance
