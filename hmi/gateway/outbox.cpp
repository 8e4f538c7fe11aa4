#include "hmi/gateway/outbox.hpp"

#include <algorithm>
#include <utility>

namespace plinth::gateway {

bool Outbox::push(std::string frame) {
  const FrameKind kind = kind_of(frame);
  if (kind != FrameKind::Ordered) {
    const auto older = std::find_if(waiting_.begin(), waiting_.end(),
                                    [kind](const Waiting& waiting) { return waiting.kind == kind; });
    if (older != waiting_.end()) {
      bytes_ -= older->frame.size();
      waiting_.erase(older);
      ++replaced_;
    }
  }
  // One frame may be as large as the server may send; a second may not wait behind it.
  const bool too_much = !waiting_.empty() && bytes_ + frame.size() > MostBytes;
  if (too_much || waiting_.size() == MostFrames) return false;
  bytes_ += frame.size();
  waiting_.push_back({kind, std::move(frame)});
  return true;
}

std::optional<std::string> Outbox::pop() {
  if (waiting_.empty()) return std::nullopt;
  std::string frame = std::move(waiting_.front().frame);
  waiting_.pop_front();
  bytes_ -= frame.size();
  return frame;
}

}  // namespace plinth::gateway
