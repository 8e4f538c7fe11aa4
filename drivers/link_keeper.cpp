#include "drivers/link_keeper.hpp"

#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): pthread_sigmask is POSIX

#include <algorithm>
#include <utility>

namespace plinth::drivers {

// Waits so that the end of the program interrupts it.
class LinkKeeper::Port final : public ModbusPort {
 public:
  explicit Port(LinkKeeper& keeper) : ModbusPort{keeper.link_, keeper.patience_.request}, keeper_{keeper} {}
  Outcome<void> wait(units::Duration span) override {
    if (keeper_.pause(span)) return {};
    return failed("the program is ending");
  }

 private:
  LinkKeeper& keeper_;
};

LinkKeeper::LinkKeeper(Endpoint endpoint, const TimeSource& time, KeeperPatience patience, SetUpUnit set_up)
    : link_{std::move(endpoint), time}, time_{time}, patience_{patience}, set_up_{std::move(set_up)} {}

LinkKeeper::~LinkKeeper() {
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }
  ending_.notify_all();
  holder_.store(Ended, std::memory_order_release);
  holder_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LinkKeeper::start() {
  if (thread_.joinable()) return;
  // The keeper takes no signals: they belong to whoever runs the program.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread{[this] { run(); }};
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_setname_np(thread_.native_handle(), "link-keeper");
}

void LinkKeeper::give_back(bool open_again) {
  open_again_ = open_again;
  holder_.store(Keeper, std::memory_order_release);
  holder_.notify_one();
}

LinkKeeper::Report LinkKeeper::report() const {
  const std::lock_guard lock{mutex_};
  Report report = report_;
  report.in_use = handed_over();
  return report;
}

void LinkKeeper::run() {
  units::Duration rest = patience_.first_pause;
  for (;;) {
    holder_.wait(Control, std::memory_order_acquire);
    if (holder_.load(std::memory_order_acquire) == Ended) return;

    SetUp result = attempt();
    const bool usable = result.usable;
    if (usable) {
      rest = patience_.first_pause;
      // Unless the end has come meanwhile.
      int expected = Keeper;
      holder_.compare_exchange_strong(expected, Control, std::memory_order_acq_rel);
    } else {
      link_.close();
    }
    {
      const std::lock_guard lock{mutex_};
      ++report_.attempts;
      report_.reason = std::move(result.reason);
    }
    if (!usable) {
      if (!pause(rest)) return;
      rest = std::min(2 * rest, patience_.longest_pause);
    }
  }
}

LinkKeeper::SetUp LinkKeeper::attempt() {
  if (open_again_ || !link_.is_open()) {
    if (const auto opened = link_.open(patience_.connecting); !opened) return {false, opened.error().what};
    open_again_ = false;
  }
  Port port{*this};
  SetUp result = set_up_(port);
  // After a lost request the stream may still bring its answer.
  if (port.lost()) result.usable = false;
  return result;
}

bool LinkKeeper::pause(units::Duration span) {
  std::unique_lock lock{mutex_};
  return !ending_.wait_for(lock, span, [this] { return ended_; });
}

}  // namespace plinth::drivers
