// The campaign itself: it is what its seed says, and every fault of the table shows in it.
#include "simulator/campaign.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <set>

namespace plinth::simulator {
namespace {

// Of three scenarios with one fault and the fourth with two: the number of the n-th with one.
std::uint64_t single(std::uint64_t n) {
  return n + n / 3;
}

TEST(Campaign, IsTheSameWhoeverRunsIt) {
  CampaignReport alone = run_campaign({.scenarios = 60, .seed = 7, .jobs = 1});
  CampaignReport shared = run_campaign({.scenarios = 60, .seed = 7, .jobs = 3});
  for (CampaignReport* report : {&alone, &shared}) {
    report->wall_s = 0.0;
    report->settings.jobs = 1;
  }
  EXPECT_EQ(as_json(alone), as_json(shared));
}

TEST(Campaign, PlantsEveryFaultAndTwoAtATimeInAFourthOfThem) {
  std::set<FaultKind> planted;
  int twofold = 0;
  int at_the_start = 0;
  constexpr int Scenarios = 2000;
  for (std::uint64_t index = 0; index < Scenarios; ++index) {
    const Scenario scenario = campaign_scenario(3, index);
    if (scenario.faults.size() == 1) planted.insert(scenario.faults[0].kind);
    if (scenario.faults.size() < 2) continue;
    ++twofold;
    const auto* at = std::get_if<AtMoment>(&scenario.faults[1].at);
    if (at != nullptr && at->moment == Moment::RampIn && at->after == units::Duration{}) ++at_the_start;
  }
  EXPECT_EQ(planted.size(), FaultKindCount);
  EXPECT_GE(twofold, Scenarios / 5);
  EXPECT_GE(at_the_start, Scenarios / 50);
}

TEST(Campaign, HoldsTheNamedPairsAtLeastTwentyFiveTimesInTenThousand) {
  std::map<std::set<FaultKind>, int> pairs;
  for (std::uint64_t index = 3; index < 10'000; index += 4) {
    const Scenario scenario = campaign_scenario(1, index);
    ASSERT_EQ(scenario.faults.size(), 2U);
    ++pairs[{scenario.faults[0].kind, scenario.faults[1].kind}];
  }
  using enum FaultKind;
  for (const std::set<FaultKind>& pair :
       std::initializer_list<std::set<FaultKind>>{{Estop, HostStall},
                                                  {Estop, Restart},
                                                  {Comfort, BusMute},
                                                  {Comfort, DriveIgnore},
                                                  {Comfort, DriveStuckTorque},
                                                  {PatientRelease, DriveSilentOff}})
    EXPECT_GE(pairs[pair], 25);
}

TEST(Campaign, LendsTheLegsSomeSupportInAFourthOfItsScenarios) {
  int supported = 0;
  for (std::uint64_t index = 0; index < 1000; ++index)
    if (campaign_scenario(1, index).prescription.leg_support > 0.0) ++supported;
  EXPECT_GT(supported, 200);
  EXPECT_LT(supported, 300);
}

class EachFaultOfTheCampaign : public ::testing::TestWithParam<int> {};

// A set that ends for another reason before the fault could show proves nothing, and is drawn again.
TEST_P(EachFaultOfTheCampaign, IsFelt) {
  const auto place = static_cast<std::uint64_t>(GetParam());
  const std::uint64_t index = single(place);
  bool felt = false;
  for (unsigned draw = 0; draw < MostDraws && !felt; ++draw) {
    const Scenario scenario = campaign_scenario(1, index, draw);
    ASSERT_EQ(scenario.faults.at(0).kind, static_cast<FaultKind>(place));
    felt = run_closed_loop(scenario, campaign_options(1, index)).fault_felt;
  }
  EXPECT_TRUE(felt) << replay_command(1, index);
}

INSTANTIATE_TEST_SUITE_P(All, EachFaultOfTheCampaign, ::testing::Range(0, static_cast<int>(FaultKindCount)),
                         [](const auto& place) {
                           std::string name{name_of(static_cast<FaultKind>(place.param))};
                           for (char& letter : name)
                             if (letter == '.') letter = '_';
                           return name;
                         });

}  // namespace
}  // namespace plinth::simulator
