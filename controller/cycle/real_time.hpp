// Real-time scheduling for the control thread, where the system grants it.
#pragma once

#include <optional>
#include <string>

namespace plinth::cycle {

struct RealTimeWishes {
  int priority = 80;         // SCHED_FIFO
  std::optional<int> cpu{};  // pin the thread to this core
};

// Locks the process's memory and touches a stretch of stack, so that the loop meets no page fault. Gives the
// reason when the system refuses; the daemon then runs on and says so.
std::optional<std::string> lock_memory();

// Asks for SCHED_FIFO (and the core) for the calling thread. Gives the reason when refused.
std::optional<std::string> schedule_real_time(const RealTimeWishes& wishes);

}  // namespace plinth::cycle
