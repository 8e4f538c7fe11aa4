#include "simulator/console_script.hpp"

namespace plinth::simulator {

namespace {

constexpr units::Duration Pause = units::milliseconds(1000);

// A set that was stopped is not started again: a scenario ends with its first stop.
bool a_set_was_stopped(const session::Guidance& guidance) {
  return guidance.last_set_end && *guidance.last_set_end != rehab::SetEnd::Completed;
}

}  // namespace

std::optional<session::IntentBody> ConsoleScript::wish(const std::optional<cycle::Snapshot>& newest) const {
  if (!newest) return session::LoadPrescription{prescription_};
  const auto& guidance = newest->guidance;
  if (a_set_was_stopped(guidance)) return std::nullopt;
  if (guidance.stage == session::Stage::NoPrescription) return session::LoadPrescription{prescription_};
  if (newest->verdict.permission == safety::Permission::Latched) {
    return session::Reset{.level = safety::LatchLevel::Therapist};
  }
  if (guidance.stage == session::Stage::Ready) return session::Start{};
  return std::nullopt;
}

std::optional<session::Intent> ConsoleScript::next(const std::optional<cycle::Snapshot>& newest,
                                                   units::Instant now) {
  if (now < not_before_) return std::nullopt;
  auto body = wish(newest);
  if (!body) return std::nullopt;
  not_before_ = now + Pause;
  return session::Intent{.id = ++last_id_, .body = *body};
}

}  // namespace plinth::simulator
