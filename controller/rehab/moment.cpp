#include "controller/rehab/moment.hpp"

#include <algorithm>
#include <array>

namespace plinth::rehab {
namespace {

constexpr std::array AllMoments{Moment::Idle,     Moment::RampIn,  Moment::Lifting,  Moment::Holding,
                                Moment::Lowering, Moment::Resting, Moment::Unloading};

constexpr std::array AllSetEnds{SetEnd::Completed,   SetEnd::Stopped,     SetEnd::Tempo, SetEnd::Range,
                                SetEnd::Sag,         SetEnd::Fatigue,     SetEnd::Grip,  SetEnd::ComfortStop,
                                SetEnd::PatientLeft, SetEnd::LegsDropped, SetEnd::Spasm, SetEnd::Fault,
                                SetEnd::EStop};

template <typename Enum, std::size_t Count>
std::optional<Enum> named(const std::array<Enum, Count>& all, std::string_view name) {
  const auto* const found = std::ranges::find_if(all, [name](Enum value) { return name_of(value) == name; });
  if (found == all.end()) return std::nullopt;
  return *found;
}

}  // namespace

std::string_view name_of(Moment moment) {
  switch (moment) {
    case Moment::Idle:
      return "idle";
    case Moment::RampIn:
      return "ramp_in";
    case Moment::Lifting:
      return "lifting";
    case Moment::Holding:
      return "holding";
    case Moment::Lowering:
      return "lowering";
    case Moment::Resting:
      return "resting";
    case Moment::Unloading:
      return "unloading";
  }
  return "";
}

std::optional<Moment> moment_named(std::string_view name) {
  return named(AllMoments, name);
}

std::string_view name_of(SetEnd end) {
  switch (end) {
    case SetEnd::Completed:
      return "completed";
    case SetEnd::Stopped:
      return "stopped";
    case SetEnd::Tempo:
      return "tempo";
    case SetEnd::Range:
      return "range";
    case SetEnd::Sag:
      return "sag";
    case SetEnd::Fatigue:
      return "fatigue";
    case SetEnd::Grip:
      return "grip";
    case SetEnd::ComfortStop:
      return "comfort_stop";
    case SetEnd::PatientLeft:
      return "patient_left";
    case SetEnd::LegsDropped:
      return "legs_dropped";
    case SetEnd::Spasm:
      return "spasm";
    case SetEnd::Fault:
      return "fault";
    case SetEnd::EStop:
      return "estop";
  }
  return "";
}

std::optional<SetEnd> set_end_named(std::string_view name) {
  return named(AllSetEnds, name);
}

}  // namespace plinth::rehab
