#include "drivers/station_protocol.hpp"

namespace plinth::drivers {

StationProtocol::StationProtocol() {
  read_request(Function::ReadInput, map::drive_in::Begin, map::drive_in::Count, drive_read_);
  read_request(Function::ReadInput, map::hub_in::Begin, map::hub_in::Count, hub_read_);
}

void StationProtocol::begin_cycle() {
  drive_.reading = sensing::Reading::Missing;
  hub_.reading = sensing::Reading::Missing;
}

void StationProtocol::accept_drive_answer(std::span<const std::uint8_t> answer, units::Instant asked_at) {
  DriveInBlock block{};
  const auto report = registers_of(answer, block) ? drive_report(block) : std::nullopt;
  if (!report) return drive_answer_damaged();
  drive_ = {report, asked_at, sensing::Reading::Fresh};
  drive_registers_ = block;

  if (!heartbeat_known_)
    continue_drive_heartbeat_from(report->heartbeat_echo);
  else if (command_sent_ && report->heartbeat_echo != drive_heartbeat_)
    ++commands_not_echoed_;
}

void StationProtocol::accept_hub_answer(std::span<const std::uint8_t> answer, units::Instant asked_at) {
  HubInBlock block{};
  const auto report = registers_of(answer, block) ? hub_report(block) : std::nullopt;
  if (!report) return hub_answer_damaged();
  hub_ = {report, asked_at, sensing::Reading::Fresh};
  hub_registers_ = block;
}

StationProtocol::Command StationProtocol::command_requests(const safety::ApprovedCommand& command,
                                                           bool relay_too) {
  // Wraps at 65535 by intent: a watchdog looks for a change, not for an order.
  ++drive_heartbeat_;
  command_sent_ = true;
  return {write_request(map::drive_out::Begin, drive_block(command.drive(), drive_heartbeat_), drive_write_),
          hub_request(command.permit() || relay_too)};
}

std::span<const std::uint8_t> StationProtocol::hub_request(bool permit) {
  ++hub_heartbeat_;
  return write_request(map::hub_out::Begin, hub_block(permit, hub_heartbeat_), hub_write_);
}

void StationProtocol::continue_drive_heartbeat_from(std::uint16_t last_accepted) {
  drive_heartbeat_ = last_accepted;
  heartbeat_known_ = true;
}

}  // namespace plinth::drivers
