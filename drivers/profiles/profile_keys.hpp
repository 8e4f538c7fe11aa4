// What the parts of a profile file share while it is read. Only for the sources that do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/config/toml_table.hpp"
#include "drivers/profiles/profile.hpp"

namespace plinth::drivers::profiles {

using config::Book;
using config::Need;
using config::Table;

// A file half read.
struct Reading {
  Table& file;
  Book& book;
  Profile profile{};
  std::optional<WordOrder> usual_order{};  // of [defaults]
  Table* about = nullptr;                  // [profile] and [capability], for mistakes that show only later
  Table* capability = nullptr;
};

// The parts, in the order in which they are read: each may refer to what stands before it.
void read_about(Reading& reading);
void read_link(Reading& reading);
void read_blocks(Reading& reading);
void read_drive(Reading& reading);
void read_writes(Reading& reading);
void read_commands(Reading& reading);
void read_golden(Reading& reading);

constexpr config::WholeNumbers Addresses{0, 0xFFFF};
constexpr config::WholeNumbers Words16{0, 0xFFFF};
constexpr config::WholeNumbers Words32{0, 0xFFFFFFFF};

// [a-z][a-z0-9_]*, at most 40.
bool is_name(const std::string& text);
std::optional<std::string> name_in(Table& table, std::string_view key, Need need);
// A name that none of `taken` has; otherwise the mistake is noted.
template <typename Named>
std::string own_name(Table& table, const std::vector<Named>& taken) {
  const auto name = name_in(table, "name", Need::Must);
  if (!name) return {};
  for (const Named& other : taken) {
    if (other.name == *name) table.conflict("name", "a name of its own", "Each of these needs another name.");
  }
  return *name;
}
// Which of `all` the key names; nothing, and the mistake noted, when it names none.
template <typename Named>
std::optional<std::size_t> place_of(const std::string& name, const std::vector<Named>& all) {
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (all[at].name == name) return at;
  }
  return std::nullopt;
}
template <typename Named>
std::string names_of(const std::vector<Named>& all) {
  std::string names;
  for (const Named& each : all) names.append(names.empty() ? "" : ", ").append(each.name);
  return names.empty() ? "nothing yet" : names;
}
template <typename Named>
std::optional<std::size_t> reference(Table& table, std::string_view key, Need need,
                                     const std::vector<Named>& all) {
  const auto name = table.text(
      key, need, "one of: " + names_of(all),
      [&](const std::string& text) { return place_of(text, all).has_value(); },
      "Name one that the file has.");
  return name ? place_of(*name, all) : std::nullopt;
}
template <typename Named>
std::vector<std::size_t> references(Table& table, std::string_view key, const std::vector<Named>& all) {
  const auto names = table.texts(key, Need::May, "a list of: " + names_of(all),
                                 [&](const std::string& text) { return place_of(text, all).has_value(); });
  std::vector<std::size_t> places;
  if (names) {
    for (const std::string& name : *names) places.push_back(*place_of(name, all));
  }
  return places;
}

template <typename Number>
void take(std::optional<std::int64_t> read, Number& into) {
  if (read) into = static_cast<Number>(*read);
}

// Whole numbers that come from the same range, and the same as an enumeration in the order of its names.
template <typename Choice, std::size_t Count>
std::optional<Choice> choice_in(Table& table, std::string_view key, Need need,
                                const std::array<std::string_view, Count>& names) {
  const auto chosen = table.choice(key, need, names);
  if (!chosen) return std::nullopt;
  return static_cast<Choice>(*chosen);
}

// Type and order of a value. The order of two words is never guessed: it stands with the value or among the
// file's defaults.
Type type_in(Table& table, bool may_be_floating);
WordOrder word_order_in(Table& table, Type type, std::optional<WordOrder> usual);
Scale scale_in(Table& table);
// The numbers from `min` to `max`, inside those that the type can say.
Range range_in(Table& table, Type type);

// What is wrong with a block whose words these spans take: one that is outside, one that is shared, one that
// nobody describes. Nothing when all is well.
struct Span {
  std::string name;
  std::size_t begin = 0;
  std::size_t count = 1;
};
std::optional<std::string> outside_or_shared(const std::vector<Span>& spans, std::size_t words);
std::optional<std::size_t> first_gap(const std::vector<Span>& spans, std::size_t words);

}  // namespace plinth::drivers::profiles
