#include "controller/cycle/control_loop.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace plinth::cycle {

namespace {

// A daemon that is told to end waits this long for the legs to be lowered and the brake to close; after that
// the drive's own watchdog does it without us.
constexpr units::Duration LongestFarewell = units::milliseconds(10'000);

}  // namespace

units::Instant MonotonicClock::now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return units::Instant{units::Duration{now.tv_sec * 1'000'000'000LL + now.tv_nsec}};
}

void MonotonicClock::sleep_until(units::Instant deadline) {
  const auto since_boot = deadline.time_since_epoch().count();
  const timespec until{.tv_sec = since_boot / 1'000'000'000, .tv_nsec = since_boot % 1'000'000'000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

ControlLoop::ControlLoop(safety::MachineIo& machine, Channels& channels, LoopClock& clock,
                         const LoopSettings& settings)
    : machine_{machine},
      channels_{channels},
      clock_{clock},
      settings_{settings},
      state_{settings.calibration, settings.period} {
  health_.period = settings.period;
}

void ControlLoop::run(bool real_time) {
  health_.real_time = real_time;
  auto deadline = clock_.now();
  while (true) {
    deadline += settings_.period;
    clock_.sleep_until(deadline);
    const auto now = clock_.now();
    if (may_leave(now)) return;
    one_cycle(now);

    const auto lateness = clock_.now() - (deadline + settings_.period);
    if (lateness > units::Duration::zero()) {
      ++health_.late_cycles;
      health_.worst_lateness = std::max(health_.worst_lateness, lateness);
      // Slots that have passed are lost, not caught up: a burst of cycles would command the past.
      deadline += (lateness / settings_.period) * settings_.period;
    }
  }
}

void ControlLoop::one_cycle(units::Instant now) {
  const sensing::Sample sample = machine_.read(now);
  const CycleInput input = gather(sample, now);
  const CycleOutput output = step(state_, input);
  machine_.write(output.command);
  if (output.install_limits) machine_.install(safety::installed_limits(state_.limits, settings_.period));
  if (output.compare_limits) machine_.compare_limits();

  count(sample);
  at_rest_ = !output.snapshot.estimate.drive_report || output.snapshot.verdict.brake == safety::Brake::Closed;
  if (output.snapshot.guidance.answer) channels_.answers.push(*output.snapshot.guidance.answer);
  channels_.latest.publish(output.snapshot);
  if (!channels_.recorder.push(record_of(input, output.snapshot))) ++health_.samples_dropped;
  channels_.health.publish(health_);
}

CycleInput ControlLoop::gather(const sensing::Sample& sample, units::Instant now) {
  CycleInput in{.sample = sample, .intent = std::nullopt, .stop = false, .now = now};
  in.stop = channels_.stop.exchange(false, std::memory_order_acq_rel) || quit_since_.has_value();
  channels_.intents.consume_one([&in](const session::Intent& intent) { in.intent = intent; });
  return in;
}

void ControlLoop::count(const sensing::Sample& sample) {
  ++health_.cycles;
  const auto tally = [this](sensing::Reading reading) {
    if (reading == sensing::Reading::Missing) ++health_.answers_missed;
    if (reading == sensing::Reading::Damaged) ++health_.answers_damaged;
  };
  tally(sample.drive.reading);
  tally(sample.hub.reading);
}

bool ControlLoop::may_leave(units::Instant now) {
  if (!channels_.quit.load(std::memory_order_acquire)) return false;
  if (!quit_since_) {
    quit_since_ = now;
    return false;  // at least one more cycle, which carries the stop
  }
  return at_rest_ || now - *quit_since_ > LongestFarewell;
}

}  // namespace plinth::cycle
