// Walks the catalogue of bad inputs: each is told what is wrong, what would be right and what to do, and
// changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "controller/rehab/refusal.hpp"
#include "tests/inputs/catalogue.hpp"
#include "tests/inputs/doors.hpp"

namespace plinth::inputs {

// What gtest prints of a row.
void PrintTo(const Input& input, std::ostream* out) {  // NOLINT(readability-identifier-naming): gtest's name
  *out << input.number << ", " << input.name;
}

namespace {

using Door = Reply (*)(const Input&);

const std::map<std::string, Door>& doors() {
  static const std::map<std::string, Door> all{
      {"prescription", &through_prescription},
      {"frame", &through_frame},
      {"prescription_file", &through_prescription_file},
      {"socket", &through_socket},
      {"station", &through_station},
      {"station_file", &through_station_file},
      {"scenario_file", &through_scenario_file},
      {"http", &through_http},
      {"websocket", &through_websocket},
      {"program", &through_program},
  };
  return all;
}

// Doors whose codes are those of the one catalogue of refusals.
bool speaks_in_refusals(const std::string& door) {
  return door == "prescription" || door == "frame" || door == "prescription_file" || door == "socket" ||
         door == "station";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool fits(const Telling& told, const Input& input) {
  return told.code == input.code && (input.field.empty() || told.field == input.field) &&
         holds(told.why, input.why) && holds(told.allowed, input.allowed) &&
         holds(told.next_step, input.next_step) && (input.line == 0 || told.line == input.line) &&
         (input.column == 0 || told.column == input.column);
}

std::string in_words(const Reply& reply) {
  std::string words;
  for (const Telling& told : reply.told) {
    words += "\n  code " + told.code + ", field " + told.field + ", line " + std::to_string(told.line) +
             ": " + told.why + " | allowed: " + told.allowed + " | next: " + told.next_step;
  }
  return words.empty() ? "nothing" : words;
}

class ABadInput : public testing::TestWithParam<Input> {};

TEST_P(ABadInput, IsToldWhatIsWrongAndChangesNothing) {
  const Input& input = GetParam();
  const auto door = doors().find(input.door);
  ASSERT_NE(door, doors().end()) << "no door is called " << input.door;
  const Reply reply = door->second(input);
  EXPECT_TRUE(reply.accepted == input.accepted || input.reaches_control);
  EXPECT_EQ(reply.hung_up, input.hangs_up);
  EXPECT_EQ(reply.changed, "") << "has changed";
  if (input.accepted) return;
  EXPECT_TRUE(std::ranges::any_of(reply.told, [&](const Telling& told) { return fits(told, input); }))
      << "told:" << in_words(reply);
  for (const Telling& told : reply.told) {
    if (!speaks_in_refusals(input.door)) continue;
    EXPECT_FALSE(told.why.empty()) << told.code;
    EXPECT_FALSE(told.next_step.empty()) << told.code;
  }
}

std::string test_name(const testing::TestParamInfo<Input>& info) {
  std::string name =
      (info.param.number < 10 ? "0" : "") + std::to_string(info.param.number) + "_" + info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Number, ABadInput, testing::ValuesIn(catalogue().inputs), test_name);

TEST(TheCatalogueOfInputs, AccountsForEveryNumber) {
  constexpr int Last = 80;
  std::set<int> given;
  std::set<int> waiting;
  for (const Input& input : catalogue().inputs) given.insert(input.number);
  for (const NotYet& row : catalogue().not_yet) {
    EXPECT_FALSE(row.what.empty() || row.because.empty()) << row.from;
    for (int number = row.from; number <= row.to; ++number) waiting.insert(number);
  }
  for (int number = 1; number <= Last; ++number) {
    EXPECT_NE(given.contains(number), waiting.contains(number)) << number << " stands in both, or nowhere";
  }
  std::cout << catalogue().inputs.size() << " bad inputs under " << given.size() << " of " << Last
            << " numbers; nothing in the product can be given the other " << waiting.size() << " yet:\n";
  for (const NotYet& row : catalogue().not_yet) {
    std::cout << "  " << row.from << (row.to > row.from ? "-" + std::to_string(row.to) : "") << " "
              << row.what << ": " << row.because << '\n';
  }
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(TheCatalogueOfRefusals, IsReachedWhole) {
  std::set<std::string> reached;
  for (const Input& input : catalogue().inputs) {
    if (speaks_in_refusals(input.door)) reached.insert(input.code);
  }
  for (const Elsewhere& row : catalogue().elsewhere) {
    // Tests name a refusal as people see it, or as the enumeration does.
    std::string enumerator;
    bool upper = true;
    for (const char c : row.code) {
      if (c != '_') enumerator += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = c == '_';
    }
    const std::string text = text_of(std::filesystem::path{PLINTH_SOURCE} / row.test);
    EXPECT_TRUE(holds(text, "\"" + row.code + "\"") || holds(text, "RefusalCode::" + enumerator))
        << row.test << " does not reach " << row.code;
    EXPECT_FALSE(reached.contains(row.code)) << row.code << " is reached by an input: take it out here";
    reached.insert(row.code);
  }
  for (const rehab::RefusalText& row : rehab::refusal_catalogue()) {
    EXPECT_TRUE(reached.contains(std::string{row.name})) << "nothing reaches " << row.name;
  }
}

// The sources of what people see, generated and foreign ones aside.
std::vector<std::filesystem::path> sources() {
  std::vector<std::filesystem::path> found;
  const std::filesystem::path root{PLINTH_SOURCE};
  for (const char* const folder : {"controller", "drivers", "hmi", "proto", "simulator"}) {
    auto entry = std::filesystem::recursive_directory_iterator{root / folder};
    for (; entry != std::filesystem::recursive_directory_iterator{}; ++entry) {
      const auto name = entry->path().filename();
      if (name == "node_modules" || name == "tests") {
        entry.disable_recursion_pending();
      } else if (const auto ending = name.extension(); ending == ".cpp" || ending == ".hpp" ||
                                                       ending == ".ts" || ending == ".tsx" ||
                                                       ending == ".ftl") {
        found.push_back(entry->path());
      }
    }
  }
  return found;
}

TEST(TheWordsOfARefusal, StandOnce) {
  for (const auto& path : sources()) {
    if (path.filename() == "refusal.cpp" && path.parent_path().filename() == "rehab") continue;
    const std::string text = text_of(path);
    for (const rehab::RefusalText& row : rehab::refusal_catalogue()) {
      EXPECT_FALSE(holds(text, std::string{row.what})) << path << " says again: " << row.what;
    }
  }
}

TEST(TheCodesOfRefusals, ThatClientsLookForStandInTheCatalogue) {
  std::set<std::string> names;
  for (const rehab::RefusalText& row : rehab::refusal_catalogue()) names.emplace(row.name);
  const std::regex looked_for{R"(\bcode(?:\(\))?\s*={2,3}\s*['"]([a-z_]+)['"])"};
  for (const auto& path : sources()) {
    const std::string text = text_of(path);
    for (auto found = std::sregex_iterator{text.begin(), text.end(), looked_for};
         found != std::sregex_iterator{}; ++found) {
      EXPECT_TRUE(names.contains((*found)[1])) << path << " looks for " << (*found)[1];
    }
  }
}

}  // namespace
}  // namespace plinth::inputs
