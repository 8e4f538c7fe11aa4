// The gate in integers: what leaves, after rounding, whatever was asked for. No quantity, no float, no clock.
//
// clang-format off
//
//         torque asked, granted         anything else            load gone             brake shut
//   Off ─────────────────────► Torque ──────────────► Unloading ───────────► Lowering ───────────► Off
//    │                            │                       │                      │
//    └── brake seen open ──┐      └────── drive stop ─────┴──────────────────────┘
//                          ▼                                  ▼
//                       Stopping ◄────────────────────────────┘ ──── brake shut ────► Off
//
//   start-up: Stopping, for a set may have been running when the program before us died
//   torque off, from anywhere: Dead, until the latch is cleared
//
// clang-format on
#pragma once

#include <cstdint>
#include <optional>

#include "controller/safety/verdict.hpp"
#include "controller/safety/wire.hpp"

namespace plinth::safety {

struct GateInput {
  enum class Want : std::uint8_t { Nothing, Lowering, Torque };
  Want want = Want::Nothing;
  WireCommand torque{};  // the registers asked for, when torque is wanted
  WireCaps caps{};

  std::uint16_t elapsed_ms = 0;  // since the last step; never taken for less than a period
  bool granted = false;
  Action action = Action::DriveStop;
  bool no_upward_torque = false;
  bool no_downward_torque = false;
  bool rising = false;
  bool falling = false;
  bool sinking = false;
  bool angle_doubted = false;
  Brake brake = Brake::Unknown;
  int gravity_permille = 0;
  std::int16_t rest_dmrad = 0;
  bool latch_cleared = false;
};

class GateCore {
 public:
  // −90°: where legs cannot hang. A rest that is not known is never above the true one.
  static constexpr std::int16_t LowestDmrad = -15708;
  // +90°: where no arm comes.
  static constexpr std::int16_t HighestDmrad = 15708;

  explicit GateCore(std::uint16_t period_ms) : period_ms_{period_ms} {}

  WireCommand step(const GateInput& in);

  enum class Phase : std::uint8_t { Off, Torque, Unloading, Lowering, Stopping, Dead };
  [[nodiscard]] Phase phase() const { return phase_; }

  friend bool operator==(const GateCore&, const GateCore&) = default;

 private:
  [[nodiscard]] WireCommand off(const GateInput& in) const;
  [[nodiscard]] WireCommand torque(const GateInput& in);
  [[nodiscard]] WireCommand unload(const GateInput& in);
  [[nodiscard]] WireCommand lower(const GateInput& in) const;
  [[nodiscard]] WireCommand stop(const GateInput& in);
  [[nodiscard]] WireCommand way_down(const GateInput& in);
  [[nodiscard]] int faded(int from, int over_ms) const;
  [[nodiscard]] std::uint16_t elapsed(const GateInput& in) const;

  std::uint16_t period_ms_;
  Phase phase_ = Phase::Stopping;
  WireCommand last_{};
  // Of the way down, until the load is gone.
  struct WayDown {
    int from_dnm = 0;           // torque command when it began
    std::uint16_t ms = 0;       // since then, as far as anything depends on it
    bool rise_is_over = false;  // the arm has stopped rising since then
    friend bool operator==(const WayDown&, const WayDown&) = default;
  };
  WayDown down_;
  bool used_ = false;  // the way down has begun: no torque again under this permission
  std::uint16_t fault_reset_ms_ = 0;
};

}  // namespace plinth::safety
