// The shipping latch in every state that it can reach, against a second, plainer account of what has happened
// to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "controller/safety/latch.hpp"
#include "tests/exploration/explorer.hpp"

namespace plinth::exploration {
namespace {

using rehab::RefusalCode;
using safety::Action;
using safety::Cause;
using safety::CauseSet;
using safety::Latch;
using safety::LatchEvents;
using safety::LatchLevel;
using safety::Permission;

// What an onlooker with a stopwatch would have written down.
struct Onlooker {
  std::uint16_t cause_gone_ms = 0;
  std::uint16_t armed_ms = 0;  // since Start was taken
  bool reset_was_asked = true;
  bool start_was_asked = true;
  CauseSet causes = CauseSet{}.set(static_cast<std::size_t>(Cause::Boot));
  Cause first = Cause::Boot;
  Action worst_action = Action::DriveStop;
  LatchLevel worst_level = LatchLevel::Therapist;

  friend bool operator==(const Onlooker&, const Onlooker&) = default;
};

std::uint16_t saturating(unsigned value, std::uint16_t most) {
  return static_cast<std::uint16_t>(std::min<unsigned>(value, most));
}

// One cause for every reaction that the table knows: action and level are all that the latch sees of a rule.
std::vector<Cause> representatives(Size size) {
  std::set<std::pair<Action, LatchLevel>> seen;
  std::vector<Cause> causes;
  for (const safety::Rule& rule : safety::rule_table())
    if (rule.cause != Cause::Boot && seen.insert({rule.action, rule.latch}).second)
      causes.push_back(rule.cause);
  // The mildest and the worst of each action say most; the long proof takes all.
  if (size == Size::Full) return causes;
  std::erase_if(causes, [](Cause cause) { return safety::rule_of(cause).action <= Action::Limit; });
  std::erase_if(causes, [](Cause cause) { return safety::rule_of(cause).latch == LatchLevel::None; });
  const std::size_t most = size == Size::Small ? 2 : 4;
  while (causes.size() > most) causes.erase(causes.begin() + 2);
  return causes;
}

class LatchDomain {
 public:
  struct State {
    Latch latch;
    Onlooker seen;
    friend bool operator==(const State&, const State&) = default;
  };
  using Input = LatchEvents;
  using Output = Latch::Answer;

  explicit LatchDomain(Size size) {
    const std::vector<std::uint16_t> steps = size == Size::Full
                                                 ? std::vector<std::uint16_t>{0, 100, 250, 65535}
                                                 : std::vector<std::uint16_t>{0, 250, 65535};
    // Alone, and with another that acts in the same cycle.
    const std::vector<Cause> causes = representatives(size);
    std::vector<std::pair<std::optional<Cause>, CauseSet>> trips{{std::nullopt, {}}};
    for (const Cause cause : causes) {
      const CauseSet alone = CauseSet{}.set(static_cast<std::size_t>(cause));
      trips.emplace_back(cause, alone);
      if (cause == causes.front())
        trips.emplace_back(cause, CauseSet{alone}.set(static_cast<std::size_t>(causes.at(1))));
    }
    for (const std::uint16_t elapsed : steps)
      for (const auto& [trip, acting] : trips)
        for (const std::optional<LatchLevel> reset :
             {std::optional<LatchLevel>{}, std::optional{LatchLevel::None},
              std::optional{LatchLevel::Patient}, std::optional{LatchLevel::Therapist},
              std::optional{LatchLevel::Service}})
          for (unsigned bits = 0; bits < 256; ++bits)
            inputs_.push_back(
                {.elapsed_ms = elapsed,
                 .trip = trip,
                 .acting = acting,
                 .cause_present = (bits & 1U) != 0,
                 .at_rest = (bits & 2U) != 0,
                 .reset = reset,
                 .start = (bits & 4U) != 0,
                 .left_grip = (bits & 8U) != 0,
                 .right_grip = (bits & 16U) != 0,
                 .set_finished = (bits & 32U) != 0,
                 .obstacle = (bits & 64U) != 0 ? std::optional{RefusalCode::PatientAbsent} : std::nullopt,
                 .drive_ready = (bits & 128U) != 0});
  }

  State start() const { return {}; }
  const std::vector<Input>& inputs() const { return inputs_; }

  Output step(State& state, const Input& in) const {
    const Permission before = state.latch.permission();
    const Output answer = state.latch.step(in);
    Onlooker& seen = state.seen;
    seen.cause_gone_ms = in.trip || in.cause_present
                             ? std::uint16_t{0}
                             : saturating(0U + seen.cause_gone_ms + in.elapsed_ms, 500);
    seen.armed_ms = saturating(0U + seen.armed_ms + in.elapsed_ms, 10'000);
    if (answer.cleared_now) {
      seen.causes.reset();
      seen.first = Cause::None;
      seen.worst_action = Action::Allow;
      seen.worst_level = LatchLevel::None;
    }
    if (in.trip) {
      const safety::Rule& rule = safety::rule_of(*in.trip);
      if (before != Permission::Latched) seen.first = *in.trip;
      seen.worst_action = std::max(seen.worst_action, rule.action);
      seen.worst_level = std::max(seen.worst_level, LatchLevel::Patient);
      seen.causes |= in.acting;
      for (const safety::Rule& each : safety::rule_table())
        if (in.acting.test(static_cast<std::size_t>(each.cause)))
          seen.worst_level = std::max(seen.worst_level, each.latch);
    }
    const bool start_taken = in.start && !in.reset && !answer.refused;
    if (start_taken) seen.armed_ms = 0;
    if (state.latch.permission() != Permission::Armed) seen.armed_ms = 10'000;
    seen.reset_was_asked = in.reset.has_value();
    seen.start_was_asked = in.start;
    return answer;
  }

  std::uint64_t hash(const State& state) const {
    std::uint64_t hash = mixed(0, state.seen.causes.to_ullong());
    hash = mixed(hash, static_cast<std::uint64_t>(state.latch.permission()) << 8U |
                           static_cast<std::uint64_t>(state.latch.cause()) << 16U |
                           static_cast<std::uint64_t>(state.latch.first_cause()) << 24U |
                           static_cast<std::uint64_t>(state.latch.armed_left_ms()) << 32U);
    return mixed(hash, state.seen.cause_gone_ms + (state.seen.reset_was_asked ? 1U << 16U : 0U) +
                           (state.seen.start_was_asked ? 1U << 17U : 0U));
  }

  std::span<const Property<LatchDomain>> properties() const;

  std::string words(const Input& in) const {
    return "  " + std::to_string(in.elapsed_ms) + " ms, trip " +
           (in.trip ? std::string{safety::name_of(*in.trip)} : "-") + ", reset " +
           (in.reset ? std::string{safety::name_of(*in.reset)} : "-") + (in.cause_present ? ", cause" : "") +
           (in.at_rest ? ", at rest" : "") + (in.start ? ", start" : "") + (in.left_grip ? ", left" : "") +
           (in.right_grip ? ", right" : "") + (in.set_finished ? ", finished" : "") +
           (in.obstacle ? ", obstacle" : "") + (in.drive_ready ? ", ready" : "");
  }

 private:
  std::vector<Input> inputs_;
};

using Step = Transition<LatchDomain>;

Permission was(const Step& s) {
  return s.before.latch.permission();
}
Permission is(const Step& s) {
  return s.after.latch.permission();
}
bool reset_edge(const Step& s) {
  return s.input.reset.has_value() && !s.before.seen.reset_was_asked;
}
bool start_edge(const Step& s) {
  return s.input.start && !s.before.seen.start_was_asked;
}
// Everything that must come together to clear a latch.
bool may_clear(const Step& s) {
  return was(s) == Permission::Latched && reset_edge(s) && !s.input.trip && s.input.at_rest &&
         s.after.seen.cause_gone_ms >= 500 && *s.input.reset >= s.before.seen.worst_level;
}

constexpr std::array<Property<LatchDomain>, 14> Properties{{
    {"I17 a stop is honoured in every state, in the same cycle",
     [](const Step& s) { return !s.input.trip || is(s) == Permission::Latched; }},
    {"I7 a latch is left only by an edge of a reset of its level, at rest, the cause gone for 500 ms",
     [](const Step& s) {
       return was(s) != Permission::Latched || is(s) == Permission::Latched || may_clear(s);
     }},
    {"I7 it is left to Ready, never further",
     [](const Step& s) {
       return was(s) != Permission::Latched || is(s) == Permission::Latched || is(s) == Permission::Ready;
     }},
    {"I16 a reset for which all is right does clear",
     [](const Step& s) { return s.output.cleared_now == may_clear(s); }},
    {"I8 a reset never arms",
     [](const Step& s) {
       return is(s) != Permission::Armed || was(s) == Permission::Armed || !s.input.reset;
     }},
    {"I8 armed only by an edge of Start, nothing in the way, both grips open",
     [](const Step& s) {
       return is(s) != Permission::Armed || was(s) == Permission::Armed ||
              (start_edge(s) && !s.input.obstacle && !s.input.left_grip && !s.input.right_grip &&
               !s.input.trip);
     }},
    {"I8 granted only from Armed, within 10 s, both grips squeezed, nothing in the way, the drive ready",
     [](const Step& s) {
       if (is(s) != Permission::Granted || was(s) == Permission::Granted) return !s.output.granted_now;
       return s.output.granted_now && was(s) == Permission::Armed && s.input.left_grip &&
              s.input.right_grip && !s.input.obstacle && s.input.drive_ready &&
              0U + s.before.seen.armed_ms + s.input.elapsed_ms < 10'000U;
     }},
    {"I8 a grant ends with its set and is never taken back without a stop",
     [](const Step& s) {
       if (was(s) != Permission::Granted || s.input.trip) return true;
       return (is(s) == Permission::Granted) == !s.input.set_finished;
     }},
    {"I9 the first cause is kept until it is cleared",
     [](const Step& s) {
       return s.after.latch.first_cause() ==
              (is(s) == Permission::Latched ? s.after.seen.first : Cause::None);
     }},
    {"I9 every further cause is appended",
     [](const Step& s) { return s.after.latch.causes() == s.after.seen.causes; }},
    {"I9 the worst action and the highest level of all causes count",
     [](const Step& s) {
       return s.after.latch.action() == s.after.seen.worst_action &&
              s.after.latch.level() == s.after.seen.worst_level;
     }},
    {"I14 only Latched forbids, and nothing is forbidden without a cause",
     [](const Step& s) { return (is(s) == Permission::Latched) == (s.after.latch.cause() != Cause::None); }},
    {"I15 the 10 s of arming count down and never wrap",
     [](const Step& s) {
       const std::uint16_t left = s.after.latch.armed_left_ms();
       return left <= Latch::ArmedMs && (is(s) == Permission::Armed || left == 0) &&
              (is(s) != Permission::Armed || left + s.after.seen.armed_ms == Latch::ArmedMs);
     }},
    {"a request is granted or refused, and a refused one changes nothing",
     [](const Step& s) {
       if (s.input.reset) return s.output.refused.has_value() != s.output.cleared_now;
       if (!s.input.start) return !s.output.refused.has_value();
       if (!s.output.refused) return is(s) == Permission::Armed;
       return is(s) != Permission::Armed || was(s) == Permission::Armed;
     }},
}};

std::span<const Property<LatchDomain>> LatchDomain::properties() const {
  return Properties;
}

TEST(LatchExploration, BeginsLatchedForTheTherapist) {
  const Latch latch;
  EXPECT_EQ(latch.permission(), Permission::Latched);
  EXPECT_EQ(latch.action(), Action::DriveStop);
  EXPECT_EQ(latch.first_cause(), Cause::Boot);
  EXPECT_EQ(latch.level(), LatchLevel::Therapist);
}

TEST(LatchExploration, KeepsEveryPropertyInEveryStateItCanReach) {
  const LatchDomain domain{size_from_environment()};
  const Result result = explore(domain);
  EXPECT_EQ(result.violation, "");
  std::printf("exploration: latch: %zu states, %llu transitions, %zu properties\n", result.states,
              static_cast<unsigned long long>(result.transitions), Properties.size());
  EXPECT_GT(result.states, 100U);
}

}  // namespace
}  // namespace plinth::exploration
