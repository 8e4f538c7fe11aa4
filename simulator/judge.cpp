#include "simulator/judge.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "controller/rehab/movement.hpp"

namespace plinth::simulator {

namespace {

// Bounds of the station's fault campaign.
constexpr int OverForceMs = 60;
constexpr units::Angle BeyondRange = units::degrees(3);  // machine-driven
constexpr units::Angle AtTheEnd = units::degrees(0.5);   // sensors and cuff
// What a lowering leaves of the arm, 4.5 N·m at the shortest radius, and 5 N of noise.
constexpr units::Force HardlyAnything = units::newtons(12);
constexpr units::Torque ArmWeight = units::newton_metres(31);
// The upper wall begins up to 3° inside the range. Whoever pushes into it may be held with as much more than
// the load as it pushes back, inward: 2000 N·m/rad and its critical damping, 200 N at most.
constexpr units::Angle WallZone = units::degrees(3);
constexpr double WallStiffness = 2000.0;
constexpr double WallDamping = 160.0;
constexpr int RestsAfterMs = 500;  // behind a shut brake
constexpr units::Duration Ramp = units::milliseconds(300);
// Unheard, the drive begins to ramp when its watchdog has run out, and the load is gone at the same time.
constexpr units::Duration Unheard = units::milliseconds(100);
// The drive's own stop has 600 ms to prove itself, and torque off 40 ms.
constexpr units::Duration SwitchedOffWithin = units::milliseconds(640);
constexpr int PeakMs = 100;
constexpr units::AngularVelocity Moves = units::degrees_per_second(1.0);
// Half a swing of the cuff's own 8 Hz inside the range; beyond it a period, a telegram, and the torque's lag.
constexpr int OutwardMs = 60;
constexpr int OutwardBeyondMs = 20;
constexpr int DrivenBeyondMs = 10;
constexpr int RisesMs = 20;
constexpr units::Torque NoPull = units::newton_metres(1);
constexpr units::Duration TakesTheArmOver = units::milliseconds(100);
constexpr units::Duration RiseBraking = units::milliseconds(500);  // and its last trace of torque
constexpr int UnloadedWithinMs = 300;
// Legs let fall: a peak of 73 °/s, 15 °/s within 210 ms of being caught, 10° of travel from there.
constexpr units::AngularVelocity FallsAtMost = units::degrees_per_second(73);
constexpr units::AngularVelocity Caught = units::degrees_per_second(38);
constexpr units::AngularVelocity Gentle = units::degrees_per_second(15);
constexpr units::Duration GentleWithin = units::milliseconds(210);
constexpr units::Angle FallsBy = units::degrees(10);
// Shut at 60 °/s a brake is a blow of 226 N; at 10 °/s it is none.
constexpr units::AngularVelocity BrakeShutsAtMost = units::degrees_per_second(10);
// Legs that beat by 50 N·m put 60 N on the cuff whatever the arm does: at this speed a brake puts no more.
constexpr units::AngularVelocity BrakeShutsOnShaking = units::degrees_per_second(17);
constexpr double CapReserve = 1.05;
constexpr int CapMs = 2;  // the current loop settles in 2 ms
constexpr units::Force WallOrCatch = units::newtons(200);
// Our own: who carries three tenths of the weight of their legs lets them sink, and does not drop them.
constexpr double HoldsOwnLegs = 0.3;
constexpr int UnsupportedMs = 20;
// The arm's soft limit. Nobody gets above it but by a throw, against the arm's stop at 35° and the end of
// what hips can do. Both throw the legs back, with as much as arm and legs weigh and the catch together: what
// the machine may support with cannot hold them there, and has to below.
constexpr units::Angle AboveAnyRange = units::degrees(15);

// How much of its weight moment a limb at this angle has: asked three times a millisecond.
double level(units::Angle angle) {
  return quick_cosine(units::in_radians(angle));
}

}  // namespace

JudgeSetup judge_setup(const rehab::Prescription& prescription, const VirtualStation& station) {
  const double heaviest = units::in_newtons(rehab::heaviest_load(prescription.draft()));
  const Legs legs = station.legs();
  const units::Force limit = units::newtons(1.25 * heaviest + 20.0);
  return {.low = prescription.range().low(),
          .high = prescription.range().high(),
          .force_limit = limit,
          .legs = legs.weight_moment,
          .cuff_radius = legs.cuff_radius,
          .leg_support = prescription.leg_support(),
          .resisting_cap =
              std::min(units::newton_metres(225), units::moment(limit + WallOrCatch, legs.cuff_radius)),
          .supporting_cap =
              std::min(units::newton_metres(400),
                       ArmWeight + legs.weight_moment + units::moment(WallOrCatch, legs.cuff_radius))};
}

void Judge::accuse(const Truth& truth, const std::string& what) {
  std::array<char, 160> where{};
  std::snprintf(where.data(), where.size(), " (at %.3f s: arm %.1f°, %.1f °/s, machine %.0f N)",
                units::in_seconds(truth.time), units::in_degrees(truth.arm_angle),
                units::in_degrees_per_second(truth.arm_speed), units::in_newtons(truth.added_load));
  reasons_.push_back(what + where.data());
}

void Judge::tripped(units::Duration at) {
  // A load that was too high must not excuse what remains of it.
  const units::Force had = std::max({peak_, peak_before_, units::Force{}});
  const units::Force load = std::min(had, setup_.force_limit);
  if (!trip_)
    trip_ = Trip{.at = at, .load = load, .had = had, .lowest = load, .rose = {}, .rising = {}, .left_on = {}};
}

void Judge::cut_off(units::Duration last_telegram) {
  if (!trip_) return;
  trip_->at = last_telegram;
  trip_->load = std::min(trip_->load, std::max(load_now_, units::Force{}));
  trip_->had = trip_->load;
  trip_->lowest = trip_->load;
  trip_->unheard = true;
}

void Judge::remember_load(const Truth& truth) {
  load_now_ = truth.torque_on ? truth.added_load : units::Force{};
  if (++peak_ms_ > PeakMs) {
    peak_ms_ = 0;
    peak_before_ = peak_;
    peak_ = load_now_;
  }
  peak_ = std::max(peak_, load_now_);
}

units::Force Judge::hardly_anything() const {
  return excused(ArmOnLegs) ? HardlyAnything + units::force_at(excused_.arm_left, setup_.cuff_radius)
                            : HardlyAnything;
}

void Judge::observe(const cycle::Snapshot& snapshot) {
  const bool stopping = snapshot.command.action() >= safety::Action::Release;
  if (stopping && !was_stopping_ && started_) tripped(snapshot.at.time_since_epoch());
  was_stopping_ = stopping;
}

void Judge::observe(const Truth& truth) {
  remember_load(truth);
  expire_the_start(truth);
  if (!excused(OutOfHand)) {
    judge_force(truth);
    judge_range(truth);
    judge_trip(truth);
  }
  judge_drop(truth);
  judge_brake(truth);
  judge_fall(truth);
  const bool moves = !truth.brake_closed && units::magnitude(truth.arm_speed) > units::degrees_per_second(3);
  lasts_too_long(unasked_, !started_ && truth.torque_on && moves, 20, truth,
                 "the machine moved before anybody started it");
}

// At rest behind the brake, after it was open, what comes next needs a start of its own.
void Judge::expire_the_start(const Truth& truth) {
  braked_ms_ = truth.brake_closed ? braked_ms_ + 1 : 0;
  has_opened_ = has_opened_ || !truth.brake_closed;
  if (!has_opened_) rest_ = truth.arm_angle;
  if (has_opened_ && braked_ms_ > RestsAfterMs) started_ = false;
}

units::Force Judge::wall_or_catch(const Truth& truth) const {
  const double depth = units::in_radians(truth.arm_angle - setup_.high + WallZone);
  if (depth <= 0.0) return {};
  const double outward = std::max(0.0, units::in_radians_per_second(truth.arm_speed));
  const auto pushes = units::newton_metres(WallStiffness * depth + WallDamping * outward);
  return std::min(WallOrCatch, units::force_at(pushes, setup_.cuff_radius));
}

void Judge::judge_force(const Truth& truth) {
  const units::Force margin = std::max(0.05 * setup_.force_limit, units::newtons(20));
  const units::Force reserve = wall_or_catch(truth);
  const units::Force support_limit =
      units::force_at(setup_.legs * level(truth.leg_angle), setup_.cuff_radius) + WallOrCatch;
  const units::Force beyond = std::max(load_now_ - setup_.force_limit - reserve, -load_now_ - support_limit);
  worst_excess_n_ = std::max(worst_excess_n_, units::in_newtons(beyond));
  lasts_too_long(over_force_, load_now_ > setup_.force_limit + std::max(margin, reserve), OverForceMs, truth,
                 "the machine's force was above the limit for too long");
  lasts_too_long(over_support_, -load_now_ > support_limit + margin, OverForceMs, truth,
                 "the machine's support was above the limit for too long");
  // Against the shut brake the drive may test it with more than this prescription's legs could need.
  const bool on_the_legs = truth.torque_on || !truth.brake_closed;
  const bool over_cap = on_the_legs && (truth.motor_torque > CapReserve * setup_.resisting_cap ||
                                        -truth.motor_torque > CapReserve * setup_.supporting_cap);
  lasts_too_long(over_cap_, over_cap, CapMs, truth, "the drive gave more than its cap");
}

void Judge::judge_range(const Truth& truth) {
  const bool up = truth.arm_speed > Moves;
  const bool down = truth.arm_speed < -Moves;
  const bool pushes_up = load_now_ < -hardly_anything();
  const bool pulls_down = load_now_ > hardly_anything();
  lasts_too_long(outward_high_, pushes_up && up && truth.arm_angle > setup_.high + AtTheEnd, OutwardBeyondMs,
                 truth, "the machine pushed outward beyond the upper end of the range");
  lasts_too_long(outward_low_, pulls_down && down && truth.arm_angle < setup_.low - AtTheEnd, OutwardBeyondMs,
                 truth, "the machine pulled outward beyond the lower end of the range");
  const bool beyond = (truth.arm_angle > setup_.high + BeyondRange && pushes_up && up) ||
                      (truth.arm_angle < setup_.low - BeyondRange && pulls_down && down);
  const bool driven = (pushes_up && up) || (pulls_down && down);
  const double beyond_deg =
      units::in_degrees(std::max(truth.arm_angle - setup_.high, setup_.low - truth.arm_angle));
  if (driven && beyond_deg > worst_excess_deg_ && (up == (truth.arm_angle > setup_.high)))
    worst_excess_deg_ = beyond_deg;
  lasts_too_long(driven_beyond_, beyond, DrivenBeyondMs, truth,
                 "the machine drove the legs more than 3° beyond the range");

  // Upward work inside the range, away from the wall at its lower end: only the share of the legs that is
  // prescribed. Where legs rest above the prescribed end, the set's range ends, and its wall stands, there.
  const units::Angle lower_end = std::max(setup_.low, rest_ + rehab::RestMargin);
  const bool inside =
      truth.arm_angle > lower_end + units::degrees(4) || truth.arm_angle < lower_end - units::degrees(3);
  const bool pushes_legs =
      inside && up && pushes_up && !is_being_switched_off(truth) &&
      load_now_ <
          -hardly_anything() -
              setup_.leg_support * units::force_at(setup_.legs * level(truth.arm_angle), setup_.cuff_radius);
  lasts_too_long(pushed_up_, pushes_legs, OutwardMs, truth, "the machine pushed the legs up");
}

// Torque that obeys nobody: it takes the controller a moment to be sure, and then the torque is gone.
bool Judge::is_being_switched_off(const Truth& truth) const {
  return trip_ && excused(UnloadsLate) && truth.time - trip_->at <= SwitchedOffWithin;
}

void Judge::judge_trip(const Truth& truth) {
  if (!trip_) return;
  if (is_being_switched_off(truth)) return;
  // Legs that still rise may be braked, with no more than the load they had, fading over half a second.
  // A drive that does not hear the stop begins it when its watchdog has run out.
  const bool unheard = trip_->unheard || excused(StopUnheard);
  const auto begins = unheard ? trip_->at + Unheard : trip_->at;
  const units::Duration whole_ramp = unheard ? Ramp - Unheard : Ramp;
  const auto since = std::max(truth.time - begins, units::Duration::zero());
  const double fade = std::max(0.0, 1.0 - units::in_seconds(since) / units::in_seconds(RiseBraking));
  const bool rises = truth.arm_speed > units::AngularVelocity{};
  if (rises) trip_->rose = truth.time;
  // A motor that pulls nobody down leaves legs that rise the arm's own weight, whatever the load was: wall
  // and speed limit can slow them with no more. The drive takes it over when they have turned.
  const bool passive = truth.motor_torque < NoPull && truth.time - trip_->rose <= TakesTheArmOver;
  const bool braked_rise = passive || (rises && load_now_ <= fade * trip_->load + HardlyAnything);
  // The load goes from what it was to nothing within the ramp; a fall that is braked may take it away sooner
  // and hand it back, but never more than the ramp has left.
  const double ramp = std::max(0.0, 1.0 - units::in_seconds(since) / units::in_seconds(whole_ramp));
  if (since > whole_ramp) trip_->lowest = std::min(trip_->lowest, std::max(load_now_, units::Force{}));
  const units::Force may = since > whole_ramp ? trip_->lowest : ramp * trip_->had;
  lasts_too_long(trip_->rising, !braked_rise && load_now_ > may + hardly_anything(), RisesMs, truth,
                 "the load rose after a stop");
  const bool late = !braked_rise && truth.time - trip_->at > units::milliseconds(UnloadedWithinMs);
  const units::Force rest_of_it = std::max(0.1 * trip_->load, hardly_anything());
  lasts_too_long(trip_->left_on, late && load_now_ > rest_of_it, RisesMs, truth,
                 "load was left on after a stop");
}

// The brake is for legs that rest.
void Judge::judge_brake(const Truth& truth) {
  const bool shuts = truth.brake_closed && !brake_was_closed_;
  brake_was_closed_ = truth.brake_closed;
  if (!shuts || excused(BrakeFalls) || told_brake_) return;
  const auto most = excused(Shakes) ? BrakeShutsOnShaking : BrakeShutsAtMost;
  if (units::magnitude(truth.arm_speed) <= most) return;
  told_brake_ = true;
  accuse(truth, "the brake shut on moving legs");
}

// Legs that nobody holds are the machine's to hold, whoever let go of them.
void Judge::judge_fall(const Truth& truth) {
  if (excused(CannotCatch) || truth.let_go) return;
  const bool held_by_person = truth.muscle_torque > HoldsOwnLegs * setup_.legs * level(truth.leg_angle);
  const bool thrown_back = truth.arm_angle > AboveAnyRange;
  lasts_too_long(unsupported_, !held_by_person && !thrown_back && -truth.arm_speed > FallsAtMost,
                 UnsupportedMs, truth, "the legs fell without support");
}

void Judge::judge_drop(const Truth& truth) {
  if (!truth.let_go || excused(CannotCatch)) {
    drop_.reset();
    return;
  }
  if (!drop_) drop_ = Drop{.at = truth.time, .caught_from = std::nullopt, .from = truth.arm_angle};
  const units::AngularVelocity fall = -truth.arm_speed;
  if (fall > FallsAtMost && !drop_->told_fast) {
    drop_->told_fast = true;
    accuse(truth, "dropped legs fell faster than 73 °/s");
  }
  if (!drop_->caught_from) {
    if (fall > Caught) {
      drop_->caught_from = truth.time;
      drop_->from = truth.arm_angle;
    }
    return;
  }
  if (fall <= Gentle) drop_->settled = true;
  if (drop_->settled) return;
  if (truth.time - *drop_->caught_from > GentleWithin && !drop_->told_slow) {
    drop_->told_slow = true;
    accuse(truth, "dropped legs were not slowed to 15 °/s within 210 ms");
  }
  if (drop_->from - truth.arm_angle > FallsBy && !drop_->told_far) {
    drop_->told_far = true;
    accuse(truth, "dropped legs fell by more than 10°");
  }
}

}  // namespace plinth::simulator
