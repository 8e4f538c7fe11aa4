// `plinth-sim campaign`: the fault campaign, its report, and one of its scenarios once more.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "simulator/campaign.hpp"
#include "simulator/run_command.hpp"

namespace plinth::simulator {

struct CampaignArguments {
  CampaignSettings settings;
  bool json = false;
  std::optional<std::filesystem::path> report;
  std::optional<std::uint64_t> replay;  // this scenario alone, told as `run` tells one
  unsigned draw = 0;                    // this one of its draws
  bool fault_free = false;              // of the fault-free ones
  std::optional<std::filesystem::path> trace;
};

// The exit status: 0 passed, 1 anything unsafe or not felt or too many false stops, 2 bad input.
int campaign_command(const CampaignArguments& arguments);

}  // namespace plinth::simulator
