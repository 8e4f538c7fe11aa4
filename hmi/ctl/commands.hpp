// The commands of plinthctl. Each gives the program's exit status: 0 done, 1 refused or failed.
#pragma once

#include <chrono>
#include <string>

#include "hmi/client/client.hpp"
#include "hmi/ctl/eyes.hpp"
#include "hmi/ctl/session_run.hpp"
#include "plinth/v1/plinth.pb.h"

namespace plinth::ctl {

inline constexpr int Done = 0;
inline constexpr int Failed = 1;
inline constexpr int Misused = 2;
inline constexpr int Interrupted = 130;  // 128 + SIGINT, as shells expect

struct Common {
  std::string socket;
  bool json = false;
};

// From now on Ctrl-C and a termination ask the running command to end in an orderly way.
void heed_signals();

int status(const Common& common);
// `count` 0: until Ctrl-C. `every`: at most one line in that time.
int watch(const Common& common, int count, std::chrono::milliseconds every);
int prescription_show(const Common& common);
int prescription_set(const Common& common, const v1::Prescription& prescription);
// Sends one command and prints what is in force, or why it was refused.
int simple_command(const Common& common, const v1::Command& command, const std::string& done);
// Stays until the session (or, with `one_set`, its next set) is over.
int session_run(const Common& common, const RunSettings& settings);
int simulate_patient(const Common& common, const Endpoint& eyes);

}  // namespace plinth::ctl
