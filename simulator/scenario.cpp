#include "simulator/scenario.hpp"

#include <toml++/toml.h>

#include <array>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace plinth::simulator {

namespace {

using Mistakes = std::vector<Mistake>;

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

template <typename Range, typename Name>
std::string listed(const Range& range, Name name) {
  std::string text;
  for (const auto& each : range) {
    if (!text.empty()) text += ", ";
    text += name(each);
  }
  return text;
}

// Reads one table: hands out its values one by one, notes what is wrong with each, and at the end every key
// that nobody asked for.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string where, const std::string& file, Mistakes& mistakes)
      : table_{table}, where_{std::move(where)}, file_{file}, mistakes_{mistakes} {}

  void complain(const toml::node* at, std::string what, std::string allowed = {}) {
    const std::uint32_t line = at != nullptr ? at->source().begin.line : table_.source().begin.line;
    mistakes_.push_back({file_, line, std::move(what), std::move(allowed)});
  }

  const toml::node* find(std::string_view key) {
    asked_.emplace_back(key);
    return table_.get(key);
  }

  // A number within [low, high]; whole numbers count as numbers.
  std::optional<double> real(std::string_view key, double low, double high) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const std::string allowed = number(low) + " to " + number(high);
    if (!node->is_number()) {
      complain(node, quoted(key) + " is not a number", allowed);
      return std::nullopt;
    }
    return within(node, quoted(key), node->value<double>().value_or(0.0), low, high, allowed);
  }

  std::optional<int> whole(std::string_view key, int low, int high) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const std::string allowed = "whole numbers from " + std::to_string(low) + " to " + std::to_string(high);
    if (!node->is_integer()) {
      complain(node, quoted(key) + " is not a whole number", allowed);
      return std::nullopt;
    }
    const auto value = within(node, quoted(key), static_cast<double>(node->value<std::int64_t>().value_or(0)),
                              low, high, allowed);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
  }

  std::optional<std::string> text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    auto value = node->value<std::string>();
    if (!node->is_string() || !value || value->empty()) {
      complain(node, quoted(key) + " is not a text in quotes");
      return std::nullopt;
    }
    return value;
  }

  // One of a fixed set of names.
  template <typename Find>
  auto named(std::string_view key, Find find_by_name, const std::string& allowed)
      -> decltype(find_by_name(std::string_view{})) {
    const auto value = text(key);
    if (!value) return std::nullopt;
    auto found = find_by_name(*value);
    if (!found) complain(table_.get(key), quoted(key) + " = \"" + *value + "\" is not known", allowed);
    return found;
  }

  const toml::table* table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_table()) complain(node, quoted(key) + " is not a table");
    return node->as_table();
  }

  void require(std::string_view key, const std::string& example) {
    if (table_.get(key) == nullptr) complain(nullptr, quoted(key) + " is missing", example);
  }

  void finish() {
    for (const auto& [key, node] : table_) {
      const std::string_view name = key.str();
      if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) continue;
      mistakes_.push_back({file_, key.source().begin.line, "unknown key " + quoted(name),
                           listed(asked_, [](const std::string& each) { return each; })});
    }
  }

 private:
  [[nodiscard]] std::string quoted(std::string_view key) const {
    return "\"" + std::string{key} + "\" in " + where_;
  }

  std::optional<double> within(const toml::node* node, const std::string& name, double value, double low,
                               double high, const std::string& allowed) {
    if (value >= low && value <= high) return value;
    complain(node, name + " = " + number(value) + " is out of range", allowed);
    return std::nullopt;
  }

  const toml::table& table_;
  std::string where_;
  const std::string& file_;
  Mistakes& mistakes_;
  std::vector<std::string> asked_;
};

// Every kind of name that a file may use: value by name, and the list of names for the error.
std::optional<PatientModel> model_named(std::string_view name) {
  for (int i = 0; i < PatientModelCount; ++i)
    if (name_of(static_cast<PatientModel>(i)) == name) return static_cast<PatientModel>(i);
  return std::nullopt;
}
std::optional<Moment> moment_named(std::string_view name) {
  for (int i = 0; i < MomentCount; ++i)
    if (name_of(static_cast<Moment>(i)) == name) return static_cast<Moment>(i);
  return std::nullopt;
}
template <typename Enum>
std::string all_names(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    text += name_of(static_cast<Enum>(i));
  }
  return text;
}
std::string set_end_names() {
  return all_names<rehab::SetEnd>(static_cast<int>(rehab::SetEnd::EStop) + 1);
}

std::string fault_names() {
  return listed(fault_table(), [](const FaultRow& row) { return row.name; });
}

void read_patient(TableReader& reader, PatientSetup& patient) {
  if (const auto mass = reader.real("mass_kg", 30.0, 150.0)) {
    patient.mass = units::kilograms(*mass);
    patient.height = typical_height(patient.mass);
  }
  if (const auto height = reader.real("height_m", 1.30, 2.10)) patient.height = units::metres(*height);
  if (const auto strength = reader.real("strength", 0.1, 3.0)) patient.strength = *strength;
  if (const auto model = reader.named("model", model_named, all_names<PatientModel>(PatientModelCount)))
    patient.model = *model;
  if (const auto rep = reader.whole("event_rep", 1, 50)) patient.event_rep = static_cast<std::uint16_t>(*rep);
  reader.finish();
}

void read_tempo(const toml::table& table, rehab::Tempo& tempo, const std::string& file, Mistakes& mistakes) {
  TableReader reader{table, "tempo_s", file, mistakes};
  const auto part = [&reader](std::string_view key, units::Duration& into) {
    if (const auto seconds = reader.real(key, 0.0, 60.0)) into = units::seconds_long(*seconds);
  };
  part("lift", tempo.lift);
  part("hold", tempo.hold);
  part("lower", tempo.lower);
  part("rest", tempo.rest);
  reader.finish();
}

void read_range(TableReader& reader, rehab::PrescriptionDraft& draft) {
  const toml::node* node = reader.find("range_deg");
  if (node == nullptr) return;
  const toml::array* ends = node->as_array();
  if (ends == nullptr || ends->size() != 2 || !(*ends)[0].is_number() || !(*ends)[1].is_number()) {
    reader.complain(node, "\"range_deg\" is not two numbers", "[low, high] in degrees, such as [-60, -5]");
    return;
  }
  draft.range_low = units::degrees((*ends)[0].value<double>().value_or(0.0));
  draft.range_high = units::degrees((*ends)[1].value<double>().value_or(0.0));
}

void read_prescription(TableReader& reader, rehab::PrescriptionDraft& draft, const std::string& file,
                       Mistakes& mistakes) {
  const std::string phases = listed(rehab::AllPhases, [](rehab::Phase each) { return rehab::name_of(each); });
  if (const auto phase = reader.named("phase", rehab::phase_named, phases))
    draft = rehab::defaults_of(*phase);
  if (const auto exercise = reader.named("exercise", rehab::exercise_named, "reverse_hyper"))
    draft.exercise = *exercise;
  read_range(reader, draft);
  constexpr double Any = 1e6;  // the prescription's own check knows the bounds and the reasons
  if (const auto load = reader.real("load_n", -Any, Any)) draft.load = units::newtons(*load);
  if (const auto ratio = reader.real("eccentric_ratio", -Any, Any)) draft.eccentric_ratio = *ratio;
  if (const toml::table* tempo = reader.table("tempo_s")) read_tempo(*tempo, draft.tempo, file, mistakes);
  if (const auto hold = reader.real("hold_tolerance_deg", -Any, Any))
    draft.hold_tolerance = units::degrees(*hold);
  if (const auto speed = reader.real("lifting_stop_speed_deg_s", -Any, Any))
    draft.lifting_stop_speed = units::degrees_per_second(*speed);
  if (const auto speed = reader.real("lowering_stop_speed_deg_s", -Any, Any))
    draft.lowering_stop_speed = units::degrees_per_second(*speed);
  constexpr int Many = 1000000;
  if (const auto sets = reader.whole("sets", -Many, Many)) draft.sets = *sets;
  if (const auto reps = reader.whole("reps", -Many, Many)) draft.reps = *reps;
  if (const auto rest = reader.real("rest_between_sets_s", 0.0, 3600.0))
    draft.rest_between_sets = units::seconds_long(*rest);
  if (const auto support = reader.real("leg_support", -Any, Any)) draft.leg_support = *support;
  reader.finish();
}

std::optional<AtMoment> read_moment(const toml::table& table, const std::string& file, Mistakes& mistakes) {
  TableReader reader{table, "at", file, mistakes};
  AtMoment at;
  reader.require("moment", all_names<Moment>(MomentCount));
  if (const auto after = reader.real("after_s", 0.0, 3600.0)) at.after = units::seconds_long(*after);
  if (const auto rep = reader.whole("rep", 1, 1000)) at.rep = static_cast<std::uint16_t>(*rep);
  const auto moment = reader.named("moment", moment_named, all_names<Moment>(MomentCount));
  reader.finish();
  if (!moment) return std::nullopt;
  at.moment = *moment;
  return at;
}

void read_fault(const toml::table& table, const std::string& file, std::vector<PlannedFault>& faults,
                Mistakes& mistakes) {
  TableReader reader{table, "[[fault]]", file, mistakes};
  reader.require("kind", fault_names());
  PlannedFault fault;
  const auto kind = reader.named("kind", fault_named, fault_names());
  const toml::table* at = reader.table("at");
  const auto at_s = reader.real("at_s", 0.0, 86400.0);
  if (at != nullptr) {
    if (const auto moment = read_moment(*at, file, mistakes)) fault.at = *moment;
  } else if (at_s) {
    fault.at = units::seconds_long(*at_s);
  }
  if ((table.get("at") != nullptr) == (table.get("at_s") != nullptr))
    reader.complain(nullptr, "[[fault]] has to begin somewhere",
                    R"(either at = { rep = 3, moment = "lifting" } or at_s = 12.5)");
  if (const auto lasts = reader.real("for_s", 0.001, 86400.0)) fault.lasts = units::seconds_long(*lasts);
  if (kind) {
    fault.kind = *kind;
    const FaultRow& row = row_of(*kind);
    fault.value = reader.real("value", row.low, row.high).value_or(row.usual);
  } else {
    reader.find("value");
  }
  reader.finish();
  faults.push_back(fault);
}

void read_expectation(TableReader& reader, Scenario& scenario) {
  scenario.expect.end = reader.named("end", rehab::set_end_named, set_end_names());
  if (const auto reaction = reader.real("max_reaction_ms", 1.0, 60000.0))
    scenario.expect.max_reaction = units::seconds_long(*reaction / 1000.0);
  reader.finish();
}

void read_faults(TableReader& reader, const std::string& file, Scenario& scenario, Mistakes& mistakes) {
  const toml::node* node = reader.find("fault");
  if (node == nullptr) return;
  const toml::array* faults = node->as_array();
  if (faults == nullptr || !faults->is_array_of_tables()) {
    reader.complain(node, "\"fault\" is not a list of tables", "[[fault]]");
    return;
  }
  for (const toml::node& fault : *faults) read_fault(*fault.as_table(), file, scenario.faults, mistakes);
}

rehab::Person person_of(const Scenario& scenario) {
  return {scenario.patient.mass, scenario.patient.height, std::nullopt};
}

// What a station would refuse is a mistake of the file; the line is that of the table.
void check_prescription(const toml::table& root, const Scenario& scenario, const std::string& file,
                        Mistakes& mistakes) {
  const auto checked = rehab::Prescription::checked(scenario.prescription, person_of(scenario));
  if (checked) return;
  const toml::node* table = root.get("prescription");
  const std::uint32_t line = table == nullptr ? 0 : table->source().begin.line;
  for (const rehab::Refusal& refusal : checked.error())
    mistakes.push_back({file, line, "[prescription]: " + rehab::in_words(refusal), {}});
}

}  // namespace

std::string in_words(const Mistake& mistake) {
  std::string text = mistake.file + ":" +
                     (mistake.line > 0 ? std::to_string(mistake.line) + ":" : std::string{}) + " " +
                     mistake.what + ".";
  if (!mistake.allowed.empty()) text += " Allowed: " + mistake.allowed + ".";
  // Fit for a terminal, whatever stands in the file.
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return text;
}

tl::expected<Scenario, std::vector<Mistake>> parse_scenario(std::string_view text, const std::string& file) {
  Mistakes mistakes;
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    mistakes.push_back({file, error.source().begin.line, std::string{error.description()}, {}});
    return tl::unexpected(std::move(mistakes));
  }
  TableReader reader{root, "the file", file, mistakes};
  Scenario scenario{.name = {},
                    .duration = units::milliseconds(120'000),
                    .patient = {},
                    .prescription = rehab::defaults_of(rehab::Phase::Foundation),
                    .faults = {},
                    .expect = {}};
  reader.require("schema", "1");
  reader.whole("schema", 1, 1);
  if (auto name = reader.text("name")) scenario.name = std::move(*name);
  if (scenario.name.empty()) scenario.name = std::filesystem::path{file}.stem().string();
  if (const auto duration = reader.real("duration_s", 0.1, 86400.0))
    scenario.duration = units::seconds_long(*duration);
  if (const toml::table* table = reader.table("patient")) {
    TableReader patient{*table, "[patient]", file, mistakes};
    read_patient(patient, scenario.patient);
  }
  if (const toml::table* table = reader.table("prescription")) {
    TableReader prescription{*table, "[prescription]", file, mistakes};
    read_prescription(prescription, scenario.prescription, file, mistakes);
  }
  read_faults(reader, file, scenario, mistakes);
  if (const toml::table* table = reader.table("expect")) {
    TableReader expectation{*table, "[expect]", file, mistakes};
    read_expectation(expectation, scenario);
  }
  reader.finish();
  if (mistakes.empty()) check_prescription(root, scenario, file, mistakes);
  if (!mistakes.empty()) return tl::unexpected(std::move(mistakes));
  return scenario;
}

tl::expected<Scenario, std::vector<Mistake>> read_scenario(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return tl::unexpected(Mistakes{{path.string(), 0, "it is a folder", "a path to a scenario file"}});
  const std::ifstream file{path};
  if (!file)
    return tl::unexpected(
        Mistakes{{path.string(), 0, "the file cannot be read", "a path to a scenario file"}});
  std::ostringstream text;
  text << file.rdbuf();
  return parse_scenario(text.str(), path.string());
}

StationSetup station_setup(const Scenario& scenario, std::uint64_t seed) {
  const rehab::PrescriptionDraft& draft = scenario.prescription;
  const units::Angle range = draft.range_high - draft.range_low;
  // Raised cosine over the range; lifting may be 1.7 times as fast, lowering twice, each by 15 °/s at least.
  const auto trip = [range](units::Duration time, double times, units::AngularVelocity at_most) {
    constexpr double Pi = 3.14159265358979;
    const auto peak =
        units::radians_per_second(Pi * units::in_radians(range) / (2.0 * units::in_seconds(time)));
    return std::min(at_most, std::max(times * peak, peak + units::degrees_per_second(15)));
  };
  PatientSetup patient = scenario.patient;
  patient.leg_support = draft.leg_support;
  return {.patient = patient,
          .by_heart = std::nullopt,
          .faults = scenario.faults,
          .seed = seed,
          .fastest_lift = trip(draft.tempo.lift, 1.7, draft.lifting_stop_speed),
          .fastest_lowering = trip(draft.tempo.lower, 2.0, draft.lowering_stop_speed)};
}

rehab::Prescription prescription_of(const Scenario& scenario) {
  auto checked = rehab::Prescription::checked(scenario.prescription, person_of(scenario));
  if (!checked)
    throw std::logic_error("the scenario's prescription was never checked: " +
                           rehab::in_words(checked.error().front()));
  return *checked;
}

Routine routine_of(const Scenario& scenario) {
  const rehab::PrescriptionDraft& draft = scenario.prescription;
  return {.low = draft.range_low,
          .high = draft.range_high,
          .lift_s = units::in_seconds(draft.tempo.lift),
          .hold_s = units::in_seconds(draft.tempo.hold),
          .lower_s = units::in_seconds(draft.tempo.lower),
          .rest_s = units::in_seconds(draft.tempo.rest),
          .reps = static_cast<std::uint16_t>(draft.reps),
          .count_in_s = units::in_seconds(rehab::CountIn)};
}

}  // namespace plinth::simulator
