// The answers of a Modbus TCP stream, cut and mixed as the network likes, against an obvious reading of the
// same stream: one that keeps every byte and starts from the beginning each time.
#include <optional>

#include "drivers/exchange.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth;
using drivers::Progress;
using fuzz::Bytes;
using fuzz::require;
using Octets = std::vector<std::uint8_t>;

unsigned word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  return bytes[at] * 256U + bytes[at + 1];
}

// From the protocol's own description (MODBUS Application Protocol V1.1b3), not from our codec.
bool is_refusal(const Octets& request, const Octets& answer) {
  return answer.size() == 2 && answer[0] == request[0] + 0x80;
}
bool is_answer(const Octets& request, const Octets& answer) {
  if (answer.empty() || answer[0] != request[0]) return false;
  if (request[0] == 3 || request[0] == 4) {
    const unsigned bytes = 2 * word_at(request, 3);
    return answer.size() == 2 + bytes && answer[1] == bytes;
  }
  return answer.size() == 5 && std::equal(answer.begin(), answer.end(), request.begin());
}

class SlowExchange {
 public:
  void ask(std::uint8_t unit, const Octets& request) {
    transaction_ = (transaction_ + 1) % 65536U;
    unit_ = unit;
    request_ = request;
    answer.clear();
    if (progress != Progress::Broken) progress = Progress::Pending;
  }
  void feed(const Octets& bytes) {
    if (progress == Progress::Broken) return;
    stream_.insert(stream_.end(), bytes.begin(), bytes.end());
    std::size_t at = 0;
    for (std::size_t frame = 0; stream_.size() - at >= 7; ++frame) {
      const std::span<const std::uint8_t> rest = std::span{stream_}.subspan(at);
      const unsigned length = word_at(rest, 4);
      if (word_at(rest, 2) != 0 || length < 2 || length > 254) {
        progress = Progress::Broken;
        return;
      }
      if (rest.size() < 6 + length) return;
      if (frame == frames_taken_) {
        ++frames_taken_;
        take(rest.first(6 + length));
      }
      at += 6 + length;
    }
  }
  void give_up() {
    if (progress == Progress::Pending) progress = Progress::Idle;
  }
  void restart() {
    progress = Progress::Idle;
    stream_.clear();
    frames_taken_ = 0;
    answer.clear();
  }
  [[nodiscard]] unsigned transaction() const { return transaction_; }

  Progress progress = Progress::Idle;
  Octets answer;
  std::uint64_t stale = 0;

 private:
  void take(std::span<const std::uint8_t> frame) {
    if (progress != Progress::Pending || word_at(frame, 0) != transaction_) {
      ++stale;
      return;
    }
    const Octets pdu{frame.begin() + 7, frame.end()};
    if (frame[6] != unit_) {
      progress = Progress::Mismatch;
    } else if (is_answer(request_, pdu)) {
      progress = Progress::Done;
      answer = pdu;
    } else if (is_refusal(request_, pdu)) {
      progress = Progress::Exception;
      answer = pdu;
    } else {
      progress = Progress::Mismatch;
    }
  }

  Octets stream_;
  std::size_t frames_taken_ = 0;
  unsigned transaction_ = 0;
  unsigned unit_ = 0;
  Octets request_;
};

std::vector<std::uint16_t> words_from(Bytes& in, std::size_t most) {
  std::vector<std::uint16_t> words(1 + in.below(static_cast<unsigned>(most)));
  for (std::uint16_t& word : words) word = in.word();
  return words;
}

Octets request_from(Bytes& in) {
  std::array<std::uint8_t, drivers::MaxPdu> room{};
  std::span<const std::uint8_t> request;
  switch (in.below(3)) {
    case 0:
      request = drivers::read_request(drivers::Function::ReadHolding, in.word(), 1 + in.below(125), room);
      break;
    case 1:
      request = drivers::read_request(drivers::Function::ReadInput, in.word(), 1 + in.below(125), room);
      break;
    default:
      request = drivers::write_request(in.word(), words_from(in, drivers::MaxWrite), room);
  }
  require(!request.empty(), "every request within the protocol's limits can be made");
  return {request.begin(), request.end()};
}

// The answer that a unit would give, with one thing wrong now and then.
Octets answer_to(const Octets& request, std::uint8_t unit, unsigned transaction, Bytes& in) {
  Octets pdu;
  const unsigned wrong = in.below(16);
  if (wrong == 1) {
    pdu = {static_cast<std::uint8_t>(request[0] | 0x80U), in.byte()};
  } else if (request[0] == 16) {
    pdu.assign(request.begin(), request.begin() + 5);
  } else {
    const unsigned bytes = 2 * word_at(request, 3);
    pdu = {request[0], static_cast<std::uint8_t>(bytes)};
    for (unsigned i = 0; i < bytes; ++i) pdu.push_back(in.byte());
  }
  if (wrong == 2) transaction -= 1;
  if (wrong == 3) unit = in.byte();
  if (wrong == 4) pdu.pop_back();
  if (wrong == 5) pdu[in.below(static_cast<unsigned>(pdu.size()))] = in.byte();
  const auto length = static_cast<unsigned>(pdu.size() + 1);
  Octets frame{static_cast<std::uint8_t>(transaction >> 8U & 0xFFU),
               static_cast<std::uint8_t>(transaction & 0xFFU),
               0,
               0,
               static_cast<std::uint8_t>(length >> 8U),
               static_cast<std::uint8_t>(length & 0xFFU),
               unit};
  frame.insert(frame.end(), pdu.begin(), pdu.end());
  if (wrong == 6) frame[in.below(7)] = in.byte();
  return frame;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in{data, size};
  drivers::Exchange ours;
  SlowExchange slow;
  Octets request;
  std::uint8_t unit = 0;
  const auto feed = [&](const Octets& bytes) {
    require(ours.feed(bytes) == ours.progress(), "feed() gives what progress() says");
    slow.feed(bytes);
  };
  while (!in.empty()) {
    switch (in.below(8)) {
      case 0:
      case 1: {
        request = request_from(in);
        unit = in.byte();
        const auto frame = ours.ask(unit, request);
        slow.ask(unit, request);
        require(frame.size() == 7 + request.size(), "the frame is the header and the request");
        require(word_at(frame, 0) == slow.transaction() && word_at(frame, 2) == 0 &&
                    word_at(frame, 4) == request.size() + 1 && frame[6] == unit &&
                    std::equal(request.begin(), request.end(), frame.begin() + 7),
                "a request goes out as Modbus TCP frames it");
        break;
      }
      case 2:
      case 3:
      case 4: {
        if (request.empty()) break;
        const Octets frame = answer_to(request, unit, slow.transaction(), in);
        const auto cut = static_cast<std::ptrdiff_t>(in.below(static_cast<unsigned>(frame.size())));
        feed({frame.begin(), frame.begin() + cut});
        feed({frame.begin() + cut, frame.end()});
        break;
      }
      case 5:
        feed(in.some(in.byte()));
        break;
      case 6:
        ours.give_up();
        slow.give_up();
        break;
      default:
        ours.restart();
        slow.restart();
    }
    require(ours.progress() == slow.progress, "both readings of the stream agree where they are");
    require(std::ranges::equal(ours.answer(), slow.answer), "both readings give the same answer");
    require(ours.stale() == slow.stale, "both readings count the same stale answers");
    if (ours.progress() == Progress::Exception) {
      require(drivers::exception_of(ours.answer()).has_value(), "an exception has its code");
    }
    if (ours.progress() == Progress::Done && request[0] != 16) {
      std::vector<std::uint16_t> registers(word_at(request, 3));
      require(drivers::registers_of(ours.answer(), registers), "a matched read has its registers");
      for (std::size_t i = 0; i < registers.size(); ++i) {
        require(registers[i] == word_at(slow.answer, 2 + 2 * i), "registers are high byte first");
      }
    }
  }
  return 0;
}
