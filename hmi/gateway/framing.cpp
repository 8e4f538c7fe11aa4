#include "hmi/gateway/framing.hpp"

#include <cstdint>

namespace plinth::gateway {
namespace {

// Protobuf's wire format: a tag is field number × 8 + wire type; 2 is "length-delimited".
constexpr unsigned char tag(unsigned field) {
  return static_cast<unsigned char>((field << 3U) | 2U);
}
constexpr unsigned char TelemetryTag = tag(2);  // ServerFrame.telemetry
constexpr unsigned char HeartbeatTag = tag(5);  // ServerFrame.heartbeat

}  // namespace

std::string length_prefix(std::size_t size) {
  std::string prefix;
  while (size >= 0x80U) {
    prefix += static_cast<char>((size & 0x7FU) | 0x80U);
    size >>= 7U;
  }
  prefix += static_cast<char>(size);
  return prefix;
}

std::optional<std::string> FrameSplitter::next() {
  if (broken_) return std::nullopt;
  std::size_t size = 0;
  std::size_t at = read_;
  for (unsigned shift = 0;; shift += 7) {
    // Three groups of seven bits reach 2 MiB; a fourth says a length that is too long in any case.
    if (shift > 14) {
      broken_ = true;
      return std::nullopt;
    }
    if (at == pending_.size()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(pending_[at++]);
    size |= std::size_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) break;
  }
  if (size > MostFromServer) {
    broken_ = true;
    return std::nullopt;
  }
  if (pending_.size() - at < size) {
    if (read_ > 0) {
      pending_.erase(0, read_);
      read_ = 0;
    }
    return std::nullopt;
  }
  std::string frame = pending_.substr(at, size);
  read_ = at + size;
  if (read_ == pending_.size()) {
    pending_.clear();
    read_ = 0;
  }
  return frame;
}

FrameKind kind_of(std::string_view server_frame) {
  if (server_frame.empty()) return FrameKind::Ordered;
  switch (static_cast<unsigned char>(server_frame.front())) {
    case TelemetryTag:
      return FrameKind::Telemetry;
    case HeartbeatTag:
      return FrameKind::Heartbeat;
    default:
      return FrameKind::Ordered;
  }
}

}  // namespace plinth::gateway
