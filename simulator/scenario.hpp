// A scenario file: who trains, what is prescribed, what goes wrong, and how it shall end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "controller/rehab/moment.hpp"
#include "controller/rehab/prescription.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::simulator {

struct Scenario {
  std::string name;
  units::Duration duration{};  // the longest that is simulated
  PatientSetup patient;
  rehab::PrescriptionDraft prescription;  // the phase's defaults with the file's fields over them; checked
  std::vector<PlannedFault> faults;
  struct {
    std::optional<rehab::SetEnd> end;
    std::optional<units::Duration> max_reaction;
  } expect;
};

// One thing wrong with a file. `line` is 0 where none can be named.
struct Mistake {
  std::string file;
  std::uint32_t line = 0;
  std::string what;     // what is wrong, with the value found
  std::string allowed;  // what would be right; may be empty
};
// "patient.toml:12: unknown key "masskg" in [patient]. Allowed: mass_kg, …"
std::string in_words(const Mistake& mistake);

// Reads and checks a whole file. Reports every mistake at once: unknown keys, wrong types, values out of
// range, and whatever makes the prescription one that a station would refuse.
tl::expected<Scenario, std::vector<Mistake>> read_scenario(const std::filesystem::path& path);
// The same from text; `file` only names it in mistakes.
tl::expected<Scenario, std::vector<Mistake>> parse_scenario(std::string_view text, const std::string& file);

// The scenario's machine, patient and faults. The patient watches a screen (see VirtualStation::show_guide).
StationSetup station_setup(const Scenario& scenario, std::uint64_t seed);
// The scenario's prescription for its person. Throws std::logic_error when the scenario did not come from
// `read_scenario` or `parse_scenario` and is refused.
rehab::Prescription prescription_of(const Scenario& scenario);
// The prescription as a patient knows it by heart.
Routine routine_of(const Scenario& scenario);

}  // namespace plinth::simulator
