#include "controller/safety/gate.hpp"

#include <algorithm>

namespace plinth::safety {
namespace {

GateInput input_of(const Verdict& verdict) {
  GateInput in;
  in.elapsed_ms = verdict.elapsed_ms;
  in.granted = verdict.permission == Permission::Granted;
  in.action = verdict.action;
  in.no_upward_torque = verdict.no_upward_torque;
  in.no_downward_torque = verdict.no_downward_torque;
  in.rising = verdict.rising;
  in.falling = verdict.falling;
  in.sinking = verdict.sinking;
  in.angle_doubted = verdict.angle_doubted;
  in.brake = verdict.brake;
  in.gravity_permille = verdict.gravity_permille;
  in.rest_dmrad = verdict.rest_angle ? std::max(angle_register(*verdict.rest_angle), GateCore::LowestDmrad)
                                     : GateCore::LowestDmrad;
  in.latch_cleared = verdict.latch_cleared;
  return in;
}

// Two channels, both open at rest: the relay is closed while somebody may start, and on the way down as long
// as the drive does what it is told.
bool permit(const Verdict& verdict) {
  if (verdict.withdraw_permit || verdict.action == Action::TorqueOff) return false;
  return verdict.permission != Permission::Latched || verdict.brake != Brake::Closed;
}

}  // namespace

Gate::Gate(units::Duration period)
    : core_{static_cast<std::uint16_t>(std::clamp<std::int64_t>(units::in_milliseconds(period), 1, 1000))} {}

ApprovedCommand Gate::approve(const rehab::DriveDemand& demand, const Verdict& verdict,
                              const std::optional<Limits>& limits) {
  // Legs that are still in the arm keep the support that was measured for them, whoever comes next.
  const bool same = caps_ && limits.has_value() == capped_for_.has_value() &&
                    (!limits || limits->prescription == *capped_for_) && verdict.working == capped_range_;
  const bool same_person = limits && capped_for_ && limits->prescription.person() == capped_for_->person();
  if (!same && (!caps_ || same_person || core_.phase() == GateCore::Phase::Off)) {
    caps_ = wire_caps(limits, verdict.working);
    capped_range_ = verdict.working;
    capped_for_ = limits ? std::optional{limits->prescription} : std::nullopt;
  }
  GateInput in = input_of(verdict);
  in.caps = *caps_;
  if (!in.granted) asked_for_nonsense_ = false;

  Action action = verdict.action;
  Cause cause = verdict.cause;
  if (const auto* torque = std::get_if<rehab::TorqueDemand>(&demand)) {
    const auto registers = torque_registers(*torque);
    in.want = GateInput::Want::Torque;
    if (registers) in.torque = *registers;
    asked_for_nonsense_ = asked_for_nonsense_ || (in.granted && !registers);
  } else if (std::holds_alternative<rehab::LoweringDemand>(demand)) {
    in.want = GateInput::Want::Lowering;
  }
  // Torque without a prescription, or torque that is no number: nothing of it leaves, the load goes off.
  if (in.want == GateInput::Want::Torque && (asked_for_nonsense_ || !limits))
    in.want = GateInput::Want::Lowering;
  if (asked_for_nonsense_ && in.action < Action::Release) {
    in.action = Action::Release;
    action = Action::Release;
    cause = Cause::Internal;
  }
  return ApprovedCommand{core_.step(in), permit(verdict), action, cause};
}

}  // namespace plinth::safety
