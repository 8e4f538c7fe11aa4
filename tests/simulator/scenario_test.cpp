#include "simulator/scenario.hpp"

#include <gtest/gtest.h>

namespace plinth::simulator {
namespace {

TEST(ScenarioText, IsReadWholeWithThePhasesDefaultsUnderIt) {
  const auto scenario = parse_scenario(R"(schema = 1
name = "load cell freezes while lifting"
duration_s = 60
[patient]
mass_kg = 78
model = "hasty"
[prescription]
phase = "strength"
load_n = 120
tempo_s = { lift = 2.5 }
[[fault]]
kind = "lc.freeze"
at = { rep = 3, moment = "lifting" }
for_s = 5
value = 0.0
[[fault]]
kind = "enc.jump"
at_s = 12.5
[expect]
end = "fault"
max_reaction_ms = 60
)",
                                       "a.toml");
  ASSERT_TRUE(scenario.has_value()) << in_words(scenario.error().front());
  EXPECT_EQ(scenario->patient.model, PatientModel::Hasty);
  EXPECT_NEAR(units::in_metres(scenario->patient.height), 1.75, 0.01);
  EXPECT_EQ(scenario->prescription.tempo.lift, units::milliseconds(2500));
  EXPECT_EQ(scenario->prescription.tempo.lower, rehab::defaults_of(rehab::Phase::Strength).tempo.lower);
  ASSERT_EQ(scenario->faults.size(), 2U);
  EXPECT_EQ(std::get<AtMoment>(scenario->faults[0].at).rep, 3);
  EXPECT_EQ(std::get<units::Duration>(scenario->faults[1].at), units::milliseconds(12500));
  EXPECT_EQ(scenario->faults[1].value, 20.0);
  EXPECT_EQ(scenario->expect.end, rehab::SetEnd::Fault);
  EXPECT_EQ(scenario->expect.max_reaction, units::milliseconds(60));
}

TEST(ScenarioText, ReportsEveryMistakeAtOnceWithLineAndWhatIsAllowed) {
  const auto scenario = parse_scenario(R"(schema = 1
[patient]
masskg = 78
model = "lazy"
strength = 9.0
[[fault]]
kind = "lc.freeze"
[expect]
end = 3
)",
                                       "b.toml");
  ASSERT_FALSE(scenario.has_value());
  std::string all;
  for (const Mistake& mistake : scenario.error()) all += in_words(mistake) + "\n";
  EXPECT_NE(all.find("b.toml:3: unknown key \"masskg\" in [patient]"), std::string::npos) << all;
  EXPECT_NE(all.find("b.toml:4:"), std::string::npos) << all;
  EXPECT_NE(all.find("releases_grips"), std::string::npos) << all;
  EXPECT_NE(all.find("b.toml:5:"), std::string::npos) << all;
  EXPECT_NE(all.find("has to begin somewhere"), std::string::npos) << all;
  EXPECT_NE(all.find("b.toml:9:"), std::string::npos) << all;
}

TEST(ScenarioText, WithAPrescriptionThatAStationWouldRefuseIsRefused) {
  const auto scenario =
      parse_scenario("schema = 1\n[prescription]\nphase = \"strength\"\nload_n = 4000\n", "c.toml");
  ASSERT_FALSE(scenario.has_value());
  EXPECT_NE(in_words(scenario.error().front()).find("c.toml:2:"), std::string::npos);
}

TEST(ScenarioText, ThatIsNoTomlNamesItsLine) {
  const auto scenario = parse_scenario("schema = 1\nname = \n", "d.toml");
  ASSERT_FALSE(scenario.has_value());
  EXPECT_EQ(scenario.error().front().line, 2U);
}

TEST(ScenarioFile, ThatIsNotThereIsSaidSo) {
  const auto scenario = read_scenario("/nowhere/at/all.toml");
  ASSERT_FALSE(scenario.has_value());
  EXPECT_NE(in_words(scenario.error().front()).find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace plinth::simulator
