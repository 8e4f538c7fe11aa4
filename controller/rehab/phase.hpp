// The four phases of a programme, and the exercises the station knows.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plinth::rehab {

// In the order in which a person goes through them. A phase is never left by the calendar alone.
enum class Phase : std::uint8_t { Foundation, Strength, Integrated, Maintenance };

inline constexpr std::array AllPhases{Phase::Foundation, Phase::Strength, Phase::Integrated,
                                      Phase::Maintenance};

enum class Exercise : std::uint8_t { ReverseHyper };

// The name in files and on the wire: "foundation", "strength", "integrated", "maintenance".
std::string_view name_of(Phase phase);
std::optional<Phase> phase_named(std::string_view name);
// "reverse_hyper"
std::string_view name_of(Exercise exercise);
std::optional<Exercise> exercise_named(std::string_view name);

}  // namespace plinth::rehab
