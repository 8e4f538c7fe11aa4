#include <algorithm>

#include "controller/service/translate.hpp"

namespace plinth::service {
namespace {

using rehab::Refusal;
using rehab::RefusalCode;

std::optional<StopReason> reason_of(v1::StopReason reason) {
  switch (reason) {
    case v1::STOP_REASON_SHARP_PAIN:
      return StopReason::SharpPain;
    case v1::STOP_REASON_HEAVINESS:
      return StopReason::Heaviness;
    case v1::STOP_REASON_TINGLING:
      return StopReason::Tingling;
    case v1::STOP_REASON_TIRED:
      return StopReason::Tired;
    case v1::STOP_REASON_OTHER:
      return StopReason::Other;
    default:
      return std::nullopt;
  }
}

v1::StopReason message_of(StopReason reason) {
  switch (reason) {
    case StopReason::SharpPain:
      return v1::STOP_REASON_SHARP_PAIN;
    case StopReason::Heaviness:
      return v1::STOP_REASON_HEAVINESS;
    case StopReason::Tingling:
      return v1::STOP_REASON_TINGLING;
    case StopReason::Tired:
      return v1::STOP_REASON_TIRED;
    case StopReason::Other:
      return v1::STOP_REASON_OTHER;
  }
  return v1::STOP_REASON_UNSPECIFIED;
}

v1::Role message_of(Role role) {
  switch (role) {
    case Role::Viewer:
      return v1::ROLE_VIEWER;
    case Role::Patient:
      return v1::ROLE_PATIENT;
    case Role::Console:
      return v1::ROLE_CONSOLE;
  }
  return v1::ROLE_UNSPECIFIED;
}

// Every byte but those that go on with a character of UTF-8 (Protobuf lets no other text through).
std::size_t characters_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

tl::expected<Told, Refusal> told_of(const v1::TellReason& message, Role by) {
  const auto reason = reason_of(message.reason());
  if (!reason) {
    return tl::unexpected{Refusal{RefusalCode::UnknownName, "reason", std::to_string(message.reason()),
                                  "sharp pain (1), heaviness (2), tingling (3), tired (4) or other (5)"}};
  }
  if (const std::size_t length = characters_of(message.words()); length > LongestWords) {
    return tl::unexpected{Refusal{RefusalCode::TooLarge, "words", std::to_string(length) + " characters",
                                  "at most " + std::to_string(LongestWords) + " characters"}};
  }
  return Told{.reason = *reason, .words = message.words(), .by = by};
}

v1::Aftermath message_of(const Aftermath& aftermath) {
  v1::Aftermath out;
  out.set_ask(aftermath.asks());
  out.set_review(aftermath.needs_review());
  if (const auto& told = aftermath.told()) {
    out.set_reason(message_of(told->reason));
    out.set_words(told->words);
    out.set_told_by(message_of(told->by));
  }
  return out;
}

}  // namespace plinth::service
