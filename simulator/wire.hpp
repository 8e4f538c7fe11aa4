// Words of the register map: sums over blocks, scaled numbers, 32-bit pairs (high word first).
#pragma once

#include <cstdint>
#include <span>

namespace plinth::simulator {

using Word = std::uint16_t;

// CRC-16/MODBUS (polynomial 0xA001 reflected, start 0xFFFF) of the words' bytes, high byte first.
std::uint16_t crc16(std::span<const Word> words);
// CRC-32 as in Ethernet and zip, of the words' bytes, high byte first.
std::uint32_t crc32(std::span<const Word> words);

constexpr std::int16_t as_signed(Word word) {
  return static_cast<std::int16_t>(word);
}
constexpr Word high_word(std::uint32_t value) {
  return static_cast<Word>(value >> 16U);
}
constexpr Word low_word(std::uint32_t value) {
  return static_cast<Word>(value & 0xFFFFU);
}

// value ÷ unit, rounded to the nearest, saturating; not-a-number gives the low end. 0x8000 is kept free: it
// marks an invalid reading.
constexpr Word to_signed_word(double value, double unit) {
  const double scaled = value / unit;
  if (scaled >= 32767.0) return 0x7FFF;
  if (!(scaled > -32767.0)) return 0x8001;
  return static_cast<Word>(static_cast<int>(scaled + (scaled < 0.0 ? -0.5 : 0.5)));
}
constexpr Word to_unsigned_word(double value, double unit) {
  const double scaled = value / unit;
  if (scaled >= 65535.0) return 0xFFFF;
  if (!(scaled > 0.0)) return 0;
  return static_cast<Word>(static_cast<int>(scaled + 0.5));
}

// Units of the map.
inline constexpr double TorqueUnit = 0.1;    // N·m
inline constexpr double SpeedUnit = 0.001;   // rad/s
inline constexpr double AngleUnit = 0.0001;  // rad
inline constexpr double DampingUnit = 0.1;   // N·m·s/rad
inline constexpr double ForceUnit = 0.1;     // N
inline constexpr Word InvalidReading = 0x8000;

}  // namespace plinth::simulator
