// Faults that a scenario plants: what, when, for how long; and whether anything in the machine showed them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "controller/units/time.hpp"
#include "simulator/guide.hpp"
#include "simulator/wrongs.hpp"

namespace plinth::simulator {

struct AtMoment {
  std::uint16_t rep = 1;
  Moment moment = Moment::Lifting;
  units::Duration after{};  // so long after that moment began
};
struct WhenFirstIsFelt {
  units::Duration after{};  // so long after the script's first fault was felt
};
struct PlannedFault {
  FaultKind kind{};
  // Since the station's start, or the first time that moment is reached, or on top of another fault.
  std::variant<units::Duration, AtMoment, WhenFirstIsFelt> at;
  std::optional<units::Duration> lasts;  // to the end when absent
  double value = 0.0;                    // for the kinds that take one
};

struct FaultRecord {
  PlannedFault plan;
  std::optional<units::Duration> due{};        // the moment that was waited for
  std::optional<units::Duration> effective{};  // since the station's start
  std::optional<units::Duration> ended{};
  std::optional<units::Duration> felt{};  // when it first changed a signal that somebody reads
  bool active = false;
};

// Decides each millisecond which planned faults are in force, and switches them in `wrongs`.
class FaultScript {
 public:
  explicit FaultScript(const std::vector<PlannedFault>& plans);

  // Returns whether something began or ended.
  bool advance(units::Duration now, Moment moment, std::uint16_t rep, Wrongs& wrongs);
  // Notes which of the active faults have shown by now.
  void note_felt(units::Duration now, const Wrongs& wrongs);
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::span<const FaultRecord> records() const { return records_; }

 private:
  void settle(Wrongs& wrongs);

  std::vector<FaultRecord> records_;
};

}  // namespace plinth::simulator
