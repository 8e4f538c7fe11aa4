// Everything that can go wrong on a link, counted.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace plinth::drivers {

enum class LinkEvent : std::uint8_t {
  Asked,          // requests sent
  Answered,       // matched answers
  Late,           // no answer by the deadline
  Stale,          // answers of a request that had been given up, drained
  Mismatched,     // our transaction with another unit, function or count
  Refused,        // exceptions
  DamagedBlock,   // matched, but the block's checksum was wrong or its values invalid
  FramingLost,    // bytes that are not Modbus TCP
  Flooded,        // more bytes at once than any answers that were asked for
  ClosedByPeer,   // the connection ended or failed
  NotSent,        // the request did not fit into the socket's buffer
  Opened,         // connections made, the first included
  InstallFailed,  // limits not confirmed
  Count_,
};
inline constexpr std::size_t LinkEventCount = static_cast<std::size_t>(LinkEvent::Count_);

// "late"
constexpr std::string_view name_of(LinkEvent event) {
  constexpr std::array<std::string_view, LinkEventCount> Names{
      "asked",    "answered",      "late",          "stale",   "mismatched",
      "refused",  "damaged_block", "framing_lost",  "flooded", "closed_by_peer",
      "not_sent", "opened",        "install_failed"};
  return event < LinkEvent::Count_ ? Names[static_cast<std::size_t>(event)] : "unknown";
}

// A copy of the counts at one moment.
class LinkStats {
 public:
  [[nodiscard]] std::uint64_t operator[](LinkEvent event) const {
    return counts_[static_cast<std::size_t>(event)];
  }

 private:
  friend class LinkCounters;
  std::array<std::uint64_t, LinkEventCount> counts_{};
};

// Counted by whoever has the link, read by anybody.
class LinkCounters {
 public:
  void count(LinkEvent event, std::uint64_t times = 1) {
    counts_[static_cast<std::size_t>(event)].fetch_add(times, std::memory_order_relaxed);
  }
  [[nodiscard]] LinkStats snapshot() const {
    LinkStats stats;
    for (std::size_t index = 0; index < LinkEventCount; ++index)
      stats.counts_[index] = counts_[index].load(std::memory_order_relaxed);
    return stats;
  }

 private:
  std::array<std::atomic<std::uint64_t>, LinkEventCount> counts_{};
};

}  // namespace plinth::drivers
