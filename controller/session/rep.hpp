// One rep: lift, hold, lower, rest. A value with parameters that are frozen when it begins.
//
// The guide keeps the prescribed tempo as long as the person is in the tube. When the person falls behind it,
// it slows down, and stands still before they are lost: it never runs away from anybody, so slow people are
// late and not stopped. It never hurries after people who are too fast.
#pragma once

#include <optional>

#include "controller/session/tempo_guide.hpp"
#include "controller/units/time.hpp"

namespace plinth::session {

struct RepPlan {
  RepPath path;
  units::Angle hold_tolerance{};
};

// What one cycle of a rep shows.
struct RepStep {
  GuidePoint point{};
  units::Duration in_moment{};  // by the clock; the guide's own time is in `point`
  units::Angle behind{};        // how far the person trails the guide (moving), below 0 ahead of it
  bool moment_began = false;    // in this cycle
  bool sagged = false;          // in this cycle, control was lost in the hold
  bool lowered = false;         // in this cycle, the legs came down: the rep is done but for its rest
  bool over = false;            // in this cycle, all of it
  units::Duration left_over{};  // of the cycle's time, when `over`: the next rep's tempo begins with it
};

class Rep {
 public:
  // The guide waits this long at a turn for somebody who is late.
  static constexpr units::Duration TurnGrace = units::milliseconds(1000);
  // A rep counts when this share of its hold was held …
  static constexpr double HeldShare = 0.8;
  // … for which the hold may last this much longer.
  static constexpr units::Duration HoldGrace = units::milliseconds(500);
  // Below the hold's band for this long, and control is lost.
  static constexpr units::Duration SagDwell = units::milliseconds(300);
  // Whatever the tolerance: the safety layer ends the set at 10°, and people hear of it before.
  static constexpr units::Angle DeepestSag = units::degrees(9);

  // `head_start`: time of the cycle in which it begins that already belongs to it.
  Rep(const RepPlan& plan, units::Duration head_start);

  // `elapsed`: since the last call, ≥ 0. After `over` the rep stays at its end.
  RepStep advance(units::Angle angle, units::Duration elapsed);

  // The guide goes to where the legs are and comes down with them: the rep will not count, and whoever lost
  // the hold, or does not get any higher, is not asked back up.
  void come_down(units::Angle angle);

  [[nodiscard]] const RepPlan& plan() const { return plan_; }
  [[nodiscard]] rehab::Moment moment() const { return moment_; }
  // The hold was held.
  [[nodiscard]] bool proven() const { return proven_; }

  // The hold's band: the hold's tolerance on top of the tube around the guide.
  [[nodiscard]] units::Angle hold_band() const;

 private:
  void enter(rehab::Moment moment, units::Duration head_start);
  void lift(units::Angle angle, units::Duration elapsed);
  void hold(units::Angle angle, units::Duration elapsed, RepStep& step);
  void lower(units::Angle angle, units::Duration elapsed, RepStep& step);
  void rest(units::Duration elapsed, RepStep& step);
  [[nodiscard]] units::Angle behind(units::Angle angle) const;
  units::Duration paced(units::Angle angle, units::Duration elapsed);

  RepPlan plan_;
  rehab::Moment moment_ = rehab::Moment::Lifting;
  bool began_ = true;
  units::Duration guide_time_{};  // of the guide, in this moment
  units::Duration in_moment_{};   // of the clock
  units::Duration waited_{};      // at the turn, for the person
  units::Duration held_{};
  units::Duration below_{};  // without a break below the hold's band
  double pace_ = 1.0;        // of the guide, share of the prescribed tempo
  bool proven_ = false;
  bool over_ = false;
};

}  // namespace plinth::session
