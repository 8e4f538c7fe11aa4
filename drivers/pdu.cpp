#include "drivers/pdu.hpp"

#include <algorithm>

namespace plinth::drivers {

namespace {

constexpr std::uint8_t ExceptionBit = 0x80;

void put(std::span<std::uint8_t> out, std::size_t at, std::uint16_t word) {
  out[at] = static_cast<std::uint8_t>(word >> 8U);
  out[at + 1] = static_cast<std::uint8_t>(word & 0xFFU);
}
std::uint16_t get(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>((bytes[at] << 8U) | bytes[at + 1]);
}
void put_all(std::span<std::uint8_t> out, std::size_t at, std::span<const std::uint16_t> words) {
  for (const std::uint16_t word : words) {
    put(out, at, word);
    at += 2;
  }
}

}  // namespace

std::span<const std::uint8_t> read_request(Function function, std::uint16_t address, std::size_t count,
                                           std::span<std::uint8_t> out) {
  if (count < 1 || count > MaxRead || out.size() < 5) return {};
  out[0] = static_cast<std::uint8_t>(function);
  put(out, 1, address);
  put(out, 3, static_cast<std::uint16_t>(count));
  return out.first(5);
}

std::span<const std::uint8_t> write_request(std::uint16_t address, std::span<const std::uint16_t> values,
                                            std::span<std::uint8_t> out) {
  const std::size_t size = 6 + 2 * values.size();
  if (values.empty() || values.size() > MaxWrite || out.size() < size) return {};
  out[0] = static_cast<std::uint8_t>(Function::WriteMultiple);
  put(out, 1, address);
  put(out, 3, static_cast<std::uint16_t>(values.size()));
  out[5] = static_cast<std::uint8_t>(2 * values.size());
  put_all(out, 6, values);
  return out.first(size);
}

AnswerShape::AnswerShape(std::span<const std::uint8_t> request) {
  if (request.size() < 5) return;
  switch (static_cast<Function>(request[0])) {
    case Function::ReadHolding:
    case Function::ReadInput:
      byte_count_ = static_cast<std::uint8_t>(2U * get(request, 3));
      break;
    case Function::WriteMultiple:
      std::copy_n(request.begin() + 1, 4, echo_.begin());
      break;
    default:
      return;
  }
  function_ = request[0];
}

AnswerShape::Match AnswerShape::match(std::span<const std::uint8_t> answer) const {
  if (function_ == 0 || answer.empty()) return Match::Mismatch;
  if (answer[0] == (function_ | ExceptionBit)) return answer.size() == 2 ? Match::Exception : Match::Mismatch;
  if (answer[0] != function_) return Match::Mismatch;
  if (byte_count_ != 0) {
    const bool whole = answer.size() == 2U + byte_count_ && answer[1] == byte_count_;
    return whole ? Match::Answer : Match::Mismatch;
  }
  const bool echoed = answer.size() == 5 && std::equal(answer.begin() + 1, answer.end(), echo_.begin());
  return echoed ? Match::Answer : Match::Mismatch;
}

std::optional<std::uint8_t> exception_of(std::span<const std::uint8_t> answer) {
  if (answer.size() != 2 || (answer[0] & ExceptionBit) == 0) return std::nullopt;
  return answer[1];
}

bool registers_of(std::span<const std::uint8_t> answer, std::span<std::uint16_t> out) {
  if (answer.size() != 2 + 2 * out.size() || answer[1] != 2 * out.size()) return false;
  for (std::size_t index = 0; index < out.size(); ++index) out[index] = get(answer, 2 + 2 * index);
  return true;
}

void put_mbap(std::uint16_t transaction, std::uint8_t unit, std::size_t pdu_size,
              std::span<std::uint8_t> out) {
  put(out, 0, transaction);
  put(out, 2, 0);
  put(out, 4, static_cast<std::uint16_t>(pdu_size + 1));
  out[6] = unit;
}

std::optional<Mbap> mbap_of(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < MbapHeader) return std::nullopt;
  return Mbap{get(bytes, 0), get(bytes, 2), get(bytes, 4), bytes[6]};
}

}  // namespace plinth::drivers
