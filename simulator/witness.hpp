// A bystander of the plant while some other program controls it: the judge, told what it must know besides
// the truth by what a drive sees on its wire.
//
// A start is: both hands, which had been off the grips, squeeze them, and then torque comes on. A stop is the
// first telegram that begins one, or the telegrams' end; nobody's word for either is taken.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "simulator/judge.hpp"

namespace plinth::simulator {

// What the drive saw that ended a run.
enum class StopSign : std::uint8_t {
  None,
  Release,         // the damping of lowering goes, or the speed limit downward falls to that of lowering
  Lowering,        // lowering mode
  ControlledStop,  // the bit of that name, or run taken away
  Disabled,        // enable taken away: torque off at once
  StopCircuit,     // the enable relay or the emergency stop opened
  Silence,         // no fresh heartbeat until the watchdog tripped
  DriveFault,      // the drive found a fault of its own
};
std::string_view name_of(StopSign sign);  // "controlled_stop"

// One run: from torque on to torque off. Instants are of the clock that is given to Witness::look.
struct WatchedRun {
  units::Instant started{};
  bool squeezed = false;  // both hands had let go before and then held: somebody started it
  bool cut_off = false;   // the telegrams of its release ended before the load was gone
  std::optional<units::Instant> stopped{};
  StopSign sign = StopSign::None;
  units::Force load_at_stop{};                // added
  units::Instant last_telegram{};             // the newest fresh heartbeat before the stop
  std::optional<units::Instant> load_gone{};  // for good: at most a tenth of it, or what friction amounts to
  std::optional<units::Instant> ended{};      // torque off, brake shut
  units::Angle ended_at{};
  units::Angle highest_after_stop{};
  units::AngularVelocity fastest_fall{};  // after the stop, positive
};

struct Testimony {
  std::vector<std::string> unsafe_reasons;  // the judge's, and those that only the wire shows
  units::Force most_load{};                 // added, with torque on
  units::Force force_limit{};
  units::Angle lowest{};
  units::Angle highest{};
  units::Angle range_low{};
  units::Angle range_high{};
  int reps_shown = 0;  // the highest number of a repetition that the patient was shown; 0 when by heart
  std::vector<WatchedRun> runs;
  Truth now{};           // at the end
  bool at_rest = false;  // brake shut, torque off, the arm still
  units::Duration simulated{};
};

class Witness {
 public:
  explicit Witness(const JudgeSetup& setup) : setup_{setup}, judge_{setup} {}

  // After every tick of the station; `now` by whatever clock the report is to be compared with.
  void look(const VirtualStation& station, units::Instant now);
  [[nodiscard]] Testimony testimony() const;

 private:
  void watch_the_hands(const VirtualStation& station);
  void watch_the_telegrams(const VirtualStation& station, units::Instant now);
  void watch_for_a_start(const VirtualStation& station, units::Instant now);
  void watch_for_a_stop(const VirtualStation& station, units::Instant now);
  void follow_the_stop(const VirtualStation& station, units::Instant now);
  void watch_for_a_cut_off(const VirtualStation& station, units::Instant now);
  void judge_silence(const VirtualStation& station, units::Instant now);
  void judge_afresh();

  JudgeSetup setup_;
  Judge judge_;
  Testimony seen_;
  bool first_look_ = true;
  bool hands_were_off_ = false;
  bool in_run_ = false;  // the newest of seen_.runs has torque on
  units::Instant last_telegram_{};
  units::Force load_at_last_telegram_{};
  bool told_silence_ = false;
  bool taken_over_ = false;  // a release that was cut off goes on: by the drive itself, or by telegrams again
};

// The sign, when a drive's state and newest command show that the run in torque mode is over.
StopSign stop_sign(const Drive& drive);

}  // namespace plinth::simulator
