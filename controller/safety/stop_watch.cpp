#include "controller/safety/stop_watch.hpp"

#include <algorithm>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using units::AngularVelocity;
using units::Duration;
using units::Force;
using units::Torque;

// The ramp is over after 250 ms; twice that leaves room for a rise that is braked first.
constexpr Duration ReleaseDeadline = units::milliseconds(500);
// The drive's own stop: its ramp of 180 ms, a telegram and its report, and the same reserve.
constexpr Duration StopDeadline = units::milliseconds(600);
// Beside its own set-point for so long after it was told to stop, it is not its current loop that settles.
constexpr Duration Straying = units::milliseconds(100);
// A kick against the arm, or a step in the lowering, is over sooner.
constexpr Duration Lasting = units::milliseconds(200);

constexpr double LoadLeft = 0.10;
constexpr Force LoadNoise = units::newtons(20);
// Who kicks against the arm loads the cells; a load that remains does so while the arm stands or sinks.
constexpr AngularVelocity Kicked = units::degrees_per_second(5);
// Faster than so the brake waits: shut on moving legs it is a blow.
constexpr AngularVelocity BrakesBelow = units::degrees_per_second(8);
// A drive with a sound encoder lowers at 10 °/s; the second sensor's slope is good to 10 °/s.
constexpr AngularVelocity FastestByTheOther = units::degrees_per_second(25);
constexpr Duration ArrivedFor = units::milliseconds(100);
constexpr units::Angle AtRest = units::degrees(4);
// A load that goes leaves legs that are held slower, not faster.
constexpr AngularVelocity LetGo = units::degrees_per_second(10);
// So far below their rest no legs can be: it is the encoder that is wrong.
constexpr units::Angle NobodyHangs = units::degrees(6);
// Support that carries an arm is no push; this much more of it, while the arm rises, is.
constexpr Torque PushNoise = units::newton_metres(20);

// Legs that hang in the cuffs while the arm stands: at 10 °/s the longest way down takes 10 s, and never
// rests.
constexpr Duration StandsFor = units::milliseconds(4000);
constexpr AngularVelocity Stands = units::degrees_per_second(1);
constexpr double CarriedByTheCuffs = 0.5;
constexpr units::Angle HighestHanging = units::degrees(-55);

// Nobody's prescription is loaded when the program starts: the legs of a person of ordinary size.
constexpr units::Mass Ordinary = units::kilograms(78);

}  // namespace

Force StopWatch::machine(const Scene& scene) const {
  return machine_force(scene.estimate, stop_->legs.cuff_radius);
}

void StopWatch::begin(const Scene& scene) {
  const rehab::LegMeasures legs =
      scene.limits ? scene.limits->legs : rehab::leg_measures(rehab::typical_person(Ordinary));
  stop_ = Stop{.began = scene.now(),
               .drive_stop_began = std::nullopt,
               .load = {},
               .velocity = scene.estimate.velocity,
               .legs = legs};
  // Never more than what was prescribed: a load that was too high must not excuse what remains of it.
  const Force by_torque = machine(scene);
  if (scene.limits)
    stop_->load = std::clamp(std::max(by_torque, scene.estimate.strap.value_or(by_torque)), Force{},
                             scene.limits->force_limit);
  for (Dwell* dwell : {&unreleased_, &amiss_, &standing_, &uncontrolled_, &straying_, &racing_, &arrived_})
    dwell->forget();
}

bool StopWatch::falls(const Scene& scene) const {
  const AngularVelocity velocity = scene.estimate.velocity;
  return stop_ && -velocity > FastestLowering && stop_->velocity - velocity > LetGo;
}

// What is no load: the arm's own weight, which may rest on the legs while they are lowered.
Force StopWatch::allowed(const Scene& scene) const {
  const Force arm =
      units::force_at(torque_of_weight(sensing::ArmGravity, scene.estimate.angle), stop_->legs.cuff_radius);
  return LoadLeft * stop_->load + LoadNoise + arm;
}

bool StopWatch::load_remains(const Scene& scene, bool cells_doubted) const {
  // Cells that have stopped telling the truth tell nothing of what remains: the drive's torque does.
  const bool cells_live =
      !cells_doubted && !scene.estimate.strap_frozen && !check_hub_frozen(scene) && !check_hub_stale(scene);
  const auto strap = cells_live && scene.estimate.velocity < Kicked ? scene.estimate.strap : std::nullopt;
  return machine(scene) > allowed(scene) || (strap && *strap > allowed(scene));
}

bool StopWatch::pushes_up(const Scene& scene) const {
  const Torque carries = torque_of_weight(sensing::ArmGravity, scene.estimate.angle) + PushNoise;
  return scene.estimate.velocity > Kicked && -scene.estimate.drive_torque > carries;
}

bool StopWatch::stands(const Scene& scene) const {
  const auto& estimate = scene.estimate;
  if (!estimate.strap || estimate.angle < HighestHanging || units::magnitude(estimate.velocity) > Stands)
    return false;
  const Force weight =
      units::force_at(torque_of_weight(stop_->legs.gravity_moment, estimate.angle), stop_->legs.cuff_radius);
  return -*estimate.strap > CarriedByTheCuffs * weight;
}

bool StopWatch::lowers_by_a_wrong_angle(const Scene& scene, const Witnesses& witnesses) {
  const auto& estimate = scene.estimate;
  const units::Instant now = scene.now();
  // Legs thrown up faster than anybody believes make their angle doubted as well: while both sensors tell the
  // same, neither is wrong.
  const bool doubted = witnesses.angle_doubted && !estimate.angle_sensors_agree && estimate.second_angle &&
                       estimate.second_velocity;
  // Legs that were let go as the set ended are being caught until then.
  const bool racing = racing_.held(doubted && -*estimate.second_velocity > FastestByTheOther, now, Lasting) &&
                      now - stop_->began >= ReleaseDeadline;
  // The drive would lower on, with the arm's weight on legs that rest.
  const bool at_rest = doubted && witnesses.rest && estimate.angle < *witnesses.rest - NobodyHangs &&
                       *estimate.second_angle <= *witnesses.rest + AtRest &&
                       -*estimate.second_velocity < BrakesBelow;
  return arrived_.held(at_rest, now, ArrivedFor) || racing;
}

StopWatch::Findings StopWatch::watch(const Scene& scene, Action action, const Witnesses& witnesses) {
  if (!stop_) return {};
  const auto* report = scene.heard_drive();
  const units::Instant now = scene.now();
  // A report that stands still tells of the past.
  const bool silent = report == nullptr || check_drive_frozen(scene);
  const bool unreleased = unreleased_.held(
      !silent && (load_remains(scene, witnesses.cells_doubted) || pushes_up(scene)), now, Lasting);
  const bool amiss = amiss_.held(silent || -scene.estimate.velocity > FastestLowering, now, Lasting);
  const bool standing = standing_.held(!silent && stands(scene), now, StandsFor);

  // Torque off drops the legs into the brake: only torque that the drive itself reports is worth that. Cells
  // alone may be wrong, and the drive obeys.
  const bool gives = !silent && report->torque_on;
  // The drive's own stop lowers by the same sensor: only the brake needs none.
  const bool misled = lowers_by_a_wrong_angle(scene, witnesses);

  Findings findings;
  findings.stop_unverified = gives && misled;
  if (action < Action::DriveStop) {
    const bool due = now - stop_->began >= ReleaseDeadline;
    findings.release_unverified = due && unreleased;
    findings.lowering_amiss = due && (amiss || standing);
    return findings;
  }
  if (!stop_->drive_stop_began) stop_->drive_stop_began = now;
  const bool straying = straying_.held(gives && witnesses.torque_strays, now, Straying);
  const bool opposing = gives && witnesses.torque_opposes;
  const bool uncontrolled = uncontrolled_.held(gives && machine(scene) > allowed(scene), now, Lasting);
  findings.stop_unverified = findings.stop_unverified || straying || opposing ||
                             (uncontrolled && now - *stop_->drive_stop_began >= StopDeadline);
  return findings;
}

}  // namespace plinth::safety
