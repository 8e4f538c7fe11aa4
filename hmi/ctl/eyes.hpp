// What a simulated patient is shown, over Modbus: the eyes registers of the simulator's hub (no real hub has
// them). Written from the simulator's register map, with a client of our own of the one function it needs.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "hmi/client/client.hpp"
#include "plinth/v1/plinth.pb.h"

namespace plinth::ctl {

inline constexpr std::uint16_t EyesFirst = 0x0600;
inline constexpr std::uint8_t HubUnit = 2;
inline constexpr std::size_t EyesWords = 8;

// Target angle (0.1 mrad) and speed (mrad/s), moment (0 idle … 6 unloading), rep, sequence, flags (bit 0:
// hold both grips, bit 1: follow the target), low and high end of the range (0.1 mrad).
using Eyes = std::array<std::uint16_t, EyesWords>;

// What the patient sees of this state. A value too large for its register is held at the register's end.
[[nodiscard]] Eyes eyes_for(const v1::Telemetry& telemetry, std::uint16_t sequence);

// "tcp:HOST:PORT"
struct Endpoint {
  std::string host;
  std::string port;
};
[[nodiscard]] tl::expected<Endpoint, client::Problem> endpoint_named(std::string_view text);

// Function 16, write multiple registers, as one Modbus TCP frame.
[[nodiscard]] std::vector<std::uint8_t> write_request(std::uint16_t transaction, const Eyes& eyes);
// Whether `answer` is the normal answer to exactly that request.
[[nodiscard]] bool confirms(const std::vector<std::uint8_t>& answer, std::uint16_t transaction);
inline constexpr std::size_t WriteAnswerBytes = 12;

// A link to the hub. Every trouble closes it; show() connects again.
class EyesLink {
 public:
  explicit EyesLink(Endpoint endpoint) : endpoint_{std::move(endpoint)} {}
  EyesLink(const EyesLink&) = delete;
  EyesLink& operator=(const EyesLink&) = delete;
  ~EyesLink();

  // Writes the registers and waits for the confirmation, at most 200 ms for each step.
  [[nodiscard]] tl::expected<void, client::Problem> show(const Eyes& eyes);

 private:
  [[nodiscard]] bool connect();
  [[nodiscard]] bool exchange(const Eyes& eyes);
  void close();

  Endpoint endpoint_;
  int fd_ = -1;
  std::uint16_t transaction_ = 0;
};

}  // namespace plinth::ctl
