// One session: sets of reps, each rep a lift, a hold, a lowering and a rest, guided and scored.
#pragma once

#include <variant>

#include "controller/rehab/prescription.hpp"
#include "controller/safety/verdict.hpp"
#include "controller/sensing/estimate.hpp"
#include "controller/session/guidance.hpp"
#include "controller/session/intent.hpp"
#include "controller/session/set_run.hpp"

namespace plinth::session {

// A copyable value; no clock, no I/O, no allocation.
class Session {
 public:
  // The load comes on over the last part of the count-in.
  static constexpr units::Duration RampInTime = SetRun::RampInTime;
  // The brake may open this much later than the count-in ends; then it is a fault.
  static constexpr units::Duration BrakeGrace = units::milliseconds(2000);

  Session() = default;

  Guidance advance(const sensing::Estimate& estimate, const safety::Verdict& verdict,
                   const std::optional<Intent>& intent, units::Instant now);

  // What was loaded last; the cycle derives the enforced limits from it.
  [[nodiscard]] const std::optional<rehab::Prescription>& prescription() const { return prescription_; }

 private:
  // No set: waiting for a prescription, for Start and grips, for the rest to pass, or done.
  struct Waiting {
    std::optional<units::Instant> rest_until;
  };
  struct CountingIn {
    SetPlan plan;
    units::Instant began;
  };
  // The set is over: the load goes off, the drive lowers the legs and the brake closes.
  struct Unloading {
    units::Instant began;
  };
  using State = std::variant<Waiting, CountingIn, SetRun, Unloading>;

  struct Cycle {
    const sensing::Estimate& estimate;
    const safety::Verdict& verdict;
    units::Instant now;
    units::Duration elapsed;
  };

  [[nodiscard]] bool in_set() const;
  [[nodiscard]] bool session_running() const { return sets_begun_ > 0 && !session_over_; }

  void obey(const Cycle& cycle, Guidance& out);
  void answer(const Intent& intent, const Cycle& cycle, Guidance& out);
  std::optional<rehab::RefusalCode> load(const rehab::Prescription& prescription, const Cycle& cycle);
  void begin_anew(const rehab::Prescription& prescription);
  std::optional<rehab::RefusalCode> end_session(const Cycle& cycle, Guidance& out);

  void begin_set(const Cycle& cycle, Guidance& out);
  void record_end(rehab::SetEnd end, Guidance& out);
  void unload(rehab::SetEnd end, const Cycle& cycle, Guidance& out);

  void run(const Cycle& cycle, Guidance& out);
  void wait(const Waiting& waiting, const Cycle& cycle, Guidance& out) const;
  void count_in(const CountingIn& counting, const Cycle& cycle, Guidance& out);
  void train(const Cycle& cycle, units::Duration elapsed, Guidance& out);
  void finish(const Unloading& unloading, const Cycle& cycle, Guidance& out);
  void describe(const Cycle& cycle, Guidance& out) const;

  std::optional<rehab::Prescription> prescription_;
  State state_{};
  std::optional<units::Instant> last_{};
  std::uint16_t sets_begun_ = 0;
  std::uint16_t reps_before_ = 0;  // counted in the sets that are over
  bool session_over_ = false;
  bool range_first_ = false;  // a set was stopped: the next one begins with a lift without load
  bool withdrawing_ = false;  // the permission of the last set is still there: it starts nothing
  SetScore last_score_{};
  std::optional<rehab::SetEnd> last_end_{};
};

}  // namespace plinth::session
