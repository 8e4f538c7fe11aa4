// What waits to go to one viewer. It is bounded, and so a slow viewer costs only itself: telemetry is
// replaced by newer telemetry, and what must not be lost ends the connection when there is no room for it.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "hmi/gateway/framing.hpp"

namespace plinth::gateway {

class Outbox {
 public:
  static constexpr std::size_t MostFrames = 256;
  static constexpr std::size_t MostBytes = std::size_t{256} * 1024;

  // Takes a frame. A newer telemetry takes the place of one still waiting, at the end of the queue: what is
  // sent is always in the order in which plinthd said it. False: no room, and the viewer must go.
  [[nodiscard]] bool push(std::string frame);

  std::optional<std::string> pop();

  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  // Frames that were replaced before they were sent.
  [[nodiscard]] std::size_t replaced() const { return replaced_; }

 private:
  struct Waiting {
    FrameKind kind;
    std::string frame;
  };
  std::deque<Waiting> waiting_;
  std::size_t bytes_ = 0;
  std::size_t replaced_ = 0;
};

}  // namespace plinth::gateway
