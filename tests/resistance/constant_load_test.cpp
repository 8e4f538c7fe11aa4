#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/resistance/laws.hpp"

namespace plinth::resistance {
namespace {

using units::degrees;
using units::newton_metres;
using units::newtons;

constexpr double NotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double Infinite = std::numeric_limits<double>::infinity();
constexpr double Load = 120.0 * 0.79;  // N·m

double level(double angle_deg) {
  return std::cos(angle_deg * units::RadiansPerDegree);
}

TEST(ConstantLoad, IsTheLoadAtTheStrapLessTheArmsOwnWeight) {
  for (const double angle : {-50.0, -30.0, -10.0, -5.0})
    EXPECT_NEAR(torque_nm(typical_law(), arm_at(angle)), Load - 31.0 * level(angle), 1e-9) << angle;
}

TEST(ConstantLoad, WithoutRampOnlyTheArmIsCarried) {
  ConstantLoad law = typical_law();
  law.ramp = 0.0;
  EXPECT_NEAR(torque_nm(law, arm_at(-30)), -31.0 * level(-30), 1e-9);
}

TEST(ConstantLoad, ComesOnWithTheRampAndNeverBeyondIt) {
  ConstantLoad law = typical_law();
  law.ramp = 0.5;
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-30))), Load / 2, 1e-9);
  law.ramp = 7.0;
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-30))), Load, 1e-9);
  law.ramp = -1.0;
  EXPECT_EQ(load_torque(law, degrees(-30)), newton_metres(0));
}

TEST(ConstantLoad, FadesOutOverTheLastFiveDegreesAboveTheLowerEnd) {
  const ConstantLoad law = typical_law();
  EXPECT_EQ(load_torque(law, degrees(-70)), newton_metres(0));
  EXPECT_EQ(load_torque(law, degrees(-60)), newton_metres(0));
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-57.5))), Load / 2, 1e-6);
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-55))), Load, 1e-6);
}

TEST(ConstantLoad, FadesOverMoreWhenItIsHeavySoThatTheHostsLoopStaysStable) {
  ConstantLoad law = typical_law();
  law.load = newtons(250);
  const double step = 0.01;
  for (double angle = -61; angle < -5; angle += step) {
    const double rise =
        units::in_newton_metres(load_torque(law, degrees(angle + step)) - load_torque(law, degrees(angle)));
    EXPECT_LE(rise / (step * units::RadiansPerDegree), 1200.0 + 1e-6) << angle;
  }
}

TEST(ConstantLoad, ChangesToTheEccentricLoadWithTheBlend) {
  ConstantLoad law = typical_law();
  law.eccentric_ratio = 0.8;
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-30))), Load, 1e-9);
  law.eccentric_blend = 0.5;
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-30))), 0.9 * Load, 1e-9);
  law.eccentric_blend = 1.0;
  EXPECT_NEAR(units::in_newton_metres(load_torque(law, degrees(-30))), 0.8 * Load, 1e-9);
}

TEST(SpeedCeiling, ResistsALiftThatIsTooFastByAQuarterOfTheLoadAtMost) {
  const ConstantLoad law = typical_law();
  const double calm = torque_nm(law, arm_at(-30));
  EXPECT_NEAR(torque_nm(law, arm_at(-30, 58)), calm, 1e-9);
  EXPECT_NEAR(torque_nm(law, arm_at(-30, 68)), calm + 25.0 * 10.0 * units::RadiansPerDegree, 1e-9);
  EXPECT_NEAR(torque_nm(law, arm_at(-30, 300)), calm + 0.25 * Load, 1e-9);
}

TEST(SpeedCeiling, OnlyEverTakesLoadAwayFromALoweringThatIsTooFast) {
  const ConstantLoad law = typical_law();
  const double calm = torque_nm(law, arm_at(-30));
  EXPECT_NEAR(torque_nm(law, arm_at(-30, -33)), calm, 1e-9);
  EXPECT_NEAR(torque_nm(law, arm_at(-30, -43)), calm - 25.0 * 10.0 * units::RadiansPerDegree, 1e-9);
  EXPECT_NEAR(torque_nm(law, arm_at(-30, -300)), calm - 0.25 * Load, 1e-9);
  ConstantLoad unloaded = law;
  unloaded.ramp = 0.0;
  EXPECT_NEAR(torque_nm(unloaded, arm_at(-30, -300)), -31.0 * level(-30), 1e-9);
}

TEST(LegSupport, CarriesItsShareInsideTheRangeAndNothingAtItsEnds) {
  ConstantLoad law = typical_law();
  law.leg_support = 0.5;
  EXPECT_NEAR(support_share(law, degrees(-30)), 0.5, 1e-12);
  EXPECT_NEAR(support_share(law, degrees(-45)), 0.25, 1e-9);
  EXPECT_EQ(support_share(law, degrees(-60)), 0.0);
  EXPECT_NEAR(support_share(law, degrees(0)), 0.25, 1e-9);
  EXPECT_NEAR(support_share(law, degrees(5)), 0.0, 1e-12);
  EXPECT_NEAR(torque_nm(law, arm_at(-30)), Load - (31.0 + 0.5 * 95.0) * level(-30), 1e-9);
}

// What the tissue of both hips carries (Riener and Edrich 1999, at 10° of knee flexion), N·m.
double passive_nm(double angle_deg) {
  return 2.0 * (std::exp(1.3403 - 0.226 - 0.0305 * angle_deg) - std::exp(1.4655 - 0.034 + 0.075 * angle_deg) -
                8.072);
}

TEST(LegSupport, NeverLiftsLegsThatHangRelaxed) {
  for (const double weight_nm : {75.0, 96.0, 142.0}) {  // 50, 78 and 110 kg
    double rest = -89.0;
    while (passive_nm(rest) > weight_nm * level(rest)) rest += 0.1;
    ConstantLoad law = typical_law();
    law.legs.gravity_moment = newton_metres(weight_nm);
    law.working = {degrees(rest), degrees(0)};
    law.leg_support = rehab::machine_limits().leg_support.value;
    for (double angle = rest + 1.0; angle < 0.0; angle += 0.5) {
      const double held = support_share(law, degrees(angle)) * weight_nm * level(angle) + passive_nm(angle);
      EXPECT_LT(held, 0.97 * weight_nm * level(angle)) << weight_nm << " N·m, " << angle << "°";
    }
  }
}

TEST(LegSupport, NeverDrivesLegsUpWhateverIsAskedFor) {
  ConstantLoad law = typical_law();
  law.leg_support = 5.0;
  law.ramp = 0.0;
  for (double angle = -89; angle < 15; angle += 1.0)
    EXPECT_GT(torque_nm(law, arm_at(angle)), -(31.0 + 95.0) * level(angle) + 1e-9) << angle;
}

TEST(TorqueLimits, EncloseTheTorqueAndLeaveOnlyWhatAWallNeedsBeyondTheWeight) {
  const ConstantLoad law = typical_law();
  for (double angle = -75; angle <= 5; angle += 0.5) {
    for (double speed = -150; speed <= 150; speed += 10) {
      const auto demand = torque_demand(law, arm_at(angle, speed));
      EXPECT_LE(demand.torque, demand.resisting_limit);
      EXPECT_GE(demand.torque, -demand.supporting_limit);
      const double catches = (95.0 + 31.0) * level(angle) + 200.0 * 0.79;
      EXPECT_NEAR(units::in_newton_metres(demand.supporting_limit), catches, 1e-9);
      EXPECT_GE(demand.resisting_limit, newton_metres(0));
    }
  }
}

TEST(TorqueLimits, HoldTheForceToAQuarterMoreThanTheLoadExceptAtTheUpperWall) {
  const ConstantLoad law = typical_law();
  const auto inside = torque_demand(law, arm_at(-30));
  EXPECT_NEAR(units::in_newton_metres(inside.resisting_limit), (1.25 * 120 + 20) * 0.79 - 31 * level(-30),
              1e-9);
  EXPECT_GT(torque_demand(law, arm_at(-9)).resisting_limit, inside.resisting_limit + newton_metres(60));
}

TEST(TorqueLimits, CarryThePrescriptionsSpeedLimitsIntoTheDrive) {
  const ConstantLoad law = typical_law();
  const auto demand = torque_demand(law, arm_at(-30));
  EXPECT_EQ(demand.lifting_speed_limit, law.speed.lifting.drive);
  EXPECT_EQ(demand.lowering_speed_limit, law.speed.lowering.drive);
}

TEST(Resist, AsksForNothingAndForLoweringInTheirLaws) {
  EXPECT_TRUE(std::holds_alternative<rehab::NoDemand>(resist(Off{}, arm_at(-30))));
  EXPECT_TRUE(std::holds_alternative<rehab::LoweringDemand>(resist(Lower{}, arm_at(-30))));
}

// The gate takes it for what it is: a fault of the program.
bool asks_for_no_number(const rehab::DriveDemand& demand) {
  const auto* torque = std::get_if<rehab::TorqueDemand>(&demand);
  return torque != nullptr && std::isnan(torque->torque.value());
}

TEST(Resist, AsksForNoNumberWhenANumberIsNotFinite) {
  for (const double bad : {NotANumber, Infinite, -Infinite}) {
    EXPECT_TRUE(asks_for_no_number(resist(typical_law(), arm_at(bad))));
    EXPECT_TRUE(asks_for_no_number(resist(typical_law(), arm_at(-30, bad))));
    ConstantLoad law = typical_law();
    law.load = newtons(bad);
    EXPECT_TRUE(asks_for_no_number(resist(law, arm_at(-30))));
    law = typical_law();
    law.ramp = bad;
    EXPECT_TRUE(asks_for_no_number(resist(law, arm_at(-30))));
    law = typical_law();
    law.lower_wall = degrees(bad);
    EXPECT_TRUE(asks_for_no_number(resist(law, arm_at(-30))));
  }
}

TEST(Resist, AsksForNoNumberWhenTheLawCannotBe) {
  ConstantLoad law = typical_law();
  law.load = newtons(-1);
  EXPECT_TRUE(asks_for_no_number(resist(law, arm_at(-30))));
  law = typical_law();
  law.legs.cuff_radius = units::metres(0);
  EXPECT_TRUE(asks_for_no_number(resist(law, arm_at(-30))));
}

}  // namespace
}  // namespace plinth::resistance
