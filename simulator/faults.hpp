// Faults that a scenario plants: what, when, for how long; and whether anything in the machine showed them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "controller/units/time.hpp"
#include "simulator/guide.hpp"

namespace plinth::simulator {

enum class FaultKind : std::uint8_t {
  LcFreeze,     // lc.freeze: the hub stops sampling; sequence, time stamp and values stand
  LcStuck,      // lc.stuck: the sequence runs on over the values of before
  BusMute,      // bus.mute: no answers; value 0 both units, 1 resistance unit, 2 hub
  DriveIgnore,  // drive.ignore: the drive takes every block and goes on with the command it had
  EncJump,      // enc.jump: the drive's encoder is off by `value` degrees
  Estop,        // estop: both channels of the emergency stop open
  Comfort,      // comfort: the patient presses the hand-held stop
};
inline constexpr int FaultKindCount = 7;
std::string_view name_of(FaultKind kind);
std::optional<FaultKind> fault_named(std::string_view name);

struct AtMoment {
  std::uint16_t rep = 1;
  Moment moment = Moment::Lifting;
};
struct PlannedFault {
  FaultKind kind{};
  std::variant<units::Duration, AtMoment>
      at;  // since the station's start, or the first time that moment is reached
  std::optional<units::Duration> lasts;  // to the end when absent
  double value = 0.0;                    // for the kinds that take one
};

struct FaultRecord {
  PlannedFault plan;
  std::optional<units::Duration> effective;  // since the station's start
  std::optional<units::Duration> felt;       // when it first changed a signal that somebody reads
  bool active = false;
};

// Decides each millisecond which planned faults are in force.
class FaultScript {
 public:
  explicit FaultScript(const std::vector<PlannedFault>& plans);

  // True when something began or ended.
  bool advance(units::Duration now, Moment moment, std::uint16_t rep);
  // The record of the active fault of a kind, or null.
  [[nodiscard]] FaultRecord* active(FaultKind kind);
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::span<const FaultRecord> records() const { return records_; }

 private:
  std::vector<FaultRecord> records_;
};

}  // namespace plinth::simulator
