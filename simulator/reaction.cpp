#include "simulator/reaction.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace plinth::simulator {

namespace {

using units::Duration;
using units::milliseconds;

constexpr units::Torque NoPull = units::newton_metres(1);
constexpr Duration TakesTheArmOver = milliseconds(100);
constexpr double UnloadedShare = 0.1;
// What lowering leaves of the arm's weight on the legs, and noise.
constexpr units::Force UnloadedFloor = units::newtons(12);
// Legs that are let go when the load goes are caught while they sink.
constexpr int CaughtLaterMs = 210;
constexpr units::AngularVelocity GentleLowering = units::degrees_per_second(15);
// As the judge has it: above the arm's soft limit its stop and the hips throw legs back.
constexpr units::Angle AboveAnyRange = units::degrees(15);
// A rise is braked with the load that was there, fading over half a second.
constexpr Duration RiseBraking = milliseconds(500);
// A program that does not come for so long is away: whatever shows meanwhile has its time from its return.
constexpr Duration Away = milliseconds(30);
// The drive's watchdog and ramp, from the last telegram.
constexpr Duration UnheardGoneWithin = milliseconds(300);
// A rule without a dwell answers in the very cycle whose telegram shows the fault.
constexpr Duration SameCycle = milliseconds(30);
constexpr Duration ExcusedAfter = milliseconds(500);
// More causes may be appended, and raise the level: what takes two chains to see, for one.
constexpr Duration LevelWithin = milliseconds(500);
// Cells and torque tell one force once the brake is off and the cuff has taken up its slack.
constexpr Duration CuffSettles = milliseconds(300);
constexpr units::Torque ObstacleMayBear = units::newton_metres(15);
constexpr Duration EndsWithin = milliseconds(1000);

double in_ms(Duration duration) {
  return units::in_seconds(duration) * 1e3;
}

const Response& owed(const FaultRecord& fault) {
  return response_to(fault.plan.kind, fault.plan.value);
}

// What a movement has to show, and is planted into one, proves nothing when it shows after the set.
bool needs_a_set(const FaultRecord& fault) {
  const auto* at = std::get_if<AtMoment>(&fault.plan.at);
  const FaultRow& row = row_of(fault.plan.kind);
  return at != nullptr && at->moment >= Moment::RampIn && at->moment <= Moment::Resting &&
         onset_of(row, fault.plan.value) != Onset::Anywhere && owed(fault).wire_ms > 0;
}

bool restarts_a_unit(FaultKind kind) {
  return kind == FaultKind::HubReboot || kind == FaultKind::DriveReboot || kind == FaultKind::DriveLimitsLost;
}

// What no sound answer tells nobody can answer: until then it is the bad wire, or the unit that restarts,
// that has to be answered.
Duration blind_until(std::span<const FaultRecord> faults, const FaultRecord& but) {
  Duration until{};
  for (const FaultRecord& fault : faults) {
    const FaultKind kind = fault.plan.kind;
    const bool blinds = row_of(kind).room == Room::Bus || restarts_a_unit(kind);
    if (&fault == &but || !blinds || !fault.effective) continue;
    until = std::max(until, *fault.effective + milliseconds(owed(fault).wire_ms + 20));
  }
  return until;
}

// A wire that stays bad and a unit that restarts tell nothing for as long as they do, and the stop that they
// owe has been begun. The next sound answer is heard within three cycles.
Duration unheard_until(std::span<const FaultRecord> faults, const FaultRecord& but, Duration now) {
  Duration until{};
  for (const FaultRecord& fault : faults) {
    const FaultKind kind = fault.plan.kind;
    const bool silences = row_of(kind).room == Room::Bus || restarts_a_unit(kind);
    if (&fault == &but || !silences || !fault.effective) continue;
    until = std::max(until, fault.active ? now : fault.ended.value_or(until) + SameCycle);
  }
  return until;
}

// A drive that stops by itself follows no mode: what only that tells is not there to be told.
bool takes_the_drive(const FaultRecord& fault) {
  return row_of(fault.plan.kind).room != Room::Bus && fault.effective &&
         names(owed(fault).causes, "drive_stopped");
}

// A new program remembers nothing of the one before.
bool began_anew(std::span<const FaultRecord> faults, Duration since) {
  return std::ranges::any_of(faults, [since](const FaultRecord& fault) {
    const bool kills = fault.plan.kind == FaultKind::Restart || fault.plan.kind == FaultKind::PowerCut;
    return kills && fault.effective && *fault.effective >= since;
  });
}

std::string named(const FaultRecord& fault) {
  return std::string{name_of(fault.plan.kind)};
}

// Speeds and walls. Torque limits follow the angle and have the judge's cap.
bool is_looser(const DriveCommand& now, const DriveCommand& then) {
  return now.speed_lifting > then.speed_lifting + 0.002 || now.speed_lowering > then.speed_lowering + 0.002 ||
         now.wall_low < then.wall_low - 0.0002 || now.wall_high > then.wall_high + 0.0002 ||
         now.wall_stiffness < then.wall_stiffness - 1.0;
}

void widen(DriveCommand& loosest, const DriveCommand& now) {
  loosest.speed_lifting = std::max(loosest.speed_lifting, now.speed_lifting);
  loosest.speed_lowering = std::max(loosest.speed_lowering, now.speed_lowering);
  loosest.wall_low = std::min(loosest.wall_low, now.wall_low);
  loosest.wall_high = std::max(loosest.wall_high, now.wall_high);
  loosest.wall_stiffness = std::min(loosest.wall_stiffness, now.wall_stiffness);
}

}  // namespace

void Reaction::accuse(Duration at, const std::string& what) {
  std::array<char, 32> when{};
  std::snprintf(when.data(), when.size(), " (at %.3f s)", units::in_seconds(at));
  reasons_.push_back(what + when.data());
}

// --- Every millisecond

void Reaction::begin(Watched& watched, Duration from, const PlannedFault& plan, const Truth& truth) {
  watched.from = from;
  watched.load = std::min(load_now_, force_limit_);
  watched.load_at_stop = watched.load;
  const LoadFrom where = response_to(plan.kind, plan.value).load_from;
  if (where == LoadFrom::Felt) watched.load_from = from;
  if (where == LoadFrom::LastTelegram) watched.load_from = last_cycle_.value_or(truth.time);
}

// From when the fault counts: felt while a set runs, or shown in the very answers that made the station stop.
void Reaction::watch(Watched& watched, const FaultRecord& fault, const Truth& truth) {
  if (watched.from || !fault.felt) return;
  const bool present = fault.active || truth.time - *fault.felt <= milliseconds(20);
  if (!present) return;
  if (running_) {
    const Duration comparable =
        *run_began_ + (names(owed(fault).causes, "forces_disagree") ? CuffSettles : Duration{});
    return begin(watched, std::max(*fault.felt, comparable), fault.plan, truth);
  }
  const bool named_then = stop_ && names(owed(fault).causes, safety::name_of(stop_->cause));
  const bool in_its_cycle = stop_ && (named_then || !owed(fault).in_a_stop) &&
                            *fault.effective <= stop_->at && *fault.felt - stop_->at <= SameCycle &&
                            truth.time - stop_->at <= SameCycle + milliseconds(20);
  if (in_its_cycle) {
    begin(watched, *fault.felt, fault.plan, truth);
    watched.stopped = stop_->at;
    return;
  }
  const bool on_the_way_down = run_began_ && powered_ && owed(fault).in_a_stop;
  if (!on_the_way_down) return;
  begin(watched, *fault.felt, fault.plan, truth);
  watched.on_the_way_down = true;
}

// What is no load: what lowering leaves of the arm, and all that a fault keeps the drive from carrying of it.
units::Force Reaction::unloaded_floor() const {
  const bool arm_rests = (excused_.excuses & ArmOnLegs) != 0;
  return arm_rests ? UnloadedFloor + units::force_at(excused_.arm_left, cuff_radius_) : UnloadedFloor;
}

void Reaction::judge_load(Watched& watched, const FaultRecord& fault, const Truth& truth) {
  const Response& response = owed(fault);
  if (!watched.from || !watched.load_from || response.stop_ms == 0) return;
  if ((excused_.excuses & OutOfHand) != 0) return;
  const units::Force floor = unloaded_floor();
  const bool loaded = load_now_ > std::max(UnloadedShare * watched.load, floor);
  const bool falling =
      truth.torque_on && truth.arm_speed < -GentleLowering && truth.arm_angle <= AboveAnyRange;
  const Duration braked_for =
      truth.time - (watched.stopped ? *watched.stopped : *watched.load_from + milliseconds(100));
  const double fade = std::clamp(1.0 - in_ms(braked_for) / in_ms(RiseBraking), 0.0, 1.0);
  const bool rises = truth.arm_speed > units::AngularVelocity{};
  if (rises) rose_ = truth.time;
  // As the judge has it: without a pull the arm's own weight alone slows legs that rise.
  const bool passive = truth.motor_torque < NoPull && truth.time - rose_ <= TakesTheArmOver;
  const bool braked_rise =
      rises && braked_for < RiseBraking && load_now_ <= fade * watched.load_at_stop + floor;
  const bool left = loaded && !passive && !braked_rise;
  if (!falling) watched.falls_since.reset();
  if (falling && !watched.falls_since) watched.falls_since = truth.time;
  if (!left && (!falling || response.load_only)) return;
  watched.last_violation = truth.time;
  // Legs that somebody lets go of later, or had thrown up, are caught from then on.
  const Duration own = *watched.load_from + milliseconds(response.stop_ms);
  const Duration gone_by = away_since_ ? std::max(own, *away_since_ + UnheardGoneWithin) : own;
  const Duration caught_by =
      std::max(gone_by, watched.falls_since.value_or(gone_by)) + milliseconds(CaughtLaterMs);
  const Duration bound = left ? gone_by : caught_by;
  const bool late = truth.time > bound;
  const bool timed = watched.stopped || response.load_from == LoadFrom::LastTelegram;
  if (!late || watched.told_load || !timed) return;
  if (!left && (excused_.excuses & CannotCatch) != 0) return;
  watched.told_load = true;
  accuse(truth.time, named(fault) + ": " + (left ? "load" : "a fall") + " was left after " +
                         std::to_string(units::in_milliseconds(bound - *watched.load_from)) + " ms");
}

void Reaction::judge_obstacle(Watched& watched, const FaultRecord& fault, const Truth& truth) {
  if (fault.plan.kind != FaultKind::Obstacle || !watched.from || watched.told_own) return;
  const bool by_now = in_ms(truth.time - *watched.from) > owed(fault).stop_ms;
  // What legs and arm lay on it by themselves is not the machine's.
  if (!by_now || truth.obstacle_torque <= ObstacleMayBear || load_now_ <= unloaded_floor()) return;
  watched.told_own = true;
  accuse(truth.time, "obstacle: the arm pressed on it with more than 15 N·m");
}

// Refused is not a fault, but no limit may be looser than it was.
void Reaction::judge_loosened(Watched& watched, const FaultRecord& fault, const Truth& truth,
                              const DriveCommand& drive) {
  if (fault.plan.kind != FaultKind::CtlLoosen || !watched.from || watched.told_own || !running_) return;
  // The set is over: what the drive is told now is the way down.
  if (session_ended_) return;
  // A drive without power has no limits; and one telegram may be the first of the way down.
  const bool looser = powered_ && is_looser(drive, *loosest_);
  if (!looser) watched.looser_since.reset();
  if (looser && !watched.looser_since) watched.looser_since = truth.time;
  if (!looser || truth.time - *watched.looser_since <= SameCycle) return;
  watched.told_own = true;
  accuse(truth.time, "ctl.loosen: the drive was given a looser limit");
}

// Whatever the law goes on to ask for: a session that is over leaves no load.
void Reaction::judge_the_end(const Truth& truth, std::span<const FaultRecord> faults) {
  if (!session_ended_ || told_end_ || truth.time - *session_ended_ <= EndsWithin) return;
  const bool never_releases = std::ranges::any_of(faults, [](const FaultRecord& fault) {
    return fault.plan.kind == FaultKind::CtlNeverRelease && fault.active;
  });
  if (!never_releases || load_now_ <= std::max(UnloadedShare * force_limit_, unloaded_floor())) return;
  told_end_ = true;
  accuse(truth.time, "ctl.never_release: load was left 1000 ms after the set's end");
}

void Reaction::observe(const Truth& truth, const DriveCommand& drive, std::span<const FaultRecord> faults) {
  load_now_ = truth.torque_on ? truth.added_load : units::Force{};
  powered_ = truth.torque_on && !truth.brake_closed;
  if (last_cycle_ && truth.time - *last_cycle_ > Away) away_since_ = last_cycle_;
  const bool loosened = std::ranges::any_of(faults, [](const FaultRecord& fault) {
    return fault.plan.kind == FaultKind::CtlLoosen && fault.effective;
  });
  if (running_ && !loosest_) loosest_ = drive;
  if (running_ && !loosened) widen(*loosest_, drive);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    Watched& watched = watched_[i];
    watch(watched, faults[i], truth);
    judge_load(watched, faults[i], truth);
    judge_obstacle(watched, faults[i], truth);
    judge_loosened(watched, faults[i], truth, drive);
  }
  judge_the_end(truth, faults);
  excuse(truth.time, faults);
}

void Reaction::excuse(Duration now, std::span<const FaultRecord> faults) {
  unsigned excuses = NoExcuse;
  bool disobeys = false;
  bool unseen = false;
  for (const FaultRecord& fault : faults) {
    const bool in_force = fault.active || (fault.ended && now - *fault.ended <= ExcusedAfter);
    if (!in_force) continue;
    const FaultKind kind = fault.plan.kind;
    excuses |= owed(fault).excuses;
    disobeys = disobeys || kind == FaultKind::DriveStuckTorque || kind == FaultKind::DriveGain;
    unseen = unseen || row_of(kind).room == Room::Bus || kind == FaultKind::DriveFreeze;
  }
  if (disobeys && unseen) excuses |= OutOfHand;
  excused_.excuses = static_cast<std::uint8_t>(excuses);
}

Excused Reaction::excused(units::Torque arm_left) {
  excused_.arm_left = arm_left;
  return excused_;
}

// --- Every cycle

void Reaction::follow(Watched& watched, const FaultRecord& fault, const cycle::Snapshot& snapshot,
                      bool running, const Deaf& deaf) {
  const Duration now = snapshot.at.time_since_epoch();
  const Response& response = owed(fault);
  if (!watched.from) return;
  if (watched.on_the_way_down) return follow_on_the_way_down(watched, fault, snapshot, deaf);
  if (response.forbids_start && fault.active && running && !watched.told_start) {
    watched.told_start = true;
    accuse(now, named(fault) + ": a set began");
  }
  const bool comes_back = last_cycle_ && now - *last_cycle_ > Away;
  watched.was_away = watched.was_away || comes_back || response.load_from != LoadFrom::Felt;
  if (!watched.returned && response.load_from == LoadFrom::Return) watched.load_from = now;
  if (!watched.returned || comes_back) watched.returned = now;
  if (watched.stopped) return;
  if (!running) {
    watched.stopped = now;
    // A rise is braked with what there was when the stop began, but never with what should not have been.
    watched.load_at_stop = std::max(watched.load, std::min(load_now_, force_limit_));
  }
  // The program that was away has this long from when it is back.
  const Duration wire_from = watched.was_away ? *watched.returned : *watched.from;
  const bool too_late = in_ms(now - wire_from) > response.wire_ms && now > deaf.blind_until;
  const bool lasted = fault.active || in_ms(*fault.ended - *watched.from) >= response.wire_ms;
  if (response.wire_ms == 0 || watched.told_late || !too_late || !lasted) return;
  watched.told_late = true;
  accuse(now, named(fault) + ": no stop within " + std::to_string(response.wire_ms) + " ms");
}

// Nobody resets in a scenario once a set was stopped: what is latched stays so, at its level or a higher one.
// After a set that was completed the console does, as a therapist.
void Reaction::judge_latch(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults) {
  if (!stop_ || told_latch_) return;
  const bool completed = snapshot.guidance.last_set_end == rehab::SetEnd::Completed;
  if (completed && stop_->level <= safety::LatchLevel::Therapist) return;
  // A program that begins anew is latched because it does, for the therapist, and remembers nothing else.
  if (began_anew(faults, stop_->at - Away)) {
    stop_->level = std::min(stop_->level, safety::LatchLevel::Therapist);
    stop_->anew = true;
  }
  const auto& verdict = snapshot.verdict;
  const Duration now = snapshot.at.time_since_epoch();
  const bool latched = verdict.permission == safety::Permission::Latched && verdict.latch >= stop_->level;
  if (latched) {
    stop_->level = verdict.latch;
    if (now - stop_->at <= LevelWithin) stop_->by_then = verdict.latch;
    return;
  }
  told_latch_ = true;
  accuse(now, "the stop did not stay latched");
}

void Reaction::observe(const cycle::Snapshot& snapshot, std::span<const FaultRecord> faults) {
  const Duration now = snapshot.at.time_since_epoch();
  const auto& verdict = snapshot.verdict;
  const bool granted = verdict.permission == safety::Permission::Granted;
  const bool running =
      granted && (powered_ || running_) && snapshot.command.action() < safety::Action::Release;
  if (running && !running_) run_began_ = now;
  const bool latched = verdict.permission == safety::Permission::Latched;
  if (was_granted_ && latched && !stop_) {
    const safety::LatchLevel level = safety::rule_of(verdict.first_cause).latch;
    stop_ = Stop{.at = now, .cause = verdict.first_cause, .level = level, .by_then = level};
    // A rule with a tighter threshold than the hazard's has answered before the fault was felt.
    for (std::size_t i = 0; i < faults.size(); ++i) {
      const bool early = running_ && !watched_[i].from && faults[i].active && !faults[i].felt;
      if (!early || !names(owed(faults[i]).causes, safety::name_of(verdict.first_cause))) continue;
      begin(watched_[i], now, faults[i].plan, Truth{.time = now});
      watched_[i].stopped = now;
    }
  }
  judge_latch(snapshot, faults);
  if (run_began_ && !session_ended_ && snapshot.guidance.last_set_end) session_ended_ = now;
  const bool drive_on_its_own = std::ranges::any_of(faults, takes_the_drive);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    note_names(watched_[i], faults[i], verdict);
    follow(watched_[i], faults[i], snapshot, running,
           {.blind_until = blind_until(faults, faults[i]),
            .unheard_until = unheard_until(faults, faults[i], now),
            .drive_on_its_own = drive_on_its_own,
            .forgot = began_anew(faults, faults[i].effective.value_or(now))});
  }
  was_granted_ = granted;
  running_ = running;
  last_cycle_ = now;
}

std::vector<FaultOutcome> Reaction::outcomes(std::span<const FaultRecord> faults) const {
  std::vector<FaultOutcome> all;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const Watched& watched = watched_[i];
    FaultOutcome outcome{.kind = faults[i].plan.kind,
                         .effective = faults[i].effective.has_value(),
                         .felt = watched.from || (faults[i].felt && !needs_a_set(faults[i])),
                         .in_a_set = watched.from.has_value(),
                         .cause = {},
                         .detect_ms = std::nullopt,
                         .stop_ms = std::nullopt};
    const bool stopped_after = watched.from && watched.stopped && (stop_ || watched.answered);
    if (stopped_after) {
      if (stop_) outcome.cause = safety::name_of(stop_->cause);
      outcome.detect_ms = std::max(0.0, in_ms(*watched.stopped - *watched.from));
      const Duration from = watched.load_from.value_or(*watched.from);
      outcome.stop_ms = watched.last_violation ? in_ms(*watched.last_violation - from) : 0.0;
    }
    all.push_back(std::move(outcome));
  }
  return all;
}

}  // namespace plinth::simulator
