// Did the station answer each planted fault as it owes to: in time, for the right reason, and for good?
//
// Times and forces come from the plant. What the controller says of itself is read for two questions only,
// and those are about its word: is the cause that it tells one that is right for the fault, and does it stay
// latched, at the level that the hazard asks for.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "controller/cycle/snapshot.hpp"
#include "simulator/faults.hpp"
#include "simulator/judge.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::simulator {

struct FaultOutcome {
  FaultKind kind{};
  bool effective = false;
  bool felt = false;  // or answered before it was
  // Felt, or answered, while a set ran (or on the way down, where that is asked): only then its bounds apply.
  bool in_a_set = false;
  std::string cause;                // what the stop after it was put down to; empty: none came
  std::optional<double> detect_ms;  // felt → stop telegram
  std::optional<double> stop_ms;    // felt → load ≤ 10 % and lowering ≤ 15 °/s, for good
};

class Reaction {
 public:
  // `person` may end a set for reasons of their own; more than `force_limit` is no load that a rest is a
  // share of.
  Reaction(std::size_t faults, PatientModel person, units::Force force_limit, units::Length cuff_radius)
      : watched_(faults), person_{person}, force_limit_{force_limit}, cuff_radius_{cuff_radius} {}

  // Every millisecond. `drive`: what the drive has accepted.
  void observe(const Truth& truth, const DriveCommand& drive, std::span<const FaultRecord> faults);
  // Every cycle, after its telegram.
  void observe(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults);
  // What the faults that are in force excuse, or were half a second ago.
  [[nodiscard]] std::uint8_t excuses() const { return excused_.excuses; }
  // Of the arm's weight: what rests on the legs now, for it and for the judge.
  [[nodiscard]] Excused excused(units::Torque arm_left);
  // Nothing comes after. Judges what had to be known whole.
  void finish(std::span<const FaultRecord> faults);

  [[nodiscard]] std::vector<FaultOutcome> outcomes(std::span<const FaultRecord> faults) const;
  [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  struct Watched {
    std::optional<units::Duration> from;  // felt, and a set running
    std::optional<units::Duration> load_from;
    std::optional<units::Duration> returned;  // the first cycle after it
    units::Force load{};                      // then
    units::Force load_at_stop{};              // what a rise may be braked with
    std::optional<units::Duration> stopped;
    std::optional<units::Duration> last_violation;
    std::optional<units::Duration> falls_since;
    std::optional<units::Duration> looser_since;
    bool on_the_way_down = false;
    bool named = false;     // among the causes, since it took effect
    bool answered = false;  // on the way down: named, at its level
    bool was_away = false;  // the program, since
    bool told_late = false;
    bool told_load = false;
    bool told_start = false;
    bool told_own = false;  // what only this fault is asked
  };
  struct Stop {
    units::Duration at{};
    bool anew = false;  // by a program that had just begun
    safety::Cause cause{};
    safety::LatchLevel level{};    // of the rule, or the highest since
    safety::LatchLevel by_then{};  // reached within the time that a second cause may take
  };

  void accuse(units::Duration at, const std::string& what);
  void begin(Watched& watched, units::Duration from, const PlannedFault& plan, const Truth& truth);
  void watch(Watched& watched, const FaultRecord& fault, const Truth& truth);
  [[nodiscard]] units::Force unloaded_floor() const;
  void judge_load(Watched& watched, const FaultRecord& fault, const Truth& truth);
  void judge_obstacle(Watched& watched, const FaultRecord& fault, const Truth& truth);
  void judge_loosened(Watched& watched, const FaultRecord& fault, const Truth& truth,
                      const DriveCommand& drive);
  void judge_the_end(const Truth& truth, std::span<const FaultRecord> faults);
  // What no sound answer tells cannot be answered: not in a set, nor on the way down.
  struct Deaf {
    units::Duration blind_until{};
    units::Duration unheard_until{};
    bool drive_on_its_own = false;  // another fault stops it
    bool forgot = false;            // by a program that began anew
  };
  void follow(Watched& watched, const FaultRecord& fault, const cycle::Snapshot& snapshot, bool running,
              const Deaf& deaf);
  void follow_on_the_way_down(Watched& watched, const FaultRecord& fault, const cycle::Snapshot& snapshot,
                              const Deaf& deaf);
  void note_names(Watched& watched, const FaultRecord& fault, const safety::Verdict& verdict) const;
  void excuse(units::Duration now, std::span<const FaultRecord> faults);
  void judge_cause(std::span<const FaultRecord> faults);
  void judge_latch(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults);
  [[nodiscard]] bool was_there(std::size_t place, const FaultRecord& fault) const;

  std::vector<Watched> watched_;
  PatientModel person_;
  units::Force force_limit_;
  units::Length cuff_radius_;
  std::vector<std::string> reasons_;
  units::Force load_now_{};
  bool powered_ = false;  // torque on and the brake open: what cannot move is not timed
  bool running_ = false;
  std::optional<units::Duration> run_began_;
  bool was_granted_ = false;
  Excused excused_{};
  std::optional<DriveCommand> loosest_;  // the drive's limits in this set, before a law asked for wider ones
  std::optional<units::Duration> last_cycle_;
  std::optional<units::Duration> away_since_;  // the last time that the program was away
  std::optional<units::Duration> session_ended_;
  units::Duration rose_{};  // when the arm last did
  bool told_end_ = false;
  std::optional<Stop> stop_;
  bool told_latch_ = false;
};

// What this person does by themselves, whatever is wrong with the machine: rules, between spaces.
std::string_view own_causes(PatientModel person);

}  // namespace plinth::simulator
