#include <string>
#include <string_view>

#include "controller/safety/rules.hpp"
#include "controller/service/translate.hpp"

namespace plinth::service {
namespace {

// "The load is more than this phase allows." and "400 N" become one sentence.
std::string with_found(std::string_view sentence, const std::string& found) {
  if (found.empty()) return std::string{sentence};
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  return std::string{sentence} + ": " + found + ".";
}

// Refusals whose reason is a stop that stands, and is known by name.
bool is_about_a_stop(rehab::RefusalCode code) {
  return code == rehab::RefusalCode::Latched || code == rehab::RefusalCode::CauseStillPresent ||
         code == rehab::RefusalCode::ResetNotAllowed;
}

}  // namespace

v1::Refused message_of(const rehab::Refusal& refusal) {
  const rehab::RefusalText& text = rehab::text_of(refusal.code);
  v1::Refused out;
  out.set_code(std::string{text.name});
  out.set_why(with_found(text.what, refusal.found));
  out.set_allowed(refusal.allowed);
  out.set_next_step(std::string{text.next_step});
  out.set_field(refusal.field);
  return out;
}

v1::Refused message_of(const std::vector<rehab::Refusal>& refusals) {
  v1::Refused out = message_of(refusals.front());
  if (refusals.size() > 1) {
    for (const rehab::Refusal& refusal : refusals) *out.add_details() = message_of(refusal);
  }
  return out;
}

v1::Refused message_of(rehab::RefusalCode code) {
  return message_of(rehab::Refusal{.code = code, .field = {}, .found = {}, .allowed = {}});
}

v1::Refused message_of(rehab::RefusalCode code, const cycle::Snapshot& newest) {
  v1::Refused out = message_of(code);
  if (!is_about_a_stop(code)) return out;
  const safety::Verdict& verdict = newest.verdict;
  const safety::Cause cause =
      code == rehab::RefusalCode::CauseStillPresent ? verdict.cause : verdict.first_cause;
  if (cause == safety::Cause::None) return out;
  const safety::Rule& rule = safety::rule_of(cause);
  out.set_why(out.why() + " " + std::string{rule.physio});
  if (!rule.next_step.empty()) out.set_next_step(std::string{rule.next_step});
  if (code == rehab::RefusalCode::ResetNotAllowed) {
    out.set_allowed("a reset by: " + std::string{name_of(verdict.latch)});
  }
  return out;
}

}  // namespace plinth::service
