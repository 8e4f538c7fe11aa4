// What the session wants now: a law for the drive, an expectation for safety, words and numbers for people.
#pragma once

#include <optional>

#include "controller/rehab/expectation.hpp"
#include "controller/rehab/moment.hpp"
#include "controller/resistance/law.hpp"
#include "controller/session/intent.hpp"

namespace plinth::session {

// Where the session is, seen from outside.
enum class Stage : std::uint8_t {
  NoPrescription,
  Ready,      // a prescription is loaded; the next set waits for Start and both grips
  Armed,      // Start was pressed; waiting for both grips
  CountIn,    // 3-2-1: the brake opens, the load comes on
  Training,   // in a rep
  Unloading,  // the set is over, the legs are being lowered
  Resting,    // between sets
  Done,       // every set done, or the session was ended
  Stopped,    // a stop is latched
};
std::string_view name_of(Stage stage);

// The word on the patient's screen; each has a voice clip of the same name.
enum class Cue : std::uint8_t {
  None,
  HoldBothGrips,
  GetReady,
  Lift,
  Hold,
  Lower,
  Rest,
  Slower,
  Faster,
  Higher,
  Enough,
  EaseDown,
  EvenLegs,
  LastOne,
  SetDone,
  Stopped,
  Lighter,     // the lift stalled: the machine takes load off
  RangeFirst,  // after a stop: once through the range without load
};
std::string_view name_of(Cue cue);

enum class Breath : std::uint8_t { Free, Out, In };
std::string_view name_of(Breath breath);

// What one rep was. Angles in degrees and speeds at the edges only: here quantities.
struct RepScore {
  std::uint16_t number = 0;   // 1…
  bool counted = false;       // the hold was held
  double in_tube_lift = 0.0;  // share of time, 0–1
  double in_tube_hold = 0.0;
  double in_tube_lower = 0.0;
  units::Angle top{};  // highest and lowest angle reached
  units::Angle bottom{};
  units::Angle hold_spread{};  // standard deviation in the hold
  units::AngularVelocity peak_lift{};
  units::AngularVelocity peak_lower{};
  double left_share = 0.5;  // strap force left ÷ both, mean under load
};

struct SetScore {
  std::uint16_t reps_counted = 0;
  std::uint16_t reps_tried = 0;
  double in_tube = 0.0;  // share of time in the tube over all counted moments
  RepScore last_rep{};
};

struct Guidance {
  resistance::Law law = resistance::Off{};
  rehab::Expectation expectation{};
  Stage stage = Stage::NoPrescription;
  Cue cue = Cue::None;
  Breath breath = Breath::Free;
  std::uint16_t set = 0;  // 1…, 0 before the first
  std::uint16_t sets = 0;
  std::uint16_t rep = 0;  // the one being done, 1…, 0 outside
  std::uint16_t reps = 0;
  std::uint16_t reps_counted_in_session = 0;
  units::Duration moment_left{};  // of the rep's moment, the count-in, the rest between sets
  std::optional<units::Interval<units::Angle>> working{};  // the range in force today
  units::Force load_set{};                                 // prescribed for this moment
  SetScore score{};
  std::optional<rehab::SetEnd> last_set_end{};
  bool set_ended_now = false;  // true in the one cycle in which a set ended
  bool rep_ended_now = false;
  bool wants_permission_withdrawn = false;  // the set is over
  std::optional<Answer> answer{};           // to this cycle's intent
};

}  // namespace plinth::session
