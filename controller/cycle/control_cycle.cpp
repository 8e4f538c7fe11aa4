#include "controller/cycle/control_cycle.hpp"

#include <variant>

#include "controller/resistance/law.hpp"
#include "controller/resistance/load_reading.hpp"

namespace plinth::cycle {

namespace {

// The part of the cycle's input that safety must see itself, without trusting the session to pass it on.
safety::Requests requests_of(const CycleInput& in, bool set_finished) {
  safety::Requests requests{
      .stop = in.stop, .start = false, .reset = std::nullopt, .set_finished = set_finished};
  if (!in.intent) return requests;
  if (std::holds_alternative<session::Stop>(in.intent->body)) requests.stop = true;
  if (std::holds_alternative<session::Start>(in.intent->body)) requests.start = true;
  if (const auto* reset = std::get_if<session::Reset>(&in.intent->body)) requests.reset = reset->level;
  return requests;
}

// Derives the enforced limits when the loaded prescription has changed. True when it has.
bool follow_prescription(std::optional<safety::Limits>& limits,
                         const std::optional<rehab::Prescription>& loaded) {
  const bool same = limits.has_value() == loaded.has_value() && (!limits || limits->prescription == *loaded);
  if (same) return false;
  limits = loaded ? std::optional{safety::limits_for(*loaded)} : std::nullopt;
  return true;
}

Snapshot snapshot_of(const CycleState& state, const CycleInput& in, const sensing::Estimate& estimate,
                     const safety::Verdict& verdict, const session::Guidance& guidance,
                     const safety::ApprovedCommand& command) {
  Snapshot snapshot{.cycle = state.cycles,
                    .at = in.now,
                    .estimate = estimate,
                    .verdict = verdict,
                    .guidance = guidance,
                    .command = command,
                    .prescription = state.session.prescription(),
                    .load_set = guidance.load_set,
                    .load_applied = {},
                    .load_measured = std::nullopt};
  const safety::WireCommand& drive = command.drive();
  if (drive.mode == sensing::DriveMode::Torque) {
    snapshot.load_applied =
        resistance::applied_load(state.loading, units::newton_metres(0.1 * drive.torque_dnm), estimate.angle);
  }
  snapshot.load_measured = resistance::measured_load(state.loading, estimate);
  return snapshot;
}

}  // namespace

CycleState::CycleState(const sensing::Calibration& calibration, units::Duration period)
    : observer{calibration, period}, supervisor{period}, gate{period} {}

Intention intend(CycleState& state, const CycleInput& in) {
  Intention intention;
  intention.estimate = state.observer.observe(in.sample, in.now);
  intention.verdict =
      state.supervisor.judge(intention.estimate, state.expectation, requests_of(in, state.set_finished),
                             state.last_command, state.limits);
  intention.guidance = state.session.advance(intention.estimate, intention.verdict, in.intent, in.now);
  intention.demand = resistance::resist(intention.guidance.law, intention.estimate);
  return intention;
}

CycleOutput act(CycleState& state, const CycleInput& in, const Intention& intention) {
  const auto& [estimate, verdict, guidance, demand] = intention;
  const safety::ApprovedCommand command = state.gate.approve(demand, verdict, state.limits);

  if (std::holds_alternative<resistance::ConstantLoad>(guidance.law)) state.loading = guidance.law;
  state.expectation = guidance.expectation;
  state.last_command = command;
  state.set_finished = guidance.wants_permission_withdrawn;
  ++state.cycles;
  const bool changed = follow_prescription(state.limits, state.session.prescription());
  const bool arms = verdict.permission == safety::Permission::Armed && !state.armed;
  state.armed = verdict.permission == safety::Permission::Armed;
  if (changed) state.loading = {};  // whatever is told from now on is told in the new one's terms
  return {.command = command,
          .snapshot = snapshot_of(state, in, estimate, verdict, guidance, command),
          .install_limits = changed,
          .compare_limits = arms && !changed};
}

CycleOutput step(CycleState& state, const CycleInput& in) {
  return act(state, in, intend(state, in));
}

}  // namespace plinth::cycle
