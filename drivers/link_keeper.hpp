// Opens a link and sets its unit up, off the control loop, and hands it over ready. The link has one holder
// at a time, the keeper's thread or the control thread, and changes hands through one atomic: the control
// thread never blocks in a connect, never locks and never waits for the keeper.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "drivers/tcp_link.hpp"

namespace plinth::drivers {

struct KeeperPatience {
  units::Duration connecting = units::milliseconds(500);
  units::Duration request = units::milliseconds(200);
  units::Duration first_pause = units::milliseconds(10);  // between attempts; doubles
  units::Duration longest_pause = units::milliseconds(1000);
};

class LinkKeeper {
 public:
  // Sets the unit up over an open link, in the keeper's thread. `usable`: the right unit answers, so that the
  // control thread should have the link even if something is still missing. `reason` is empty when nothing
  // is.
  struct SetUp {
    bool usable = false;
    std::string reason;
  };
  using SetUpUnit = std::function<SetUp(RegisterPort&)>;

  LinkKeeper(Endpoint endpoint, const TimeSource& time, KeeperPatience patience, SetUpUnit set_up);
  LinkKeeper(const LinkKeeper&) = delete;
  LinkKeeper& operator=(const LinkKeeper&) = delete;
  ~LinkKeeper();  // the control thread must no longer use the link

  // Begins to try, and tries until the end.
  void start();

  // The control thread's side. While `handed_over()`, link and unit data are its own.
  [[nodiscard]] bool handed_over() const { return holder_.load(std::memory_order_acquire) == Control; }
  [[nodiscard]] TcpLink& link() { return link_; }
  // Back to the keeper: to open it again, or only to set the unit up again.
  void give_back(bool open_again);

  // Anybody's side.
  struct Report {
    bool in_use = false;  // handed over
    std::uint64_t attempts = 0;
    std::string reason;  // what was wrong at the last attempt; empty: nothing
  };
  [[nodiscard]] Report report() const;
  [[nodiscard]] LinkStats stats() const { return link_.counters().snapshot(); }

 private:
  class Port;
  // Futexes wait on an int without any lock in between.
  static constexpr int Keeper = 0;
  static constexpr int Control = 1;
  static constexpr int Ended = 2;

  void run();
  [[nodiscard]] SetUp attempt();
  // False when the program is ending.
  bool pause(units::Duration span);

  TcpLink link_;
  const TimeSource& time_;
  KeeperPatience patience_;
  SetUpUnit set_up_;
  std::atomic<int> holder_{Keeper};
  bool open_again_ = false;  // the holder's

  mutable std::mutex mutex_;
  std::condition_variable ending_;
  bool ended_ = false;
  Report report_;

  std::thread thread_;
};

}  // namespace plinth::drivers
