#include "simulator/wire.hpp"

#include <array>

namespace plinth::simulator {

namespace {

// What remains of each byte after `bits` steps of the sum: 8 when it was the last one, 16 when one more came.
constexpr std::array<std::uint16_t, 256> crc16_table(int bits) {
  std::array<std::uint16_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned rest = byte;
    for (int bit = 0; bit < bits; ++bit) rest = (rest & 1U) != 0 ? (rest >> 1U) ^ 0xA001U : rest >> 1U;
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

constexpr auto FirstOfTwo = crc16_table(16);
constexpr auto SecondOfTwo = crc16_table(8);
constexpr auto Crc32Table = crc32_table();

}  // namespace

std::uint16_t crc16(std::span<const Word> words) {
  unsigned crc = 0xFFFFU;
  for (const Word word : words) {
    const unsigned first = (crc ^ (word >> 8U)) & 0xFFU;
    const unsigned second = ((crc >> 8U) ^ word) & 0xFFU;
    crc = unsigned{FirstOfTwo[first]} ^ SecondOfTwo[second];
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
