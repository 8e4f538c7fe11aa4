// Modbus requests and answers as bytes: function code and data, and the TCP header around them. Pure; every
// function writes into the caller's buffer and allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace plinth::drivers {

inline constexpr std::size_t MaxPdu = 253;
inline constexpr std::size_t MbapHeader = 7;  // transaction, protocol, length, unit
inline constexpr std::size_t MaxAdu = MbapHeader + MaxPdu;

// Those that the station uses.
enum class Function : std::uint8_t {
  ReadHolding = 3,
  ReadInput = 4,
  WriteMultiple = 16,
};

// Limits of the protocol: 1–125 registers read, 1–123 written.
inline constexpr std::size_t MaxRead = 125;
inline constexpr std::size_t MaxWrite = 123;

// Requests. Each returns the bytes used, from the front of `out`; none of them when `out` is too small or the
// count is outside the protocol's limits.
std::span<const std::uint8_t> read_request(Function function, std::uint16_t address, std::size_t count,
                                           std::span<std::uint8_t> out);
std::span<const std::uint8_t> write_request(std::uint16_t address, std::span<const std::uint16_t> values,
                                            std::span<std::uint8_t> out);

// What an answer must look like to be the answer of a request: the function, and for reads the byte count,
// for writes the echoed address and value or count. Small, so that it can be kept while the request is out.
class AnswerShape {
 public:
  AnswerShape() = default;
  // `request` must be one of the requests above; anything else matches nothing.
  explicit AnswerShape(std::span<const std::uint8_t> request);

  enum class Match : std::uint8_t { Answer, Exception, Mismatch };
  [[nodiscard]] Match match(std::span<const std::uint8_t> answer) const;

 private:
  std::uint8_t function_ = 0;
  std::uint8_t byte_count_ = 0;         // reads
  std::array<std::uint8_t, 4> echo_{};  // writes
};

// The exception code of an exception answer (1 illegal function, 2 illegal address, 3 illegal value, 6 busy
// …).
std::optional<std::uint8_t> exception_of(std::span<const std::uint8_t> answer);

// The registers of a matched read answer into `out`, which must have exactly as many; false, and nothing
// written, otherwise.
[[nodiscard]] bool registers_of(std::span<const std::uint8_t> answer, std::span<std::uint16_t> out);

// The TCP header. `put_mbap` needs MbapHeader bytes and a PDU of at most MaxPdu bytes behind them.
struct Mbap {
  std::uint16_t transaction = 0;
  std::uint16_t protocol = 0;  // 0 is Modbus
  std::uint16_t length = 0;    // of unit and PDU together
  std::uint8_t unit = 0;
};
void put_mbap(std::uint16_t transaction, std::uint8_t unit, std::size_t pdu_size,
              std::span<std::uint8_t> out);
// Nothing when fewer than MbapHeader bytes are there.
std::optional<Mbap> mbap_of(std::span<const std::uint8_t> bytes);

}  // namespace plinth::drivers
