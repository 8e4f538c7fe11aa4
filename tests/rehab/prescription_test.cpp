#include "controller/rehab/prescription.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "drafts.hpp"

namespace plinth::rehab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newtons;

constexpr double NotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double Infinite = std::numeric_limits<double>::infinity();

Refusal only_refusal(const PrescriptionDraft& draft, const Person& person) {
  const auto refusals = refusals_of(draft, person);
  EXPECT_EQ(refusals.size(), 1U);
  return refusals.empty() ? Refusal{RefusalCode::Malformed, "", "", ""} : refusals.front();
}

TEST(Prescription, KeepsWhatWasPrescribedAndForWhom) {
  const PrescriptionDraft draft = defaults_of(Phase::Integrated);
  const Person person = person_of(78, 160);
  const auto prescription = Prescription::checked(draft, person);
  ASSERT_TRUE(prescription.has_value());
  EXPECT_EQ(prescription->draft(), draft);
  EXPECT_EQ(prescription->person(), person);
  EXPECT_EQ(prescription->range(), (units::Interval<units::Angle>{degrees(-75), degrees(0)}));
}

TEST(Prescription, TellsEveryViolationAtOnceInTheOrderOfTheFields) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.range_low = degrees(-100);
  draft.range_high = degrees(20);
  draft.load = newtons(900);
  draft.eccentric_ratio = 3;
  draft.tempo = {.lift = milliseconds(0),
                 .hold = milliseconds(-1),
                 .lower = milliseconds(100),
                 .rest = milliseconds(60'000)};
  draft.hold_tolerance = degrees(0);
  draft.lifting_stop_speed = degrees_per_second(0);
  draft.lowering_stop_speed = degrees_per_second(200);
  draft.sets = 0;
  draft.reps = 1'000'000'000;
  draft.rest_between_sets = milliseconds(0);
  draft.leg_support = 1;
  Person person = person_of(78, 160);
  person.height = units::metres(1.0);

  EXPECT_THAT(codes_of(draft, person),
              ElementsAre(RefusalCode::RangeOutsidePhase, RefusalCode::RangeOutsideMachine,
                          RefusalCode::RangeOutsidePhase, RefusalCode::RangeOutsideMachine,
                          RefusalCode::LoadAboveMachine, RefusalCode::EccentricRatioOutside,
                          RefusalCode::TempoLiftOutside, RefusalCode::TempoHoldOutside,
                          RefusalCode::TempoLowerOutside, RefusalCode::TempoTooFastForRange,
                          RefusalCode::TempoRestOutside, RefusalCode::HoldToleranceOutside,
                          RefusalCode::SpeedLimitOutside, RefusalCode::SpeedLimitOutside,
                          RefusalCode::SetsOutside, RefusalCode::RepsOutside, RefusalCode::RestOutside,
                          RefusalCode::LegSupportOutside, RefusalCode::PersonOutside));
}

TEST(Prescription, TellsOfALoadAboveEveryCeilingItBreaks) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.load = newtons(401);
  EXPECT_THAT(codes_of(draft, person_of(78, 160)),
              ElementsAre(RefusalCode::LoadAbovePhase, RefusalCode::LoadAboveMachine,
                          RefusalCode::LoadAboveStrength));
  for (const Refusal& refusal : refusals_of(draft, person_of(78, 160))) {
    EXPECT_EQ(refusal.allowed, "0 to 162.5 N, that is up to 16.5 kg")
        << "the tightest ceiling, whichever broke";
  }
}

TEST(Prescription, RefusesWhatIsNotANumberInAnyField) {
  struct Case {
    const char* field;
    void (*spoil)(PrescriptionDraft&, Person&, double);
  };
  const Case cases[] = {
      {"range_low_deg", [](PrescriptionDraft& d, Person&, double v) { d.range_low = degrees(v); }},
      {"range_high_deg", [](PrescriptionDraft& d, Person&, double v) { d.range_high = degrees(v); }},
      {"load_n", [](PrescriptionDraft& d, Person&, double v) { d.load = newtons(v); }},
      {"eccentric_ratio", [](PrescriptionDraft& d, Person&, double v) { d.eccentric_ratio = v; }},
      {"hold_tolerance_deg", [](PrescriptionDraft& d, Person&, double v) { d.hold_tolerance = degrees(v); }},
      {"lifting_stop_speed_deg_s",
       [](PrescriptionDraft& d, Person&, double v) { d.lifting_stop_speed = degrees_per_second(v); }},
      {"lowering_stop_speed_deg_s",
       [](PrescriptionDraft& d, Person&, double v) { d.lowering_stop_speed = degrees_per_second(v); }},
      {"leg_support", [](PrescriptionDraft& d, Person&, double v) { d.leg_support = v; }},
      {"person.mass_kg", [](PrescriptionDraft&, Person& p, double v) { p.mass = units::kilograms(v); }},
      {"person.height_m", [](PrescriptionDraft&, Person& p, double v) { p.height = units::metres(v); }},
      {"person.strength_nm",
       [](PrescriptionDraft&, Person& p, double v) { p.strength = units::newton_metres(v); }},
  };
  for (const Case& c : cases) {
    for (const double value : {NotANumber, -NotANumber, Infinite, -Infinite}) {
      PrescriptionDraft draft = easy_draft(Phase::Strength);
      Person person = person_of(78);
      c.spoil(draft, person, value);
      const Refusal refusal = only_refusal(draft, person);
      EXPECT_EQ(refusal.code, RefusalCode::NotANumber) << c.field << " " << value;
      EXPECT_EQ(refusal.field, c.field);
      EXPECT_FALSE(refusal.allowed.empty()) << c.field;
    }
  }
}

TEST(Prescription, SaysWhatTempoWouldFitTheRange) {
  PrescriptionDraft draft = defaults_of(Phase::Maintenance);
  draft.tempo.lift = milliseconds(1200);  // 77° in 1.2 s: 100.8 °/s, more than 70 % of 105 °/s
  const Refusal refusal = only_refusal(draft, person_of(78));
  EXPECT_EQ(refusal.code, RefusalCode::TempoTooFastForRange);
  EXPECT_EQ(refusal.field, "lift_s");
  EXPECT_EQ(refusal.found, "1.2 s, with a peak of 100.8 °/s");
  EXPECT_EQ(refusal.allowed, "1.7 s or more");

  draft.tempo.lift = milliseconds(1700);
  EXPECT_TRUE(Prescription::checked(draft, person_of(78)).has_value()) << "what it said is accepted";
}

TEST(Prescription, ComparesTheTempoWithItsOwnStopSpeedInEachDirection) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.lowering_stop_speed = degrees_per_second(20);  // 47° in 4 s peak at 18.5 °/s
  const Refusal refusal = only_refusal(draft, person_of(78));
  EXPECT_EQ(refusal.code, RefusalCode::TempoTooFastForRange);
  EXPECT_EQ(refusal.field, "lower_s");
  EXPECT_EQ(refusal.allowed, "5.3 s or more, or lowering_stop_speed_deg_s 26.4 °/s or more");

  PrescriptionDraft slower = draft;
  slower.tempo.lower = milliseconds(5300);
  EXPECT_TRUE(Prescription::checked(slower, person_of(78)).has_value());
  PrescriptionDraft faster = draft;
  faster.lowering_stop_speed = degrees_per_second(26.4);
  EXPECT_TRUE(Prescription::checked(faster, person_of(78)).has_value());
}

TEST(Prescription, RecognisesTheOtherUnitWhenTheRatioIsTelling) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.range_low = degrees(-1.0);  // -57.3° and -17.2° in radians
  draft.range_high = degrees(-0.3);
  EXPECT_THAT(refusals_of(draft, person_of(78)).front().found, HasSubstr("if radians: -57.3 °"));

  draft = defaults_of(Phase::Strength);
  draft.tempo.hold = milliseconds(2'000'000);
  EXPECT_EQ(refusals_of(draft, person_of(78)).front().found, "2000 s (if milliseconds: 2 s)");

  draft = defaults_of(Phase::Strength);
  draft.eccentric_ratio = 80;
  EXPECT_EQ(only_refusal(draft, person_of(78)).found, "80 (if per cent: 0.8)");

  draft = defaults_of(Phase::Strength);
  draft.lifting_stop_speed = degrees_per_second(1.2);
  EXPECT_EQ(only_refusal(draft, person_of(78)).found, "1.2 °/s (if radians a second: 68.75 °/s)");

  Person in_newtons = person_of(78);
  in_newtons.mass = units::kilograms(765);
  EXPECT_EQ(only_refusal(defaults_of(Phase::Foundation), in_newtons).found, "765 kg (if newtons: 78.01 kg)");

  Person in_centimetres = person_of(78);
  in_centimetres.height = units::metres(175);
  EXPECT_EQ(only_refusal(defaults_of(Phase::Foundation), in_centimetres).found,
            "175 m (if centimetres: 1.75 m)");
}

TEST(Prescription, ShowsLoadsInKilogramsBesideNewtons) {
  PrescriptionDraft draft = defaults_of(Phase::Foundation);
  draft.load = newtons(200);
  EXPECT_EQ(only_refusal(draft, person_of(78)).found, "200 N (20.4 kg)");
}

TEST(Prescription, KnowsNoPhaseOrExerciseWithoutAName) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.phase = static_cast<Phase>(7);
  const Refusal refusal = only_refusal(draft, person_of(78));
  EXPECT_EQ(refusal.code, RefusalCode::UnknownName);
  EXPECT_EQ(refusal.field, "phase");
  EXPECT_EQ(refusal.allowed, "foundation, strength, integrated, maintenance");

  draft = defaults_of(Phase::Strength);
  draft.exercise = static_cast<Exercise>(7);
  EXPECT_EQ(only_refusal(draft, person_of(78)).field, "exercise");
}

TEST(Prescription, AcceptsAgainWhatItToldInDegrees) {
  for (const Phase phase : AllPhases) {
    const auto told = Prescription::checked(defaults_of(phase), person_of(78));
    ASSERT_TRUE(told.has_value());
    PrescriptionDraft back = told->draft();
    for (int trip = 0; trip < 5; ++trip) {
      back.range_low = degrees(units::in_degrees(back.range_low));
      back.range_high = degrees(units::in_degrees(back.range_high));
      back.hold_tolerance = degrees(units::in_degrees(back.hold_tolerance));
      back.lifting_stop_speed = degrees_per_second(units::in_degrees_per_second(back.lifting_stop_speed));
      back.lowering_stop_speed = degrees_per_second(units::in_degrees_per_second(back.lowering_stop_speed));
    }
    const auto again = Prescription::checked(back, person_of(78));
    ASSERT_TRUE(again.has_value()) << name_of(phase);
    EXPECT_TRUE(limits_of(phase).range.value.contains(again->range()));
  }
}

}  // namespace
}  // namespace plinth::rehab
