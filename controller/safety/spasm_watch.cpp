#include "controller/safety/spasm_watch.hpp"

#include <algorithm>
#include <numbers>

#include "controller/safety/checks.hpp"

namespace plinth::safety {
namespace {

using rehab::Moment;
using units::AngularVelocity;
using units::Duration;
using units::milliseconds;

// A spasm of 80 N·m gives legs and arm of a 78 kg person 9 rad/s², 31 °/s in the first 100 ms. A movement
// after the guide gathers π²/2·R/D² at most, 7 °/s in 100 ms for 55° in 2 s; who moves at twice its pace,
// four times that: hurry, which the speed rules stop. Beyond it, and never below 18 °/s, no will moves the
// legs.
constexpr Duration ThrowWindow = milliseconds(100);
constexpr AngularVelocity ThrowLeast = units::degrees_per_second(18);
constexpr double ThrowShare = 4.2;

// Whoever holds or lowers gathers nothing upward, however quick the tempo: legs that come down on something
// and spring back by the cuff rise by less than 8 °/s.
constexpr AngularVelocity ThrowAgainstTheGuide = units::degrees_per_second(22);
constexpr AngularVelocity SpringsBack = units::degrees_per_second(8);

// The arm's inertia of 3.2 kg·m² at 9 rad/s² is 36 N at the cuff, there 40 ms after the muscle.
constexpr Duration KickWindow = milliseconds(60);
constexpr units::Force Kick = units::newtons(20);
constexpr double KickShare = 0.35;

// Who starts a lift with a jerk is hasty, and the rules of speed and force watch them: a kick is told from
// the middle of the movement. At the beginning a hurry gathers 29 °/s within 100 ms, a spasm 33.
constexpr units::Angle BeginningOfALift = units::degrees(5);

// Legs that a load is taken from shoot up as well, and the cuff swings after: the machine let go, no muscle.
constexpr Duration LetGoWindow = milliseconds(200);
constexpr units::Force LetGo = units::newtons(20);

// Clonus: stretch reflexes beat at 4 to 8 Hz; half a beat lasts 62 to 125 ms, and a sample more or less.
// 20 N·m at 6 Hz move legs and arm of 78 kg at 3.4 °/s; a coarse tremor of 5 % at 5 Hz at 2 °/s at most.
constexpr double BeatDegS = 2.8;
// Half a beat and a whole one of 6 Hz: what a speed is beside its mean of before and after leaves of a beat
// of 4 to 8 Hz three quarters and more, and of a movement that anybody wills, at 1 Hz, a fifteenth.
constexpr Duration HalfABeat = milliseconds(80);
constexpr Duration ABeat = milliseconds(160);
// A set-point that beats by itself, at 5 N·m to each side, moves arm and legs of 50 kg at 1.9 °/s: legs that
// are shaken do not shake. What the law makes of a clonus is less.
constexpr units::Torque Shakes = units::newton_metres(5);
constexpr Duration ShortestHalf = milliseconds(55);
constexpr Duration LongestHalf = milliseconds(140);
constexpr int HalfBeats = 6;  // three cycles
constexpr int OneBeat = 2;

bool in_rep(Moment moment) {
  return moment == Moment::Lifting || moment == Moment::Holding || moment == Moment::Lowering;
}

AngularVelocity most_gathered(const Scene& scene) {
  const rehab::Tempo& tempo = scene.limits->prescription.tempo();
  const auto guide = rehab::guide_range(*scene.working);
  const double lift_s = units::in_seconds(std::min(tempo.lift, tempo.lower));
  const double peak_rad_s2 = 0.5 * units::in_radians(guide.high() - guide.low()) *
                             (std::numbers::pi / lift_s) * (std::numbers::pi / lift_s);
  const auto hurried = std::max(
      ThrowLeast, units::radians_per_second(ThrowShare * peak_rad_s2 * units::in_seconds(ThrowWindow)));
  return scene.expectation.moment == Moment::Lifting ? hurried : std::min(hurried, ThrowAgainstTheGuide);
}

}  // namespace

bool SpasmWatch::thrown_up(const Scene& scene, const Recent::Past& now) const {
  const bool begins = scene.expectation.moment == Moment::Lifting &&
                      scene.estimate.angle < scene.working->low() + BeginningOfALift;
  const bool lowers = scene.expectation.moment == Moment::Lowering;
  const AngularVelocity rises = lowers ? SpringsBack : AngularVelocity{};
  if (begins || now.velocity <= rises || let_go(scene, now)) return false;
  const AngularVelocity most = most_gathered(scene);
  const Recent::Past* then = recent_.before(scene.now(), ThrowWindow);
  if (then != nullptr && now.velocity - then->velocity > most) return true;
  // The earlier sign: the legs kick against the arm before it has gathered speed.
  const Recent::Past* before = recent_.before(scene.now(), KickWindow);
  if (before == nullptr || !before->force || !now.force) return false;
  const units::Force more = *now.force - *before->force;
  const units::Force given = now.machine - before->machine;
  return more - given > Kick && now.velocity - before->velocity > KickShare * most;
}

bool SpasmWatch::let_go(const Scene& scene, const Recent::Past& now) const {
  units::Force given = now.machine;
  recent_.look_back(scene.now(), Duration{}, LetGoWindow,
                    [&given](const Recent::Past& past) { given = std::max(given, past.machine); });
  const bool gives_less = given - now.machine > LetGo;
  // Whoever kicks presses on the straps: torque that does not arrive there has gone, whatever is told of it.
  const bool missing = now.force && now.machine - *now.force > LetGo;
  return gives_less || missing;
}

bool SpasmWatch::beats(const Scene& scene, const Recent::Past& now) {
  const Recent::Past* half = recent_.before(scene.now(), HalfABeat);
  const Recent::Past* whole = recent_.before(scene.now(), ABeat);
  if (half == nullptr || whole == nullptr) return false;
  const double swing =
      units::in_degrees_per_second(now.velocity - half->velocity + whole->velocity - half->velocity) / 4.0;
  const units::Torque shaken = (now.told - half->told + whole->told - half->told) / 4.0;
  if (units::magnitude(shaken) > Shakes) half_beats_ = 0;
  const Side side = swing > BeatDegS ? Side::Up : swing < -BeatDegS ? Side::Down : side_;
  if (side_changed_ && scene.now() - *side_changed_ > LongestHalf) half_beats_ = 0;
  if (side != side_) {
    const bool in_time = side_changed_ && scene.now() - *side_changed_ >= ShortestHalf &&
                         scene.now() - *side_changed_ <= LongestHalf;
    half_beats_ = in_time ? std::min(half_beats_ + 1, HalfBeats) : 0;
    side_ = side;
    side_changed_ = scene.now();
  }
  return half_beats_ >= HalfBeats;
}

SpasmWatch::Findings SpasmWatch::watch(const Scene& scene) {
  const bool watched = scene.in_set() && !scene.lowering() && in_rep(scene.expectation.moment) &&
                       !check_drive_stale(scene) && scene.estimate.angle_plausible;
  if (!watched) {
    *this = {};
    return {};
  }
  const Recent::Past now{.velocity = scene.estimate.velocity,
                         .force = scene.estimate.strap,
                         .machine = machine_force(scene.estimate, scene.limits->legs.cuff_radius),
                         .told = units::newton_metres(0.1 * scene.commanded.torque_dnm)};
  const bool spasm = thrown_up(scene, now);
  const bool clonus = beats(scene, now);
  recent_.take(scene.now(), now);
  return {.spasm = spasm, .clonus = clonus, .beating = half_beats_ >= OneBeat};
}

}  // namespace plinth::safety
