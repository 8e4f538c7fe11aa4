#include "simulator/closed_loop.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "controller/cycle/control_cycle.hpp"
#include "drivers/direct_machine.hpp"
#include "simulator/console_script.hpp"
#include "simulator/judge.hpp"
#include "simulator/run_record.hpp"

namespace plinth::simulator {

namespace {

// After a set has ended the machine has this long to be at rest: lowering from the top at 10 °/s and the
// brake.
constexpr units::Duration LongestAftermath = units::milliseconds(15'000);

// The moments of a rep have the same names on both sides, and a numbering of their own on each.
Moment as_seen(rehab::Moment moment) {
  switch (moment) {
    case rehab::Moment::Idle:
      return Moment::Idle;
    case rehab::Moment::RampIn:
      return Moment::RampIn;
    case rehab::Moment::Lifting:
      return Moment::Lifting;
    case rehab::Moment::Holding:
      return Moment::Holding;
    case rehab::Moment::Lowering:
      return Moment::Lowering;
    case rehab::Moment::Resting:
      return Moment::Resting;
    case rehab::Moment::Unloading:
      return Moment::Unloading;
  }
  return Moment::Idle;
}

// What the patient's screen shows of a snapshot.
GuideView screen_of(const cycle::Snapshot& snapshot) {
  const auto& guidance = snapshot.guidance;
  const auto& expectation = guidance.expectation;
  GuideView view;
  view.moment = as_seen(expectation.moment);
  view.moving = guidance.stage == session::Stage::Training;
  const auto permission = snapshot.verdict.permission;
  view.hold_grips = permission == safety::Permission::Armed || permission == safety::Permission::Granted;
  view.target = expectation.target;
  view.target_speed = expectation.target_speed;
  if (guidance.working) {
    view.low = guidance.working->low();
    view.high = guidance.working->high();
  }
  view.rep = guidance.rep;
  return view;
}

class Run {
 public:
  Run(const Scenario& scenario, const rehab::Prescription& prescription, const RunOptions& options)
      : scenario_{scenario},
        options_{options},
        station_{station_setup(scenario, options.seed)},
        machine_{Handler{this}},
        state_{sensing::Calibration{}, options.period},
        console_{prescription},
        judge_{judge_setup(prescription, station_)},
        record_{scenario, prescription, options.seed} {}

  RunResult to_the_end() {
    const auto began = std::chrono::steady_clock::now();
    bring_up();
    while (station_.now() < scenario_.duration && !is_over()) one_cycle();
    record_.finish(station_.now(), std::chrono::steady_clock::now() - began, station_.faults(), judge_);
    return record_.result();
  }

 private:
  struct Handler {
    Run* run;
    std::size_t operator()(std::uint8_t unit, std::span<const std::uint8_t> request,
                           std::span<std::uint8_t> reply) const {
      return run->station_.handle(unit, request, reply);
    }
  };

  void pass(units::Duration span) {
    station_.advance_to(station_.now() + span, [this](const VirtualStation& station) {
      const Truth truth = station.truth();
      judge_.observe(truth);
      record_.observe(truth);
    });
  }

  void bring_up() {
    machine_.bring_up(safety::installed_limits(std::nullopt, options_.period),
                      [this](units::Duration span) { pass(span); });
  }

  void one_cycle() {
    pass(options_.period);
    const units::Instant now{station_.now()};
    const cycle::CycleInput in{
        .sample = machine_.read(now), .intent = console_.next(newest_, now), .stop = false, .now = now};
    const cycle::CycleOutput out = cycle::step(state_, in);
    machine_.write(out.command);
    if (out.install_limits) machine_.install(safety::installed_limits(state_.limits, options_.period));

    newest_ = out.snapshot;
    station_.show_guide(screen_of(*newest_));
    judge_.observe(*newest_);
    record_.observe(*newest_, station_.faults());
    if (options_.record) options_.record(cycle::record_of(in, *newest_));
    if (options_.trace) options_.trace({.snapshot = *newest_, .truth = station_.truth()});
  }

  // Over: the session is done, or a set was ended and the legs are at rest under the brake.
  [[nodiscard]] bool is_over() {
    if (!newest_ || !newest_->guidance.last_set_end) return false;
    const bool stopped = *newest_->guidance.last_set_end != rehab::SetEnd::Completed;
    const bool done = newest_->guidance.stage == session::Stage::Done;
    if (!stopped && !done) return false;
    if (!over_since_) over_since_ = station_.now();
    const auto aftermath = station_.now() - *over_since_;
    return aftermath > LongestAftermath ||
           (aftermath > units::milliseconds(2000) && station_.truth().brake_closed);
  }

  const Scenario& scenario_;
  const RunOptions& options_;
  VirtualStation station_;
  drivers::DirectMachine<Handler> machine_;
  cycle::CycleState state_;
  ConsoleScript console_;
  Judge judge_;
  RunRecord record_;
  std::optional<cycle::Snapshot> newest_;
  std::optional<units::Duration> over_since_;
};

}  // namespace

RunResult run_closed_loop(const Scenario& scenario, const RunOptions& options) {
  return Run{scenario, prescription_of(scenario), options}.to_the_end();
}

}  // namespace plinth::simulator
