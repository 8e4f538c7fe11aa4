#include "controller/cycle/real_time.hpp"

#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace plinth::cycle {

namespace {

std::string reason(const char* what, int error) {
  return std::string{what} + ": " + std::strerror(error);  // NOLINT(concurrency-mt-unsafe): at start-up only
}

}  // namespace

std::optional<std::string> lock_memory() {
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return reason("memory could not be locked", errno);
  return std::nullopt;
}

void touch_stack() {
  constexpr std::size_t Page = 4096;
  std::array<volatile char, TouchedStack> stack{};
  for (std::size_t at = 0; at < stack.size(); at += Page) stack.at(at) = 1;
}

std::optional<std::string> schedule_real_time(const RealTimeWishes& wishes) {
  if (wishes.cpu) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<std::size_t>(*wishes.cpu), &cores);
    if (const int error = pthread_setaffinity_np(pthread_self(), sizeof cores, &cores); error != 0) {
      return reason("the control thread could not be pinned to its core", error);
    }
  }
  sched_param parameters{};
  parameters.sched_priority = wishes.priority;
  if (const int error = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters); error != 0) {
    return reason("real-time scheduling (SCHED_FIFO) was refused", error);
  }
  return std::nullopt;
}

}  // namespace plinth::cycle
