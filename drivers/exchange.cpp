#include "drivers/exchange.hpp"

#include <algorithm>

namespace plinth::drivers {

std::span<const std::uint8_t> Exchange::ask(std::uint8_t unit, std::span<const std::uint8_t> request) {
  // The number goes on over reconnects, so that an answer of an old connection cannot fit by chance.
  ++transaction_;
  unit_ = unit;
  shape_ = AnswerShape{request};
  answer_size_ = 0;
  if (progress_ != Progress::Broken) progress_ = Progress::Pending;

  const std::size_t size = std::min(request.size(), MaxPdu);
  put_mbap(transaction_, unit, size, request_);
  std::copy_n(request.begin(), size, request_.begin() + MbapHeader);
  return std::span{request_}.first(MbapHeader + size);
}

Progress Exchange::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty() && progress_ != Progress::Broken) {
    // First to a whole header, then to the whole frame that the header promises.
    const auto header = mbap_of(std::span{partial_}.first(partial_size_));
    const std::size_t wanted = header ? MbapHeader - 1 + header->length : MbapHeader;
    const std::size_t taken = std::min(wanted - partial_size_, bytes.size());
    std::copy_n(bytes.begin(), taken, partial_.begin() + static_cast<std::ptrdiff_t>(partial_size_));
    partial_size_ += taken;
    bytes = bytes.subspan(taken);
    if (partial_size_ < wanted) break;

    if (!header) {
      const Mbap fresh = *mbap_of(partial_);
      // A length counts the unit and at least a function code.
      if (fresh.protocol != 0 || fresh.length < 2 || fresh.length > MaxPdu + 1) progress_ = Progress::Broken;
      continue;
    }
    take(*header, std::span{partial_}.first(partial_size_).subspan(MbapHeader));
    partial_size_ = 0;
  }
  return progress_;
}

void Exchange::take(const Mbap& header, std::span<const std::uint8_t> pdu) {
  if (!pending() || header.transaction != transaction_) {
    ++stale_;
    return;
  }
  const AnswerShape::Match match = header.unit == unit_ ? shape_.match(pdu) : AnswerShape::Match::Mismatch;
  if (match == AnswerShape::Match::Mismatch) {
    progress_ = Progress::Mismatch;
    return;
  }
  progress_ = match == AnswerShape::Match::Answer ? Progress::Done : Progress::Exception;
  answer_size_ = pdu.size();
  std::copy(pdu.begin(), pdu.end(), answer_.begin());
}

void Exchange::give_up() {
  if (pending()) progress_ = Progress::Idle;
}

void Exchange::restart() {
  progress_ = Progress::Idle;
  partial_size_ = 0;
  answer_size_ = 0;
}

}  // namespace plinth::drivers
