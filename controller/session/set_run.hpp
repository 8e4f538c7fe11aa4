// One set, from the end of its count-in to its last lowering.
#pragma once

#include <optional>

#include "controller/session/coach.hpp"
#include "controller/session/guidance.hpp"
#include "controller/session/rep.hpp"
#include "controller/session/score.hpp"
#include "controller/session/spotter.hpp"

namespace plinth::session {

// What a set is done with, frozen when it begins.
struct SetPlan {
  rehab::Prescription prescription;
  units::Interval<units::Angle> working;  // the range this person works in today
  units::Angle rest{};                    // where the legs hang
  bool range_first = false;               // begin with one slow lift without load
};

// The law of a set before anything of it has happened: no load yet, the lower wall out of the way.
resistance::ConstantLoad law_of(const SetPlan& plan);

// The range after control was lost at its top: 10° less. Nothing when less than the narrowest range would
// remain.
std::optional<units::Interval<units::Angle>> shallower(const units::Interval<units::Angle>& working);

struct SetStep {
  rehab::Expectation expectation{};
  Cue cue = Cue::None;
  Breath breath = Breath::Free;
  units::Duration moment_left{};
  units::Force load_set{};
  bool rep_ended_now = false;
  std::optional<rehab::SetEnd> ended{};  // in this cycle
};

// A value; replaced at the start of every set.
class SetRun {
 public:
  // The load changes between lifting and lowering over this time.
  static constexpr units::Duration BlendTime = units::milliseconds(300);
  // Load comes on over this time, at the end of the count-in or after a lift without load.
  static constexpr units::Duration RampInTime = units::milliseconds(1500);
  // A rep that failed is tried again this often; then it is fatigue.
  static constexpr int RepeatsOfARep = 2;
  // Sagging in this many reps running makes the range shallower, and when it already is, ends the set.
  static constexpr int SagsInARow = 2;

  // `angle`: where the legs are; the first lift starts there.
  SetRun(const SetPlan& plan, units::Angle angle);

  SetStep advance(const sensing::Estimate& estimate, units::Instant now, units::Duration elapsed);

  [[nodiscard]] const resistance::ConstantLoad& law() const { return law_; }
  [[nodiscard]] const units::Interval<units::Angle>& working() const { return law_.working; }
  [[nodiscard]] std::uint16_t rep() const;  // the one being done, 1…; 0 in the lift without load
  [[nodiscard]] SetScore score() const;

 private:
  void begin_rep(units::Angle start, units::Duration head_start);
  void range(const RepStep& rep_step, units::Angle angle, units::Duration elapsed, SetStep& step);
  void on_ranged(SetStep& step);
  void on_sag(SetStep& step);
  void on_lowered(SetStep& step);
  void close_rep(SetStep& step, bool counted);
  void help_lift(const RepStep& rep_step, units::Angle angle, units::Instant now, units::Duration elapsed,
                 SetStep& step);
  void update_law(const RepStep& rep_step, units::Angle angle, units::Duration elapsed);

  SetPlan plan_;
  resistance::ConstantLoad law_;
  Rep rep_;
  RepTally tally_{};
  Spotter spotter_{};
  Coach coach_{};
  SetScore score_{};
  TubeTime in_tube_{};    // of the reps that have ended
  double blend_ = 0.0;    // 0 lifting … 1 lowering, in time; the law gets it smoothed
  bool entered_ = false;  // the arm has been inside the working range
  int sags_in_a_row_ = 0;
  int failures_in_a_row_ = 0;
  bool ranging_ = false;  // in the lift without load, which is no rep
  bool made_shallower_ = false;
  units::Interval<units::Angle> next_working_;  // the range from the next rep on
  bool rep_closed_ = false;  // the rep is in its rest, or is none: nothing of it is to be scored
};

}  // namespace plinth::session
