// The loop that runs the cycle on the live clock: absolute deadlines, nothing that could make it wait.
#pragma once

#include <optional>

#include "controller/cycle/channels.hpp"
#include "controller/cycle/control_cycle.hpp"
#include "controller/safety/machine_io.hpp"

namespace plinth::cycle {

struct LoopSettings {
  units::Duration period = units::milliseconds(10);
  sensing::Calibration calibration{};
};

// What the loop lives by. A test passes virtual time.
class LoopClock {
 public:
  LoopClock() = default;
  LoopClock(const LoopClock&) = delete;
  LoopClock& operator=(const LoopClock&) = delete;
  virtual ~LoopClock() = default;

  [[nodiscard]] virtual units::Instant now() = 0;
  // Returns at `deadline`, at once when that has passed.
  virtual void sleep_until(units::Instant deadline) = 0;
};

// The monotonic time of this computer.
class MonotonicClock final : public LoopClock {
 public:
  [[nodiscard]] units::Instant now() override;
  void sleep_until(units::Instant deadline) override;
};

// Owns the cycle's state. `run` is called on the control thread and returns only after `channels.quit` was
// set and the machine was seen at rest, or ten seconds after that.
class ControlLoop {
 public:
  ControlLoop(safety::MachineIo& machine, Channels& channels, LoopClock& clock, const LoopSettings& settings);

  // `real_time`: whether the thread got real-time scheduling; only reported.
  void run(bool real_time);

 private:
  void one_cycle(units::Instant now);
  CycleInput gather(const sensing::Sample& sample, units::Instant now);
  void count(const sensing::Sample& sample);
  [[nodiscard]] bool may_leave(units::Instant now);

  safety::MachineIo& machine_;
  Channels& channels_;
  LoopClock& clock_;
  LoopSettings settings_;
  CycleState state_;
  LoopHealth health_{};
  std::optional<units::Instant> quit_since_{};
  bool at_rest_ = true;
};

}  // namespace plinth::cycle
