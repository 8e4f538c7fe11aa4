// A block that is written, compiled once into a plain array of steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/profiles/profile.hpp"

namespace plinth::drivers::profiles {

class EncodePlan {
 public:
  // The plan of one of the profile's write blocks.
  EncodePlan(const Profile& profile, std::size_t block);

  [[nodiscard]] std::size_t words() const { return words_; }
  [[nodiscard]] std::size_t numbers() const { return names_.size(); }

  // The numbers of the wire, one for each set-point of the block where `number_named` says, as words. They
  // come whole, since whoever judged a command judged it after rounding; nothing is clamped here, for a
  // number beyond its range means that the judge and the profile disagree. False then, or when a length does
  // not fit, and `words` is not to be sent.
  [[nodiscard]] bool encode(std::span<const std::int32_t> numbers, std::span<std::uint16_t> words) const;

  // Where a set-point's number goes; for the start-up.
  [[nodiscard]] std::optional<std::size_t> number_named(std::string_view name) const;

 private:
  // Where a number goes, and from where to where it may reach.
  struct Step {
    std::uint16_t low = 0;   // the register of a number of one, or of a pair's low word
    std::uint16_t high = 0;  // of a pair's high word
    std::int32_t lowest = 0;
    std::uint32_t width = 0;  // highest − lowest
  };

  std::size_t words_ = 0;
  bool summed_ = false;
  std::vector<Step> singles_;
  std::vector<Step> pairs_;
  std::vector<std::string> names_;
};

}  // namespace plinth::drivers::profiles
