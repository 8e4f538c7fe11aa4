// One request on a Modbus TCP stream and the answer that belongs to it. No I/O and no clock: bytes are fed in
// as they come, split or merged as the network likes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "drivers/pdu.hpp"

namespace plinth::drivers {

enum class Progress : std::uint8_t {
  Idle,       // nothing asked
  Pending,    // asked, not answered yet
  Done,       // answered: `answer()` has it
  Exception,  // the unit refused: `answer()` has the exception
  Mismatch,   // our transaction came back with another unit, function or count: discarded
  Broken,     // what comes is not Modbus TCP: the framing is lost and only a new connection helps
};

// Belongs to one stream for its whole life: half an old answer may still be on its way when the next request
// goes out. At most one request is out at a time. An answer of any other transaction is stale: it is drained
// and counted, and never becomes a value.
class Exchange {
 public:
  // Frames the request (one of pdu.hpp's, not empty) and expects its answer; the span is valid until the next
  // call. A request that was still out is given up: its answer will be stale.
  std::span<const std::uint8_t> ask(std::uint8_t unit, std::span<const std::uint8_t> request);

  // Takes what arrived. Once Done, Exception or Mismatch, further bytes are drained and change nothing.
  Progress feed(std::span<const std::uint8_t> bytes);

  // The deadline has passed: what still comes for this request is stale.
  void give_up();
  // A new stream: nothing is out, nothing is half received. The transactions go on counting.
  void restart();

  [[nodiscard]] Progress progress() const { return progress_; }
  [[nodiscard]] bool pending() const { return progress_ == Progress::Pending; }
  // The PDU of the answer, while Done or Exception.
  [[nodiscard]] std::span<const std::uint8_t> answer() const {
    return std::span{answer_}.first(answer_size_);
  }
  // Answers that belonged to no request that was out.
  [[nodiscard]] std::uint64_t stale() const { return stale_; }

 private:
  void take(const Mbap& header, std::span<const std::uint8_t> pdu);

  Progress progress_ = Progress::Idle;
  std::uint16_t transaction_ = 0;
  std::uint8_t unit_ = 0;
  AnswerShape shape_{};
  std::array<std::uint8_t, MaxAdu> request_{};
  std::array<std::uint8_t, MaxAdu> partial_{};  // the beginning of a frame
  std::size_t partial_size_ = 0;
  std::array<std::uint8_t, MaxPdu> answer_{};
  std::size_t answer_size_ = 0;
  std::uint64_t stale_ = 0;
};

}  // namespace plinth::drivers
