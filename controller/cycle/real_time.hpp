// Real-time scheduling for the control thread, where the system grants it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace plinth::cycle {

struct RealTimeWishes {
  int priority = 80;         // SCHED_FIFO
  std::optional<int> cpu{};  // pin the thread to this core
};

// Locks the process's memory, so that the loop meets no page fault. Gives the reason when the system refuses;
// the daemon then runs on and says so.
std::optional<std::string> lock_memory();

// Touches the stack that the calling thread will need: for the control thread, before its first cycle,
// whether memory could be locked or not.
inline constexpr std::size_t TouchedStack = 256 * 1024;  // the deepest the cycle goes is far less
void touch_stack();

// Asks for SCHED_FIFO (and the core) for the calling thread. Gives the reason when refused.
std::optional<std::string> schedule_real_time(const RealTimeWishes& wishes);

}  // namespace plinth::cycle
