// Another prescription: when it is taken, what it may change, and what it leaves of the one before.
#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using rehab::Phase;
using rehab::RefusalCode;
using units::degrees;
using units::milliseconds;
using units::newtons;

rehab::Prescription strength(const std::function<void(rehab::PrescriptionDraft&)>& change = {}) {
  return prescribed(Phase::Strength, [&](auto& draft) {
    draft.sets = 2;
    if (change) change(draft);
  });
}

rehab::Prescription of_somebody_else() {
  rehab::PrescriptionDraft draft = rehab::defaults_of(Phase::Strength);
  draft.load = newtons(40);
  return rehab::Prescription::checked(draft, rehab::typical_person(units::kilograms(50))).value();
}

Station between_sets() {
  Station station;
  station.load(strength());
  station.grant();
  EXPECT_TRUE(station.run_to(Stage::Resting));
  return station;
}

std::optional<RefusalCode> asked(Station& station, const rehab::Prescription& prescription) {
  return station.ask(LoadPrescription{prescription}).answer->refused;
}

TEST(BetweenSets, APrescriptionMayBecomeTighter) {
  Station station = between_sets();
  const auto lighter = strength([](auto& draft) { draft.load = newtons(40); });
  EXPECT_EQ(asked(station, lighter), std::nullopt);
  EXPECT_EQ(station.session.prescription(), lighter);
  EXPECT_EQ(station.guidance.set, 1) << "the session goes on";
  EXPECT_EQ(station.guidance.reps_counted_in_session, 3);
  EXPECT_EQ(station.guidance.stage, Stage::Resting);
  station.grant();
  EXPECT_EQ(station.guidance.set, 2);
  ASSERT_TRUE(station.run_to(Stage::Training));
  EXPECT_EQ(std::get<resistance::ConstantLoad>(station.guidance.law).load, newtons(40));
}

TEST(BetweenSets, APrescriptionMayNotBecomeLooserNotEvenBackToWhatItWas) {
  Station station = between_sets();
  const auto lighter = strength([](auto& draft) { draft.load = newtons(40); });
  EXPECT_EQ(asked(station, strength([](auto& draft) { draft.load = newtons(61); })),
            RefusalCode::NotLooserInSession);
  EXPECT_EQ(station.session.prescription(), strength());
  ASSERT_EQ(asked(station, lighter), std::nullopt);
  EXPECT_EQ(asked(station, strength()), RefusalCode::NotLooserInSession);
  EXPECT_EQ(asked(station, of_somebody_else()), RefusalCode::NotLooserInSession);
  EXPECT_EQ(station.session.prescription(), lighter);
}

TEST(BetweenSets, TheSessionIsDoneWhenThePrescriptionHasNoMoreSets) {
  Station station = between_sets();
  EXPECT_EQ(asked(station, strength([](auto& draft) { draft.sets = 1; })), std::nullopt);
  EXPECT_EQ(station.cycle().stage, Stage::Done);
}

TEST(BetweenSets, AnythingMayBeLoadedOnceTheSessionWasEnded) {
  Station station = between_sets();
  ASSERT_FALSE(station.ask(EndSession{}).answer->refused.has_value());
  EXPECT_EQ(asked(station, of_somebody_else()), std::nullopt);
}

TEST(InASet, NoPrescriptionIsTakenHoweverTight) {
  Station station;
  station.load(strength());
  station.grant();
  const auto lighter = strength([](auto& draft) { draft.load = newtons(40); });
  EXPECT_EQ(asked(station, lighter), RefusalCode::AlreadyRunning);
  station.run_to(Moment::Holding);
  EXPECT_EQ(asked(station, lighter), RefusalCode::AlreadyRunning);
  station.run_to(Stage::Unloading);
  EXPECT_EQ(asked(station, lighter), RefusalCode::AlreadyRunning);
}

TEST(AfterTheLastSet, NoPrescriptionIsTakenBeforeTheLegsAreDownAndTheBrakeIsSeenShut) {
  Station station;
  station.load(prescribed(Phase::Strength));
  station.grant();
  station.run_to(Moment::Holding);
  station.trip(safety::Cause::ComfortStop);
  station.cycle();
  ASSERT_TRUE(station.estimate.drive_report->brake_released);
  EXPECT_EQ(asked(station, of_somebody_else()), RefusalCode::LegsAboveRest);
  EXPECT_EQ(station.session.prescription(), prescribed(Phase::Strength));
  station.run_for(milliseconds(10'000));
  EXPECT_EQ(asked(station, of_somebody_else()), std::nullopt);
}

TEST(ASilentDrive, KeepsThePrescriptionThatIsLoaded) {
  Station station;
  station.load(strength());
  station.verdict.brake = safety::Brake::Unknown;
  const Guidance& guidance =
      station.session.advance(station.estimate, station.verdict,
                              Intent{.id = 1, .body = LoadPrescription{of_somebody_else()}}, station.now);
  EXPECT_EQ(guidance.answer->refused, RefusalCode::DriveNotReady);
}

TEST(ASilentDrive, DoesNotKeepTheFirstPrescriptionAway) {
  Session session;
  safety::Verdict verdict;
  verdict.permission = safety::Permission::Latched;
  const Guidance guidance =
      session.advance({}, verdict, Intent{.id = 1, .body = LoadPrescription{strength()}}, {});
  EXPECT_EQ(guidance.answer->refused, std::nullopt);
  EXPECT_EQ(session.prescription(), strength());
}

TEST(AnotherPerson, FindsNothingOfTheOneBefore) {
  Station station;
  station.rest = degrees(-50);
  station.estimate.angle = station.rest;
  station.verdict.rest_angle = station.rest;
  station.load(prescribed(Phase::Strength));
  station.grant();
  station.run_to(Moment::Holding);
  station.trip(safety::Cause::ComfortStop);
  station.run_for(milliseconds(10'000));
  station.reset();
  station.cycle();
  ASSERT_EQ(station.guidance.last_set_end, rehab::SetEnd::ComfortStop);

  ASSERT_EQ(asked(station, of_somebody_else()), std::nullopt);
  const Guidance& guidance = station.cycle();
  EXPECT_EQ(guidance.stage, Stage::Ready);
  EXPECT_EQ(guidance.set, 0);
  EXPECT_EQ(guidance.score.reps_tried, 0);
  EXPECT_EQ(guidance.reps_counted_in_session, 0);
  EXPECT_FALSE(guidance.last_set_end.has_value());
  EXPECT_EQ(guidance.working, of_somebody_else().range()) << "not cut by where the other's legs hung";
  station.grant();
  EXPECT_EQ(station.guidance.cue, Cue::GetReady) << "nobody stopped this person";
}

}  // namespace
}  // namespace plinth::session
