#include "drivers/profiles/profile_keys.hpp"

#include <algorithm>

namespace plinth::drivers::profiles {
namespace {

constexpr std::size_t LongestName = 40;
// Numbers of a scale: from a millionth to a million million either way.
constexpr config::Numbers ScaleNumbers{-1e12, 1e12};
constexpr std::array<std::string_view, 22> Units{"",
                                                 "N",
                                                 "N·m",
                                                 "rad",
                                                 "rad/s",
                                                 "m",
                                                 "m/s",
                                                 "s",
                                                 "ms",
                                                 "us",
                                                 "Hz",
                                                 "A",
                                                 "mV",
                                                 "V",
                                                 "W",
                                                 "°C",
                                                 "pulses",
                                                 "divisions",
                                                 "of a rated torque",
                                                 "of a rated current",
                                                 "N·m/s",
                                                 "N·m·s/rad"};

}  // namespace

bool is_name(const std::string& text) {
  const auto small = [](char letter) { return letter >= 'a' && letter <= 'z'; };
  return !text.empty() && text.size() <= LongestName && small(text.front()) &&
         std::ranges::all_of(text, [&](char letter) {
           return small(letter) || (letter >= '0' && letter <= '9') || letter == '_';
         });
}

std::optional<std::string> name_in(Table& table, std::string_view key, Need need) {
  return table.text(key, need, "a name: small letters, digits and _, at most 40", is_name,
                    "Begin it with a letter.");
}

Type type_in(Table& table, bool may_be_floating) {
  constexpr std::array<std::string_view, 6> Types{"u16", "i16", "bits16", "u32", "i32", "f32"};
  const std::span<const std::string_view> all{Types};
  const auto chosen = table.choice("type", Need::Must, may_be_floating ? all : all.first(5));
  return chosen ? static_cast<Type>(*chosen) : Type::U16;
}

WordOrder word_order_in(Table& table, Type type, std::optional<WordOrder> usual) {
  constexpr std::array<std::string_view, 2> Orders{"big", "little"};
  const bool pair = words_of(type) == 2;
  const auto order =
      choice_in<WordOrder>(table, "word_order", pair && !usual ? Need::Must : Need::May, Orders);
  if (order && !pair) {
    table.conflict("word_order", "nothing for a value of one register", "Take it out, or correct the type.");
  }
  return order.value_or(usual.value_or(WordOrder::Big));
}

Scale scale_in(Table& table) {
  Table& inner = table.inner("scale", Need::May);
  Scale scale;
  const auto not_nought = [&](std::string_view key, double& into) {
    const auto number = inner.number(key, Need::May, ScaleNumbers);
    if (!number) return;
    if (*number == 0.0) {
      inner.conflict(key, "a number other than 0", "Set it to what one number of the wire stands for.");
    } else {
      into = *number;
    }
  };
  not_nought("num", scale.num);
  not_nought("den", scale.den);
  if (const auto unit = inner.choice("unit", Need::May, Units)) scale.unit = Units.at(*unit);
  scale.installer = inner.flag("installer", Need::May).value_or(false);
  return scale;
}

Range range_in(Table& table, Type type) {
  const Range all = range_of(type);
  const config::WholeNumbers allowed{all.lowest, all.highest};
  Range range = all;
  take(table.whole("min", Need::May, allowed), range.lowest);
  take(table.whole("max", Need::May, allowed), range.highest);
  if (range.lowest <= range.highest) return range;
  table.conflict(table.holds("max") ? "max" : "min", "a range whose min is not above its max",
                 "Exchange min and max, or correct one.");
  return all;
}

std::optional<std::string> outside_or_shared(const std::vector<Span>& spans, std::size_t words) {
  for (std::size_t at = 0; at < spans.size(); ++at) {
    const Span& span = spans[at];
    if (span.begin + span.count > words) {
      return span.name + " lies beyond the " + std::to_string(words) + " registers of its block";
    }
    for (std::size_t before = 0; before < at; ++before) {
      const Span& other = spans[before];
      if (span.begin < other.begin + other.count && other.begin < span.begin + span.count) {
        return span.name + " shares a register with " + other.name;
      }
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> first_gap(const std::vector<Span>& spans, std::size_t words) {
  for (std::size_t word = 0; word < words; ++word) {
    const bool described = std::ranges::any_of(
        spans, [&](const Span& span) { return span.begin <= word && word < span.begin + span.count; });
    if (!described) return word;
  }
  return std::nullopt;
}

}  // namespace plinth::drivers::profiles
