// How frames lie in a byte stream: a varint length, then that many bytes. The codec of whoever reads
// messages; the gateway, which only passes them on and links no Protobuf, cuts them by itself
// (hmi/gateway/framing.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace plinth::proto {

// The longest body that each side may send (said in plinth.proto).
inline constexpr std::size_t LongestFromClient = std::size_t{64} * 1024;
inline constexpr std::size_t LongestFromServer = std::size_t{1024} * 1024;

// Appends one frame to `out`.
void append_frame(std::string& out, std::string_view body);

// Why a stream can be read no further: there is no way to find the next frame's beginning.
enum class FrameFault : std::uint8_t {
  TooLong,        // a length beyond the limit
  LengthDamaged,  // a varint that does not end
};

// Cuts a stream into frames. Holds at most one frame of `longest` bytes and what one feed() brought beyond
// it, as long as next() is called until it has nothing more to give.
class FrameReader {
 public:
  explicit FrameReader(std::size_t longest) : longest_{longest} {}

  void feed(std::string_view bytes);

  // The next whole body, valid until the next feed(); nothing while more bytes are needed. After a fault,
  // always that fault.
  [[nodiscard]] tl::expected<std::optional<std::string_view>, FrameFault> next();

 private:
  std::size_t longest_;
  std::string buffer_;
  std::size_t taken_ = 0;  // bytes of buffer_ that were handed out already
  std::optional<FrameFault> fault_;
};

}  // namespace plinth::proto
