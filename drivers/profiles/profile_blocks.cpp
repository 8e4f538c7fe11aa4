// What is read: blocks, their fields, and the bits that have names.
#include <algorithm>

#include "drivers/profiles/decode_plan.hpp"
#include "drivers/profiles/profile_keys.hpp"

namespace plinth::drivers::profiles {
namespace {

ReadBlock read_block(Table& table, const Profile& profile) {
  ReadBlock block;
  block.name = own_name(table, profile.reads);
  take(table.whole("address", Need::Must, Addresses), block.address);
  block.count = 1;
  take(table.whole("count", Need::Must, {1, profile.link.max_read_registers}), block.count);
  if (block.address + block.count > 0x10000) {
    table.conflict("count", "a block that ends at 0xFFFF", "Shorten it, or correct its address.");
  }
  block.function = profile.link.read_function;
  take(table.whole("function", Need::May, {3, 4}), block.function);
  block.atomic = table.flag("atomic", Need::May).value_or(false);
  constexpr std::array<std::string_view, 2> Checksums{"none", "crc16"};
  block.checksum = choice_in<Checksum>(table, "checksum", Need::May, Checksums).value_or(Checksum::None);
  constexpr std::array<std::string_view, 3> Priorities{"realtime", "background", "startup"};
  block.priority =
      choice_in<Priority>(table, "priority", Need::May, Priorities).value_or(Priority::Background);
  take(table.whole("period_ms", Need::May, {1, 60'000}, " ms"), block.period_ms);
  take(table.whole("max_age_ms", Need::May, {1, 300'000}, " ms"), block.max_age_ms);
  if (block.period_ms > 0 && block.max_age_ms > 0 && block.max_age_ms < block.period_ms) {
    table.conflict("max_age_ms", "no less than period_ms",
                   "A value would be too old before the next is read.");
  }
  return block;
}

// The field of one word that `key` names, in the same block.
std::optional<std::uint16_t> word_named(Table& table, std::string_view key, Need need, const Profile& profile,
                                        std::optional<std::size_t> block) {
  const auto place = reference(table, key, need, profile.fields);
  if (!place) return std::nullopt;
  const Field& field = profile.fields[*place];
  if (words_of(field.type) == 1 && (!block || field.block == *block)) return field.offset;
  table.conflict(key, "a field of one register in the same block",
                 "A bit and what it tells about must be read at one instant.");
  return std::nullopt;
}

Range plausible_in(Table& table, const Field& field, bool magnitude) {
  Range range = range_of(field.type);
  if (magnitude) range.lowest = -range.highest;
  const Range whole = range;
  const auto pair = table.wholes("plausible", Need::May, {range.lowest, range.highest});
  if (pair && (pair->size() != 2 || pair->front() > pair->back())) {
    table.conflict("plausible", "two numbers, the lower first", "Write [lowest, highest], as on the wire.");
  } else if (pair) {
    range = {pair->front(), pair->back()};
  }
  const auto invalid = table.whole("invalid_raw", Need::May, {whole.lowest, whole.highest});
  if (!invalid) return range;
  if (*invalid == whole.lowest) {
    range.lowest = std::max(range.lowest, whole.lowest + 1);
  } else if (*invalid == whole.highest) {
    range.highest = std::min(range.highest, whole.highest - 1);
  } else {
    table.conflict("invalid_raw", "the lowest or the highest number of the type",
                   "For any other use plausible, or a bit and valid_when.");
  }
  return range;
}

Field field_in(Table& table, const Reading& reading) {
  const Profile& profile = reading.profile;
  Field field;
  field.name = own_name(table, profile.fields);
  field.block = reference(table, "poll", Need::Must, profile.reads).value_or(profile.reads.size());
  take(table.whole("offset", Need::Must, {0, 124}), field.offset);
  field.type = type_in(table, true);
  field.word_order = word_order_in(table, field.type, reading.usual_order);
  field.scale = scale_in(table);
  field.vital = table.flag("vital", Need::May).value_or(false);
  return field;
}

// What refers to other fields: their bits give a number its sign, or take it away.
void read_conditions(Table& table, Field& field, const Profile& profile) {
  const bool magnitude = table.holds("sign");
  if (magnitude) {
    Table& sign = table.inner("sign", Need::May);
    const auto word = word_named(sign, "from", Need::Must, profile, field.block);
    const auto bit = sign.whole("bit", Need::Must, {0, 15});
    if (word && bit) field.negative_when = Bits{*word, static_cast<std::uint16_t>(1U << *bit)};
    if (field.type != Type::U16 && field.type != Type::U32) {
      table.conflict("sign", "an unsigned type, u16 or u32", "A signed number has its sign already.");
    }
  }
  field.plausible = plausible_in(table, field, magnitude);
  for (Table* const when : table.each("valid_when")) {
    const auto word = word_named(*when, "from", Need::Must, profile, field.block);
    const auto mask = when->whole("mask", Need::Must, {1, 0xFFFF});
    const auto equals = when->whole("equals", Need::Must, Words16);
    if (!word || !mask || !equals) continue;
    if ((*equals & ~*mask) != 0) {
      when->conflict("equals", "bits of the mask", "It could never be so.");
    }
    field.requires_all.push_back(
        {.bits = {*word, static_cast<std::uint16_t>(*mask)}, .equals = static_cast<std::uint16_t>(*equals)});
  }
  for (const std::size_t place : references(table, "invalid_when", profile.flags)) {
    const Flag& flag = profile.flags[place];
    if (flag.block != field.block) {
      table.conflict("invalid_when", "bits of the field's own block", "They must be read at one instant.");
      continue;
    }
    field.requires_all.push_back({.bits = flag.bits, .equals = 0});
  }
}

void read_flags(Table& status, Profile& profile) {
  const auto usual = reference(status, "source", Need::May, profile.fields);
  for (const std::string& name : status.names()) {
    if (name == "source") continue;
    Table& table = status.inner(name, Need::May);
    Flag flag;
    flag.name = name;
    if (!is_name(name)) {
      status.conflict(name, "a name: small letters, digits and _, at most 40", "Begin it with a letter.");
    }
    flag.canonical = name_in(table, "canonical", Need::May).value_or(name);
    const bool has_source = usual && !table.holds("from");
    const auto from = has_source ? usual : reference(table, "from", Need::Must, profile.fields);
    const auto bit = table.whole("bit", table.holds("bits") ? Need::May : Need::Must, {0, 15});
    const auto bits = table.wholes("bits", Need::May, {0, 15});
    if (bit && bits) table.conflict("bit", "either bit or bits", "Take one of them out.");
    unsigned mask = bit ? 1U << static_cast<unsigned>(*bit) : 0U;
    for (const std::int64_t each : bits.value_or(std::vector<std::int64_t>{}))
      mask |= 1U << static_cast<unsigned>(each);
    if (bits && bits->empty()) table.conflict("bits", "at least one bit", "Name them, or take the line out.");
    if (!from) continue;
    const Field& field = profile.fields[*from];
    if (words_of(field.type) != 1) {
      status.conflict(name, "bits of a field of one register", "Read the pair as two bits16 fields.");
      continue;
    }
    flag.block = field.block;
    flag.bits = {field.offset, static_cast<std::uint16_t>(mask)};
    profile.flags.push_back(flag);
  }
}

// Every field inside its block and on registers of its own; no register that nobody describes.
void check_block(Table& table, const Profile& profile, std::size_t at) {
  const ReadBlock& block = profile.reads[at];
  const std::size_t words = block.count - (block.checksum == Checksum::None ? 0U : 1U);
  std::vector<Span> spans;
  for (const Field& field : profile.fields) {
    if (field.block == at) spans.push_back({field.name, field.offset, words_of(field.type)});
  }
  const auto flags = std::ranges::count(profile.flags, at, &Flag::block);
  if (spans.size() > MostInABlock || flags > static_cast<std::ptrdiff_t>(MostInABlock)) {
    table.conflict_within("more than a block may hold", "at most 64 fields and 64 bits with names",
                          "Read it in two blocks.");
  } else if (const auto wrong = outside_or_shared(spans, words)) {
    table.conflict_within("contradicted by its fields: " + *wrong, "fields side by side inside their block",
                          "Correct address, offset or type.");
  } else if (const auto gap = first_gap(spans, words); gap && !profile.link.allow_gap_reads) {
    table.conflict_within(
        "a block in which no field describes the register at offset " + std::to_string(*gap),
        "blocks without gaps",
        "Many devices refuse a read across a gap: read two blocks, describe the register, or "
        "say allow_gap_reads = true when its manual does.");
  }
}

}  // namespace

void read_blocks(Reading& reading) {
  Profile& profile = reading.profile;
  const auto blocks = reading.file.each("poll");
  // A block of which something is wrong already is not also said to contradict itself.
  std::vector<bool> doubtful;
  for (Table* const table : blocks) {
    const std::size_t mistakes = reading.book.size();
    profile.reads.push_back(read_block(*table, profile));
    doubtful.push_back(reading.book.size() != mistakes);
  }
  const auto fields = reading.file.each("field");
  for (Table* const table : fields) {
    const std::size_t mistakes = reading.book.size();
    profile.fields.push_back(field_in(*table, reading));
    const std::size_t block = profile.fields.back().block;
    if (block < doubtful.size() && reading.book.size() != mistakes) doubtful[block] = true;
  }
  read_flags(reading.file.inner("status", Need::May), profile);
  for (std::size_t at = 0; at < fields.size(); ++at)
    read_conditions(*fields[at], profile.fields[at], profile);
  for (std::size_t at = 0; at < blocks.size(); ++at) {
    if (!doubtful[at]) check_block(*blocks[at], profile, at);
  }

  Table& freshness = reading.file.inner("freshness", Need::May);
  if (freshness.holds("sequence")) {
    profile.freshness.sequence = reference(freshness, "sequence", Need::May, profile.fields);
  }
  take(freshness.whole("frozen_suspect_polls", Need::May, {2, 100'000}),
       profile.freshness.frozen_suspect_polls);
}

}  // namespace plinth::drivers::profiles
