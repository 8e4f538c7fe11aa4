#include "controller/rehab/person.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace plinth::rehab {
namespace {

Person person(double mass_kg, double height_m) {
  return {.mass = units::kilograms(mass_kg), .height = units::metres(height_m), .strength = std::nullopt};
}

TEST(LegMeasures, FollowFromMassAndHeight) {
  struct Case {
    double mass_kg, height_m, gravity_nm, radius_m;
  };
  for (const Case& c : {Case{50, 1.58, 55, 0.71}, Case{78, 1.75, 95, 0.79}, Case{110, 1.86, 142, 0.84}}) {
    const LegMeasures legs = leg_measures(person(c.mass_kg, c.height_m));
    EXPECT_NEAR(units::in_newton_metres(legs.gravity_moment), c.gravity_nm, 0.5) << c.mass_kg;
    EXPECT_NEAR(units::in_metres(legs.cuff_radius), c.radius_m, 0.005) << c.mass_kg;
  }
}

TEST(TypicalPerson, HasTheUsualHeightForTheMassAndNoTest) {
  EXPECT_NEAR(units::in_metres(typical_person(units::kilograms(50)).height), 1.60, 0.01);
  EXPECT_DOUBLE_EQ(units::in_metres(typical_person(units::kilograms(78)).height), 1.75);
  EXPECT_NEAR(units::in_metres(typical_person(units::kilograms(110)).height), 1.87, 0.01);
  EXPECT_FALSE(typical_person(units::kilograms(78)).strength.has_value());
}

TEST(TypicalPerson, IsAcceptedAtEveryAcceptedMass) {
  for (double mass_kg = 30; mass_kg <= 150; mass_kg += 1) {
    EXPECT_TRUE(is_accepted(typical_person(units::kilograms(mass_kg)))) << mass_kg;
  }
}

TEST(AcceptedPersons, EndAtWhatTheBenchCarriesAndTheCuffReaches) {
  EXPECT_TRUE(is_accepted(person(30, 1.30)));
  EXPECT_TRUE(is_accepted(person(150, 2.10)));
  EXPECT_FALSE(is_accepted(person(std::nextafter(30.0, 0.0), 1.70)));
  EXPECT_FALSE(is_accepted(person(std::nextafter(150.0, 200.0), 1.70)));
  EXPECT_FALSE(is_accepted(person(78, std::nextafter(1.30, 0.0))));
  EXPECT_FALSE(is_accepted(person(78, std::nextafter(2.10, 3.0))));
}

TEST(AcceptedPersons, HaveAPlausibleStrengthOrNone) {
  Person tested = person(78, 1.75);
  EXPECT_TRUE(is_accepted(tested));
  tested.strength = units::newton_metres(160);
  EXPECT_TRUE(is_accepted(tested));
  tested.strength = units::newton_metres(0);
  EXPECT_FALSE(is_accepted(tested));
}

TEST(AcceptedPersons, HaveNoMeasureThatIsNotANumber) {
  constexpr double NotANumber = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(is_accepted(person(NotANumber, 1.75)));
  EXPECT_FALSE(is_accepted(person(78, NotANumber)));
  Person tested = person(78, 1.75);
  tested.strength = units::newton_metres(NotANumber);
  EXPECT_FALSE(is_accepted(tested));
}

TEST(Weight, IsNewtonsForKilograms) {
  EXPECT_DOUBLE_EQ(units::in_newtons(weight(units::kilograms(10))), 98.0665);
}

}  // namespace
}  // namespace plinth::rehab
