#include "simulator/wire.hpp"

#include <array>

namespace plinth::simulator {

namespace {

constexpr std::array<std::uint16_t, 256> crc16_table() {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1U) != 0 ? (rest >> 1U) ^ 0xA001U : rest >> 1U;
    table[byte] = static_cast<std::uint16_t>(rest);
  }
  return table;
}

constexpr std::array<std::uint32_t, 256> crc32_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1U) != 0 ? (rest >> 1U) ^ 0xEDB88320U : rest >> 1U;
    table[byte] = rest;
  }
  return table;
}

constexpr auto Crc16Table = crc16_table();
constexpr auto Crc32Table = crc32_table();

}  // namespace

std::uint16_t crc16(std::span<const Word> words) {
  unsigned crc = 0xFFFFU;
  for (const Word word : words) {
    crc = (crc >> 8U) ^ Crc16Table[(crc ^ (word >> 8U)) & 0xFFU];
    crc = (crc >> 8U) ^ Crc16Table[(crc ^ word) & 0xFFU];
  }
  return static_cast<std::uint16_t>(crc);
}

std::uint32_t crc32(std::span<const Word> words) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const Word word : words) {
    crc = (crc >> 8U) ^ Crc32Table[(crc ^ (static_cast<std::uint32_t>(word) >> 8U)) & 0xFFU];
    crc = (crc >> 8U) ^ Crc32Table[(crc ^ word) & 0xFFU];
  }
  return ~crc;
}

}  // namespace plinth::simulator
