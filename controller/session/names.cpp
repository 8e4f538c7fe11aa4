#include "controller/session/guidance.hpp"

namespace plinth::session {

std::string_view name_of(Stage stage) {
  switch (stage) {
    case Stage::NoPrescription:
      return "no_prescription";
    case Stage::Ready:
      return "ready";
    case Stage::Armed:
      return "armed";
    case Stage::CountIn:
      return "count_in";
    case Stage::Training:
      return "training";
    case Stage::Unloading:
      return "unloading";
    case Stage::Resting:
      return "resting";
    case Stage::Done:
      return "done";
    case Stage::Stopped:
      return "stopped";
  }
  return "unknown";
}

std::string_view name_of(Cue cue) {
  switch (cue) {
    case Cue::None:
      return "";
    case Cue::HoldBothGrips:
      return "hold_both_grips";
    case Cue::GetReady:
      return "get_ready";
    case Cue::Lift:
      return "lift";
    case Cue::Hold:
      return "hold";
    case Cue::Lower:
      return "lower";
    case Cue::Rest:
      return "rest";
    case Cue::Slower:
      return "slower";
    case Cue::Faster:
      return "faster";
    case Cue::Higher:
      return "higher";
    case Cue::Enough:
      return "enough";
    case Cue::EaseDown:
      return "ease_down";
    case Cue::EvenLegs:
      return "even_legs";
    case Cue::LastOne:
      return "last_one";
    case Cue::SetDone:
      return "set_done";
    case Cue::Stopped:
      return "stopped";
    case Cue::Lighter:
      return "lighter";
    case Cue::RangeFirst:
      return "range_first";
  }
  return "";
}

std::string_view name_of(Breath breath) {
  switch (breath) {
    case Breath::Free:
      return "free";
    case Breath::Out:
      return "out";
    case Breath::In:
      return "in";
  }
  return "free";
}

}  // namespace plinth::session
