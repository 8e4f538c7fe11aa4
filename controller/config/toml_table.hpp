// Reads TOML tables strictly: every key asked for has one type and one range, every key not asked for is a
// mistake, and every mistake is kept with its place. Only for sources that say what a file may hold: nothing
// else sees the TOML library.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/config/mistake.hpp"
#include "controller/config/nearest.hpp"
#include "controller/units/interval.hpp"

namespace plinth::config {

using Numbers = units::Interval<double>;
using WholeNumbers = units::Interval<std::int64_t>;

enum class Need : std::uint8_t { Must, May };

inline bool is_control(char letter) {
  return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
}

inline std::string shown(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value).ptr;  // the shortest that is exact
  return {text.data(), end};
}

// Fit for a terminal: one line, no control characters, not endless.
inline std::string one_line(const std::string& text) {
  constexpr std::size_t MostShown = 240;
  std::string line = text.size() > MostShown ? text.substr(0, MostShown) + "…" : text;
  std::ranges::replace_if(line, is_control, '?');
  return line;
}
inline std::string quoted(const std::string& text) {
  constexpr std::size_t MostShown = 120;
  return '"' + one_line(text.size() > MostShown ? text.substr(0, MostShown) + "…" : text) + '"';
}

// What stands in the file, as its writer would recognise it.
inline std::string shown(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return quoted(node.as_string()->get());
    case toml::node_type::boolean:
      return node.as_boolean()->get() ? "true" : "false";
    case toml::node_type::integer:
      return std::to_string(node.as_integer()->get());
    case toml::node_type::floating_point:
      return shown(node.as_floating_point()->get());
    default:
      return "a date or time";
  }
}

// Everything wrong with one file.
class Book {
 public:
  explicit Book(std::string file) : file_{std::move(file)} {}

  void add(Mistake::Kind kind, const toml::source_region& place, const std::string& key,
           const std::string& found, std::string allowed, std::string next_step) {
    // Both may quote names that the file chose.
    std::ranges::replace_if(allowed, is_control, '?');
    std::ranges::replace_if(next_step, is_control, '?');
    mistakes_.push_back({.kind = kind,
                         .file = file_,
                         .line = place.begin.line,
                         .column = place.begin.column,
                         .key = one_line(key),
                         .found = one_line(found),
                         .allowed = std::move(allowed),
                         .next_step = std::move(next_step)});
  }

  [[nodiscard]] bool empty() const { return mistakes_.empty(); }
  [[nodiscard]] std::size_t size() const { return mistakes_.size(); }
  [[nodiscard]] const std::string& file() const { return file_; }

  // In the order of the lines; what has no line comes last.
  std::vector<Mistake> in_order() && {
    const auto place = [](const Mistake& mistake) {
      return std::pair{mistake.line == 0 ? UINT32_MAX : mistake.line, mistake.column};
    };
    std::ranges::stable_sort(mistakes_, {}, place);
    return std::move(mistakes_);
  }

 private:
  std::string file_;
  std::vector<Mistake> mistakes_;
};

// The text as TOML. Nothing when it is none: then just the first mistake is in the book, for nothing after it
// can be trusted.
inline std::optional<toml::table> toml_in(std::string_view text, Book& book) {
  try {
    return toml::parse(text, book.file());
  } catch (const toml::parse_error& error) {
    book.add(
        Mistake::Kind::NotToml, error.source(), "", std::string{error.description()}, "",
        "Correct this line first; the rest is read once it is TOML (texts in quotes, decimals with a point, "
        "each key once).");
    return std::nullopt;
  }
}

// One table of the file. Every key asked for counts as known; the rest is refused at the end.
class Table {
 public:
  Table(Book& book, const toml::table& root) : book_{book}, table_{&root} {}

  // The table `key` inside this one; as good as empty when it is not there.
  Table& inner(std::string_view key, Need need, std::string_view must_hold = "") {
    const toml::node* const node = find(key);
    const toml::table* table = nullptr;
    if (node == nullptr) {
      if (need == Need::Must) {
        book_.add(Mistake::Kind::Missing, {}, "[" + path_of(key) + "]", "", std::string{must_hold},
                  "Add the table with these keys.");
      }
    } else if (table = node->as_table(); table == nullptr) {
      book_.add(Mistake::Kind::WrongType, node->source(), path_of(key), shown(*node), "a table",
                "Write it as [" + path_of(key) + "] with its keys on the lines below.");
    }
    inner_.push_back(std::make_unique<Table>(book_, path_of(key), table));
    return *inner_.back();
  }
  Table(Book& book, std::string path, const toml::table* table)
      : book_{book}, path_{std::move(path)}, table_{table} {}

  // The tables of the list `key`, written [[key]], in their order; none when it is not there.
  std::vector<Table*> each(std::string_view key) {
    const toml::node* const node = find(key);
    if (node == nullptr) return {};
    std::vector<Table*> tables;
    const toml::array* const list = node->as_array();
    for (std::size_t at = 0; list != nullptr && at < list->size(); ++at) {
      const toml::table* const table = list->get(at)->as_table();
      if (table == nullptr) break;
      inner_.push_back(std::make_unique<Table>(book_, path_of(key), table));
      tables.push_back(inner_.back().get());
    }
    if (list == nullptr || tables.size() != list->size()) {
      book_.add(Mistake::Kind::WrongType, node->source(), path_of(key), shown(*node), "a list of tables",
                "Write each as [[" + path_of(key) + "]] with its keys on the lines below.");
    }
    return tables;
  }
  // The keys, where it is for the file to choose them.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    if (table_ == nullptr) return all;
    for (const auto& [key, node] : *table_) all.emplace_back(key.str());
    return all;
  }
  [[nodiscard]] bool holds(std::string_view key) const { return table_ != nullptr && table_->contains(key); }

  std::optional<std::string> text(std::string_view key, Need need, std::string_view allowed,
                                  const std::function<bool(const std::string&)>& is_allowed,
                                  std::string_view next_step) {
    return read<std::string>(
        key, need, allowed, "Put the text in quotes.", next_step,
        [](const toml::node& node) { return node.value_exact<std::string>(); }, is_allowed);
  }
  std::optional<std::int64_t> whole(std::string_view key, Need need, const WholeNumbers& numbers,
                                    std::string_view unit = "") {
    const std::string low = std::to_string(numbers.low());
    const std::string allowed = numbers.low() == numbers.high()
                                    ? "the number " + low
                                    : "a whole number from " + low + " to " + std::to_string(numbers.high());
    return read<std::int64_t>(
        key, need, allowed + std::string{unit}, "Write digits only: no quotes, no decimals.",
        numbers.low() == numbers.high() ? "" : "Set it to a number in that range.",
        [](const toml::node& node) { return node.value_exact<std::int64_t>(); },
        [&](std::int64_t value) { return numbers.contains(value); });
  }
  std::optional<double> number(std::string_view key, Need need, const Numbers& numbers,
                               std::string_view unit = "") {
    return read<double>(
        key, need,
        "a number from " + shown(numbers.low()) + " to " + shown(numbers.high()) + std::string{unit},
        "Write the number without quotes, with a point as the decimal sign.",
        "Set it to a number in that range.",
        [](const toml::node& node) { return node.is_number() ? node.value<double>() : std::nullopt; },
        [&](double value) { return numbers.contains(value); });
  }
  std::optional<bool> flag(std::string_view key, Need need) {
    return read<bool>(
        key, need, "true or false", "Write true or false, without quotes.", "",
        [](const toml::node& node) { return node.value_exact<bool>(); }, [](bool) { return true; });
  }
  // One of the names; gives which, counted from 0.
  std::optional<std::size_t> choice(std::string_view key, Need need,
                                    std::span<const std::string_view> names) {
    std::string allowed;
    for (const std::string_view name : names)
      allowed.append(allowed.empty() ? "" : ", ").append(quoted(std::string{name}));
    const auto chosen = text(
        key, need, allowed,
        [&](const std::string& text) { return std::ranges::find(names, text) != names.end(); },
        "Write one of these.");
    if (!chosen) return std::nullopt;
    return static_cast<std::size_t>(std::ranges::find(names, *chosen) - names.begin());
  }
  // Lists of one kind, none of whose members may be wrong.
  std::optional<std::vector<std::string>> texts(std::string_view key, Need need, std::string_view allowed,
                                                const std::function<bool(const std::string&)>& is_allowed) {
    return list<std::string>(key, need, allowed, is_allowed);
  }
  std::optional<std::vector<std::int64_t>> wholes(std::string_view key, Need need,
                                                  const WholeNumbers& numbers) {
    return list<std::int64_t>(key, need,
                              "a list of whole numbers from " + std::to_string(numbers.low()) + " to " +
                                  std::to_string(numbers.high()),
                              [&](std::int64_t value) { return numbers.contains(value); });
  }
  // A mistake that shows only when the whole table is read.
  void conflict_within(const std::string& found, std::string_view allowed, std::string_view next_step) {
    book_.add(Mistake::Kind::Conflict, table_ == nullptr ? toml::source_region{} : table_->source(), path_,
              found, std::string{allowed}, std::string{next_step});
  }
  // A mistake in the value of `key` that shows only beside another.
  void conflict(std::string_view key, std::string_view allowed, std::string_view next_step) {
    const toml::node& node = *table_->get(key);
    book_.add(Mistake::Kind::Conflict, node.source(), path_of(key), shown(node), std::string{allowed},
              std::string{next_step});
  }

  // After everything has been asked for.
  void refuse_unknown_keys(const Table& whole_file) {
    for (const auto& table : inner_) table->refuse_unknown_keys(whole_file);
    if (table_ == nullptr || holds_anything_) return;
    for (const auto& [key, node] : *table_) {
      const std::string name{key.str()};
      if (std::ranges::find(known_, name) != known_.end()) continue;
      std::string all;
      for (const std::string& known : known_) all.append(all.empty() ? "" : ", ").append(known);
      book_.add(Mistake::Kind::UnknownKey, key.source(), path_of(name), "", all,
                advice_for(name, whole_file));
    }
  }
  void may_hold_anything() { holds_anything_ = true; }

 private:
  const toml::node* find(std::string_view key) {
    known_.emplace_back(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }
  [[nodiscard]] std::string path_of(std::string_view key) const {
    return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
  }

  template <typename T, typename Convert, typename Allows>
  std::optional<T> read(std::string_view key, Need need, std::string_view allowed,
                        std::string_view on_wrong_type, std::string_view on_outside, const Convert& convert,
                        const Allows& allows) {
    const toml::node* const node = find(key);
    if (node == nullptr) {
      if (need == Need::Must && table_ != nullptr) {  // a missing table was told as a whole
        book_.add(Mistake::Kind::Missing, path_.empty() ? toml::source_region{} : table_->source(),
                  path_of(key), "", std::string{allowed}, "Add the key.");
      }
      return std::nullopt;
    }
    std::optional<T> value = convert(*node);
    if (!value) {
      book_.add(Mistake::Kind::WrongType, node->source(), path_of(key), shown(*node), std::string{allowed},
                std::string{on_wrong_type});
      return std::nullopt;
    }
    if (!allows(*value)) {
      book_.add(Mistake::Kind::OutsideRange, node->source(), path_of(key), shown(*node), std::string{allowed},
                std::string{on_outside});
      return std::nullopt;
    }
    return value;
  }

  template <typename T, typename Allows>
  std::optional<std::vector<T>> list(std::string_view key, Need need, std::string_view allowed,
                                     const Allows& allows) {
    return read<std::vector<T>>(
        key, need, allowed, "Write a list in square brackets, all of one kind.",
        "Correct the one that is not allowed.",
        [](const toml::node& node) -> std::optional<std::vector<T>> {
          if (!node.is_array()) return std::nullopt;
          std::vector<T> values;
          for (const toml::node& each : *node.as_array()) {
            const auto value = each.value_exact<T>();
            if (!value) return std::nullopt;
            values.push_back(*value);
          }
          return values;
        },
        [&](const std::vector<T>& values) { return std::ranges::all_of(values, allows); });
  }

  [[nodiscard]] std::string advice_for(const std::string& key, const Table& whole_file) const {
    if (const auto meant = nearest(key, known_)) return "Did you mean " + path_of(*meant) + "?";
    if (const auto home = whole_file.home_of(key)) return "It belongs in [" + *home + "].";
    return "Take it out, or correct its name.";
  }
  // Which table knows this key.
  [[nodiscard]] std::optional<std::string> home_of(const std::string& key) const {
    if (!path_.empty() && std::ranges::find(known_, key) != known_.end()) return path_;
    for (const auto& table : inner_) {
      if (const auto home = table->home_of(key)) return home;
    }
    return std::nullopt;
  }

  Book& book_;
  std::string path_;
  const toml::table* table_;
  bool holds_anything_ = false;
  std::vector<std::string> known_;
  std::vector<std::unique_ptr<Table>> inner_;
};

}  // namespace plinth::config
