// `plinth-sim replay`: a fault record played again, reported in words or as JSON, written to a CSV file when
// asked.
#pragma once

#include <filesystem>
#include <optional>

namespace plinth::simulator {

struct ReplayArguments {
  std::filesystem::path file;
  bool json = false;
  std::optional<std::filesystem::path> trace;
};

// The exit status: 0 every verdict and command came out as recorded, 1 not, 2 the file cannot be replayed
// (told on standard error).
int replay_command(const ReplayArguments& arguments);

}  // namespace plinth::simulator
