#include "controller/service/aftermath.hpp"

#include <spdlog/spdlog.h>

#include "controller/service/journal.hpp"

namespace plinth::service {
namespace {

bool calls_for_a_physio(StopReason reason) {
  return reason == StopReason::SharpPain || reason == StopReason::Tingling;
}

// As it may stand in the log: in one line, between quotes.
std::string quoted(std::string text) {
  for (char& c : text) {
    if ((c >= '\0' && c < ' ') || c == '\x7F') c = ' ';
    if (c == '"') c = '\'';
  }
  return '"' + text + '"';
}

}  // namespace

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::SharpPain:
      return "sharp_pain";
    case StopReason::Heaviness:
      return "heaviness";
    case StopReason::Tingling:
      return "tingling";
    case StopReason::Tired:
      return "tired";
    case StopReason::Other:
      return "other";
  }
  return "unknown";
}

void Aftermath::look(const cycle::Snapshot& newest) {
  const session::Guidance& guidance = newest.guidance;
  const bool runs = runs_a_set(guidance.stage);
  if (runs) told_.reset();
  stopped_ = !runs && guidance.last_set_end && *guidance.last_set_end != rehab::SetEnd::Completed;
  latched_ = guidance.stage == session::Stage::Stopped;
}

std::optional<rehab::Refusal> Aftermath::tell(const Told& told) {
  if (!stopped_) {
    return rehab::Refusal{
        .code = rehab::RefusalCode::NoStopToExplain, .field = {}, .found = {}, .allowed = {}};
  }
  spdlog::info("stop_reason by={} reason={} words={}", name_of(told.by), name_of(told.reason),
               quoted(told.words));
  told_ = told;
  if (calls_for_a_physio(told.reason) && !review_) {
    review_ = told.reason;
    spdlog::warn("review_needed reason={}", name_of(told.reason));
  }
  return std::nullopt;
}

void Aftermath::reviewed() {
  if (review_) spdlog::info("reviewed reason={}", name_of(*review_));
  review_.reset();
}

std::optional<rehab::Refusal> Aftermath::obstacle_to_start() const {
  if (!review_) return std::nullopt;
  return rehab::Refusal{.code = rehab::RefusalCode::ReviewNeeded,
                        .field = {},
                        .found = review_ == StopReason::Tingling ? "tingling" : "sharp pain",
                        .allowed = {}};
}

}  // namespace plinth::service
