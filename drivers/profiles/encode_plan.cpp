#include "drivers/profiles/encode_plan.hpp"

#include <algorithm>

#include "drivers/checksum.hpp"

namespace plinth::drivers::profiles {

EncodePlan::EncodePlan(const Profile& profile, std::size_t block)
    : words_{profile.writes.at(block).count},
      summed_{profile.writes.at(block).checksum == Checksum::Crc16InLastWord} {
  // Numbers of one register first, then the pairs: each is one loop.
  std::vector<Setpoint> setpoints;
  for (const Setpoint& setpoint : profile.setpoints) {
    if (setpoint.block == block) setpoints.push_back(setpoint);
  }
  std::ranges::stable_sort(setpoints, {}, [](const Setpoint& setpoint) { return words_of(setpoint.type); });
  for (const Setpoint& setpoint : setpoints) {
    const auto second = static_cast<std::uint16_t>(setpoint.offset + words_of(setpoint.type) - 1);
    const bool high_first = setpoint.word_order == WordOrder::Big;
    // A number comes as a signed one of 32 bits: what a u32 can say beyond that is out of reach.
    const std::int64_t highest = std::min<std::int64_t>(setpoint.range.highest, 0x7FFFFFFF);
    const Step step{.low = high_first ? second : setpoint.offset,
                    .high = high_first ? setpoint.offset : second,
                    .lowest = static_cast<std::int32_t>(std::min(setpoint.range.lowest, highest)),
                    .width = static_cast<std::uint32_t>(highest - std::min(setpoint.range.lowest, highest))};
    (words_of(setpoint.type) == 2 ? pairs_ : singles_).push_back(step);
    names_.push_back(setpoint.name);
  }
}

bool EncodePlan::encode(std::span<const std::int32_t> numbers, std::span<std::uint16_t> words) const {
  if (numbers.size() != names_.size() || words.size() != words_) return false;
  // How far beyond its range, in the top bit: what lies below the lowest wraps to beyond the width.
  const auto beyond = [](const Step& step, std::uint32_t bits) {
    return std::uint64_t{step.width} - std::uint64_t{bits - static_cast<std::uint32_t>(step.lowest)};
  };
  std::uint64_t refused = 0;
  const std::int32_t* number = numbers.data();
  for (const Step& step : singles_) {
    const auto bits = static_cast<std::uint32_t>(*number++);
    refused |= beyond(step, bits);
    words[step.low] = static_cast<std::uint16_t>(bits);
  }
  for (const Step& step : pairs_) {
    const auto bits = static_cast<std::uint32_t>(*number++);
    refused |= beyond(step, bits);
    words[step.high] = static_cast<std::uint16_t>(bits >> 16U);
    words[step.low] = static_cast<std::uint16_t>(bits);
  }
  if (summed_) words[words_ - 1] = crc16_of_registers(words.first(words_ - 1));
  return refused >> 63U == 0;
}

std::optional<std::size_t> EncodePlan::number_named(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

}  // namespace plinth::drivers::profiles
