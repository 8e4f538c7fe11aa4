#include "controller/safety/supervisor.hpp"

#include <algorithm>
#include <cmath>

namespace plinth::safety {
namespace {

using units::Duration;
using units::milliseconds;

constexpr units::AngularVelocity Still = units::degrees_per_second(1);
constexpr Duration StillFor = milliseconds(100);
constexpr units::AngularVelocity Rises = units::degrees_per_second(2);
// With no prescription to say what is fast: the slowest phase's stop speed.
constexpr units::AngularVelocity FallsUnknown = units::degrees_per_second(30);
// They have been caught when they hardly sink: less support in between would make legs bounce in the cuff.
constexpr units::AngularVelocity Caught = units::degrees_per_second(5);

// Legs that hang still so long below here have come to rest, wherever they rested before: somebody may have
// moved on the bench. Above, a person may be holding them.
constexpr units::Angle Hanging = units::degrees(-55);
constexpr Duration HangingFor = milliseconds(2000);

// Legs come to hang within a few degrees of where they hung before; the drive shuts its brake within five.
constexpr units::Angle AtRest = units::degrees(5);

constexpr std::uint16_t LongestStepMs = 1000;

// An arm that comes down on something stands within a tenth of a second, and is judged for some more.
constexpr Duration Lately = milliseconds(250);

std::uint16_t elapsed_ms(const sensing::Estimate& estimate) {
  const auto ms = units::in_milliseconds(estimate.period + Duration{500'000});
  return static_cast<std::uint16_t>(std::clamp<std::int64_t>(ms, 0, LongestStepMs));
}

std::size_t place(Cause cause) {
  return static_cast<std::size_t>(cause);
}

// What a reset or the next prescription puts right by itself does not stand against the reset.
bool stands_against_reset(Cause cause) {
  switch (cause) {
    case Cause::NoPrescription:
    case Cause::LimitsNotConfirmed:
    case Cause::DriveFault:
    case Cause::DriveWatchdog:
      return false;
    default:
      return true;
  }
}

bool anything_stands_against_reset(const CauseSet& active) {
  static const CauseSet against = [] {
    CauseSet causes;
    for (const Rule& rule : rule_table()) causes.set(place(rule.cause), stands_against_reset(rule.cause));
    return causes;
  }();
  return (active & against).any();
}

// The drive no longer obeys telegrams: only the relay is left.
bool disobeys(const CauseSet& causes) {
  return causes.test(place(Cause::DriveIgnores)) || causes.test(place(Cause::DriveOverDelivers)) ||
         causes.test(place(Cause::ReleaseUnverified)) || causes.test(place(Cause::StopUnverified));
}

// What the strap cells say is itself the reason of the stop.
bool doubts_cells(const CauseSet& causes) {
  for (const Cause cause : {Cause::ForcesDisagree, Cause::StrapDrifts, Cause::StrapFrozen,
                            Cause::StrapInvalid, Cause::HubFault, Cause::HubDataFrozen, Cause::TorqueMissing})
    if (causes.test(place(cause))) return true;
  return false;
}

// Where the arm is is itself the reason of the stop.
bool doubts_angle(const CauseSet& causes) {
  return causes.test(place(Cause::AngleJump)) || causes.test(place(Cause::AnglesDisagree));
}

// At the console, the wired key in its service position makes a therapist's reset one of service.
std::optional<LatchLevel> level_of(const std::optional<LatchLevel>& asked, const Scene& scene) {
  const auto* hub = scene.heard_hub();
  const bool key = hub != nullptr && hub->service_key;
  return asked == LatchLevel::Therapist && key ? LatchLevel::Service : asked;
}

bool changed(std::optional<std::uint16_t>& known, std::uint16_t now) {
  const bool moved = known.has_value() && *known != now;
  known = now;
  return moved;
}

}  // namespace

Supervisor::Supervisor(Duration period) : period_{period} {}

bool Supervisor::unit_restarted(const sensing::Estimate& estimate) {
  const bool drive = estimate.drive_report && changed(drive_boots_, estimate.drive_report->boot_counter);
  const bool hub = estimate.hub_report && changed(hub_boots_, estimate.hub_report->boot_counter);
  return drive || hub;
}

void Supervisor::follow_set(const Scene& scene) {
  if (!scene.granted) {
    holding_since_.reset();
    return;
  }
  if (has_entered(scene)) entered_ = true;
  if (scene.expectation.moment != rehab::Moment::Holding)
    holding_since_.reset();
  else if (!holding_since_)
    holding_since_ = scene.now();
}

void Supervisor::follow_rest(const Scene& scene) {
  const bool slow =
      !scene.is_stale(scene.estimate.drive) && units::magnitude(scene.estimate.velocity) <= Still;
  at_standstill_ = still_.held(slow, scene.now(), StillFor);
  const bool hangs =
      at_standstill_ && scene.lowering() && brake_of(scene) == Brake::Open && scene.estimate.angle <= Hanging;
  const bool stopping =
      at_standstill_ && !scene.granted && brake_of(scene) == Brake::Open && scene.estimate.angle <= Hanging;
  if (hanging_.held(hangs || stopping, scene.now(), HangingFor)) rest_ = scene.estimate.angle;
  // Nobody sees whether: the drive's lowering never pushes, so more support does no harm.
  const units::AngularVelocity sinks = -scene.estimate.velocity;
  sinking_ = scene.is_stale(scene.estimate.drive) || sinks > (sinking_ ? Caught : FastestLowering);
  const double level = std::clamp(units::cosine(scene.estimate.angle), 0.0, 1.0);
  gravity_permille_ = static_cast<std::uint16_t>(std::floor(level * 1000.0));
}

// Legs that have been brought down to their rest are the brake's.
bool Supervisor::stays_open(const Scene& scene) const {
  return !scene.granted && at_standstill_ && rest_ && scene.estimate.angle <= *rest_ + AtRest &&
         brake_of(scene) == Brake::Open;
}

CauseSet Supervisor::criteria(const Scene& scene, const Requests& requests,
                              const ApprovedCommand& last_command, const RangeState& range) {
  CauseSet found;
  const auto note = [&found](Cause cause, bool holds) { found.set(place(cause), holds); };
  const auto lasts = [&scene](const std::optional<units::Instant>& since, Duration most) {
    return since.has_value() && scene.now() - *since > most;
  };

  note(Cause::NoPrescription, !scene.limits);
  note(Cause::ConsoleStop, requests.stop);
  note(Cause::ComfortStop, check_comfort_stop(scene));
  note(Cause::EStopOpen, check_estop_open(scene));
  note(Cause::EStopDisagrees, check_estop_disagrees(scene));
  note(Cause::GripReleased, check_grip_released(scene));
  note(Cause::PatientAbsent, check_patient_absent(scene));

  note(Cause::RangeApproach, range.near_high || range.near_low);
  note(Cause::RangeCrossed, range.crossed);
  note(Cause::OverSpeed, check_over_speed(scene));
  note(Cause::TempoFarOff, check_tempo_far_off(scene));
  sags_ = check_sag(scene, sags_);
  note(Cause::Sag, sags_);
  note(Cause::LegsDropped, drop_watch_.watch(scene));
  const SpasmWatch::Findings muscles = spasm_watch_.watch(scene);
  note(Cause::Spasm, muscles.spasm);
  note(Cause::Clonus, muscles.clonus);
  note(Cause::Uneven, check_uneven(scene));
  note(Cause::PatientSlid, seat_watch_.slid(scene));
  note(Cause::HoldTooLong,
       scene.in_set() && !scene.lowering() && lasts(holding_since_, scene.limits->longest_hold));
  note(Cause::SetTooLong,
       scene.in_set() && !scene.lowering() && lasts(granted_since_, scene.limits->longest_set));

  note(Cause::OverForce, check_over_force(scene));
  const units::Duration brake_open_for = drive_watch_.brake_open_for(scene.now());
  if (sinks(scene)) sank_at_ = scene.now();
  const ArmPast past{.brake_open_for = brake_open_for, .sank = sank_at_ && scene.now() - *sank_at_ <= Lately};
  note(Cause::ForcesDisagree, check_forces_disagree(scene, past));
  note(Cause::Obstacle, check_obstacle(scene, past) && !muscles.beating);
  note(Cause::TorqueMissing, check_torque_missing(scene, past));
  note(Cause::StrapDrifts, force_watch_.drifts(scene, brake_open_for));
  note(Cause::StrapInvalid, check_strap_invalid(scene));
  note(Cause::StrapFrozen, check_strap_frozen(scene));
  note(Cause::AngleJump, check_angle_jump(scene));
  note(Cause::AnglesDisagree, check_angles_disagree(scene));
  note(Cause::DriveDataStale, check_drive_stale(scene));
  note(Cause::HubDataStale, check_hub_stale(scene));
  note(Cause::DriveDataFrozen, check_drive_frozen(scene));
  note(Cause::HubDataFrozen, check_hub_frozen(scene));
  note(Cause::LinkPoor, check_link_poor(scene));
  note(Cause::ControlStalled, check_control_stalled(scene));
  note(Cause::HubFault, check_hub_fault(scene));
  note(Cause::UnitRestarted, unit_restarted(scene.estimate));
  // A link that is lost takes the confirmation with it: that is told as what it is.
  note(Cause::LimitsNotConfirmed, !scene.estimate.setup.limits_confirmed && scene.estimate.drive.fresh);
  note(Cause::LimitsLoosened, check_limits_loosened(scene, set_limits_));

  const bool reset_under_way = !scene.granted && since_cleared_.value() < DriveClearsMs;
  const auto& report = scene.estimate.drive_report;
  note(Cause::DriveFault, report && report->fault_latched && !report->watchdog_tripped && !reset_under_way);
  note(Cause::DriveWatchdog, report && report->watchdog_tripped && !reset_under_way);
  note(Cause::DriveHot, check_drive_hot(scene));
  note(Cause::DriveStopped, check_drive_stopped(scene));
  note(Cause::BrakeFault, check_brake_fault(scene) || stays_open(scene));
  note(Cause::RelayStuck, check_relay_stuck(scene));
  note(Cause::StoDisagrees, check_sto_disagrees(scene));
  const DriveWatch::Findings drive = drive_watch_.watch(scene);
  note(Cause::DriveIgnores, drive.ignores);
  note(Cause::DriveOverDelivers, drive.over_delivers);

  const StopWatch::Findings stop = stop_watch_.watch(scene, latch_.action(),
                                                     {.cells_doubted = doubts_cells(latch_.causes()),
                                                      .torque_strays = drive.strays,
                                                      .torque_opposes = drive.opposes,
                                                      .angle_doubted = doubts_angle(latch_.causes()),
                                                      .rest = rest_});
  note(Cause::ReleaseUnverified, stop.release_unverified);
  note(Cause::LoweringAmiss, stop.lowering_amiss);
  note(Cause::StopUnverified, stop.stop_unverified);
  note(Cause::Internal, check_internal(scene, last_command.cause()));
  return found;
}

CauseSet Supervisor::dwelt(const CauseSet& criteria, units::Instant now) {
  CauseSet active;
  for (const Rule& rule : rule_table()) {
    const std::size_t i = place(rule.cause);
    active.set(i, dwells_.at(i).held(criteria.test(i), now, rule.dwell));
  }
  return active;
}

Supervisor::Acting Supervisor::acting(const CauseSet& active, bool granted) const {
  Acting acting;
  const Rule* worst = nullptr;
  for (const Rule& rule : rule_table()) {
    if (!active.test(place(rule.cause)) || rule.action <= Action::Limit) continue;
    // Whoever stands in front of a machine without a prescription is asked for one, not stopped.
    bool acts = granted || (rule.scope != Scope::InASet && rule.cause != Cause::NoPrescription);
    if (rule.scope == Scope::UnderWay) acts = under_way_;
    // What only a reset can end must not keep the reset away.
    if (latch_.causes().test(place(rule.cause)) && !stands_against_reset(rule.cause)) acts = false;
    if (!acts) continue;
    acting.all.set(place(rule.cause));
    if (worst == nullptr || rule.action > worst->action) worst = &rule;
  }
  if (worst != nullptr) acting.worst = worst->cause;
  return acting;
}

LatchEvents Supervisor::events_for(const Scene& scene, const Requests& requests, const CauseSet& active,
                                   const Acting& acting) const {
  return {.elapsed_ms = elapsed_ms(scene.estimate),
          .trip = acting.worst,
          .acting = acting.all,
          .cause_present = anything_stands_against_reset(active),
          .at_rest = is_at_rest(scene, at_standstill_),
          .reset = level_of(requests.reset, scene),
          .start = requests.start,
          .left_grip = scene.estimate.left_grip,
          .right_grip = scene.estimate.right_grip,
          .set_finished = requests.set_finished,
          .obstacle = obstacle_to_start(scene, at_standstill_),
          .drive_ready = check_drive_ready(scene)};
}

Verdict Supervisor::verdict(const Scene& scene, const CauseSet& active, const RangeState& range,
                            const Latch::Answer& answer) const {
  Verdict verdict;
  verdict.permission = latch_.permission();
  verdict.action = latch_.action();
  verdict.cause = latch_.cause();
  verdict.first_cause = latch_.first_cause();
  verdict.latch = latch_.level();
  verdict.active = active;
  verdict.elapsed_ms = elapsed_ms(scene.estimate);
  verdict.armed_left = milliseconds(latch_.armed_left_ms());
  verdict.refused = answer.refused;
  verdict.latch_cleared = answer.cleared_now;

  if (verdict.permission == Permission::Granted && active.test(place(Cause::RangeApproach))) {
    verdict.action = Action::Limit;
    verdict.cause = Cause::RangeApproach;
  }
  // An answer is missing: what is known is a cycle old, so torque may only fall until the next one.
  if (verdict.permission == Permission::Granted && verdict.action == Action::Allow &&
      scene.estimate.drive.age > period_ + milliseconds(1)) {
    verdict.action = Action::Limit;
    verdict.cause = Cause::DriveDataStale;
  }
  if (verdict.permission == Permission::Ready && !scene.limits) {
    // Nobody needs to reset anything: loading a prescription lifts this by itself.
    verdict.permission = Permission::Latched;
    verdict.action = Action::Release;
    verdict.cause = Cause::NoPrescription;
  }
  verdict.no_upward_torque = range.near_high;
  // Below its lower end no load pulls, entered or not: the law fades it out above, and the gate does not rely
  // on it.
  verdict.no_downward_torque = range.near_low || range.below;

  const bool blind = scene.is_stale(scene.estimate.drive);
  const auto fall = scene.limits && working_
                        ? rehab::speed_limits(scene.limits->prescription, *working_).lowering.trip
                        : FallsUnknown;
  verdict.rising = !blind && scene.estimate.velocity > Rises;
  // Whoever sank when last seen may be falling by now: the drive lowers them, as it would by itself.
  verdict.falling = latch_.causes().test(place(Cause::LegsDropped)) || stop_watch_.falls(scene) ||
                    -scene.estimate.velocity > (blind ? std::min(fall, FastestLowering) : fall);
  verdict.sinking = sinking_;
  verdict.at_standstill = at_standstill_;
  verdict.angle_doubted = doubts_angle(latch_.causes());
  verdict.brake = brake_of(scene);
  verdict.gravity_permille = gravity_permille_;
  verdict.rest_angle = rest_;
  verdict.working = working_;
  verdict.withdraw_permit =
      disobeys(latch_.causes()) || (verdict.action >= Action::DriveStop && verdict.brake == Brake::Unknown);
  return verdict;
}

Verdict Supervisor::judge(const sensing::Estimate& estimate, const rehab::Expectation& expectation,
                          const Requests& requests, const ApprovedCommand& last_command,
                          const std::optional<Limits>& limits) {
  const Permission before = latch_.permission();
  Scene scene{.estimate = estimate,
              .expectation = expectation,
              .commanded = last_command.drive(),
              .limits = limits,
              .working = working_,
              .entered = entered_,
              .granted = before == Permission::Granted,
              .under_way = under_way_,
              .permitted = last_command.permit(),
              .period = period_};
  const Brake brake = brake_of(scene);
  under_way_ = scene.granted || brake == Brake::Open || (under_way_ && brake == Brake::Unknown);
  scene.under_way = under_way_;
  since_cleared_.add(elapsed_ms(estimate));
  follow_set(scene);
  follow_rest(scene);
  scene.entered = entered_;

  const RangeState range = judge_range(scene);
  const CauseSet active = dwelt(criteria(scene, requests, last_command, range), estimate.at);
  const Latch::Answer answer =
      latch_.step(events_for(scene, requests, active, acting(active, scene.granted)));

  if (answer.granted_now) {
    rest_ = estimate.angle;
    working_ = working_range(limits, estimate.angle);
    set_limits_ = limits;
    entered_ = false;
    granted_since_ = estimate.at;
    seat_watch_.begin(estimate);
  }
  if (answer.cleared_now) since_cleared_.set(0);
  const bool way_down = under_way_ && latch_.permission() != Permission::Granted;
  if (!way_down)
    stop_watch_.end();
  else if (!stop_watch_.watching())
    stop_watch_.begin(scene);
  if (latch_.permission() != Permission::Granted) granted_since_.reset();
  return verdict(scene, active, range, answer);
}

}  // namespace plinth::safety
