// The only ways in and out of the control thread. None of them can make it wait.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include <boost/lockfree/spsc_queue.hpp>

#include "controller/cycle/record.hpp"
#include "controller/cycle/snapshot.hpp"

namespace plinth::cycle {

// A wait-free slot for the newest value, one writer and one reader: three buffers that swap places. A slow
// reader sees fewer values, never older ones.
template <typename T>
class LatestValue {
 public:
  // Writer's side.
  void publish(const T& value) {
    buffers_[writing_] = value;
    writing_ = state_.exchange(writing_ | NewBit, std::memory_order_acq_rel) & IndexMask;
  }
  // Reader's side: true when `out` was replaced by a newer value.
  bool take(T& out) {
    if ((state_.load(std::memory_order_relaxed) & NewBit) == 0) return false;
    reading_ = state_.exchange(reading_, std::memory_order_acq_rel) & IndexMask;
    out = buffers_[reading_];
    return true;
  }

 private:
  static constexpr unsigned NewBit = 4;
  static constexpr unsigned IndexMask = 3;
  std::array<T, 3> buffers_{};
  std::atomic<unsigned> state_{1};
  unsigned writing_ = 0;  // writer only
  unsigned reading_ = 2;  // reader only
};

struct Channels {
  // Out of control.
  LatestValue<Snapshot> latest;
  LatestValue<LoopHealth> health;
  boost::lockfree::spsc_queue<Record, boost::lockfree::capacity<512>> recorder;  // full: dropped and counted
  boost::lockfree::spsc_queue<session::Answer, boost::lockfree::capacity<64>> answers;
  // Into control.
  boost::lockfree::spsc_queue<session::Intent, boost::lockfree::capacity<32>> intents;  // full: Busy
  std::atomic<bool> stop{false};  // set by anybody, taken by control: nothing can queue ahead of it
  std::atomic<bool> quit{false};  // the daemon is ending: release, then leave the loop
};

}  // namespace plinth::cycle
