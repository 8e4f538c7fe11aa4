#include "controller/rehab/phase.hpp"

#include <algorithm>

namespace plinth::rehab {

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::Foundation:
      return "foundation";
    case Phase::Strength:
      return "strength";
    case Phase::Integrated:
      return "integrated";
    case Phase::Maintenance:
      return "maintenance";
  }
  return "";
}

std::optional<Phase> phase_named(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(AllPhases, [name](Phase phase) { return name_of(phase) == name; });
  if (found == AllPhases.end()) return std::nullopt;
  return *found;
}

std::string_view name_of(Exercise exercise) {
  switch (exercise) {
    case Exercise::ReverseHyper:
      return "reverse_hyper";
  }
  return "";
}

std::optional<Exercise> exercise_named(std::string_view name) {
  if (name == name_of(Exercise::ReverseHyper)) return Exercise::ReverseHyper;
  return std::nullopt;
}

}  // namespace plinth::rehab
