#include "simulator/closed_loop.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "controller/cycle/control_cycle.hpp"
#include "drivers/direct_machine.hpp"
#include "simulator/console_script.hpp"
#include "simulator/faulty_law.hpp"
#include "simulator/judge.hpp"
#include "simulator/judge_start.hpp"
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
        prescription_{prescription},
        options_{options},
        station_{station_setup(scenario, options.seed)},
        setup_{judge_setup(prescription, station_)},
        judge_{setup_},
        reaction_{scenario.faults.size(), scenario.patient.model, setup_.force_limit, setup_.cuff_radius},
        record_{scenario, prescription, options.seed} {
    start_program();
  }

  RunResult to_the_end() {
    const auto began = std::chrono::steady_clock::now();
    bring_up();
    while (station_.now() < scenario_.duration && !is_over()) {
      if (station_.wrongs().any() && computer_fails()) continue;
      one_cycle();
    }
    reaction_.finish(station_.faults());
    record_.finish(station_.now(), std::chrono::steady_clock::now() - began, station_.faults(), judge_,
                   reaction_);
    return record_.result();
  }

 private:
  struct Handler {
    Run* run;
    std::size_t operator()(std::uint8_t unit, std::span<const std::uint8_t> request,
                           std::span<std::uint8_t> reply) const {
      return run->transact(unit, request, reply);
    }
  };

  // The controller's program with all that it remembers.
  struct Program {
    Program(Run& run)  // NOLINT(google-explicit-constructor): made in place
        : machine{Handler{&run}},
          state{sensing::Calibration{}, run.options_.period},
          console{run.prescription_} {}
    drivers::DirectMachine<Handler> machine;
    cycle::CycleState state;
    ConsoleScript console;
    FaultyLaw law;
    std::optional<cycle::Snapshot> newest;
  };

  std::size_t transact(std::uint8_t unit, std::span<const std::uint8_t> request,
                       std::span<std::uint8_t> reply) {
    // As long as the driver waits for an answer (its own default); what comes later did not come.
    constexpr units::Duration AnswersWithin = units::milliseconds(5);
    const std::size_t length = station_.handle(unit, request, reply);
    const Wrong& delay = station_.wrongs()[FaultKind::BusDelay];
    if (!delay) return length;
    const units::Duration takes = units::seconds_long(delay.value * 1e-3);
    pass(std::min(takes, AnswersWithin));
    return takes <= AnswersWithin ? length : 0;
  }

  void pass(units::Duration span) {
    station_.advance_to(station_.now() + span, [this](const VirtualStation& station) {
      const Truth truth = station.truth();
      const Patient& patient = station.patient();
      if (start_.observe(truth.time, patient.left_grip(), patient.right_grip())) judge_.started();
      if (!scenario_.faults.empty()) {
        reaction_.observe(truth, station.drive().command(), station.faults());
        const bool arm_rests = (reaction_.excuses() & ArmOnLegs) != 0;
        judge_.excuse(reaction_.excused(arm_rests ? arm_left_on_legs(truth) : units::Torque{}));
      }
      judge_.observe(truth);
      record_.observe(truth);
    });
  }

  // The arm's weight as far as the drive does not carry it, or carries it by an angle that is not the true
  // one.
  [[nodiscard]] units::Torque arm_left_on_legs(const Truth& truth) {
    using enum FaultKind;
    constexpr units::Torque Level = units::newton_metres(31);
    const Wrongs& wrongs = station_.wrongs();
    const double needed = units::cosine(truth.arm_angle);
    double carried = std::cos(station_.drive().angle());
    if (wrongs[DriveFoldback]) carried *= wrongs[DriveFoldback].value;
    if (wrongs[DriveGain]) carried *= wrongs[DriveGain].value;
    if (wrongs[DriveSilentOff]) carried = 0.0;
    if (wrongs[DriveStuckTorque]) carried = std::clamp<double>(-truth.motor_torque / Level, 0.0, needed);
    return std::abs(needed - carried) * Level;
  }

  void start_program() { program_.emplace(*this); }

  void bring_up() {
    constexpr units::Duration Awakes = units::milliseconds(5);
    pass(Awakes);
    program_->machine.bring_up(safety::installed_limits(std::nullopt, options_.period),
                               [this](units::Duration span) { pass(span); });
  }

  // Faults of the computer and the mains. True when the program has lost this cycle.
  bool computer_fails() {
    Wrongs& wrongs = station_.wrongs();
    const bool stalls = begins(FaultKind::HostStall);
    // Seen by the units from the first telegram that they miss.
    const auto stay_away = [&](FaultKind kind, units::Duration span) {
      judge_.cut_off(station_.now());
      pass(options_.period);
      wrongs[kind].show();
      pass(span - options_.period);
    };
    if (stalls)
      stay_away(FaultKind::HostStall, units::seconds_long(wrongs[FaultKind::HostStall].value * 1e-3));
    if (begins(FaultKind::Restart)) {
      stay_away(FaultKind::Restart, units::milliseconds(500));
      restart();
      return true;
    }
    if (!begins(FaultKind::PowerCut)) return false;
    while (wrongs[FaultKind::PowerCut] && station_.now() < scenario_.duration) {
      std::array<std::uint8_t, MaxPdu> nobody{};
      constexpr std::array<std::uint8_t, 5> Anything{4, 2, 0, 0, 1};
      station_.handle(VirtualStation::DriveUnitId, Anything, nobody);
      pass(options_.period);
    }
    constexpr units::Duration Boots = units::milliseconds(300);
    pass(Boots);
    restart();
    return true;
  }

  bool begins(FaultKind kind) {
    bool& known = begun_.at(static_cast<std::size_t>(kind));
    const bool on = station_.wrongs()[kind].on;
    const bool now = on && !known;
    known = on;
    return now;
  }

  // A new program that remembers nothing. Nobody touches the console any more: whatever moves now, moves
  // unasked.
  void restart() {
    start_program();
    bring_up();
    restarted_at_ = station_.now();
  }

  void one_cycle() {
    pass(options_.period);
    Program& program = *program_;
    const units::Instant now{station_.now()};
    std::optional<session::Intent> intent;
    if (!restarted_at_) intent = program.console.next(program.newest, now);
    if (intent && std::holds_alternative<session::Start>(intent->body)) start_.start_pressed(station_.now());
    const cycle::CycleInput in{
        .sample = program.machine.read(now), .intent = intent, .stop = false, .now = now};
    cycle::Intention intention = cycle::intend(program.state, in);
    if (!scenario_.faults.empty())
      intention.demand = program.law.corrupted(station_.wrongs(), intention.demand);
    const cycle::CycleOutput out = cycle::act(program.state, in, intention);
    program.machine.write(out.command);
    if (out.install_limits)
      program.machine.install(safety::installed_limits(program.state.limits, options_.period));
    if (out.compare_limits) program.machine.compare_limits();

    program.newest = out.snapshot;
    const cycle::Snapshot& newest = *program.newest;
    station_.show_guide(screen_of(newest));
    judge_.observe(newest);
    if (!scenario_.faults.empty()) reaction_.observe(newest, station_.faults());
    record_.observe(newest, station_.faults());
    if (options_.record) options_.record(cycle::record_of(in, newest));
    if (options_.trace) options_.trace({.snapshot = newest, .truth = station_.truth()});
  }

  // Over: the session is done, or a set was ended and the legs are at rest under the brake. Or nothing has
  // begun, or a new program has been watched for long enough.
  [[nodiscard]] bool is_over() {
    constexpr units::Duration Watched = units::milliseconds(3000);
    if (restarted_at_) {
      const auto since = station_.now() - *restarted_at_;
      return since > LongestAftermath || (since > Watched && station_.truth().brake_closed);
    }
    if (options_.start_by && !record_.started() && station_.now() > *options_.start_by) return true;
    const auto& newest = program_->newest;
    if (!newest || !newest->guidance.last_set_end) return false;
    const bool stopped = *newest->guidance.last_set_end != rehab::SetEnd::Completed ||
                         newest->verdict.permission == safety::Permission::Latched;
    const bool done = newest->guidance.stage == session::Stage::Done;
    if (!stopped && !done) return false;
    if (!over_since_) over_since_ = station_.now();
    const auto aftermath = station_.now() - *over_since_;
    return aftermath > LongestAftermath ||
           (aftermath > units::milliseconds(2000) && station_.truth().brake_closed);
  }

  const Scenario& scenario_;
  const rehab::Prescription& prescription_;
  const RunOptions& options_;
  VirtualStation station_;
  std::optional<Program> program_;
  JudgeSetup setup_;
  Judge judge_;
  StartWatch start_;
  Reaction reaction_;
  RunRecord record_;
  std::array<bool, FaultKindCount> begun_{};
  std::optional<units::Duration> restarted_at_;
  std::optional<units::Duration> over_since_;
};

}  // namespace

RunResult run_closed_loop(const Scenario& scenario, const RunOptions& options) {
  const rehab::Prescription prescription = prescription_of(scenario);
  return Run{scenario, prescription, options}.to_the_end();
}

}  // namespace plinth::simulator
