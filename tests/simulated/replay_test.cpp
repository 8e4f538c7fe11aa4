// What tripped in virtual time is recorded, and plays back to the same verdict and command in every cycle.
#include "simulator/replay.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "simulator/closed_loop.hpp"
#include "simulator/run_recording.hpp"

namespace plinth::simulator {
namespace {

struct Recorded {
  RunResult result;
  std::vector<record::TripRecord> records;
};

Recorded recorded(const Scenario& scenario, std::uint64_t seed) {
  RunOptions options{.seed = seed};
  RunRecording recording{options.period, scenario.name};
  options.record = [&recording](const cycle::Record& record) { recording.add(record); };
  RunResult result = run_closed_loop(scenario, options);
  return {.result = std::move(result), .records = recording.finished()};
}

Scenario scenario_of(const std::string& text) {
  const auto scenario = parse_scenario(text, "test.toml");
  if (!scenario) throw std::runtime_error{in_words(scenario.error().front())};
  return *scenario;
}

std::string first_difference(const Replay& replay) {
  if (!replay.first) return "none";
  std::string text = std::to_string(replay.first->t_ms) + " ms from the trip:";
  for (const auto& what : replay.first->what) text += " " + what + ";";
  return text;
}

class EveryScenario : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(EveryScenario, ThatEndsInAStopPlaysBackToTheSameVerdict) {
  const auto scenario = read_scenario(GetParam());
  ASSERT_TRUE(scenario.has_value());
  // A sag that the coach notices ends the set without a stop.
  const bool stops = scenario->expect.end && *scenario->expect.end != rehab::SetEnd::Completed &&
                     *scenario->expect.end != rehab::SetEnd::Sag;
  for (const std::uint64_t seed : {1U, 7U}) {
    const Recorded run = recorded(*scenario, seed);
    if (stops) {
      EXPECT_FALSE(run.records.empty()) << "seed " << seed;
    }
    for (const record::TripRecord& one : run.records) {
      const auto contents = record::read_record(one.file);
      ASSERT_TRUE(contents.has_value()) << in_words(contents.error());
      const Replay played = replay(*contents);
      EXPECT_TRUE(played.trip_reached);
      EXPECT_TRUE(played.same()) << "seed " << seed << ": " << first_difference(played);
      EXPECT_GT(played.compared, 100U);
      EXPECT_EQ(played.missing, 0U);
    }
  }
}

std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{PLINTH_SCENARIOS})
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

INSTANTIATE_TEST_SUITE_P(All, EveryScenario, testing::ValuesIn(scenario_files()),
                         [](const auto& file) { return file.param.stem().string(); });

// The second set of a session begins where the state already knows the first one: a record that goes back no
// further must come to the same verdict all the same.
const std::string StopInTheThirdSet = R"(
schema = 1
name = "a comfort stop in the third set"
duration_s = 240
[patient]
mass_kg = 78
model = "steady"
[prescription]
phase = "strength"
load_n = 100
sets = 3
reps = 3
rest_between_sets_s = 30
[[fault]]
at_s = 145
kind = "comfort"
for_s = 1
value = 0.0
[expect]
end = "comfort_stop"
)";

TEST(Replay, BeginsAtTheRestBeforeTheSetAndNeedsNothingOfTheSetsBefore) {
  const Recorded run = recorded(scenario_of(StopInTheThirdSet), 3);
  ASSERT_EQ(run.records.size(), 1U) << run.result.set_end_reason << " " << run.result.reps_counted;
  const auto contents = record::read_record(run.records.front().file);
  ASSERT_TRUE(contents.has_value());
  EXPECT_EQ(contents->head.beginning, record::Beginning::Rest);
  EXPECT_GT(contents->steps.front().frame.cycle, 1000U);
  EXPECT_GT(contents->steps.back().frame.set, 1U);
  const Replay played = replay(*contents);
  EXPECT_TRUE(played.same()) << first_difference(played);
}

TEST(Replay, TellsTheFirstCycleThatComesOutAnotherWay) {
  const Recorded run = recorded(scenario_of(StopInTheThirdSet), 3);
  ASSERT_FALSE(run.records.empty());
  auto contents = record::read_record(run.records.front().file);
  ASSERT_TRUE(contents.has_value());
  // As another version would do that lets the drive stop by itself.
  std::uint64_t forged = 0;
  for (record::Step& step : contents->steps) {
    if (step.frame.cycle < contents->head.trip.cycle) continue;
    if (forged == 0) forged = step.frame.cycle;
    step.frame.outcome.action = safety::Action::DriveStop;
  }
  const Replay played = replay(*contents);
  EXPECT_FALSE(played.same());
  ASSERT_TRUE(played.first.has_value());
  EXPECT_EQ(played.first->cycle, forged);
  EXPECT_EQ(played.first->t_ms, 0);
  EXPECT_EQ(played.first->what, std::vector<std::string>{"action: release, recorded drive_stop"});
}

TEST(Replay, SaysHowManyCyclesTheRecorderDidNotGet) {
  const Recorded run = recorded(scenario_of(StopInTheThirdSet), 3);
  ASSERT_FALSE(run.records.empty());
  auto contents = record::read_record(run.records.front().file);
  ASSERT_TRUE(contents.has_value());
  contents->steps.erase(contents->steps.begin() + 20, contents->steps.begin() + 23);
  EXPECT_EQ(replay(*contents).missing, 3U);
}

TEST(Replay, IsFedByTheSameBytesAsTheDriver) {
  const Recorded run = recorded(scenario_of(StopInTheThirdSet), 3);
  ASSERT_FALSE(run.records.empty());
  auto contents = record::read_record(run.records.front().file);
  ASSERT_TRUE(contents.has_value());
  // A register that changes without its block's checksum makes the block no report: that unit falls silent.
  for (record::Step& step : contents->steps)
    if (step.frame.cycle + 200 > contents->head.trip.cycle) step.frame.drive[0] ^= 1U;
  EXPECT_FALSE(replay(*contents).same());
}

}  // namespace
}  // namespace plinth::simulator
