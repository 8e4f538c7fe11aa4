#include "simulator/witness.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace plinth::simulator {

namespace {

constexpr double LoadLeft = 0.1;
// Friction of the arm at the cuff, and what compensating its weight leaves.
constexpr units::Force HardlyAnything = units::newtons(15);
// A controller that has died: the added load is gone this long after the watchdog's time. The drive's ramp is
// 180 ms; 20 ms are its ticks, the torque's lag and the noise of both.
constexpr units::Duration GoneAfterWatchdog = units::milliseconds(200);
constexpr units::Duration Together = units::milliseconds(10);
// A controller that releases sends a telegram in every period of 10 ms.
constexpr units::Duration Missed = units::milliseconds(30);
constexpr units::AngularVelocity Still = units::degrees_per_second(1.0);
// 10 °/s in steps of the register: what no training's speed limit is ever as low as.
constexpr double LoweringLimit = 0.175;  // rad/s

units::Force load_of(const Truth& truth) {
  return truth.torque_on ? truth.added_load : units::Force{};
}

bool gone(units::Force load, units::Force from) {
  return load <= std::max(LoadLeft * from, HardlyAnything);
}

StopSign sign_of_own_stop(const Drive& drive) {
  if (drive.fault() == DriveFault::Watchdog) return StopSign::Silence;
  if (drive.fault() != DriveFault::None) return StopSign::DriveFault;
  if (drive.ss1_active()) return StopSign::StopCircuit;
  return StopSign::ControlledStop;
}

}  // namespace

std::string_view name_of(StopSign sign) {
  constexpr std::array<std::string_view, 8> Names{"none",     "release",      "lowering", "controlled_stop",
                                                  "disabled", "stop_circuit", "silence",  "drive_fault"};
  return Names.at(static_cast<std::size_t>(sign));
}

StopSign stop_sign(const Drive& drive) {
  switch (drive.state()) {
    case DriveState::Running: {
      const DriveCommand& command = drive.command();
      if (command.mode == DriveMode::Lowering) return StopSign::Lowering;
      // Training damps the lowering a little, always; a release never does.
      const bool way_down = command.speed_lowering <= LoweringLimit || command.damping_lowering <= 0.0;
      return way_down ? StopSign::Release : StopSign::None;
    }
    case DriveState::Stopping:
    case DriveState::Stopped:
      return sign_of_own_stop(drive);
    default:
      return StopSign::Disabled;
  }
}

void Witness::look(const VirtualStation& station, units::Instant now) {
  const Truth truth = station.truth();
  watch_the_hands(station);
  if (in_run_) {
    watch_the_telegrams(station, now);
    watch_for_a_stop(station, now);
  } else {
    watch_for_a_start(station, now);
  }
  judge_.observe(truth);
  if (in_run_) follow_the_stop(station, now);

  if (first_look_) seen_.lowest = seen_.highest = truth.arm_angle;
  first_look_ = false;
  seen_.lowest = std::min(seen_.lowest, truth.arm_angle);
  seen_.highest = std::max(seen_.highest, truth.arm_angle);
  seen_.most_load = std::max(seen_.most_load, load_of(truth));
  seen_.reps_shown = std::max(seen_.reps_shown, int{station.view().rep});
  seen_.now = truth;
  seen_.simulated = station.now();
  seen_.at_rest = truth.brake_closed && !truth.torque_on && units::magnitude(truth.arm_speed) < Still;
}

void Witness::watch_the_hands(const VirtualStation& station) {
  const Patient& patient = station.patient();
  if (!patient.left_grip() || !patient.right_grip()) hands_were_off_ = true;
}

void Witness::watch_for_a_start(const VirtualStation& station, units::Instant now) {
  const DriveState state = station.drive().state();
  if (state != DriveState::Running && state != DriveState::Stopping) return;
  const Patient& patient = station.patient();
  const bool squeezed = hands_were_off_ && patient.left_grip() && patient.right_grip();
  hands_were_off_ = false;
  in_run_ = true;
  told_silence_ = false;
  taken_over_ = false;
  seen_.runs.push_back({.started = now, .squeezed = squeezed, .last_telegram = now});
  // An unasked start is not told to the judge: whatever moves then has moved unasked, or after a stop.
  if (squeezed)
    judge_.started();
  else
    seen_.unsafe_reasons.emplace_back("torque came on without a fresh squeeze of both grips");
}

void Witness::watch_the_telegrams(const VirtualStation& station, units::Instant now) {
  const Drive& drive = station.drive();
  const int left = drive.watchdog_left_ms();
  if (left <= 0) return;
  last_telegram_ = now - units::milliseconds(drive.limits().watchdog_ms - left);
  if (left >= drive.limits().watchdog_ms - 1) load_at_last_telegram_ = load_of(station.truth());
}

void Witness::watch_for_a_stop(const VirtualStation& station, units::Instant now) {
  WatchedRun& run = seen_.runs.back();
  if (run.stopped) return;
  const Drive& drive = station.drive();
  const Truth truth = station.truth();
  run.last_telegram = last_telegram_;
  StopSign sign = stop_sign(drive);
  if (sign == StopSign::None) return;
  // The hub's relay and the drive's watchdog have the same time: whichever falls first, it was silence.
  const auto silence = units::milliseconds(drive.limits().watchdog_ms) - Together;
  if (sign == StopSign::StopCircuit && now - run.last_telegram >= silence) sign = StopSign::Silence;
  run.stopped = now;
  run.sign = sign;
  run.load_at_stop = load_of(truth);
  run.highest_after_stop = truth.arm_angle;
  judge_.tripped(truth.time);
}

void Witness::follow_the_stop(const VirtualStation& station, units::Instant now) {
  WatchedRun& run = seen_.runs.back();
  if (!run.stopped) return;
  const Truth truth = station.truth();
  watch_for_a_cut_off(station, now);
  const bool silent = run.sign == StopSign::Silence || (run.cut_off && last_telegram_ == run.last_telegram);
  const units::Force from = silent ? load_at_last_telegram_ : run.load_at_stop;
  if (!gone(load_of(truth), from))
    run.load_gone.reset();
  else if (!run.load_gone)
    run.load_gone = now;
  run.highest_after_stop = std::max(run.highest_after_stop, truth.arm_angle);
  run.fastest_fall = std::max(run.fastest_fall, -truth.arm_speed);

  if (silent) judge_silence(station, now);
  if (truth.torque_on || !truth.brake_closed) return;
  in_run_ = false;
  run.ended = now;
  run.ended_at = truth.arm_angle;
}

// Whoever begins a release and falls silent in it has stopped nothing yet: the load stays as the last
// telegram left it until the drive's watchdog, and that is the stop to be judged.
void Witness::watch_for_a_cut_off(const VirtualStation& station, units::Instant now) {
  WatchedRun& run = seen_.runs.back();
  const bool by_telegrams = run.sign == StopSign::Release || run.sign == StopSign::Lowering;
  if (!run.cut_off && by_telegrams && !run.load_gone && now - last_telegram_ > Missed) {
    run.cut_off = true;
    run.last_telegram = last_telegram_;
    judge_afresh();
  }
  if (!run.cut_off || taken_over_) return;
  const bool heard_again = last_telegram_ > run.last_telegram;
  if (!heard_again && station.drive().state() == DriveState::Running) return;
  taken_over_ = true;
  judge_.tripped(station.truth().time);
}

void Witness::judge_silence(const VirtualStation& station, units::Instant now) {
  const WatchedRun& run = seen_.runs.back();
  const auto bound = units::milliseconds(station.drive().limits().watchdog_ms) + GoneAfterWatchdog;
  if (told_silence_ || run.load_gone || now - run.last_telegram <= bound) return;
  told_silence_ = true;
  std::array<char, 120> words{};
  std::snprintf(words.data(), words.size(), "%.0f N were left %lld ms after the last telegram",
                units::in_newtons(load_of(station.truth())),
                static_cast<long long>(units::in_milliseconds(now - run.last_telegram)));
  seen_.unsafe_reasons.emplace_back(words.data());
}

void Witness::judge_afresh() {
  const auto judged = judge_.reasons();
  seen_.unsafe_reasons.insert(seen_.unsafe_reasons.end(), judged.begin(), judged.end());
  judge_ = Judge{setup_};
  judge_.started();
}

Testimony Witness::testimony() const {
  Testimony told = seen_;
  const auto judged = judge_.reasons();
  told.unsafe_reasons.insert(told.unsafe_reasons.begin(), judged.begin(), judged.end());
  told.force_limit = setup_.force_limit;
  told.range_low = setup_.low;
  told.range_high = setup_.high;
  return told;
}

}  // namespace plinth::simulator
