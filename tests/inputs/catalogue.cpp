#include "tests/inputs/catalogue.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace plinth::inputs {
namespace {

[[noreturn]] void slip(const toml::table& row, const std::string& what) {
  throw std::runtime_error{std::string{PLINTH_CATALOGUE} + ":" + std::to_string(row.source().begin.line) +
                           ": " + what};
}

void check_keys(const toml::table& row) {
  constexpr std::array<std::string_view, 29> Known{
      "number",  "to",         "name",          "door",      "given",    "given_text",      "base",
      "replace", "role",       "closed_by",     "times",     "messages", "opcode",          "masked",
      "folder",  "patient_kg", "estop_from_ms", "accepted",  "hangs_up", "reaches_control", "code",
      "field",   "why",        "allowed",       "next_step", "line",     "column",          "nobody_there",
      "what"};
  for (const auto& [key, node] : row) {
    if (std::ranges::find(Known, key.str()) == Known.end())
      slip(row, "unknown key " + std::string{key.str()});
  }
}

std::string bytes_of(std::string_view digits, const toml::table& row) {
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 3) {
    if (at + 2 > digits.size() || (at + 2 < digits.size() && digits[at + 2] != ' '))
      slip(row, "not hexadecimal");
    bytes.push_back(static_cast<char>(std::stoi(std::string{digits.substr(at, 2)}, nullptr, 16)));
  }
  return bytes;
}

bool holds_bytes(const Input& input, std::string_view given) {
  return input.door == "socket" || (input.door == "frame" && !given.starts_with('{'));
}

Input input_of(const toml::table& row) {
  check_keys(row);
  Input in;
  const auto text = [&row](std::string_view key, std::string otherwise = {}) {
    return row[key].value_or(std::move(otherwise));
  };
  in.number = row["number"].value_or(0);
  in.name = text("name");
  in.door = text("door");
  if (in.number < 1 || in.name.empty() || in.door.empty()) slip(row, "a row has a number, a name and a door");
  if (const auto* words = row["given"].as_array()) {
    for (const toml::node& word : *words) in.words.push_back(word.value_or(std::string{}));
  } else {
    in.text = text("given");
    if (holds_bytes(in, in.text)) in.text = bytes_of(in.text, row);
  }
  if (row.contains("given_text")) in.text = text("given_text");
  in.base = text("base", R"({"phase": "PHASE_STRENGTH", "person": {"mass_kg": 78, "height_m": 1.75}})");
  in.replace = text("replace");
  in.role = text("role", "console");
  in.closed_by = bytes_of(text("closed_by"), row);
  in.times = row["times"].value_or(1);
  in.messages = row["messages"].value_or(1);
  in.opcode = row["opcode"].value_or(2);
  in.masked = row["masked"].value_or(true);
  in.folder = row["folder"].value_or(false);
  in.patient_kg = row["patient_kg"].value_or(78.0);
  in.nobody_there = row["nobody_there"].value_or(false);
  in.estop_from_ms = row["estop_from_ms"].value<int>();
  in.accepted = row["accepted"].value_or(false);
  in.hangs_up = row["hangs_up"].value_or(false);
  in.reaches_control = row["reaches_control"].value_or(false);
  in.code = text("code");
  in.field = text("field");
  in.why = text("why");
  in.allowed = text("allowed");
  in.next_step = text("next_step");
  in.line = row["line"].value_or(0U);
  in.column = row["column"].value_or(0U);
  if (in.code.empty() != in.accepted) slip(row, "a row has a code, or is accepted");
  return in;
}

NotYet not_yet_of(const toml::table& row) {
  const int from = row["number"].value_or(0);
  return {.from = from,
          .to = row["to"].value_or(from),
          .what = row["what"].value_or(std::string{}),
          .because = row["because"].value_or(std::string{})};
}

Catalogue read() {
  const toml::table file = toml::parse_file(PLINTH_CATALOGUE);
  Catalogue all;
  const auto each = [&file](std::string_view key, auto take) {
    if (const auto* rows = file[key].as_array()) {
      for (const toml::node& row : *rows) take(*row.as_table());
    }
  };
  each("input", [&](const toml::table& row) { all.inputs.push_back(input_of(row)); });
  each("not_yet", [&](const toml::table& row) { all.not_yet.push_back(not_yet_of(row)); });
  each("elsewhere", [&](const toml::table& row) {
    all.elsewhere.push_back({row["code"].value_or(std::string{}), row["test"].value_or(std::string{})});
  });
  return all;
}

}  // namespace

const Catalogue& catalogue() {
  static const Catalogue all = read();
  return all;
}

}  // namespace plinth::inputs
