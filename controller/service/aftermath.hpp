// After a stop: whether the person is to be asked, what they said, and what follows from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controller/cycle/snapshot.hpp"
#include "controller/service/roles.hpp"

namespace plinth::service {

// Three words name what should never be trained through, one that it was enough, and one leaves it open.
enum class StopReason : std::uint8_t { SharpPain, Heaviness, Tingling, Tired, Other };
std::string_view name_of(StopReason reason);  // "sharp_pain"

struct Told {
  StopReason reason = StopReason::Other;
  std::string words;  // at most LongestWords characters, UTF-8
  Role by = Role::Patient;
};
inline constexpr std::size_t LongestWords = 200;

// Sharp pain and tingling are signs that the person who trains cannot judge alone: nothing is started again
// before a physio has ended the session. It lasts as long as the program; after a restart a stop is latched
// that only a therapist clears.
class Aftermath {
 public:
  // To be called with every new snapshot.
  void look(const cycle::Snapshot& newest);

  // Why it is not taken; nothing when it is. Writes it into the log.
  std::optional<rehab::Refusal> tell(const Told& told);
  // A physio has seen to the person.
  void reviewed();

  // A set was stopped, its stop is latched still, and nobody has said why.
  [[nodiscard]] bool asks() const { return stopped_ && latched_ && !told_; }
  [[nodiscard]] const std::optional<Told>& told() const { return told_; }
  [[nodiscard]] bool needs_review() const { return review_.has_value(); }
  // Why nothing may be started; nothing when nothing stands against it.
  [[nodiscard]] std::optional<rehab::Refusal> obstacle_to_start() const;

 private:
  bool stopped_ = false;  // the last set did not come to its end
  bool latched_ = false;
  std::optional<Told> told_;
  std::optional<StopReason> review_;  // because of this
};

}  // namespace plinth::service
