#include "drivers/profiles/decode_plan.hpp"

#include <algorithm>
#include <bit>
#include <tuple>

#include "drivers/checksum.hpp"

namespace plinth::drivers::profiles {
namespace {

std::optional<std::size_t> place_of(std::string_view name, const std::vector<std::string>& names) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

enum class Way : std::uint8_t { Plain, Signed, Wide };
Way way_of(const Field& field) {
  if (words_of(field.type) == 2 || field.negative_when) return Way::Wide;
  if (field.type == Type::I16) return Way::Signed;
  return field.plausible == range_of(field.type) ? Way::Plain : Way::Wide;
}

}  // namespace

DecodePlan::DecodePlan(const Profile& profile, std::size_t block)
    : words_{profile.reads.at(block).count},
      summed_{profile.reads.at(block).checksum == Checksum::Crc16InLastWord} {
  // Numbers that are made in one way stand together, so that each way is one loop.
  for (const Way way : {Way::Plain, Way::Signed, Way::Wide}) {
    for (const Field& field : profile.fields) {
      if (field.block == block && field.type != Type::Bits16 && way_of(field) == way) add_value(field);
    }
  }
  for (const Field& field : profile.fields) {
    if (field.block != block || field.type != Type::Bits16) continue;
    bits_words_.push_back(field.offset);
    bits_names_.push_back(field.name);
  }
  all_ = value_names_.size() == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << value_names_.size()) - 1;

  std::vector<Flag> flags;
  for (const Flag& flag : profile.flags) {
    if (flag.block == block) flags.push_back(flag);
  }
  add_flags(std::move(flags));
}

void DecodePlan::add_value(const Field& field) {
  const auto place = static_cast<std::uint16_t>(value_names_.size());
  const double factor = field.scale.num / field.scale.den;
  const Range& plausible = field.plausible;
  const auto second = static_cast<std::uint16_t>(field.offset + words_of(field.type) - 1);
  const bool high_first = field.word_order == WordOrder::Big;
  switch (way_of(field)) {
    case Way::Plain:
      plain_.push_back({.word = field.offset, .factor = factor});
      break;
    case Way::Signed:
      signed_.push_back({.word = field.offset,
                         .lowest = static_cast<std::int16_t>(plausible.lowest),
                         .width = static_cast<std::uint16_t>(plausible.highest - plausible.lowest),
                         .factor = factor});
      break;
    case Way::Wide:
      wide_.push_back({.high = high_first ? field.offset : second,
                       .low = high_first ? second : field.offset,
                       .shift = static_cast<std::uint16_t>(words_of(field.type) == 2 ? 0 : 16),
                       .sign_word = field.negative_when.value_or(Bits{}).word,
                       .sign_mask = field.negative_when.value_or(Bits{}).mask,
                       .signed_mask = field.type == Type::I32 ? 0x80000000U : 0U,
                       .floating = field.type == Type::F32,
                       .lowest = plausible.lowest,
                       .highest = plausible.highest,
                       .factor = factor});
      break;
  }
  if (field.vital) vital_ |= std::uint64_t{1} << place;
  for (const Requirement& requirement : field.requires_all) {
    needs_.push_back({.word = requirement.bits.word,
                      .mask = requirement.bits.mask,
                      .equals = requirement.equals,
                      .value = place});
  }
  value_names_.push_back(field.name);
}

void DecodePlan::add_flags(std::vector<Flag> flags) {
  // In the order of their bits, so that one shift moves all that are neighbours.
  const auto place = [](const Flag& flag) {
    return std::tuple{!std::has_single_bit(flag.bits.mask), flag.bits.word, std::countr_zero(flag.bits.mask)};
  };
  std::ranges::stable_sort(flags, {}, place);
  for (const Flag& flag : flags) {
    const auto at = static_cast<std::uint16_t>(flag_names_.size());
    const auto bit = static_cast<std::uint16_t>(std::countr_zero(flag.bits.mask));
    flag_names_.push_back(flag.name);
    if (!std::has_single_bit(flag.bits.mask)) {
      any_.push_back({.word = flag.bits.word, .mask = flag.bits.mask, .flag = at});
      continue;
    }
    const bool neighbour = !runs_.empty() && runs_.back().word == flag.bits.word &&
                           at - runs_.back().up == bit - runs_.back().down;
    if (neighbour) {
      runs_.back().mask = static_cast<std::uint16_t>(runs_.back().mask | flag.bits.mask);
    } else {
      runs_.push_back({.word = flag.bits.word, .mask = flag.bits.mask, .down = bit, .up = at});
    }
  }
}

// Bit n: a bit that value n requires reads otherwise.
std::uint64_t DecodePlan::unmet(std::span<const std::uint16_t> words) const {
  unsigned differences = 0;
  for (const Need& need : needs_) differences |= (unsigned{words[need.word]} & need.mask) ^ need.equals;
  if (differences == 0) return 0;
  std::uint64_t values = 0;
  for (const Need& need : needs_) {
    values |= std::uint64_t{(words[need.word] & need.mask) != need.equals} << need.value;
  }
  return values;
}

std::uint64_t DecodePlan::decode_signed(std::span<const std::uint16_t> words, Decoded& out) const {
  const auto above = [words](const Signed& step) {  // how far above the lowest; below it wraps to far beyond
    return static_cast<std::uint32_t>(static_cast<std::int16_t>(words[step.word]) - step.lowest);
  };
  double* value = out.values.data() + plain_.size();
  std::uint64_t beyond = 0;  // its top bit: some number is
  for (const Signed& step : signed_) {
    *value++ = static_cast<std::int16_t>(words[step.word]) * step.factor;
    beyond |= std::uint64_t{step.width} - above(step);
  }
  if (beyond >> 63U == 0) return 0;
  std::uint64_t missing = 0;
  std::size_t at = plain_.size();
  for (const Signed& step : signed_) missing |= std::uint64_t{above(step) > step.width} << at++;
  return missing;
}

std::uint64_t DecodePlan::decode_wide(std::span<const std::uint16_t> words, Decoded& out) const {
  std::uint64_t missing = 0;
  std::size_t at = plain_.size() + signed_.size();
  for (const Wide& step : wide_) {
    const std::uint32_t pair = std::uint32_t{words[step.high]} << 16U | words[step.low];
    double number = 0.0;
    bool plausible = false;
    if (step.floating) {
      number = static_cast<double>(std::bit_cast<float>(pair));
      plausible = number >= static_cast<double>(step.lowest) && number <= static_cast<double>(step.highest);
    } else {
      // (x ^ t) − t moves the sign from bit 31 to bit 63; (x ^ m) − m negates when m is −1.
      const std::int64_t minus = -std::int64_t{(words[step.sign_word] & step.sign_mask) != 0};
      const std::int64_t wide =
          (std::int64_t{pair ^ step.signed_mask} - std::int64_t{step.signed_mask}) >> step.shift;
      const std::int64_t whole = (wide ^ minus) - minus;
      number = static_cast<double>(whole);
      plausible = whole >= step.lowest && whole <= step.highest;
    }
    out.values[at] = number * step.factor;
    missing |= std::uint64_t{!plausible} << at++;
  }
  return missing;
}

bool DecodePlan::decode(std::span<const std::uint16_t> words, Decoded& out) const {
  if (words.size() != words_) return false;
  if (summed_ && crc16_of_registers(words.first(words_ - 1)) != words.back()) return false;

  std::size_t at = 0;
  for (const Plain& step : plain_) out.values[at++] = static_cast<int>(words[step.word]) * step.factor;

  std::uint64_t missing = unmet(words);
  missing |= decode_signed(words, out);
  missing |= decode_wide(words, out);
  for (std::uint64_t rest = missing; rest != 0; rest &= rest - 1) {
    out.values[static_cast<std::size_t>(std::countr_zero(rest))] = std::numeric_limits<double>::quiet_NaN();
  }

  std::uint64_t flags = 0;
  for (const Run& run : runs_) flags |= (std::uint64_t{words[run.word]} & run.mask) >> run.down << run.up;
  for (const Any& any : any_) flags |= std::uint64_t{(words[any.word] & any.mask) != 0} << any.flag;

  out.valid = all_ & ~missing;
  out.flags = flags;
  return (missing & vital_) == 0;
}

std::optional<std::size_t> DecodePlan::value_named(std::string_view name) const {
  return place_of(name, value_names_);
}
std::optional<std::size_t> DecodePlan::word_named(std::string_view name) const {
  const auto place = place_of(name, bits_names_);
  if (!place) return std::nullopt;
  return bits_words_[*place];
}
std::optional<std::size_t> DecodePlan::flag_named(std::string_view name) const {
  return place_of(name, flag_names_);
}

}  // namespace plinth::drivers::profiles
