// The latch: who may let the station move, and who may clear a stop. Integers and enumerations only, so that
// its states can be explored exhaustively.
//
// clang-format off
//
//               reset by whom its level names,
//               the cause gone, at rest                 Start               both grips
//   Latched ──────────────────────────────► Ready ──────────────► Armed ──────────────► Granted
//      ▲                                      ▲  ▲                  │                      │
//      │                                      │  └── 10 s, or ──────┘                      │
//      │                                      │      something came in the way             │
//      │                                      └───────────── set finished ─────────────────┤
//      └──────────────────────── any trip, from any state ─────────────────────────────────┘
//
// clang-format on
#pragma once

#include <cstdint>
#include <optional>

#include "controller/rehab/refusal.hpp"
#include "controller/safety/rules.hpp"
#include "controller/safety/verdict.hpp"

namespace plinth::safety {

// Milliseconds that stop counting instead of wrapping: at `most`, beyond which nothing depends on them, so
// that there are few of them to explore.
class SaturatingMs {
 public:
  explicit SaturatingMs(std::uint16_t most, std::uint16_t value = 0) : most_{most}, value_{value} {}
  void add(std::uint16_t ms) {
    value_ = value_ + ms > most_ ? most_ : static_cast<std::uint16_t>(value_ + ms);
  }
  void take(std::uint16_t ms) {
    value_ = value_ < ms ? std::uint16_t{0} : static_cast<std::uint16_t>(value_ - ms);
  }
  void set(std::uint16_t ms) { value_ = ms < most_ ? ms : most_; }
  [[nodiscard]] std::uint16_t value() const { return value_; }

  friend bool operator==(const SaturatingMs&, const SaturatingMs&) = default;

 private:
  std::uint16_t most_;
  std::uint16_t value_;
};

struct LatchEvents {
  std::uint16_t elapsed_ms = 0;       // since the last step
  std::optional<Cause> trip{};        // the worst cause that acts now
  CauseSet acting{};                  // it and every other: the strictest of them says who may reset
  bool cause_present = false;         // something that stands against a reset holds now
  bool at_rest = false;               // brake closed, ≤ 20 N, ≤ 1 °/s
  std::optional<LatchLevel> reset{};  // somebody of this level asks
  bool start = false;                 // the console asks
  bool left_grip = false;             // held
  bool right_grip = false;
  bool set_finished = false;
  // What stands against moving, the first of it; and whether the drive may still be waking up.
  std::optional<rehab::RefusalCode> obstacle{};
  bool drive_ready = false;
};

class Latch {
 public:
  static constexpr std::uint16_t ArmedMs = 10'000;
  static constexpr std::uint16_t CauseGoneMs = 500;
  // A drive that was just reset and gets its enable relay back needs a moment to be ready: Start is taken
  // meanwhile, but nothing is granted.
  static constexpr std::uint16_t DriveWakesMs = 1'000;

  // What one step answered.
  struct Answer {
    std::optional<rehab::RefusalCode> refused{};
    bool granted_now = false;
    bool cleared_now = false;

    friend bool operator==(const Answer&, const Answer&) = default;
  };
  Answer step(const LatchEvents& events);

  [[nodiscard]] Permission permission() const { return permission_; }
  [[nodiscard]] Action action() const { return action_; }     // of the worst cause since the latch fell
  [[nodiscard]] Cause cause() const { return cause_; }        // that worst cause
  [[nodiscard]] Cause first_cause() const { return first_; }  // None when not latched
  [[nodiscard]] LatchLevel level() const { return level_; }   // None when not latched
  [[nodiscard]] std::uint16_t armed_left_ms() const { return armed_left_.value(); }
  // Every cause that acted since the latch fell.
  [[nodiscard]] const CauseSet& causes() const { return causes_; }

  friend bool operator==(const Latch&, const Latch&) = default;

 private:
  void trip(Cause cause, const CauseSet& acting);
  void reset(const LatchEvents& events, bool edge, Answer& answer);
  void start(const LatchEvents& events, bool edge, Answer& answer);
  void wait_for_grips(const LatchEvents& events, Answer& answer);
  [[nodiscard]] std::optional<rehab::RefusalCode> obstacle_to_arming(const LatchEvents& events) const;

  Permission permission_ = Permission::Latched;
  Action action_ = Action::DriveStop;
  Cause cause_ = Cause::Boot;
  Cause first_ = Cause::Boot;
  LatchLevel level_ = LatchLevel::Therapist;
  CauseSet causes_ = CauseSet{}.set(static_cast<std::size_t>(Cause::Boot));
  // Requests that are held since before the start count as no edge.
  bool reset_before_ = true;
  bool start_before_ = true;
  SaturatingMs cause_gone_{CauseGoneMs};
  SaturatingMs since_cleared_{DriveWakesMs};
  SaturatingMs armed_left_{ArmedMs};
};

}  // namespace plinth::safety
