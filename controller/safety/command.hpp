// The command to the two units, in the integers of the wire, and the proof that it was judged.
#pragma once

#include <cstdint>

#include "controller/safety/action.hpp"
#include "controller/safety/rules.hpp"
#include "controller/sensing/sample.hpp"

namespace plinth::safety {

// The drive's cyclic command block without heartbeat and checksum, which the driver adds. Field by field as
// on the wire.
struct WireCommand {
  bool enable = false;
  bool run = false;
  bool controlled_stop = false;
  bool fault_reset = false;
  bool hold_position = false;
  sensing::DriveMode mode = sensing::DriveMode::None;
  std::int16_t torque_dnm = 0;             // 0.1 N·m, positive resists lifting
  std::int16_t velocity_mrad_s = 0;        // mrad/s
  std::int16_t position_dmrad = 0;         // 0.1 mrad; the legs' rest angle in torque and lowering mode
  std::uint16_t resisting_limit_dnm = 0;   // torque limit +
  std::uint16_t supporting_limit_dnm = 0;  // torque limit −, magnitude
  std::uint16_t lifting_speed_limit_mrad_s = 0;
  std::uint16_t lowering_speed_limit_mrad_s = 0;
  std::uint16_t slew_nm_s = 0;             // N·m/s
  std::uint16_t lifting_damping_dnms = 0;  // 0.1 N·m·s/rad
  std::uint16_t lowering_damping_dnms = 0;
  std::int16_t wall_low_dmrad = 0;  // where the lower wall begins
  std::int16_t wall_high_dmrad = 0;
  std::uint16_t wall_stiffness_nm_rad = 0;

  friend bool operator==(const WireCommand&, const WireCommand&) = default;
};

// A command that the gate has judged. Only the gate can make one that permits anything; a default one is
// the command that stops everything.
class ApprovedCommand {
 public:
  ApprovedCommand() = default;

  [[nodiscard]] const WireCommand& drive() const { return drive_; }
  // Whether the hub's relay may close: the second shut-off path.
  [[nodiscard]] bool permit() const { return permit_; }
  [[nodiscard]] Action action() const { return action_; }
  [[nodiscard]] Cause cause() const { return cause_; }

  friend bool operator==(const ApprovedCommand&, const ApprovedCommand&) = default;

 private:
  friend class Gate;
  ApprovedCommand(const WireCommand& drive, bool permit, Action action, Cause cause)
      : drive_{drive}, permit_{permit}, action_{action}, cause_{cause} {}
  WireCommand drive_{};
  bool permit_ = false;
  Action action_ = Action::TorqueOff;
  Cause cause_ = Cause::Boot;
};

}  // namespace plinth::safety
