// Numbers to bytes and back, lowest byte first. Private to the codecs of this room.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "controller/units/time.hpp"

namespace plinth::record {

class ByteWriter {
 public:
  explicit ByteWriter(std::vector<std::uint8_t>& out) : out_{out} {}

  template <std::integral T>
  void number(T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t byte = 0; byte < sizeof(T); ++byte) {
      out_.push_back(static_cast<std::uint8_t>(bits & 0xFFU));
      if constexpr (sizeof(T) > 1) bits = static_cast<std::make_unsigned_t<T>>(bits >> 8U);
    }
  }
  template <typename E>
    requires std::is_enum_v<E>
  void code(E value) {
    number(static_cast<std::uint8_t>(value));
  }
  void real(double value) { number(std::bit_cast<std::uint64_t>(value)); }
  void duration(units::Duration value) { number<std::int64_t>(value.count()); }
  void instant(units::Instant value) { duration(value.time_since_epoch()); }
  void flag(bool value) { number<std::uint8_t>(value ? 1 : 0); }
  // At most 65 535 bytes; what is longer is cut.
  void text(std::string_view value) {
    value = value.substr(0, UINT16_MAX);
    number(static_cast<std::uint16_t>(value.size()));
    out_.insert(out_.end(), value.begin(), value.end());
  }

 private:
  std::vector<std::uint8_t>& out_;
};

// Reading past the end, or a code that nothing has, gives zeros from there on and shows in `good()`.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_{bytes} {}

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }

  template <std::integral T>
  T number() {
    if (left() < sizeof(T)) good_ = false;
    if (!good_) return 0;
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t byte = 0; byte < sizeof(T); ++byte)
      bits = static_cast<std::make_unsigned_t<T>>(
          bits | (static_cast<std::uint64_t>(bytes_[at_ + byte]) << (8U * byte)));
    at_ += sizeof(T);
    return static_cast<T>(bits);
  }
  // `last`: the highest code that means something.
  template <typename E>
    requires std::is_enum_v<E>
  E code(E last) {
    const auto value = number<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) good_ = false;
    return good_ ? static_cast<E>(value) : E{};
  }
  double real() { return std::bit_cast<double>(number<std::uint64_t>()); }
  units::Duration duration() { return units::Duration{number<std::int64_t>()}; }
  units::Instant instant() { return units::Instant{duration()}; }
  bool flag() {
    const auto value = number<std::uint8_t>();
    if (value > 1) good_ = false;
    return value == 1;
  }
  std::string text() {
    const std::size_t size = number<std::uint16_t>();
    if (left() < size) good_ = false;
    if (!good_) return {};
    const auto part = bytes_.subspan(at_, size);
    at_ += size;
    return {part.begin(), part.end()};
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

}  // namespace plinth::record
