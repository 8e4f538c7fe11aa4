// The frames of plinthd's socket: a varint length, then that many bytes. The gateway re-frames and does not
// read what is inside, but for one byte: which kind of message a server frame holds.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace plinth::gateway {

inline constexpr std::size_t MostFromClient = std::size_t{64} * 1024;    // as the schema says
inline constexpr std::size_t MostFromServer = std::size_t{1024} * 1024;  //

// The length prefix of a message of `size` bytes.
std::string length_prefix(std::size_t size);

// Cuts a byte stream into frames.
class FrameSplitter {
 public:
  void feed(std::string_view bytes) { pending_.append(bytes); }

  // The next whole frame, or nothing when more bytes are needed or the stream is broken.
  std::optional<std::string> next();

  // A length that is no length or is longer than MostFromServer: nothing after it can be trusted.
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::string pending_;
  std::size_t read_ = 0;  // bytes of pending_ already handed out
  bool broken_ = false;
};

enum class FrameKind {
  Telemetry,  // complete in itself: the newest replaces an older one
  Heartbeat,  // likewise
  Ordered,    // everything else must arrive, and in order
};

// From the field tag of the oneof, which is the first byte of a ServerFrame.
FrameKind kind_of(std::string_view server_frame);

}  // namespace plinth::gateway
