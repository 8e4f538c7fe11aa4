// `plinth-sim run`: one scenario in virtual time, reported in words or as JSON, traced to a CSV file when
// asked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "simulator/closed_loop.hpp"

namespace plinth::simulator {

struct RunArguments {
  std::filesystem::path scenario;
  std::uint64_t seed = 1;
  bool json = false;
  std::optional<std::filesystem::path> trace;
  std::optional<std::filesystem::path> record;  // of the first trip
};

// Runs it and reports it on standard output; nothing when the trace cannot be written.
std::optional<RunResult> run_and_tell(const Scenario& scenario, RunOptions options, bool json,
                                      const std::optional<std::filesystem::path>& trace_file);

// The exit status: 0 as the file expects, 1 not, 2 bad input (told on standard error).
int run_command(const RunArguments& arguments);

}  // namespace plinth::simulator
