// Judges every estimate against the rule table. A copyable value; no clock, no I/O, no allocation.
#pragma once

#include <array>

#include "controller/rehab/expectation.hpp"
#include "controller/safety/checks.hpp"
#include "controller/safety/command.hpp"
#include "controller/safety/drive_watch.hpp"
#include "controller/safety/drop_watch.hpp"
#include "controller/safety/dwell.hpp"
#include "controller/safety/force_watch.hpp"
#include "controller/safety/latch.hpp"
#include "controller/safety/limits.hpp"
#include "controller/safety/scene.hpp"
#include "controller/safety/seat_watch.hpp"
#include "controller/safety/spasm_watch.hpp"
#include "controller/safety/stop_watch.hpp"
#include "controller/safety/verdict.hpp"
#include "controller/sensing/estimate.hpp"

namespace plinth::safety {

class Supervisor {
 public:
  // `period`: the control period; ages are judged in multiples of it.
  explicit Supervisor(units::Duration period);

  // `limits`: nothing when no prescription is loaded. `last_command`: what left in the previous cycle.
  Verdict judge(const sensing::Estimate& estimate, const rehab::Expectation& expectation,
                const Requests& requests, const ApprovedCommand& last_command,
                const std::optional<Limits>& limits);

 private:
  // A latched fault of the drive goes with the reset that clears our latch; the drive takes so long to show
  // it.
  static constexpr std::uint16_t DriveClearsMs = 700;

  void follow_set(const Scene& scene);
  void follow_rest(const Scene& scene);
  [[nodiscard]] bool stays_open(const Scene& scene) const;
  CauseSet criteria(const Scene& scene, const Requests& requests, const ApprovedCommand& last_command,
                    const RangeState& range);
  CauseSet dwelt(const CauseSet& criteria, units::Instant now);
  struct Acting {
    std::optional<Cause> worst;
    CauseSet all;
  };
  [[nodiscard]] Acting acting(const CauseSet& active, bool granted) const;
  bool unit_restarted(const sensing::Estimate& estimate);
  [[nodiscard]] LatchEvents events_for(const Scene& scene, const Requests& requests, const CauseSet& active,
                                       const Acting& acting) const;
  [[nodiscard]] Verdict verdict(const Scene& scene, const CauseSet& active, const RangeState& range,
                                const Latch::Answer& answer) const;

  units::Duration period_;
  Latch latch_;
  std::array<Dwell, CauseCount> dwells_{};
  DropWatch drop_watch_;
  SpasmWatch spasm_watch_;
  SeatWatch seat_watch_;
  ForceWatch force_watch_;
  DriveWatch drive_watch_;
  StopWatch stop_watch_;
  std::optional<std::uint16_t> drive_boots_;
  std::optional<std::uint16_t> hub_boots_;

  // Of the set that runs.
  std::optional<units::Interval<units::Angle>> working_;
  std::optional<Limits> set_limits_;  // as they were when it began
  bool entered_ = false;
  bool under_way_ = false;
  bool sags_ = false;
  std::optional<units::Instant> granted_since_;
  std::optional<units::Instant> holding_since_;
  std::optional<units::Instant> sank_at_;

  std::optional<units::Angle> rest_;
  Dwell still_;    // at standstill
  Dwell hanging_;  // at standstill, low, and not held by the brake
  bool at_standstill_ = false;
  bool sinking_ = false;  // faster than the drive lowers, and not caught since; or unseen
  std::uint16_t gravity_permille_ = 0;
  SaturatingMs since_cleared_{DriveClearsMs, DriveClearsMs};
};

}  // namespace plinth::safety
