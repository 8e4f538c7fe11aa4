#include "drivers/profiles/golden.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "drivers/checksum.hpp"
#include "drivers/profiles/decode_plan.hpp"
#include "drivers/profiles/encode_plan.hpp"

namespace plinth::drivers::profiles {
namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint16_t word_at(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8U | bytes[at + 1]);
}
bool sum_fits(Bytes frame) {
  const std::size_t end = frame.size() - 2;  // the sum goes low byte first
  return crc16(frame.first(end)) == static_cast<std::uint16_t>(frame[end] | frame[end + 1] << 8U);
}
std::vector<std::uint16_t> words_of_bytes(Bytes bytes) {
  std::vector<std::uint16_t> words;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) words.push_back(word_at(bytes, at));
  return words;
}
std::string told(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}
bool same(double left, double right) {
  return std::abs(left - right) <= 1e-9 * std::max({1.0, std::abs(left), std::abs(right)});
}

// The block that a read request asks for, if the profile has it.
std::optional<std::size_t> block_read_by(const Profile& profile, Bytes request) {
  for (std::size_t at = 0; at < profile.reads.size(); ++at) {
    const ReadBlock& block = profile.reads[at];
    if (request.size() == 8 && request[1] == block.function && word_at(request, 2) == block.address &&
        word_at(request, 4) == block.count) {
      return at;
    }
  }
  return std::nullopt;
}

// One block as the profile reads it, and as its twin with the words exchanged does.
struct Readings {
  std::size_t block;
  const DecodePlan& plan;
  std::span<const std::uint16_t> words;
  Decoded decoded{};
  Decoded exchanged{};
};

std::optional<std::string> difference_in_number(const Profile& profile, const GoldenFrame::Number& expected,
                                                const Readings& readings) {
  const Field& field = profile.fields[expected.index];
  if (field.block != readings.block) return field.name + " stands in another block than the one that is read";
  const auto otherwise = [&](double raw) -> std::optional<std::string> {
    if (same(raw, expected.raw)) return std::nullopt;
    return field.name + " is " + told(raw) + " where it should be " + told(expected.raw);
  };
  const auto at = readings.plan.value_named(field.name);
  if (!at) return otherwise(readings.words[field.offset]);  // bits
  const double factor = field.scale.num / field.scale.den;
  const auto value = readings.decoded.value(*at);
  if (!value) return field.name + " is missing where it should be " + told(expected.raw);
  if (auto wrong = otherwise(*value / factor)) return wrong;
  const auto other = readings.exchanged.value(*at);
  if (words_of(field.type) == 2 && other && same(*other / factor, expected.raw))
    return field.name + " reads the same with its words exchanged, so its frame proves nothing";
  return std::nullopt;
}

std::optional<std::string> difference_in_flags(const Profile& profile, const GoldenFrame& frame,
                                               std::size_t block, const DecodePlan& plan,
                                               const Decoded& decoded) {
  for (std::size_t index = 0; index < profile.flags.size(); ++index) {
    const Flag& flag = profile.flags[index];
    if (flag.block != block) continue;
    const bool wanted = std::ranges::find(frame.flags, index) != frame.flags.end();
    if (decoded.flag(plan.flag_named(flag.name).value_or(0)) == wanted) continue;
    return flag.name + (wanted ? " is clear where it should be set" : " is set where it should be clear");
  }
  return std::nullopt;
}

std::optional<std::string> difference_when_read(const Profile& profile, const GoldenFrame& frame) {
  const auto block = block_read_by(profile, frame.request);
  if (!block) return "the request reads no block of this profile";
  const std::size_t bytes = 2U * profile.reads[*block].count;
  const Bytes response{frame.response};
  if (response.size() != bytes + 5 || response[2] != bytes)
    return "the response has another length than was asked for";

  const auto words = words_of_bytes(response.subspan(3, bytes));
  const DecodePlan plan{profile, *block};
  Readings readings{.block = *block, .plan = plan, .words = words};
  if (!plan.decode(words, readings.decoded))
    return "the response is no report: its block's checksum or a vital value is wrong";
  // Refused or not, what it would have read is told.
  (void)DecodePlan{with_words_exchanged(profile), *block}.decode(words, readings.exchanged);

  for (const GoldenFrame::Number& expected : frame.expect) {
    if (auto wrong = difference_in_number(profile, expected, readings)) return wrong;
  }
  for (const std::size_t index : frame.missing) {
    const Field& field = profile.fields[index];
    if (field.block != *block) return field.name + " stands in another block than the one that is read";
    const auto at = plan.value_named(field.name);
    if (!at || readings.decoded.value(*at)) return field.name + " is there where it should be missing";
  }
  return difference_in_flags(profile, frame, *block, plan, readings.decoded);
}

std::optional<std::string> difference_when_written(const Profile& profile, const GoldenFrame& frame) {
  const Bytes request{frame.request};
  const bool single = request[1] == 6;
  const std::size_t data = single ? 4 : 7;
  if (request.size() < data + 4) return "the request is too short";
  const auto words = words_of_bytes(request.subspan(data, request.size() - data - 2));
  const bool counted = single || (word_at(request, 4) == words.size() && request[6] == 2 * words.size());
  if (!counted) return "the request's counts do not fit its data";
  for (std::size_t at = 0; at < profile.writes.size(); ++at) {
    const WriteBlock& block = profile.writes[at];
    if (block.address != word_at(request, 2) || block.count != words.size() || block.function != request[1])
      continue;
    const EncodePlan plan{profile, at};
    std::vector<std::int32_t> numbers(plan.numbers());
    for (const GoldenFrame::Number& expected : frame.expect) {
      const Setpoint& setpoint = profile.setpoints[expected.index];
      if (setpoint.block != at)
        return setpoint.name + " stands in another block than the one that is written";
      if (std::abs(expected.raw) > 0x7FFFFFFF) return setpoint.name + " is given more than it can say";
      numbers[plan.number_named(setpoint.name).value_or(0)] = static_cast<std::int32_t>(expected.raw);
    }
    std::vector<std::uint16_t> written(words.size());
    if (!plan.encode(numbers, written)) return "a number lies outside of its set-point's range";
    if (written != words) return "these numbers are written otherwise";
    // The answer repeats where and what (one register) or how much (several) was written, unless the device
    // is known for a value of its own.
    const bool own_value = single && profile.link.echo_check == EchoCheck::AddressOnly;
    const std::size_t repeated = own_value ? 4 : 6;
    if (frame.response.size() != 8 ||
        !std::ranges::equal(Bytes{frame.response}.first(repeated), request.first(repeated))) {
      return "the response does not repeat the request";
    }
    return std::nullopt;
  }
  return "the request writes no block of this profile";
}

bool can_be_negative(const Field& field) {
  return field.plausible.lowest < 0;
}

}  // namespace

std::optional<std::string> difference(const Profile& profile, const GoldenFrame& frame) {
  for (const auto* bytes : {&frame.request, &frame.response}) {
    if (bytes->size() < 8 - (bytes == &frame.response ? 1U : 0U)) return "a frame is too short";
    if (!sum_fits(*bytes))
      return std::string{bytes == &frame.request ? "the request" : "the response"} + "'s checksum is wrong";
  }
  if (frame.request[0] != frame.response[0] || frame.request[1] != frame.response[1])
    return "the response comes from another unit, or answers another function";
  switch (frame.request[1]) {
    case 3:
    case 4:
      return difference_when_read(profile, frame);
    case 6:
    case 16:
      return difference_when_written(profile, frame);
    default:
      return "only functions 3, 4, 6 and 16 can be held against a profile";
  }
}

std::vector<std::string> not_shown(const Profile& profile) {
  std::vector<std::string> lines;
  bool negative_possible = false;
  bool negative_shown = false;
  for (const WordOrder order : {WordOrder::Big, WordOrder::Little}) {
    bool used = false;
    bool shown = false;
    for (std::size_t index = 0; index < profile.fields.size(); ++index) {
      const Field& field = profile.fields[index];
      negative_possible = negative_possible || can_be_negative(field);
      const bool counts = words_of(field.type) == 2 && field.word_order == order;
      used = used || counts;
      for (const GoldenFrame& frame : profile.golden) {
        if (frame.request.size() < 2 || frame.request[1] > 4) continue;
        for (const GoldenFrame::Number& number : frame.expect) {
          if (number.index != index) continue;
          shown = shown || (counts && std::abs(number.raw) > 65535);
          negative_shown = negative_shown || number.raw < 0;
        }
      }
    }
    if (used && !shown) {
      lines.push_back(std::string{"a number beyond 65535 with the "} +
                      (order == WordOrder::Big ? "high" : "low") + " word first");
    }
  }
  if (negative_possible && !negative_shown) lines.emplace_back("a negative number");
  return lines;
}

Profile with_words_exchanged(Profile profile) {
  for (Field& field : profile.fields)
    field.word_order = field.word_order == WordOrder::Big ? WordOrder::Little : WordOrder::Big;
  return profile;
}

}  // namespace plinth::drivers::profiles
