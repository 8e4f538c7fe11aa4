// Both sides of every limit of a prescription: the limit itself is accepted, the next value beyond is refused
// with the right code and field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

#include "drafts.hpp"

namespace plinth::rehab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newtons;

using SetTo = std::function<void(PrescriptionDraft&, double)>;

struct Limit {
  RefusalCode code;
  std::string field;
  SetTo set;
  double low;
  double high;
  double step;  // the smallest difference that must be noticed
};

void expect_both_sides(Phase phase, const Limit& limit) {
  SCOPED_TRACE(std::string{name_of(phase)} + ": " + limit.field);
  const Person person = person_of(78);
  for (const double inside : {limit.low, limit.high}) {
    PrescriptionDraft draft = easy_draft(phase);
    limit.set(draft, inside);
    for (const Refusal& refusal : refusals_of(draft, person))
      ADD_FAILURE() << inside << ": " << in_words(refusal);
  }
  for (const double outside : {limit.low - limit.step, limit.high + limit.step}) {
    PrescriptionDraft draft = easy_draft(phase);
    limit.set(draft, outside);
    const auto refusals = refusals_of(draft, person);
    ASSERT_EQ(refusals.size(), 1U) << outside;
    EXPECT_EQ(refusals.front().code, limit.code) << outside;
    EXPECT_EQ(refusals.front().field, limit.field) << outside;
    EXPECT_FALSE(refusals.front().found.empty());
    EXPECT_FALSE(refusals.front().allowed.empty());
  }
}

units::Duration ms(double value) {
  return milliseconds(static_cast<std::int64_t>(value));
}

TEST(PrescriptionLimits, OfTempoAreTheMachines) {
  for (const Phase phase : AllPhases) {
    // A small, slow-peaked range, so that only the times themselves are in question.
    const auto narrow = [phase](PrescriptionDraft& draft) {
      draft.range_high = draft.range_low + degrees(15);
      draft.lifting_stop_speed = draft.lowering_stop_speed = limits_of(phase).stop_speed.value;
    };
    expect_both_sides(phase, {RefusalCode::TempoLiftOutside, "lift_s",
                              [&](PrescriptionDraft& draft, double value) {
                                narrow(draft);
                                draft.tempo.lift = ms(value);
                              },
                              1000, 10'000, 1});
    expect_both_sides(phase, {RefusalCode::TempoLowerOutside, "lower_s",
                              [&](PrescriptionDraft& draft, double value) {
                                narrow(draft);
                                draft.tempo.lower = ms(value);
                              },
                              1500, 10'000, 1});
    expect_both_sides(
        phase, {RefusalCode::TempoHoldOutside, "hold_s",
                [](PrescriptionDraft& draft, double value) { draft.tempo.hold = ms(value); }, 0, 10'000, 1});
    expect_both_sides(
        phase, {RefusalCode::TempoRestOutside, "rest_s",
                [](PrescriptionDraft& draft, double value) { draft.tempo.rest = ms(value); }, 0, 10'000, 1});
  }
}

TEST(PrescriptionLimits, OfSetsRepsAndRestsAreThePhasesAndTheMachines) {
  for (const Phase phase : AllPhases) {
    const PhaseLimits& limits = limits_of(phase);
    expect_both_sides(
        phase,
        {RefusalCode::SetsOutside, "sets",
         [](PrescriptionDraft& draft, double value) { draft.sets = static_cast<int>(value); },
         static_cast<double>(limits.sets.value.low()), static_cast<double>(limits.sets.value.high()), 1});
    expect_both_sides(
        phase,
        {RefusalCode::RepsOutside, "reps",
         [](PrescriptionDraft& draft, double value) { draft.reps = static_cast<int>(value); },
         static_cast<double>(limits.reps.value.low()), static_cast<double>(limits.reps.value.high()), 1});
    expect_both_sides(
        phase, {RefusalCode::RestOutside, "rest_between_sets_s",
                [](PrescriptionDraft& draft, double value) { draft.rest_between_sets = ms(value); }, 30'000,
                600'000, 1});
  }
}

TEST(PrescriptionLimits, OfTheEccentricRatioAreThePhases) {
  for (const Phase phase : AllPhases) {
    const auto& ratio = limits_of(phase).eccentric_ratio.value;
    expect_both_sides(phase, {RefusalCode::EccentricRatioOutside, "eccentric_ratio",
                              [](PrescriptionDraft& draft, double value) { draft.eccentric_ratio = value; },
                              ratio.low(), ratio.high(), 1e-6});
  }
}

TEST(PrescriptionLimits, OfStopSpeedsAreThePhases) {
  for (const Phase phase : AllPhases) {
    const double stop_deg_s = units::in_degrees_per_second(limits_of(phase).stop_speed.value);
    const auto slow = [](PrescriptionDraft& draft) {  // so that even the lowest stop speed fits the tempo
      draft.range_high = draft.range_low + degrees(15);
      draft.tempo.lift = draft.tempo.lower = milliseconds(10'000);
    };
    expect_both_sides(phase, {RefusalCode::SpeedLimitOutside, "lifting_stop_speed_deg_s",
                              [&](PrescriptionDraft& draft, double value) {
                                slow(draft);
                                draft.lifting_stop_speed = degrees_per_second(value);
                              },
                              5, stop_deg_s, 1e-6});
    expect_both_sides(phase, {RefusalCode::SpeedLimitOutside, "lowering_stop_speed_deg_s",
                              [&](PrescriptionDraft& draft, double value) {
                                slow(draft);
                                draft.lowering_stop_speed = degrees_per_second(value);
                              },
                              5, stop_deg_s, 1e-6});
  }
}

TEST(PrescriptionLimits, OfHoldToleranceAndLegSupportAreTheMachines) {
  for (const Phase phase : AllPhases) {
    expect_both_sides(
        phase,
        {RefusalCode::HoldToleranceOutside, "hold_tolerance_deg",
         [](PrescriptionDraft& draft, double value) { draft.hold_tolerance = degrees(value); }, 2, 8, 1e-6});
    expect_both_sides(
        phase, {RefusalCode::LegSupportOutside, "leg_support",
                [](PrescriptionDraft& draft, double value) { draft.leg_support = value; }, 0, 0.9, 1e-6});
  }
}

TEST(PrescriptionLimits, OfTheRangeAreThePhases) {
  for (const Phase phase : AllPhases) {
    const auto& range = limits_of(phase).range.value;
    PrescriptionDraft draft = easy_draft(phase);
    draft.tempo.lift = draft.tempo.lower = milliseconds(10'000);
    draft.range_low = range.low();
    draft.range_high = range.high();
    EXPECT_TRUE(codes_of(draft, person_of(78)).empty());
    draft.range_low = range.low() - degrees(1e-6);
    EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::RangeOutsidePhase));
    draft.range_low = range.low();
    draft.range_high = range.high() + degrees(1e-6);
    EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::RangeOutsidePhase));
  }
}

TEST(PrescriptionLimits, OfTheRangeAreTheMachinesToo) {
  PrescriptionDraft draft = easy_draft(Phase::Maintenance);
  draft.range_low = degrees(-90.001);
  EXPECT_THAT(codes_of(draft, person_of(78)),
              ElementsAre(RefusalCode::RangeOutsidePhase, RefusalCode::RangeOutsideMachine));
  draft.range_low = degrees(-90);
  EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::RangeOutsidePhase));
}

TEST(PrescriptionLimits, OfTheRangesWidthIsTheMachines) {
  PrescriptionDraft draft = easy_draft(Phase::Strength);
  draft.range_high = draft.range_low + degrees(15.000001);
  EXPECT_TRUE(codes_of(draft, person_of(78)).empty());
  draft.range_high = draft.range_low + degrees(14.999);
  EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::RangeTooNarrow));
  draft.range_high = draft.range_low;
  EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::RangeTooNarrow));
  draft.range_high = draft.range_low - degrees(0.001);
  EXPECT_THAT(codes_of(draft, person_of(78)), Contains(RefusalCode::RangeInverted));
}

TEST(PrescriptionLimits, OfTheLoadAreAShareOfBodyWeight) {
  for (const auto& [phase, ceiling_n] :
       {std::pair{Phase::Foundation, 0.10 * 78 * 9.80665}, std::pair{Phase::Strength, 0.30 * 78 * 9.80665}}) {
    PrescriptionDraft draft = easy_draft(phase);
    draft.load = newtons(ceiling_n - 0.01);
    EXPECT_TRUE(codes_of(draft, person_of(78)).empty());
    draft.load = newtons(ceiling_n + 0.01);
    EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::LoadAbovePhase));
  }
}

TEST(PrescriptionLimits, OfTheLoadAreWhatTheDriveCanGiveForLong) {
  PrescriptionDraft draft = easy_draft(Phase::Maintenance);
  const double ceiling_n = 225.0 / (0.45 * 1.75);  // 285.7 N at 78 kg, less than the 400 N at the strap
  draft.load = newtons(ceiling_n - 0.01);
  EXPECT_TRUE(codes_of(draft, person_of(78)).empty());
  draft.load = newtons(ceiling_n + 0.01);
  EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::LoadAboveMachine));

  Person short_and_heavy = person_of(120);
  short_and_heavy.height = units::metres(1.30);
  EXPECT_TRUE([&] {
    draft.load = newtons(225.0 / (0.45 * 1.30) - 0.01);
    return codes_of(draft, short_and_heavy).empty();
  }());
}

TEST(PrescriptionLimits, OfTheLoadAreFourFifthsOfATestedStrength) {
  PrescriptionDraft draft = easy_draft(Phase::Maintenance);
  const double ceiling_n = 0.8 * 160 / (0.45 * 1.75);
  draft.load = newtons(ceiling_n - 0.01);
  EXPECT_TRUE(codes_of(draft, person_of(78, 160)).empty());
  draft.load = newtons(ceiling_n + 0.01);
  EXPECT_THAT(codes_of(draft, person_of(78, 160)), ElementsAre(RefusalCode::LoadAboveStrength));
}

TEST(PrescriptionLimits, OfTheLoadHoldForTheHeavierDirection) {
  PrescriptionDraft draft = easy_draft(Phase::Maintenance);
  draft.eccentric_ratio = 1.1;
  const double ceiling_n = 0.8 * 160 / (0.45 * 1.75) / 1.1;
  draft.load = newtons(ceiling_n - 0.01);
  EXPECT_TRUE(codes_of(draft, person_of(78, 160)).empty());
  draft.load = newtons(ceiling_n + 0.01);
  EXPECT_THAT(codes_of(draft, person_of(78, 160)), ElementsAre(RefusalCode::LoadAboveStrength));
}

TEST(PrescriptionLimits, OfTheLoadBeginAtNothing) {
  PrescriptionDraft draft = easy_draft(Phase::Strength);
  draft.load = newtons(-0.0);
  EXPECT_TRUE(codes_of(draft, person_of(78)).empty());
  draft.load = newtons(-std::numeric_limits<double>::denorm_min());
  EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::LoadNegative));
}

TEST(PrescriptionLimits, OfTheSessionAreThePhases) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.sets = 3;
  draft.reps = 20;  // 3 × (3 + 20 × 7 s) + 2 × rest = 429 s + 2 × rest
  draft.rest_between_sets = milliseconds(145'500);
  EXPECT_TRUE(codes_of(draft, person_of(78)).empty());
  EXPECT_DOUBLE_EQ(units::in_seconds(session_length(draft)), 720.0);
  draft.rest_between_sets += milliseconds(1);
  EXPECT_THAT(codes_of(draft, person_of(78)), ElementsAre(RefusalCode::SessionTooLong));
}

TEST(PrescriptionLimits, OfThePersonAreWhatTheStationIsBuiltFor) {
  const PrescriptionDraft draft = easy_draft(Phase::Strength);
  Person person = person_of(78);
  const auto refused = [&](const std::string& field) {
    const auto refusals = refusals_of(draft, person);
    return refusals.size() == 1 && refusals.front().code == RefusalCode::PersonOutside &&
           refusals.front().field == field;
  };
  person.mass = units::kilograms(29.9);
  EXPECT_TRUE(refused("person.mass_kg"));
  person.mass = units::kilograms(150.1);
  EXPECT_TRUE(refused("person.mass_kg"));
  person = person_of(78);
  person.height = units::metres(1.29);
  EXPECT_TRUE(refused("person.height_m"));
  person.height = units::metres(2.11);
  EXPECT_TRUE(refused("person.height_m"));
  person = person_of(78, 4.9);
  EXPECT_TRUE(refused("person.strength_nm"));
  person = person_of(78, 801);
  EXPECT_TRUE(refused("person.strength_nm"));
}

}  // namespace
}  // namespace plinth::rehab
