// The station over Modbus TCP: the port through which samples come in and an approved command leaves.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "controller/safety/machine_io.hpp"
#include "drivers/commissioning.hpp"
#include "drivers/diagnostics.hpp"
#include "drivers/link_keeper.hpp"
#include "drivers/station_protocol.hpp"
#include "drivers/time_source.hpp"

namespace plinth::drivers {

struct TcpMachineConfig {
  Endpoint drive{"127.0.0.1", "502", 1};
  Endpoint hub{"127.0.0.1", "502", 2};
  // Installed before anything else may happen: the machine's own, with which whoever lies there can be
  // lowered. What resists a set is cut with every cycle's command.
  safety::InstalledLimits limits{};
  // How long after the start of a cycle its answers are awaited, and after a command that one's. Half the
  // period leaves the other half for the step and for whoever else is running.
  units::Duration answers_within = units::milliseconds(5);
  // Consecutive reads without an answer after which a connection is opened again. A single late answer costs
  // nothing: its transaction gives it away. And the link must live long enough for the stop to be sent over
  // it that the third missing answer causes, since perhaps only the answers are lost.
  int misses_before_reopening = 5;
  // All round trips of installing limits together. Shorter than the shortest watchdog, so that installing
  // cannot be what trips it.
  units::Duration install_within = units::milliseconds(40);
  // Pause between attempts to complete the setting-up of a drive that answers but, say, keeps a fault.
  units::Duration set_up_again_after = units::milliseconds(5000);
  KeeperPatience patience{};
};

enum class StationUnit : std::uint8_t { Drive, Hub };

// What a unit said of itself when it was last set up.
struct UnitFacts {
  std::optional<Identity> identity{};
  std::optional<DriveDiagnostics> diagnostics{};  // the drive's
};

class TcpMachine final : public safety::MachineIo {
 public:
  // `time` must be the clock that `read`'s `now` is taken from.
  TcpMachine(TcpMachineConfig config, const TimeSource& time);
  ~TcpMachine() override;

  // Starts connecting and setting up, in threads of its own, for ever. Both units are tried at once;
  // `Sample::setup` tells what has been established, and `report` what has not.
  void start();

  // MachineIo: for the one control thread. `read` blocks until the answers have come or `answers_within` has
  // passed since `now`; `write` does not block. `install` writes at once while the drive is disabled, and
  // otherwise as soon as it is; meanwhile the limits are not confirmed.
  sensing::Sample read(units::Instant now) override;
  void write(const safety::ApprovedCommand& command) override;
  void install(const safety::InstalledLimits& limits) override;
  void compare_limits() override;

  // For anybody.
  [[nodiscard]] LinkStats stats(StationUnit unit) const;
  [[nodiscard]] LinkKeeper::Report report(StationUnit unit) const;
  [[nodiscard]] UnitFacts facts(StationUnit unit) const;

 private:
  // What belongs to the link's holder besides the link.
  struct DriveData {
    sensing::Setup setup{};
    safety::InstalledLimits wanted{};
    Proofs proofs{};
  };
  struct HubData {
    sensing::Setup setup{};
    std::uint16_t heartbeat = 0;
  };
  // The control thread's view of a link within and between cycles.
  enum class Stage : std::uint8_t { Closed, Idle, AwaitingWrite, AwaitingRead };
  struct Lane {
    LinkKeeper& keeper;
    Stage stage = Stage::Closed;
    units::Instant asked_at{};
    units::Instant write_deadline{};
    int misses = 0;
  };

  [[nodiscard]] LinkKeeper::SetUp set_up_drive_unit(RegisterPort& port);
  [[nodiscard]] LinkKeeper::SetUp set_up_hub_unit(RegisterPort& port);
  void publish(UnitFacts& of_unit, const UnitFacts& found);

  void adopt();
  void begin_reading(Lane& lane);
  void ask_read(Lane& lane);
  void serve(Lane& lane);
  void await_answers(units::Instant deadline);
  void finish_reading(Lane& lane);
  void send(Lane& lane, std::span<const std::uint8_t> request, units::Instant deadline);
  void retire(Lane& lane, bool open_again);
  void look_after_setup(units::Instant now);
  void settle_limits();
  [[nodiscard]] bool drive_disabled() const;
  [[nodiscard]] bool is_drive(const Lane& lane) const { return &lane == &drive_lane_; }

  TcpMachineConfig config_;
  const TimeSource& time_;
  DriveData drive_data_;
  HubData hub_data_;
  std::atomic<bool> brake_is_tried_{false};  // by the drive's keeper: the cycle keeps the relay closed for it
  mutable std::mutex facts_mutex_;           // between keepers and askers; never the control thread's
  UnitFacts drive_facts_;
  UnitFacts hub_facts_;
  LinkKeeper drive_keeper_;
  LinkKeeper hub_keeper_;

  // The control thread's.
  StationProtocol protocol_;
  Lane drive_lane_;
  Lane hub_lane_;
  sensing::Setup setup_{};
  safety::InstalledLimits wanted_;
  // What is still to be done about the drive's installed limits, once it is disabled and the stream is free.
  enum class Due : std::uint8_t { Nothing, Compare, Install };
  Due due_ = Due::Nothing;
  units::Instant set_up_again_at_{};
};

}  // namespace plinth::drivers
