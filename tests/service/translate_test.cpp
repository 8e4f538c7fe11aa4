#include "controller/service/translate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/service/fake_control.hpp"

namespace plinth::service {
namespace {

using testing::HasSubstr;

constexpr double Infinite = std::numeric_limits<double>::infinity();
constexpr double NotANumber = std::numeric_limits<double>::quiet_NaN();

v1::Prescription smallest_message() {
  v1::Prescription message;
  message.set_phase(v1::PHASE_STRENGTH);
  message.mutable_person()->set_mass_kg(78);
  return message;
}

std::vector<std::string> fields_of(const std::vector<rehab::Refusal>& refusals) {
  std::vector<std::string> fields;
  for (const auto& refusal : refusals) fields.push_back(refusal.field);
  return fields;
}

TEST(APrescriptionMessage, WithPhaseAndMassAloneTakesThePhasesDefaults) {
  const auto prescription = prescription_of(smallest_message());
  ASSERT_TRUE(prescription);
  EXPECT_EQ(prescription->draft(), rehab::defaults_of(rehab::Phase::Strength));
  EXPECT_EQ(prescription->person(), rehab::typical_person(units::kilograms(78)));
}

TEST(APrescriptionMessage, OfAPrescriptionGivesThatPrescriptionBack) {
  const auto original = a_prescription(112.5);
  const auto back = prescription_of(message_of(original));
  ASSERT_TRUE(back);
  EXPECT_EQ(message_of(*back).SerializeAsString(), message_of(original).SerializeAsString());
}

TEST(APrescriptionMessage, WithoutPhaseAndPersonIsToldBoth) {
  const auto refused = prescription_of(v1::Prescription{});
  ASSERT_FALSE(refused);
  EXPECT_THAT(fields_of(refused.error()), testing::ElementsAre("phase", "person"));
  EXPECT_EQ(refused.error()[0].code, rehab::RefusalCode::FieldMissing);
}

TEST(APrescriptionMessage, OfAnUnknownPhaseOrExerciseIsToldTheKnownOnes) {
  v1::Prescription message = smallest_message();
  message.set_phase(static_cast<v1::Phase>(9));
  message.set_exercise(static_cast<v1::Exercise>(7));
  const auto refused = prescription_of(message);
  ASSERT_FALSE(refused);
  ASSERT_THAT(fields_of(refused.error()), testing::ElementsAre("exercise", "phase"));
  EXPECT_EQ(refused.error()[1].code, rehab::RefusalCode::UnknownName);
  EXPECT_THAT(refused.error()[1].allowed, HasSubstr("foundation"));
}

TEST(APrescriptionMessage, IsToldEveryNumberThatIsNoneAndEveryValueOutsideAtOnce) {
  v1::Prescription message = smallest_message();
  message.set_load_n(NotANumber);
  message.set_lift_s(Infinite);
  message.set_reps(1'000'000'000);
  message.set_range_low_deg(-170);
  const auto refused = prescription_of(message);
  ASSERT_FALSE(refused);
  EXPECT_THAT(fields_of(refused.error()),
              testing::IsSupersetOf({"load_n", "lift_s", "reps", "range_low_deg"}));
}

TEST(APrescriptionMessage, SurvivesEveryExtremeInEveryNumber) {
  const auto* descriptor = v1::Prescription::descriptor();
  const auto* reflection = v1::Prescription::GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_DOUBLE) continue;
    for (const double value : {NotANumber, Infinite, -Infinite, 1e308, -1e308}) {
      v1::Prescription message = smallest_message();
      reflection->SetDouble(&message, field, value);
      const auto refused = prescription_of(message);
      ASSERT_FALSE(refused) << field->name() << " = " << value;
      const auto fields = fields_of(refused.error());
      EXPECT_NE(std::find(fields.begin(), fields.end(), field->name()), fields.end())
          << field->name() << " = " << value << " was refused for " << fields.front();
    }
  }
}

TEST(APrescriptionMessage, WithAMassOfNothingIsToldTheAcceptedMassesAndNothingElse) {
  v1::Prescription message = smallest_message();
  message.mutable_person()->set_mass_kg(0);
  message.set_load_n(0);
  const auto refused = prescription_of(message);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().front().field, "person.mass_kg");
}

TEST(TheDefaultsOfAPhase, AreAcceptedWhenTheyComeBackFromTheForm) {
  for (const rehab::Phase phase : rehab::AllPhases) {
    const v1::PhaseDefaults told = message_of(rehab::limits_of(phase));
    v1::Prescription filled_in = told.defaults();
    filled_in.mutable_person()->set_mass_kg(78);
    filled_in.mutable_person()->set_height_m(1.75);
    EXPECT_TRUE(prescription_of(filled_in)) << rehab::name_of(phase);
    // The ends of the window are themselves allowed.
    filled_in.set_range_low_deg(told.range_deg().low());
    filled_in.set_range_high_deg(told.range_deg().high());
    EXPECT_TRUE(prescription_of(filled_in)) << rehab::name_of(phase);
  }
}

TEST(TheMachinesCeiling, IsWithinReason) {
  const v1::MachineCeiling machine = message_of(rehab::machine_limits());
  EXPECT_LT(machine.range_deg().low(), machine.range_deg().high());
  EXPECT_GT(machine.load_n(), 0);
  EXPECT_GT(machine.shortest_lift_s(), 0);
  EXPECT_GE(machine.hold_s().high(), machine.hold_s().low());
}

TEST(ARefusal, CarriesCodeWhyAllowedNextStepAndField) {
  const v1::Refused refused =
      message_of(rehab::Refusal{rehab::RefusalCode::LoadAbovePhase, "load_n", "400 N", "0 to 229 N"});
  EXPECT_EQ(refused.code(), "load_above_phase");
  EXPECT_THAT(refused.why(), HasSubstr("400 N"));
  EXPECT_EQ(refused.allowed(), "0 to 229 N");
  EXPECT_FALSE(refused.next_step().empty());
  EXPECT_EQ(refused.field(), "load_n");
  EXPECT_EQ(refused.details_size(), 0);
}

TEST(ARefusal, OfSeveralValuesHoldsThemAllAndLeadsWithTheFirst) {
  const v1::Refused refused =
      message_of(std::vector<rehab::Refusal>{{rehab::RefusalCode::RangeInverted, "range_low_deg", "", ""},
                                             {rehab::RefusalCode::RepsOutside, "reps", "0", "1 to 20"}});
  EXPECT_EQ(refused.code(), "range_inverted");
  ASSERT_EQ(refused.details_size(), 2);
  EXPECT_EQ(refused.details(1).code(), "reps_outside");
}

TEST(ARefusal, OfEveryCodeHasWordsForPeople) {
  for (const rehab::RefusalText& text : rehab::refusal_catalogue()) {
    const v1::Refused refused = message_of(text.code);
    EXPECT_FALSE(refused.code().empty());
    EXPECT_FALSE(refused.why().empty()) << refused.code();
    EXPECT_FALSE(refused.next_step().empty()) << refused.code();
  }
}

TEST(ARefusal, BecauseOfALatchedStopNamesTheStopAndItsWayOut) {
  cycle::Snapshot snapshot;
  snapshot.verdict.first_cause = safety::Cause::ComfortStop;
  snapshot.verdict.cause = safety::Cause::ComfortStop;
  const v1::Refused refused = message_of(rehab::RefusalCode::Latched, snapshot);
  const safety::Rule& rule = safety::rule_of(safety::Cause::ComfortStop);
  EXPECT_THAT(refused.why(), HasSubstr(std::string{rule.physio}));
  EXPECT_EQ(refused.next_step(), rule.next_step);
}

TEST(Telemetry, OfAnEmptySnapshotClaimsNothing) {
  const v1::Telemetry telemetry = telemetry_of({}, {}, std::nullopt);
  EXPECT_FALSE(telemetry.arm().has_angle_deg());
  EXPECT_FALSE(telemetry.load().has_measured_n());
  EXPECT_FALSE(telemetry.load().has_limit_n());
  EXPECT_FALSE(telemetry.body().present());
  EXPECT_EQ(telemetry.session().stage(), v1::STAGE_NO_PRESCRIPTION);
  EXPECT_EQ(telemetry.safety().permission(), v1::PERMISSION_LATCHED);
  EXPECT_FALSE(telemetry.safety().released());
  EXPECT_FALSE(telemetry.units().drive().connected());
  EXPECT_FALSE(telemetry.units().drive().has_age_ms());
}

cycle::Snapshot lifting_snapshot() {
  cycle::Snapshot snapshot;
  snapshot.cycle = 1234;
  snapshot.at = units::Instant{units::milliseconds(12'340)};
  snapshot.estimate.drive = {.ever_seen = true, .fresh = true, .age = units::milliseconds(4)};
  snapshot.estimate.angle = units::degrees(-30);
  snapshot.estimate.velocity = units::degrees_per_second(21);
  snapshot.estimate.angle_plausible = true;
  snapshot.load_set = units::newtons(120);
  snapshot.load_applied = units::newtons(118);
  snapshot.load_measured = units::newtons(121.5);
  snapshot.guidance.stage = session::Stage::Training;
  snapshot.guidance.expectation.moment = rehab::Moment::Lifting;
  snapshot.guidance.expectation.target = units::degrees(-29);
  snapshot.guidance.set = 1;
  snapshot.guidance.rep = 3;
  snapshot.guidance.last_set_end = rehab::SetEnd::Tempo;
  return snapshot;
}

TEST(Telemetry, TellsWhatTheCycleSawInTheUnitsOfItsNames) {
  const v1::Telemetry telemetry =
      telemetry_of(lifting_snapshot(), {.period = units::milliseconds(10)}, units::newtons(170));
  EXPECT_EQ(telemetry.cycle(), 1234U);
  EXPECT_EQ(telemetry.at_ms(), 12'340U);
  EXPECT_NEAR(telemetry.arm().angle_deg(), -30, 1e-9);
  EXPECT_NEAR(telemetry.arm().velocity_deg_s(), 21, 1e-9);
  EXPECT_DOUBLE_EQ(telemetry.load().set_n(), 120);
  EXPECT_DOUBLE_EQ(telemetry.load().applied_n(), 118);
  EXPECT_DOUBLE_EQ(telemetry.load().measured_n(), 121.5);
  EXPECT_DOUBLE_EQ(telemetry.load().limit_n(), 170);
  EXPECT_EQ(telemetry.session().stage(), v1::STAGE_TRAINING);
  EXPECT_EQ(telemetry.session().moment(), v1::MOMENT_LIFTING);
  EXPECT_NEAR(telemetry.session().target_deg(), -29, 1e-9);
  EXPECT_EQ(telemetry.session().last_set_end(), "tempo");
  EXPECT_DOUBLE_EQ(telemetry.loop().period_ms(), 10);
}

TEST(Telemetry, SaysThatTheBrakeHoldsTheLegsUpOnlyWhenTheDriveSaysSo) {
  const auto shown = [](const cycle::Snapshot& of) { return telemetry_of(of, {}, std::nullopt); };
  cycle::Snapshot snapshot;
  snapshot.estimate.angle = units::degrees(-30);
  snapshot.estimate.angle_plausible = true;
  EXPECT_FALSE(shown(snapshot).safety().has_held_up()) << "a drive that is not heard";
  snapshot.estimate.drive.ever_seen = true;
  snapshot.estimate.drive_report = sensing::DriveReport{};
  snapshot.estimate.drive_report->brake_released = false;
  EXPECT_TRUE(shown(snapshot).safety().held_up());
  snapshot.estimate.drive_report->brake_released = true;
  EXPECT_FALSE(shown(snapshot).safety().held_up()) << "being lowered";
  snapshot.estimate.drive_report->brake_released = false;
  snapshot.verdict.rest_angle = units::degrees(-34);
  EXPECT_FALSE(shown(snapshot).safety().held_up()) << "where these legs hang";
  snapshot.estimate.drive.age = units::milliseconds(500);
  EXPECT_FALSE(shown(snapshot).safety().has_held_up()) << "what was heard is old";
}

TEST(Telemetry, LeavesOutAnAngleThatIsStaleOrCannotBe) {
  cycle::Snapshot stale = lifting_snapshot();
  stale.estimate.drive.age = units::milliseconds(401);
  EXPECT_FALSE(telemetry_of(stale, {}, std::nullopt).arm().has_angle_deg());
  EXPECT_FALSE(telemetry_of(stale, {}, std::nullopt).units().drive().connected());
  cycle::Snapshot jumped = lifting_snapshot();
  jumped.estimate.angle_plausible = false;
  EXPECT_FALSE(telemetry_of(jumped, {}, std::nullopt).arm().has_angle_deg());
}

TEST(Telemetry, NeverHoldsANumberThatIsNone) {
  cycle::Snapshot snapshot = lifting_snapshot();
  snapshot.estimate.angle = units::degrees(NotANumber);
  snapshot.load_applied = units::newtons(Infinite);
  snapshot.load_measured = units::newtons(NotANumber);
  snapshot.guidance.score.in_tube = NotANumber;
  const v1::Telemetry telemetry = telemetry_of(snapshot, {}, std::nullopt);
  EXPECT_FALSE(telemetry.arm().has_angle_deg());
  EXPECT_EQ(telemetry.load().applied_n(), 0.0);
  EXPECT_FALSE(telemetry.load().has_measured_n());
  EXPECT_EQ(telemetry.session().in_tube(), 0.0);
}

}  // namespace
}  // namespace plinth::service
