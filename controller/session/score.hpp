// Scoring: what one rep was, measured cycle by cycle.
#pragma once

#include <array>

#include "controller/sensing/estimate.hpp"
#include "controller/session/guidance.hpp"
#include "controller/session/rep.hpp"

namespace plinth::session {

// Time in the tube and time at all.
struct TubeTime {
  units::Duration inside{};
  units::Duration all{};

  void add(bool in_tube, units::Duration elapsed);
  TubeTime& operator+=(const TubeTime& other);
  // 0 … 1; 0 when no time has passed.
  [[nodiscard]] double share() const;
};

// How long at a stretch a person was out of the tube, on the side of too early and of too late.
struct TempoError {
  units::Duration early{};
  units::Duration late{};
};

// What a coach would say of a rep. Nothing here stops anything.
struct RepFaults {
  bool lift_early = false;
  bool lift_late = false;
  bool lower_early = false;
  bool lower_late = false;
  bool low = false;   // the hold was below its tolerance
  bool high = false;  // above it
  bool uneven = false;
};

// A value that is replaced at the start of every rep: nothing of the last one can survive in it.
class RepTally {
 public:
  // A wrong tempo is worth a word beyond this.
  static constexpr units::Duration TempoNotice = units::milliseconds(400);
  // The weaker leg this much below the stronger one is worth a word (the 20 % of isokinetic testing).
  static constexpr double AsymmetryNotice = 0.20;
  // Below this the share of left and right says nothing.
  static constexpr units::Force LeastForce = units::newtons(20);

  void observe(const RepStep& step, const sensing::Estimate& estimate, units::Duration elapsed);

  [[nodiscard]] RepScore score(std::uint16_t number, bool counted) const;
  [[nodiscard]] RepFaults faults(const RepPlan& plan) const;
  // Over lift, hold and lowering.
  [[nodiscard]] TubeTime in_tube() const;

 private:
  void observe_tempo(const RepStep& step, bool in_tube, units::Duration elapsed);
  void observe_hold(units::Angle angle);
  void observe_sides(const sensing::Estimate& estimate);
  [[nodiscard]] double left_share() const;

  TubeTime lift_{};
  TubeTime hold_{};
  TubeTime lower_{};
  TempoError running_{};               // the stretch that is going on
  std::array<TempoError, 2> worst_{};  // lifting, lowering
  bool seen_ = false;
  units::Angle top_{};
  units::Angle bottom_{};
  units::AngularVelocity peak_lift_{};
  units::AngularVelocity peak_lower_{};
  // Welford's running mean and sum of squares, in rad and rad².
  int hold_count_ = 0;
  double hold_mean_ = 0.0;
  double hold_squares_ = 0.0;
  int sides_count_ = 0;
  double sides_sum_ = 0.0;
};

}  // namespace plinth::session
