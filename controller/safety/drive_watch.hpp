// Compares what the drive does with what it was told over the last cycles. A copyable value.
#pragma once

#include <array>
#include <optional>

#include "controller/safety/dwell.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

class DriveWatch {
 public:
  struct Findings {
    bool ignores = false;        // mode, set-point or heartbeat are not what was sent, or torque stays out
    bool over_delivers = false;  // more torque than its set-point or the limits it was given
    bool opposes = false;  // torque against its own set-point: its stop would drive what it should brake
    bool strays = false;   // more torque than its set-point, or none at all; in a stop of its own too
  };
  // Call once a cycle.
  Findings watch(const Scene& scene);

  // How long torque has been able to move the arm: on, brake open, without a break.
  [[nodiscard]] units::Duration brake_open_for(units::Instant now) const {
    return free_since_ ? now - *free_since_ : units::Duration::zero();
  }

 private:
  struct Told {
    int torque_dnm;
    int resisting_limit_dnm;
    int supporting_limit_dnm;
  };
  // Four cycles: a command, its telegram, the drive's slew and the report that shows it.
  static constexpr std::size_t Length = 4;

  void remember(const WireCommand& commanded);
  [[nodiscard]] bool setpoint_differs(const sensing::DriveReport& report, const WireCommand& commanded) const;
  [[nodiscard]] bool beyond_limits(const sensing::DriveReport& report) const;

  std::array<Told, Length> told_{};
  std::size_t next_{};
  std::size_t torque_cycles_ = 0;  // in a row in torque mode, saturates at Length
  std::optional<std::uint16_t> echo_;
  bool echo_stands_ = false;
  std::optional<units::Instant> run_since_;
  std::optional<units::Instant> free_since_;
  bool torque_was_on_ = false;
  Dwell opposing_;
  Dwell deaf_;
};

}  // namespace plinth::safety
