// What every harness needs: the fuzzer's bytes as values, and a check that ends the run with its reason.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <source_location>
#include <span>
#include <string_view>
#include <vector>

namespace plinth::fuzz {

// An input for which this does not hold is a finding: libFuzzer keeps it and prints it.
inline void require(bool holds, const char* what,
                    const std::source_location& where = std::source_location::current()) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: does not hold: %s\n", where.file_name(), static_cast<unsigned>(where.line()),
               what);
  std::abort();
}

// The input as a tape of decisions, from the front. Beyond its end it goes on with zeros, so that every
// input is a whole story; a loop asks `empty()`.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : rest_{data, size} {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  std::uint16_t word() {
    const unsigned high = byte();
    return static_cast<std::uint16_t>((high << 8U) | byte());
  }
  bool flip() { return (byte() & 1U) != 0; }
  // 0 … count - 1; `count` is at most 65536.
  unsigned below(std::size_t count) {
    return static_cast<unsigned>((count <= 256 ? byte() : word()) % count);
  }

  // At most `count` bytes, in memory of their own: reading beyond them is seen by the address sanitizer.
  std::vector<std::uint8_t> some(std::size_t count) {
    const auto part = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(part.size());
    return {part.begin(), part.end()};
  }
  std::vector<std::uint8_t> all() { return some(rest_.size()); }

 private:
  std::span<const std::uint8_t> rest_;
};

inline std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace plinth::fuzz

// The one entry point that a harness defines. Gives 0; -1 keeps the input out of the corpus.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
