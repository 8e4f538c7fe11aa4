// Identity registers 0000–0012, alike in all units.
#pragma once

#include <array>
#include <cstdint>

#include "simulator/wire.hpp"

namespace plinth::simulator {

enum class UnitClass : std::uint8_t { ResistanceUnit = 1, LoadCellHub = 2 };

inline constexpr std::size_t IdentityWords = 0x13;

struct IdentityFacts {
  UnitClass unit_class;
  std::uint32_t serial;
  std::uint32_t capabilities;
  Word rated_first;   // resistance unit: torque 0.1 N·m; hub: channels
  Word rated_second;  // resistance unit: speed mrad/s; hub: samples a second
  std::uint32_t configuration_crc;
};

constexpr std::array<Word, IdentityWords> identity_words(const IdentityFacts& facts) {
  return {0x5248,
          0x5831,  // "RHX1"
          0x0100,  // map version 1.0
          static_cast<Word>(facts.unit_class),
          high_word(facts.serial),
          low_word(facts.serial),
          0x0100,
          0x0001,  // firmware 1.0, build 1
          high_word(facts.capabilities),
          low_word(facts.capabilities),
          facts.rated_first,
          facts.rated_second,
          high_word(facts.configuration_crc),
          low_word(facts.configuration_crc),
          0x1234,  // probe of the byte order
          0x0102,
          0x0304,  // … of the word order
          0x42F7,
          0x0000};  // … of floating point: 123.5
}

}  // namespace plinth::simulator
