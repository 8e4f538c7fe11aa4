// One unit's registers for the requests that are not part of the cycle: identity, limits, mailbox.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <tl/expected.hpp>

#include "controller/units/time.hpp"

namespace plinth::drivers {

// What went wrong, in words for the person who installs the station. Nobody needs more than the words: every
// failure of setting-up has the same consequence, no permission.
struct Failure {
  std::string what;
};
template <typename T>
using Outcome = tl::expected<T, Failure>;
inline tl::unexpected<Failure> failed(std::string what) {
  return tl::make_unexpected(Failure{std::move(what)});
}

class RegisterPort {
 public:
  RegisterPort() = default;
  RegisterPort(const RegisterPort&) = delete;
  RegisterPort& operator=(const RegisterPort&) = delete;
  virtual ~RegisterPort() = default;

  // Fills `out` (1–125 registers) from `address` on, or says why not; then `out` means nothing.
  virtual Outcome<void> read(std::uint16_t address, std::span<std::uint16_t> out) = 0;
  // Writes 1–123 registers in one request.
  virtual Outcome<void> write(std::uint16_t address, std::span<const std::uint16_t> values) = 0;

  [[nodiscard]] virtual units::Instant now() = 0;
  // Lets this much time pass; fails when the program is ending.
  virtual Outcome<void> wait(units::Duration span) = 0;
};

}  // namespace plinth::drivers
