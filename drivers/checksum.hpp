// The two checksums of the register map.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace plinth::drivers {

namespace detail {
// The remainder of each byte, with so many bytes of nought behind it.
template <typename Word>
constexpr std::array<Word, 256> reflected_table(Word polynomial, int bytes_behind = 0) {
  std::array<Word, 256> table{};
  for (unsigned index = 0; index < 256; ++index) {
    Word value = static_cast<Word>(index);
    for (int bit = 0; bit < 8 * (1 + bytes_behind); ++bit) {
      const bool carry = (value & 1U) != 0;
      value = static_cast<Word>(value >> 1U);
      if (carry) value = static_cast<Word>(value ^ polynomial);
    }
    table[index] = value;
  }
  return table;
}
inline constexpr auto Crc16Table = reflected_table<std::uint16_t>(0xA001);
inline constexpr auto Crc16HighTable = reflected_table<std::uint16_t>(0xA001, 1);
inline constexpr auto Crc32Table = reflected_table<std::uint32_t>(0xEDB88320);
}  // namespace detail

// CRC-16/MODBUS (of "123456789": 0x4B37).
constexpr std::uint16_t crc16(std::span<const std::uint8_t> bytes) {
  unsigned crc = 0xFFFF;
  for (const std::uint8_t byte : bytes) crc = (crc >> 8U) ^ detail::Crc16Table[(crc ^ byte) & 0xFFU];
  return static_cast<std::uint16_t>(crc);
}

// CRC-32 as in IEEE 802.3 (of "123456789": 0xCBF43926).
constexpr std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : bytes) crc = (crc >> 8U) ^ detail::Crc32Table[(crc ^ byte) & 0xFFU];
  return ~crc;
}

// The same over registers as they go over the wire: high byte first. The sum has the width of a register, so
// one step takes a whole one: half as many that wait for each other, four blocks a cycle.
constexpr std::uint16_t crc16_of_registers(std::span<const std::uint16_t> registers) {
  unsigned crc = 0xFFFF;
  for (const std::uint16_t word : registers) {
    const unsigned high = (crc ^ (word >> 8U)) & 0xFFU;
    const unsigned low = ((crc >> 8U) ^ word) & 0xFFU;
    crc = unsigned{detail::Crc16HighTable[high]} ^ detail::Crc16Table[low];
  }
  return static_cast<std::uint16_t>(crc);
}
constexpr std::uint32_t crc32_of_registers(std::span<const std::uint16_t> registers) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint16_t word : registers) {
    crc = (crc >> 8U) ^ detail::Crc32Table[(crc ^ (word >> 8U)) & 0xFFU];
    crc = (crc >> 8U) ^ detail::Crc32Table[(crc ^ word) & 0xFFU];
  }
  return ~crc;
}

}  // namespace plinth::drivers
