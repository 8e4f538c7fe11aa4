#include "simulator/patient.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace plinth::simulator {

namespace {

constexpr double Dt = Patient::ThinkPeriod;
constexpr double Deg = units::RadiansPerDegree;

// Follows the guide about 0.10 ± 0.05 s late.
constexpr double LatenessS = 0.10;
constexpr double LatenessDeviationS = 0.05;
constexpr double EndErrorDeviation = 1.5 * Deg;
constexpr double PaceDeviation = 0.10;
constexpr double LoadMisjudged = 0.05;
constexpr double Stiffness = 200.0;       // N·m/rad about where the person means to be
constexpr double Damping = 70.0;          // N·m·s/rad
constexpr double CatchUpS = 1.0;          // the person's own angle comes back to what they see
constexpr double FeelsLoadAfterS = 0.10;  // with the smoothing below: reacts to a sudden unload after 150 ms
constexpr double FeelSmoothingS = 0.05;
constexpr double LearnsLoadS = 0.8;
constexpr double ArmInertia = 3.2;  // kg·m²: the machine's arm, which practice has taught
constexpr double ActivationLagS = 0.05;
// 3CC-r (Looft, Frey-Law 2018), hip and knee: fatigue and recovery a second, recovery in rest faster.
constexpr double FatigueRate = 0.00755;
constexpr double RecoveryRate = 0.00075;
constexpr double RestFactor = 15.0;

}  // namespace

std::string_view name_of(PatientModel model) {
  constexpr std::array<std::string_view, PatientModelCount> Names{
      "steady", "weak",       "tremor", "hasty",  "asymmetric",
      "sags",   "drops_legs", "spasm",  "leaves", "releases_grips"};
  return Names.at(static_cast<std::size_t>(model));
}

Patient::Wander::Wander(double time_constant_s)
    : keep{std::exp(-Dt / time_constant_s)}, kick{std::sqrt(1.0 - keep * keep)} {}

Patient::Patient(const PatientSetup& setup, std::uint64_t seed, Wrongs& wrongs)
    : wrongs_{&wrongs},
      model_{setup.model},
      event_rep_{setup.event_rep},
      leg_support_{setup.leg_support},
      random_{seed},
      weight_moment_{units::in_newton_metres(legs_of(setup.mass, setup.height).weight_moment)},
      inertia_{legs_of(setup.mass, setup.height).inertia.value()},
      strength_{typical_strength(setup.mass, setup.height,
                                 setup.strength * (setup.model == PatientModel::Weak ? 0.5 : 1.0))},
      // A test with the legs' weight tared leaves a tenth of it and the stiffness of the hip (18 N·m at 0°)
      // to the muscles on top of what it shows.
      full_torque_{units::in_newton_metres(strength_) + 0.1 * weight_moment_ + 18.0},
      lag_gain_{1.0 - std::exp(-MusclePeriod / ActivationLagS)},
      tremor_share_{setup.model == PatientModel::Tremor ? 0.05 : 0.007},
      cuff_radius_{units::in_metres(legs_of(setup.mass, setup.height).cuff_radius)} {
  const double tremor_hz = setup.model == PatientModel::Tremor ? 5.0 : 10.0;
  const double turn = 2.0 * std::numbers::pi * tremor_hz * MusclePeriod;
  tremor_turn_cos_ = std::cos(turn);
  tremor_turn_sin_ = std::sin(turn);
  left_share_ = model_ == PatientModel::Asymmetric ? 0.65 : 0.5 + 0.015 * random_.bell();
  own_left_share_ = left_share_;
}

double Patient::capacity(double angle, double speed) const {
  const double speed_factor = speed > 0.0 ? 1.0 / (1.0 + 0.19 * speed) : 1.05;
  return full_torque_ * strength_shape(angle) * speed_factor * (1.0 - fatigued_) * vigour_;
}

const Patient::Glimpse& Patient::seen(double seconds_ago) const {
  const auto steps = static_cast<std::size_t>(seconds_ago / Dt);
  return memory_[(newest_ + Memory - std::min(steps, Memory - 1)) % Memory];
}

// The machine's share of the legs' weight, as practice has taught it: it comes on over 30° of the range and
// goes off over 10° above it.
double Patient::carried(const GuideView& guide, double angle) const {
  if (leg_support_ <= 0.0 || !guide.moving) return 0.0;
  const double on = std::clamp((angle - units::in_radians(guide.low)) / (30.0 * Deg), 0.0, 1.0);
  const double off = std::clamp((angle - units::in_radians(guide.high)) / (10.0 * Deg), 0.0, 1.0);
  return leg_support_ * std::min(on, 1.0 - off) * weight_moment_ * quick_cosine(angle);
}

void Patient::remember(const GuideView& guide, const Felt& felt) {
  newest_ = (newest_ + 1) % Memory;
  double target = units::in_radians(guide.target);
  double speed = units::in_radians_per_second(guide.target_speed);
  if ((model_ == PatientModel::Hasty || hurried_) &&
      (guide.moment == Moment::Lifting || guide.moment == Moment::Lowering)) {
    // Where the stroke would be at twice the pace: read the time off the raised cosine and double it.
    const bool lifting = guide.moment == Moment::Lifting;
    const double from = units::in_radians(lifting ? guide.low : guide.high);
    const double span = units::in_radians(lifting ? guide.high - guide.low : guide.low - guide.high);
    const double done = std::clamp((target - from) / span, 0.0, 1.0);
    const double turn = std::acos(1.0 - 2.0 * done);  // 0 … π over the stroke
    const double hurried = std::min(2.0 * turn, std::numbers::pi);
    target = from + 0.5 * (1.0 - std::cos(hurried)) * span;
    const double sine = std::sin(turn);
    speed = sine > 1e-6 ? 2.0 * speed * std::sin(hurried) / sine : 0.0;
  }
  memory_[newest_] = {target,
                      speed,
                      was_moving_ ? own_angle_ - felt.leg_angle : 0.0,
                      felt.cuff_torque + carried(guide, felt.leg_angle),
                      guide.moment,
                      guide.moving};
}

void Patient::mind_the_grips(const GuideView& guide) {
  const bool in_the_set = guide.moving;
  bool wants = guide.hold_grips || (grips_held_ && in_the_set);
  if (model_ == PatientModel::ReleasesGrips && event_clock_ >= 0.0) wants = false;
  if (model_ == PatientModel::Leaves && event_clock_ >= 0.0) wants = false;
  if (wants == grips_held_) {
    grip_timer_ = -1.0;
    return;
  }
  // A start is squeezed within 0.5–1 s of being asked; hands open within 0.2–0.5 s.
  if (grip_timer_ < 0.0) grip_timer_ = wants ? random_.uniform(0.5, 1.0) : random_.uniform(0.2, 0.5);
  grip_timer_ -= Dt;
  if (event_clock_ >= 0.0 && !wants) grip_timer_ = 0.0;  // an accident is no decision
  if (grip_timer_ <= 0.0) {
    grips_held_ = wants;
    grip_timer_ = -1.0;
  }
}

// The one thing that sets this patient apart from a steady one.
void Patient::act_out(const GuideView& guide) {
  moment_clock_ = guide.moment == last_moment_ ? moment_clock_ + Dt : 0.0;
  if (guide.moment != last_moment_) {
    last_moment_ = guide.moment;
    if (guide.moment == Moment::Lifting) {
      end_error_high_ = EndErrorDeviation * random_.bell();
      next_misjudgement_ = LoadMisjudged * random_.bell();
    }
    if (guide.moment == Moment::Lowering) end_error_low_ = EndErrorDeviation * random_.bell();
  }
  if (event_clock_ >= 0.0) event_clock_ += Dt;
  const auto begins = [&](Moment moment, double after_s) {
    return event_clock_ < 0.0 && guide.moving && guide.rep >= event_rep_ && guide.moment == moment &&
           moment_clock_ >= after_s;
  };
  switch (model_) {
    case PatientModel::DropsLegs:
      if (begins(Moment::Lowering, 1.0)) event_clock_ = 0.0;
      let_go_ = event_clock_ >= 0.0;
      break;
    case PatientModel::ReleasesGrips:
      if (begins(Moment::Lifting, 0.6)) event_clock_ = 0.0;
      break;
    case PatientModel::Leaves:
      if (begins(Moment::Lowering, 0.5)) event_clock_ = 0.0;
      if (event_clock_ >= 0.0) on_bench_ = std::max(0.0, on_bench_ - Dt / 0.6);
      break;
    case PatientModel::Spasm: {
      if (begins(Moment::Lifting, 0.8)) event_clock_ = 0.0;
      extra_ = spasm(event_clock_);
      break;
    }
    case PatientModel::Sags:
      if (guide.moving && guide.rep >= 2) vigour_ = std::max(0.25, vigour_ - 0.05 * Dt);
      if (!guide.moving) vigour_ = std::min(1.0, vigour_ + 0.01 * Dt);
      break;
    default:
      break;
  }
}

double Patient::spasm(double since_s) {
  constexpr double RiseS = 0.08;
  constexpr double LastsS = 0.4;
  if (since_s >= 0.0 && since_s < LastsS) return 80.0 * std::min(1.0, since_s / RiseS);
  if (since_s >= LastsS && since_s < 2.0 * LastsS) return -60.0 * std::min(1.0, (since_s - LastsS) / RiseS);
  return 0.0;
}

// What a scenario makes happen to this person, whatever their model.
void Patient::suffer(const GuideView& guide, const Felt& felt) {
  using enum FaultKind;
  Wrongs& wrongs = *wrongs_;
  if (!suffers_) speeds_.fill(felt.leg_speed);
  speeds_.at(speed_place_ = (speed_place_ + 1) % speeds_.size()) = felt.leg_speed;
  suffers_ = true;
  if (model_ != PatientModel::Spasm) extra_ = 0.0;
  if (Wrong& leave = wrongs[PatientLeave]) {
    on_bench_ = std::max(0.0, on_bench_ - Dt / 0.6);
    leave.show(on_bench_ < 0.6);
  }
  if (Wrong& release = wrongs[PatientRelease]) {
    // Who lowers as fast as that has not fallen yet: it takes what no lowering gathers in the time.
    constexpr double Falls = 38.0 * Deg;
    constexpr double Gathered = Falls / 3.0;
    if (!let_go_) let_go_speed_ = felt.leg_speed;
    let_go_ = true;
    release.show(felt.leg_speed < -Falls && felt.leg_speed < let_go_speed_ - Gathered);
  }
  if (Wrong& asymmetry = wrongs[PatientAsym]) {
    // Below 60 N a foot's weight and the cells' zero decide how even a load looks.
    constexpr double Enough = 60.0;
    constexpr double Uneven = 0.8;
    constexpr double ForS = 0.5;
    left_share_ = asymmetry.value;
    const bool uneven = felt.cuff_torque >= Enough * cuff_radius_ && left_share_ > Uneven;
    uneven_s_ = uneven ? uneven_s_ + Dt : 0.0;
    asymmetry.show(uneven_s_ >= ForS);
  }
  if (Wrong& sag = wrongs[PatientSag]) {
    constexpr double GoesS = 0.5;
    vigour_ = std::max(sag.value, vigour_ - Dt / GoesS);
    // A hold may end while the legs sink: until the guide takes them on from where they are, they sag.
    constexpr double Depth = 10.0 * Deg;
    constexpr double ForS = 0.3;
    const bool holds = guide.moment == Moment::Holding;
    const bool sinks_on = guide.moment == Moment::Lowering && sags_s_ > 0.0;
    const bool sags = (holds || sinks_on) && felt.leg_angle < units::in_radians(guide.target) - Depth;
    sags_s_ = sags ? sags_s_ + Dt : 0.0;
    sag.show(sags_s_ >= ForS);
  }
  const Wrong& hurry = wrongs[PatientFast];
  hurried_ = hurry.on;
  if (Wrong& cramp = wrongs[PatientSpasm]) {
    extra_ = spasm(wrongs.seconds_of(PatientSpasm));
    double slowest = felt.leg_speed;
    for (std::size_t i = 1; i < TenthOfASecond; ++i) slowest = std::min(slowest, speed_before(i));
    const bool begins =
        guide.moment == Moment::Lifting && felt.leg_angle < units::in_radians(guide.low) + 5.0 * Deg;
    // Nor is what was gathered there a throw a moment later; and against the upper wall, 3° inside the end,
    // the cuff gives and nobody is thrown up.
    beginning_s_ = begins ? 0.1 : std::max(0.0, beginning_s_ - Dt);
    const bool held_by_the_wall = felt.leg_angle > units::in_radians(guide.high) - 4.0 * Deg;
    cramp.show(felt.leg_speed > slowest + 25.0 * Deg && beginning_s_ <= 0.0 && !held_by_the_wall);
  }
  if (Wrong& clonus = wrongs[PatientClonus]) {
    constexpr double Hz = 6.0;
    extra_ += clonus.value * std::sin(2.0 * std::numbers::pi * Hz * wrongs.seconds_of(PatientClonus));
    // Beside the mean of half a beat before and after, which takes out the movement.
    const double swing = 0.25 * (felt.leg_speed - 2.0 * speed_before(Beat / 2) + speed_before(Beat));
    constexpr double Coarse = 3.4 * Deg;
    constexpr double HalfABeatS = 0.1;
    constexpr double ThreeBeatsS = 0.5;
    since_swing_s_ = std::abs(swing) >= Coarse ? 0.0 : since_swing_s_ + Dt;
    swings_s_ = since_swing_s_ < HalfABeatS ? swings_s_ + Dt : 0.0;
    clonus.show(swings_s_ >= ThreeBeatsS);
  }
  if (const Wrong& lift = wrongs[FastLift]) {
    constexpr double LastsS = 0.4;
    // A throw is muscle: nobody has more of it than these legs at this angle can give.
    const double spare = std::max(0.0, capacity(felt.leg_angle, felt.leg_speed) - active_);
    if (wrongs.seconds_of(FastLift) < LastsS) extra_ += std::min(lift.value, spare);
  }
}

double Patient::speed_before(std::size_t steps) const {
  return speeds_.at((speed_place_ + speeds_.size() - steps) % speeds_.size());
}

void Patient::recover() {
  suffers_ = false;
  swings_s_ = 0.0;
  since_swing_s_ = 1.0;
  sags_s_ = 0.0;
  hurried_ = false;
  let_go_ = false;
  extra_ = 0.0;
  left_share_ = own_left_share_;
}

double Patient::intend(const GuideView& guide, const Felt& felt) {
  const double lateness = std::clamp(LatenessS + LatenessDeviationS * lateness_.next(random_), 0.02, 0.25);
  const Glimpse& now_seen = seen(lateness);
  const bool at_work = now_seen.moving && guide.moving && !let_go_ && on_bench_ > 0.99;
  const double pace =
      std::clamp(PaceDeviation * pace_.next(random_), -1.3 * PaceDeviation, 1.3 * PaceDeviation);
  unsteadiness_.next(random_);

  // People learn a steady load over half a second, and notice at once when it goes.
  const double load_now = seen(FeelsLoadAfterS).load;
  const bool unloaded = load_now < 0.6 * felt_load_ - 10.0;
  felt_load_ += (load_now - felt_load_) * (Dt / (unloaded ? FeelSmoothingS : LearnsLoadS));
  // Letting the legs sink takes a person a few tenths of a second; letting them fall takes 60 ms.
  const double will_time = let_go_ ? 0.025 : 0.20;
  will_ += ((at_work ? 1.0 : 0.0) - will_) * (Dt / will_time);
  if (!at_work) {
    was_moving_ = false;
    correction_ = 0.0;
    own_acceleration_ = 0.0;
    last_seen_speed_ = 0.0;
    return wanted_ * (1.0 - Dt / will_time);
  }
  if (!was_moving_) own_angle_ = felt.leg_angle;
  was_moving_ = true;

  const double width = units::in_radians(guide.high - guide.low);
  const double along =
      width > 1e-3 ? std::clamp((now_seen.target - units::in_radians(guide.low)) / width, 0.0, 1.0) : 0.0;
  const double end_error = end_error_low_ + (end_error_high_ - end_error_low_) * along;
  const double own_speed =
      now_seen.speed * (1.0 + pace) + (now_seen.target + end_error - own_angle_) / CatchUpS;
  own_angle_ += Dt * own_speed;
  // The effort to speed up and slow down is learnt with the movement; the pace's unevenness is not.
  own_acceleration_ += ((now_seen.speed - last_seen_speed_) / Dt - own_acceleration_) * (Dt / 0.06);
  last_seen_speed_ = now_seen.speed;
  misjudgement_ += (next_misjudgement_ - misjudgement_) * (Dt / 2.0);

  const double noticed = seen(0.2).moving ? seen(0.2).error : 0.0;
  correction_ = std::clamp(correction_ + Dt * (0.5 * noticed - 0.5 * correction_), -11.0 * Deg, 11.0 * Deg);

  const double expected_load = std::clamp(0.99 * felt_load_, -150.0, 300.0);
  const double feed_forward =
      weight_moment_ * quick_cosine(felt.leg_angle) - passive_.moment_nm(felt.leg_angle) + expected_load -
      carried(guide, felt.leg_angle) + (inertia_ + ArmInertia) * std::clamp(own_acceleration_, -4.0, 4.0);
  const double torque = feed_forward * (1.0 + misjudgement_) +
                        Stiffness * (own_angle_ + correction_ - felt.leg_angle) +
                        Damping * (own_speed - felt.leg_speed);
  const double able = capacity(felt.leg_angle, felt.leg_speed);
  return will_ * std::clamp(torque * (1.0 + 0.02 * unsteadiness_.value), -0.25 * able, able);
}

// Fatigue of the three-compartment model, with the exchange between resting and active muscle taken as
// immediate (the activation lag stands for it): active muscle tires, tired muscle recovers, faster when
// nothing is asked of it.
void Patient::tire(double activation) {
  const double recovery = RecoveryRate * (activation < 0.05 ? RestFactor : 1.0);
  fatigued_ = std::clamp(fatigued_ + Dt * (FatigueRate * activation - recovery * fatigued_), 0.0, 0.95);
}

void Patient::think(const GuideView& guide, const Felt& felt) {
  if (suffers_ && !wrongs_->any()) recover();
  act_out(guide);
  if (wrongs_->any()) suffer(guide, felt);
  remember(guide, felt);
  mind_the_grips(guide);
  wanted_ = intend(guide, felt);
  tire(std::clamp(std::abs(active_) / (full_torque_ * strength_shape(felt.leg_angle)), 0.0, 1.0));
}

double Patient::muscle() {
  active_ += lag_gain_ * (wanted_ - active_);
  if (let_go_) active_ += (wanted_ - active_) * (MusclePeriod / 0.025);
  const double turned = tremor_cos_ * tremor_turn_cos_ - tremor_sin_ * tremor_turn_sin_;
  tremor_sin_ = tremor_sin_ * tremor_turn_cos_ + tremor_cos_ * tremor_turn_sin_;
  tremor_cos_ = turned;
  return active_ * (1.0 + tremor_share_ * tremor_sin_) + extra_;
}

}  // namespace plinth::simulator
