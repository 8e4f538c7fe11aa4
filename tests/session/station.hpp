// A station in virtual time without physics: a brake that opens and closes, legs that a function moves, and a
// safety layer that grants what it is told to.
#pragma once

#include <functional>
#include <vector>

#include "controller/session/session.hpp"

namespace plinth::session {

inline constexpr units::Duration Period = units::milliseconds(10);
inline const units::Interval<units::Angle> Working{units::degrees(-60), units::degrees(-5)};
inline const rehab::Tempo Tempo2140{units::milliseconds(2000), units::milliseconds(1000),
                                    units::milliseconds(4000), units::milliseconds(0)};

// The default prescription of a phase for 78 kg and 1.75 m; change what the test is about.
inline rehab::Prescription prescribed(rehab::Phase phase,
                                      const std::function<void(rehab::PrescriptionDraft&)>& change = {}) {
  rehab::PrescriptionDraft draft = rehab::defaults_of(phase);
  draft.sets = 1;
  draft.reps = 3;
  if (change) change(draft);
  const rehab::Person person{.mass = units::kilograms(78), .height = units::metres(1.75), .strength = {}};
  return rehab::Prescription::checked(draft, person).value();
}

struct Station {
  // Where the legs go next. `guidance`: of the last cycle.
  using Legs = std::function<units::Angle(const Station&)>;

  Session session{};
  Guidance guidance{};
  sensing::Estimate estimate{};
  safety::Verdict verdict{};
  units::Instant now{};
  units::Angle rest = units::degrees(-70);
  Legs legs = follows(units::milliseconds(0));
  std::vector<Guidance> history{};  // of every cycle

  Station() {
    estimate.angle = rest;
    estimate.drive_report = sensing::DriveReport{};
    reset();
    verdict.rest_angle = rest;
  }

  // Legs that follow the guide this much later.
  static Legs follows(units::Duration delay) {
    return [delay](const Station& station) {
      const auto back = static_cast<std::size_t>(delay / Period);
      const auto& seen = station.history;
      const auto& guidance = seen.size() > back ? seen[seen.size() - 1 - back] : seen.front();
      return guidance.stage == Stage::Training ? guidance.expectation.target : station.rest;
    };
  }

  Guidance& cycle(const std::optional<Intent>& intent = {}) {
    now += Period;
    verdict.brake = estimate.drive_report->brake_released ? safety::Brake::Open : safety::Brake::Closed;
    guidance = session.advance(estimate, verdict, intent, now);
    history.push_back(guidance);
    const units::Angle before = estimate.angle;
    auto& report = *estimate.drive_report;
    if (std::holds_alternative<resistance::Lower>(guidance.law)) {
      // 10 °/s down to rest, then the brake.
      estimate.angle = std::max(rest, estimate.angle - units::degrees(0.1));
      if (estimate.angle <= rest) report.brake_released = false;
    } else if (std::holds_alternative<resistance::ConstantLoad>(guidance.law)) {
      if (guidance.stage == Stage::Training) estimate.angle = legs(*this);
      report.brake_released = brake_works;
    }
    estimate.velocity =
        units::radians_per_second(units::in_radians(estimate.angle - before) / units::in_seconds(Period));
    estimate.at = now;
    estimate.period = Period;
    if (guidance.wants_permission_withdrawn && withdraws) verdict.permission = safety::Permission::Ready;
    return guidance;
  }

  Guidance& ask(const IntentBody& body, std::uint64_t id = 7) {
    return cycle(Intent{.id = id, .body = body});
  }

  void load(const rehab::Prescription& prescription) { ask(LoadPrescription{prescription}); }
  // Start at the console, then both grips.
  void grant() {
    verdict.permission = safety::Permission::Armed;
    cycle();
    verdict.permission = safety::Permission::Granted;
    cycle();
  }
  // The safety layer trips and latches.
  void trip(safety::Cause cause, safety::Action action = safety::Action::Release) {
    verdict.action = action;
    verdict.cause = cause;
    verdict.first_cause = cause;
    verdict.permission = safety::Permission::Latched;
  }
  void reset() {
    verdict.action = safety::Action::Allow;
    verdict.cause = safety::Cause::None;
    verdict.first_cause = safety::Cause::None;
    verdict.latch = safety::LatchLevel::None;
    verdict.permission = safety::Permission::Ready;
  }

  // Cycles until `done`, or for `most`. True when done.
  bool run_until(const std::function<bool(const Guidance&)>& done,
                 units::Duration most = units::milliseconds(300'000)) {
    for (units::Duration t{}; t < most; t += Period)
      if (done(cycle())) return true;
    return false;
  }
  void run_for(units::Duration time) {
    run_until([](const Guidance&) { return false; }, time);
  }
  bool run_to(Stage stage) {
    return run_until([stage](const Guidance& g) { return g.stage == stage; });
  }
  bool run_to(rehab::Moment moment) {
    return run_until([moment](const Guidance& g) { return g.expectation.moment == moment; });
  }
  bool run_to_end() {
    return run_until([](const Guidance& g) { return g.set_ended_now; });
  }

  bool brake_works = true;
  bool withdraws = true;  // the safety layer takes the permission back when asked
};

}  // namespace plinth::session
