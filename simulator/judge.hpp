// Was anybody put at risk? Judged from the plant's truth alone, never from what the controller says of
// itself.
//
// What it is told besides: the prescription's bounds (from the prescription, by this file's own arithmetic),
// when somebody started the machine (the hands' word and the console's, never the controller's), and when the
// machine decided to stop.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/cycle/snapshot.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::simulator {

struct JudgeSetup {
  units::Angle low{};  // of the prescribed range
  units::Angle high{};
  units::Force force_limit{};  // 1.25 · the heaviest load + 20 N
  units::Torque legs{};        // weight moment of the legs, level
  units::Length cuff_radius{};
  double leg_support = 0.0;  // share of the legs' weight that the machine may carry
  // Of the drive, ever: what it is rated for, and what this prescription's force limit, or the weight of arm
  // and legs, and 200 N of wall or catch amount to at the shaft.
  units::Torque resisting_cap = units::newton_metres(225);
  units::Torque supporting_cap = units::newton_metres(400);
};
// What a planted fault has taken from the machine while it lasts: nobody is blamed for the lack of it.
struct Excused {
  std::uint8_t excuses = NoExcuse;
  units::Torque arm_left{};  // of the arm's weight, that rests on the legs with `ArmOnLegs`
};

JudgeSetup judge_setup(const rehab::Prescription& prescription, const VirtualStation& station);

class Judge {
 public:
  explicit Judge(const JudgeSetup& setup) : setup_{setup} {}

  // Every millisecond.
  void observe(const Truth& truth);
  // A start (both acts done) and the decision to stop, as they happen. A start ends what the last stop
  // demanded.
  void started() {
    started_ = true;
    has_opened_ = false;  // its brake may still be shut
    trip_.reset();
  }
  void tripped(units::Duration at);
  // Nobody speaks to the drive any more, since then: what it was told last stays until its watchdog has run
  // out, and its own stop is the one that counts.
  void cut_off(units::Duration last_telegram);
  void excuse(const Excused& excused) { excused_ = excused; }
  // The decision to stop, read off a cycle.
  void observe(const cycle::Snapshot& snapshot);

  // In words, one for each kind of thing that went wrong; empty: nobody was at risk.
  [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }
  // The furthest beyond the force limits, N, and that the machine drove the legs beyond their range, degrees;
  // 0 when it never did.
  [[nodiscard]] double worst_excess_n() const { return worst_excess_n_; }
  [[nodiscard]] double worst_excess_deg() const { return worst_excess_deg_; }

 private:
  // A condition that must not last longer than `most` (ms).
  struct Lasting {
    int ms = 0;
    bool told = false;
  };
  struct Trip {
    units::Duration at{};
    units::Force load{};     // added, the most of the moment before it came; never more than the limit
    units::Force had{};      // and what it was indeed
    units::Force lowest{};   // once the ramp is over
    units::Duration rose{};  // when the arm last did
    bool unheard = false;    // the drive's watchdog begins it
    Lasting rising;
    Lasting left_on;
  };
  struct Drop {
    units::Duration at{};
    std::optional<units::Duration>
        caught_from;  // when the fall first was faster than the drive's limit may be
    units::Angle from{};
    bool settled = false;
    bool told_fast = false;
    bool told_slow = false;
    bool told_far = false;
  };

  // In the header because it is asked a dozen times a millisecond and answers "no" nearly always.
  void lasts_too_long(Lasting& lasting, bool now, int most_ms, const Truth& truth, const char* what) {
    lasting.ms = now ? lasting.ms + 1 : 0;
    if (lasting.ms <= most_ms || lasting.told) return;
    lasting.told = true;
    accuse(truth, what);
  }
  void accuse(const Truth& truth, const std::string& what);
  void judge_force(const Truth& truth);
  void judge_range(const Truth& truth);
  [[nodiscard]] bool is_being_switched_off(const Truth& truth) const;
  void judge_trip(const Truth& truth);
  void judge_drop(const Truth& truth);
  void judge_brake(const Truth& truth);
  void judge_fall(const Truth& truth);
  [[nodiscard]] bool excused(Excuse excuse) const { return (excused_.excuses & excuse) != 0; }
  [[nodiscard]] units::Force wall_or_catch(const Truth& truth) const;
  void expire_the_start(const Truth& truth);
  void remember_load(const Truth& truth);
  // What is no load: friction of the arm at the cuff and what compensation leaves, and the arm's own weight
  // where a fault keeps the drive from carrying it.
  [[nodiscard]] units::Force hardly_anything() const;

  JudgeSetup setup_;
  std::vector<std::string> reasons_;
  bool started_ = false;
  bool was_stopping_ = false;
  units::Force load_now_{};
  Lasting over_force_;
  Lasting over_support_;
  Lasting outward_high_;
  Lasting outward_low_;
  Lasting driven_beyond_;
  Lasting pushed_up_;
  Lasting unasked_;
  Lasting over_cap_;
  Lasting unsupported_;
  bool brake_was_closed_ = true;
  int braked_ms_ = 0;
  bool has_opened_ = false;                   // the brake, since the start
  units::Angle rest_ = units::degrees(-180);  // where the arm was until then
  // The most load of the last tenth to fifth of a second: what "the load that it had" means at a stop.
  units::Force peak_{};
  units::Force peak_before_{};
  int peak_ms_ = 0;
  bool told_brake_ = false;
  Excused excused_{};
  double worst_excess_n_ = 0.0;
  double worst_excess_deg_ = 0.0;
  std::optional<Trip> trip_;
  std::optional<Drop> drop_;
};

}  // namespace plinth::simulator
