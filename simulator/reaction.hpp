// Did the station answer each planted fault as it owes to: in time, for the right reason, and for good?
//
// Times and forces come from the plant. What the controller says of itself is read for two questions only,
// and those are about its word: is the cause that it tells one that is right for the fault, and does it stay
// latched.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controller/cycle/snapshot.hpp"
#include "simulator/faults.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::simulator {

struct FaultOutcome {
  FaultKind kind{};
  bool effective = false;
  bool felt = false;
  bool in_a_set = false;            // felt while a set ran: only then its bounds apply
  std::string cause;                // what the stop after it was put down to; empty: none came
  std::optional<double> detect_ms;  // felt → stop telegram
  std::optional<double> stop_ms;    // felt → load ≤ 10 % and lowering ≤ 15 °/s, for good
};

class Reaction {
 public:
  // `person` may end a set for reasons of their own.
  Reaction(std::size_t faults, PatientModel person) : watched_(faults), person_{person} {}

  void observe(const Truth& truth);  // every millisecond
  // Every cycle. Returns what the faults that are effective by now excuse.
  std::uint8_t observe(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults);

  [[nodiscard]] std::vector<FaultOutcome> outcomes(std::span<const FaultRecord> faults) const;
  [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  struct Watched {
    std::optional<units::Duration> from;  // felt, and a set running
    units::Force load{};                  // then
    std::optional<units::Duration> stopped;
    std::optional<units::Duration> last_violation;
    std::string cause;
    bool told_late = false;
    bool told_load = false;
    bool told_start = false;
  };

  void accuse(units::Duration at, const std::string& what);
  void follow(Watched& watched, const FaultRecord& fault, const cycle::Snapshot& snapshot, bool running);
  void judge_cause(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults);
  void judge_latch(const cycle::Snapshot& snapshot);

  std::vector<Watched> watched_;
  PatientModel person_;
  std::vector<std::string> reasons_;
  units::Force load_now_{};
  bool powered_ = false;  // torque on and the brake open: what cannot move is not timed
  bool running_ = false;
  bool was_granted_ = false;
  std::uint8_t excuses_ = NoExcuse;
  std::vector<const FaultRow*> rows_;
  struct Stop {
    units::Duration at{};
    safety::LatchLevel level{};
  };
  std::optional<Stop> stop_;
  bool told_latch_ = false;
};

}  // namespace plinth::simulator
