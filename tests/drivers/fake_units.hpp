// Just enough of a drive and a hub to answer a test: registers that a test may set at will, a watchdog
// self-test, a brake test, installed limits with their mirror. Written from the register map, with its own
// bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "controller/units/time.hpp"

namespace plinth::drivers::test {

// Comparable, and printed when they differ.
using Bytes = std::vector<std::uint8_t>;
inline Bytes bytes(std::span<const std::uint8_t> span) {
  return {span.begin(), span.end()};
}

// Bit by bit, as the standard has it: a second opinion on the table in drivers/checksum.hpp.
std::uint16_t slow_crc16(std::span<const std::uint16_t> registers);

class FakeUnit {
 public:
  // Answers one PDU; 0 bytes for silence.
  std::size_t handle(std::span<const std::uint8_t> request, std::span<std::uint8_t> reply);
  virtual ~FakeUnit() = default;

  std::map<std::uint16_t, std::uint16_t> registers;
  std::vector<std::vector<std::uint8_t>> writes;  // every write request, as it came
  bool mute = false;
  std::optional<std::uint8_t> refuse_with;  // answer everything with this exception

 protected:
  virtual void before_read() {}
  // False: answered normally but not applied.
  virtual bool accept(std::uint16_t address, std::span<const std::uint16_t> values);

  void put(std::uint16_t address, std::initializer_list<std::uint16_t> values);
  void put_identity(std::uint16_t unit_class);
};

class FakeDrive final : public FakeUnit {
 public:
  FakeDrive();
  void advance(units::Duration span);

  // Behaviour.
  bool obeys_limits = true;
  bool watchdog_works = true;
  std::uint16_t watchdog_late_ms = 0;
  enum class Brake : std::uint8_t { Holds, Slips, TestRefused, TestBrokenOff, TestNeverEnds };
  Brake brake = Brake::Holds;
  // State, for the test to look at and to set.
  std::uint16_t status = 0x0001;
  std::uint16_t fault_code = 0;
  std::uint16_t boot_counter = 1;
  std::uint16_t heartbeat_echo = 0;
  std::int16_t position_dmrad = -12'000;  // hanging
  bool relay_closed = true;               // as far as this drive knows
  bool estop_pressed = false;
  int brake_tests = 0;
  bool corrupt_checksum = false;
  int accepted_blocks = 0;
  int rejected_blocks = 0;
  int enables_seen = 0;

 private:
  void before_read() override;
  bool accept(std::uint16_t address, std::span<const std::uint16_t> values) override;
  void cyclic(std::span<const std::uint16_t> block);
  void order(std::uint16_t code, std::uint16_t sequence);
  void mirror();

  units::Instant now_{};
  std::optional<units::Instant> self_test_;
  std::optional<units::Instant> brake_test_;
  units::Instant healthy_since_{};
  bool unlocked_ = false;
  bool reset_bit_ = false;
  std::uint16_t sequence_ = 0;
};

class FakeHub final : public FakeUnit {
 public:
  FakeHub();
  std::uint16_t heartbeat = 0;
  std::uint16_t permit = 0;
  bool corrupt_checksum = false;

 private:
  void before_read() override;
  bool accept(std::uint16_t address, std::span<const std::uint16_t> values) override;
  std::uint16_t sequence_ = 0;
};

struct FakeStation {
  FakeDrive drive;
  FakeHub hub;
  bool relay_is_wired = false;  // from the hub's permit to the drive's stop circuit
  std::size_t handle(std::uint8_t unit, std::span<const std::uint8_t> request,
                     std::span<std::uint8_t> reply) {
    if (unit == 1) return drive.handle(request, reply);
    if (unit != 2) return 0;
    const std::size_t size = hub.handle(request, reply);
    if (relay_is_wired) drive.relay_closed = hub.permit == 1;
    return size;
  }
};

}  // namespace plinth::drivers::test
