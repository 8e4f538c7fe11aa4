// Every scenario file of tests/scenarios ends as it says, and safely.
#include <gtest/gtest.h>

#include <filesystem>

#include "simulator/closed_loop.hpp"

namespace plinth::simulator {
namespace {

class ScenarioFile : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(ScenarioFile, EndsAsItSaysAndSafely) {
  const auto scenario = read_scenario(GetParam());
  ASSERT_TRUE(scenario.has_value());
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const RunResult result = run_closed_loop(*scenario, {.seed = seed});
    for (const auto& sentence : disappointments(*scenario, result))
      ADD_FAILURE() << "seed " << seed << ": " << sentence;
  }
}

std::vector<std::filesystem::path> scenario_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{PLINTH_SCENARIOS})
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

INSTANTIATE_TEST_SUITE_P(All, ScenarioFile, testing::ValuesIn(scenario_files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace plinth::simulator
