// The files that people write.
#include <array>
#include <stdexcept>

#include "controller/config/station.hpp"
#include "simulator/scenario.hpp"
#include "tests/inputs/doors.hpp"

namespace plinth::inputs {
namespace {

// What comes behind it begins in line 13 of the whole.
constexpr std::string_view GoodStation =
    "schema = 1\n"
    "station = { name = \"Room 3\", simulation = true }\n"
    "[drive]\n"
    "link = \"tcp:127.0.0.1:1502\"\n"
    "unit = 1\n"
    "[hub]\n"
    "link = \"tcp:127.0.0.1:1502\"\n"
    "unit = 2\n"
    "[service]\n"
    "socket = \"plinthd.sock\"\n"
    "[prescription]\n"
    "file = \"prescription.json\"\n";

std::string name_of(config::Mistake::Kind kind) {
  constexpr std::array Names{"Unreadable", "NotToml",      "UnknownKey", "Missing",
                             "WrongType",  "OutsideRange", "Conflict"};
  return Names.at(static_cast<std::size_t>(kind));
}

std::string station_text(const Input& input) {
  std::string text{GoodStation};
  if (input.replace.empty()) return text + input.text;
  const auto at = text.find(input.replace);
  if (at == std::string::npos) throw std::runtime_error{"the catalogue's text: " + input.replace};
  return text.replace(at, input.replace.size(), input.text);
}

}  // namespace

Reply through_station_file(const Input& input) {
  Reply reply;
  const auto station = config::station_from(station_text(input), "/etc/plinth/station.toml");
  reply.accepted = station.has_value();
  if (station) return reply;
  for (const config::Mistake& mistake : station.error()) {
    reply.told.push_back({.code = name_of(mistake.kind),
                          .field = mistake.key,
                          .why = config::in_words(mistake),
                          .allowed = mistake.allowed,
                          .next_step = mistake.next_step,
                          .line = mistake.line,
                          .column = mistake.column});
  }
  return reply;
}

Reply through_scenario_file(const Input& input) {
  Reply reply;
  const auto scenario = simulator::parse_scenario(input.text, "patient.toml");
  reply.accepted = scenario.has_value();
  if (scenario) return reply;
  for (const simulator::Mistake& mistake : scenario.error()) {
    const std::string words = simulator::in_words(mistake);
    reply.told.push_back({.code = "mistake",
                          .field = {},
                          .why = words,
                          .allowed = words,
                          .next_step = words,
                          .line = mistake.line});
  }
  return reply;
}

}  // namespace plinth::inputs
