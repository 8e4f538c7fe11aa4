#include "proto/framing.hpp"

namespace plinth::proto {
namespace {

constexpr unsigned PayloadBits = 7;
constexpr unsigned char PayloadMask = 0x7F;
constexpr unsigned char MoreFollows = 0x80;
// Five groups of seven bits hold every 32-bit length.
constexpr std::size_t LongestVarint = 5;

struct Length {
  std::uint64_t value;
  std::size_t bytes;  // of the varint itself
};

// Nothing while the varint is incomplete.
tl::expected<std::optional<Length>, FrameFault> read_length(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < LongestVarint; ++i) {
    if (i == bytes.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(bytes[i]);
    value |= static_cast<std::uint64_t>(byte & PayloadMask) << (PayloadBits * i);
    if ((byte & MoreFollows) == 0) return Length{value, i + 1};
  }
  return tl::unexpected{FrameFault::LengthDamaged};
}

}  // namespace

void append_frame(std::string& out, std::string_view body) {
  std::size_t rest = body.size();
  while (rest > PayloadMask) {
    out.push_back(static_cast<char>((rest & PayloadMask) | MoreFollows));
    rest >>= PayloadBits;
  }
  out.push_back(static_cast<char>(rest));
  out.append(body);
}

void FrameReader::feed(std::string_view bytes) {
  if (fault_) return;
  buffer_.erase(0, taken_);
  taken_ = 0;
  buffer_.append(bytes);
}

tl::expected<std::optional<std::string_view>, FrameFault> FrameReader::next() {
  if (fault_) return tl::unexpected{*fault_};
  const std::string_view rest = std::string_view{buffer_}.substr(taken_);
  const auto length = read_length(rest);
  if (!length || (*length && (*length)->value > longest_)) {
    fault_ = length ? FrameFault::TooLong : length.error();
    return tl::unexpected{*fault_};
  }
  if (!*length || rest.size() - (*length)->bytes < (*length)->value) return std::nullopt;
  const auto size = static_cast<std::size_t>((*length)->value);
  taken_ += (*length)->bytes + size;
  return rest.substr((*length)->bytes, size);
}

}  // namespace plinth::proto
