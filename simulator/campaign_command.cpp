#include "simulator/campaign_command.hpp"

#include <fstream>
#include <iostream>

namespace plinth::simulator {

namespace {

int replay(const CampaignArguments& arguments) {
  const std::uint64_t seed = arguments.settings.seed;
  const std::uint64_t index = *arguments.replay;
  const bool faulty = !arguments.fault_free;
  const Scenario scenario =
      faulty ? campaign_scenario(seed, index, arguments.draw) : fault_free_scenario(seed, index);
  const RunOptions options =
      faulty ? campaign_options(seed, index) : RunOptions{.seed = run_seed(seed, index)};
  const auto result = run_and_tell(scenario, options, arguments.json, arguments.trace);
  if (!result) return 2;
  return result->unsafe || (faulty && !result->fault_felt) ? 1 : 0;
}

}  // namespace

int campaign_command(const CampaignArguments& arguments) {
  if (arguments.replay) return replay(arguments);
  // Opened first: nobody waits four minutes to hear that a folder is missing.
  std::ofstream page;
  if (arguments.report) {
    page.open(*arguments.report);
    if (!page) {
      std::cerr << arguments.report->string()
                << " cannot be written. Choose a file in a folder that exists.\n";
      return 2;
    }
  }
  const CampaignReport report = run_campaign(arguments.settings);
  if (arguments.report) page << as_markdown(report);
  std::cout << (arguments.json ? as_json(report) : as_text(report));
  return report.passed() ? 0 : 1;
}

}  // namespace plinth::simulator
