#include <gtest/gtest.h>

#include <set>
#include <string_view>

#include "controller/rehab/moment.hpp"
#include "controller/rehab/phase.hpp"

namespace plinth::rehab {
namespace {

// Every enumerator up to `last` has a name of its own, and the name leads back to it.
template <typename Enum, typename Named>
void expect_names_lead_back(Enum last, Named named) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    const auto value = static_cast<Enum>(i);
    EXPECT_FALSE(name_of(value).empty()) << "enumerator " << i;
    EXPECT_EQ(named(name_of(value)), value) << name_of(value);
    names.insert(name_of(value));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
}

TEST(Names, LeadBackToWhatTheyName) {
  expect_names_lead_back(Phase::Maintenance, phase_named);
  expect_names_lead_back(Exercise::ReverseHyper, exercise_named);
  expect_names_lead_back(Moment::Unloading, moment_named);
  expect_names_lead_back(SetEnd::EStop, set_end_named);
}

TEST(Names, AreThoseOfScenarioFiles) {
  EXPECT_EQ(name_of(Phase::Foundation), "foundation");
  EXPECT_EQ(name_of(Exercise::ReverseHyper), "reverse_hyper");
  EXPECT_EQ(name_of(Moment::RampIn), "ramp_in");
  EXPECT_EQ(name_of(SetEnd::ComfortStop), "comfort_stop");
  EXPECT_EQ(name_of(SetEnd::PatientLeft), "patient_left");
  EXPECT_EQ(name_of(SetEnd::LegsDropped), "legs_dropped");
  EXPECT_EQ(name_of(SetEnd::EStop), "estop");
}

TEST(Names, UnknownOnesNameNothing) {
  EXPECT_EQ(phase_named("Strength"), std::nullopt);
  EXPECT_EQ(phase_named(""), std::nullopt);
  EXPECT_EQ(exercise_named("bridge"), std::nullopt);
  EXPECT_EQ(moment_named("lifting "), std::nullopt);
  EXPECT_EQ(set_end_named("e_stop"), std::nullopt);
  EXPECT_TRUE(name_of(static_cast<Phase>(9)).empty());
}

}  // namespace
}  // namespace plinth::rehab
