// A block's fields, compiled once into plain arrays of steps, one array for each way in which a number is
// made. Decoding runs through them: no names, no calls, no allocation, and no branch that a sound block does
// not take the same way every time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "drivers/profiles/profile.hpp"

namespace plinth::drivers::profiles {

inline constexpr std::size_t MostInABlock = 64;  // fields, and flags: one bit each

// What a block said. Kept from cycle to cycle by whoever asks.
struct Decoded {
  std::array<double, MostInABlock> values{};  // in the units of their fields; not-a-number where missing
  std::uint64_t valid = 0;                    // bit n: value n was there and plausible
  std::uint64_t flags = 0;                    // bit n: flag n is set

  [[nodiscard]] std::optional<double> value(std::size_t at) const {
    if ((valid >> at & 1U) == 0) return std::nullopt;
    return values[at];
  }
  [[nodiscard]] bool flag(std::size_t at) const { return (flags >> at & 1U) != 0; }
};

class DecodePlan {
 public:
  // The plan of one of the profile's read blocks.
  DecodePlan(const Profile& profile, std::size_t block);

  [[nodiscard]] std::size_t words() const { return words_; }

  // False, and `out` is not to be used, when the block has another length than the plan's, its checksum is
  // wrong, or a value without which it is no report is missing.
  [[nodiscard]] bool decode(std::span<const std::uint16_t> words, Decoded& out) const;

  // Where to find a value or a flag in Decoded; for the start-up. A field of bits is no number and costs
  // nothing: its named bits are flags, and the whole of it stands in the block, at this register.
  [[nodiscard]] std::optional<std::size_t> value_named(std::string_view name) const;
  [[nodiscard]] std::optional<std::size_t> flag_named(std::string_view name) const;
  [[nodiscard]] std::optional<std::size_t> word_named(std::string_view name) const;

 private:
  // Of one register, unsigned, of which every number is plausible.
  struct Plain {
    std::uint16_t word = 0;
    double factor = 1.0;
  };
  // Of one register, signed, inside a range.
  struct Signed {
    std::uint16_t word = 0;
    std::int16_t lowest = 0;
    std::uint16_t width = 0;  // highest − lowest
    double factor = 1.0;
  };
  // Any other: of a pair, with its sign elsewhere, or unsigned inside a range.
  struct Wide {
    std::uint16_t high = 0;  // the same register twice for a number of one
    std::uint16_t low = 0;
    std::uint16_t shift = 0;  // 16 then
    std::uint16_t sign_word = 0;
    std::uint16_t sign_mask = 0;    // 0: the number has its sign itself, or none
    std::uint32_t signed_mask = 0;  // 0x80000000 when the pair is signed
    bool floating = false;
    std::int64_t lowest = 0;
    std::int64_t highest = 0;
    double factor = 1.0;
  };
  struct Need {
    std::uint16_t word = 0;
    std::uint16_t mask = 0;
    std::uint16_t equals = 0;
    std::uint16_t value = 0;
  };
  // Neighbouring bits of a register that become neighbouring flags.
  struct Run {
    std::uint16_t word = 0;
    std::uint16_t mask = 0;
    std::uint16_t down = 0;
    std::uint16_t up = 0;
  };
  // Several bits of a register that are one flag.
  struct Any {
    std::uint16_t word = 0;
    std::uint16_t mask = 0;
    std::uint16_t flag = 0;
  };

  void add_value(const Field& field);
  void add_flags(std::vector<Flag> flags);
  [[nodiscard]] std::uint64_t unmet(std::span<const std::uint16_t> words) const;
  [[nodiscard]] std::uint64_t decode_signed(std::span<const std::uint16_t> words, Decoded& out) const;
  [[nodiscard]] std::uint64_t decode_wide(std::span<const std::uint16_t> words, Decoded& out) const;

  std::size_t words_ = 0;
  bool summed_ = false;
  std::uint64_t vital_ = 0;
  std::uint64_t all_ = 0;
  std::vector<Plain> plain_;
  std::vector<Signed> signed_;
  std::vector<Wide> wide_;
  std::vector<Need> needs_;
  std::vector<Run> runs_;
  std::vector<Any> any_;
  std::vector<std::string> value_names_;
  std::vector<std::string> flag_names_;
  std::vector<std::string> bits_names_;
  std::vector<std::uint16_t> bits_words_;
};

}  // namespace plinth::drivers::profiles
