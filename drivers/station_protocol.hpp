// What one control cycle says to the station's two units, and what it makes of their answers. No sockets, no
// clock, no allocation: the same code speaks over TCP and in virtual time.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "controller/safety/command.hpp"
#include "controller/sensing/sample.hpp"
#include "drivers/blocks.hpp"
#include "drivers/pdu.hpp"

namespace plinth::drivers {

class StationProtocol {
 public:
  StationProtocol();

  // A new cycle: until an answer is accepted, both units' reading is Missing. The newest good reports stay.
  void begin_cycle();

  // The requests of a cycle's reading half, always the same bytes.
  [[nodiscard]] std::span<const std::uint8_t> drive_read_request() const { return drive_read_; }
  [[nodiscard]] std::span<const std::uint8_t> hub_read_request() const { return hub_read_; }

  // Takes a matched answer (a PDU); `asked_at` is when its request left. A damaged one is discarded.
  void accept_drive_answer(std::span<const std::uint8_t> answer, units::Instant asked_at);
  void accept_hub_answer(std::span<const std::uint8_t> answer, units::Instant asked_at);
  // An answer came that is no use: an exception, or something that does not match.
  void drive_answer_damaged() { drive_.reading = sensing::Reading::Damaged; }
  void hub_answer_damaged() { hub_.reading = sensing::Reading::Damaged; }

  // The requests of a cycle's writing half. Only this moves the heartbeats, so a watchdog is fed by a freshly
  // approved command and by nothing else. Valid until the next call.
  struct Command {
    std::span<const std::uint8_t> drive;
    std::span<const std::uint8_t> hub;
  };
  // `relay_too`: the hub's relay is to close although the command does not ask for it (commissioning.hpp).
  Command command_requests(const safety::ApprovedCommand& command, bool relay_too = false);
  // The hub's alone: while a machine that has no cycle yet tries the brake.
  std::span<const std::uint8_t> hub_request(bool permit);

  // The drive's heartbeat goes on from the last one that the drive accepted (its echo, taken from the first
  // report); the hub echoes none, so whoever has read the hub's register says so here. Otherwise the first
  // command after a restart could repeat the last accepted heartbeat and be ignored.
  void continue_drive_heartbeat_from(std::uint16_t last_accepted);
  // Somebody else has fed the drive meanwhile: take the echo of its next report.
  void forget_drive_heartbeat() { heartbeat_known_ = false; }
  void continue_hub_heartbeat_from(std::uint16_t last_accepted) { hub_heartbeat_ = last_accepted; }
  [[nodiscard]] std::uint16_t drive_heartbeat() const { return drive_heartbeat_; }

  [[nodiscard]] const sensing::Block<sensing::DriveReport>& drive() const { return drive_; }
  [[nodiscard]] const sensing::Block<sensing::HubReport>& hub() const { return hub_; }
  // The registers of those reports.
  [[nodiscard]] const sensing::DriveRegisters& drive_registers() const { return drive_registers_; }
  [[nodiscard]] const sensing::HubRegisters& hub_registers() const { return hub_registers_; }
  // Reports in which the drive had not accepted the command before: lost, late or refused.
  [[nodiscard]] std::uint64_t commands_not_echoed() const { return commands_not_echoed_; }

 private:
  static constexpr std::size_t ReadRequestSize = 5;
  static constexpr std::size_t DriveWriteSize = 6 + 2 * map::drive_out::Count;
  static constexpr std::size_t HubWriteSize = 6 + 2 * map::hub_out::Count;

  std::array<std::uint8_t, ReadRequestSize> drive_read_{};
  std::array<std::uint8_t, ReadRequestSize> hub_read_{};
  std::array<std::uint8_t, DriveWriteSize> drive_write_{};
  std::array<std::uint8_t, HubWriteSize> hub_write_{};
  sensing::Block<sensing::DriveReport> drive_{};
  sensing::Block<sensing::HubReport> hub_{};
  sensing::DriveRegisters drive_registers_{};
  sensing::HubRegisters hub_registers_{};
  std::uint16_t drive_heartbeat_ = 0;
  std::uint16_t hub_heartbeat_ = 0;
  bool heartbeat_known_ = false;
  bool command_sent_ = false;
  std::uint64_t commands_not_echoed_ = 0;
};

}  // namespace plinth::drivers
