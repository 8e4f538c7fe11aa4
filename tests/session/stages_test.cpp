// From count-in to the closed brake, and every way out of a set.
#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using rehab::Phase;
using rehab::SetEnd;
using resistance::ConstantLoad;
using resistance::Lower;
using resistance::Off;
using units::degrees;
using units::milliseconds;

Station loaded(int sets = 1) {
  Station station;
  station.load(prescribed(Phase::Strength, [sets](auto& draft) { draft.sets = sets; }));
  return station;
}

TEST(CountIn, TakesThreeSecondsAndBringsTheLoadInTheLastHalfOfThem) {
  Station station = loaded();
  station.grant();
  const units::Instant began = station.now;
  double before = 0.0;
  station.run_until([&](const Guidance& g) {
    if (g.stage != Stage::CountIn) return true;
    const double ramp = std::get<ConstantLoad>(g.law).ramp;
    if (station.now - began <= milliseconds(1500)) {
      EXPECT_EQ(ramp, 0.0);
    }
    EXPECT_GE(ramp, before);
    EXPECT_LE(ramp - before, 0.01);
    EXPECT_EQ(g.cue, Cue::GetReady);
    EXPECT_EQ(g.expectation.moment, Moment::RampIn);
    EXPECT_EQ(g.expectation.target, station.rest);
    EXPECT_FALSE(g.expectation.working.has_value());
    before = ramp;
    return false;
  });
  EXPECT_EQ(station.now - began, milliseconds(3000));
  EXPECT_EQ(station.guidance.stage, Stage::Training);
  EXPECT_EQ(std::get<ConstantLoad>(station.guidance.law).ramp, 1.0);
}

TEST(CountIn, EndsAsAFaultWhenTheBrakeStaysClosed) {
  Station station = loaded();
  station.brake_works = false;
  station.grant();
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Fault);
  EXPECT_EQ(station.now.time_since_epoch() / milliseconds(1000), 5);
}

TEST(Start, NeedsAPrescription) {
  Station station;
  station.cycle();
  EXPECT_EQ(station.guidance.stage, Stage::NoPrescription);
  EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law));
}

TEST(Start, WaitsForBothGripsWhileArmed) {
  Station station = loaded();
  EXPECT_EQ(station.cycle().stage, Stage::Ready);
  station.verdict.permission = safety::Permission::Armed;
  station.verdict.armed_left = milliseconds(8000);
  station.run_for(milliseconds(500));
  EXPECT_EQ(station.guidance.stage, Stage::Armed);
  EXPECT_EQ(station.guidance.cue, Cue::HoldBothGrips);
  EXPECT_EQ(station.guidance.moment_left, milliseconds(8000));
  EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law));
}

TEST(Start, IsDeclinedWhenTheLegsHangTooHighForTheRange) {
  Station station = loaded();
  station.verdict.rest_angle = degrees(-15);
  station.verdict.permission = safety::Permission::Granted;
  station.cycle();
  EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law));
  EXPECT_TRUE(station.guidance.wants_permission_withdrawn);
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Range);
  EXPECT_EQ(station.guidance.set, 0);
  station.cycle();
  EXPECT_EQ(station.guidance.stage, Stage::Ready);
  EXPECT_FALSE(station.guidance.wants_permission_withdrawn);
}

TEST(Start, IsDeclinedWhenNobodyMeasuredTheRest) {
  Station station = loaded();
  station.verdict.rest_angle.reset();
  station.verdict.permission = safety::Permission::Granted;
  EXPECT_TRUE(std::holds_alternative<Off>(station.cycle().law));
  EXPECT_TRUE(station.guidance.wants_permission_withdrawn);
}

TEST(EndOfSet, GivesThePermissionBackAtOnceAndLowersUntilTheBrakeIsClosed) {
  Station station = loaded(2);
  station.grant();
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.stage, Stage::Unloading);
  EXPECT_TRUE(station.guidance.wants_permission_withdrawn);
  EXPECT_TRUE(station.estimate.drive_report->brake_released);
  station.run_until([&](const Guidance& g) {
    if (g.stage != Stage::Unloading) return true;
    EXPECT_TRUE(std::holds_alternative<Lower>(g.law));
    EXPECT_FALSE(g.expectation.working.has_value());
    EXPECT_EQ(g.expectation.moment, Moment::Unloading);
    return false;
  });
  EXPECT_EQ(station.guidance.stage, Stage::Resting);
  EXPECT_FALSE(station.estimate.drive_report->brake_released);
  EXPECT_EQ(station.estimate.angle, station.rest);
  EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law));
}

TEST(EndOfSet, LeavesTheOldPermissionWithoutEffectUntilItIsWithdrawn) {
  Station station = loaded(2);
  station.withdraws = false;
  station.grant();
  ASSERT_TRUE(station.run_to(Stage::Resting));
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(station.cycle().wants_permission_withdrawn);
    EXPECT_EQ(station.guidance.set, 1);
    EXPECT_EQ(station.guidance.stage, Stage::Resting);
  }
  station.verdict.permission = safety::Permission::Ready;
  EXPECT_FALSE(station.cycle().wants_permission_withdrawn);
}

TEST(BetweenSets, CountsTheRestDownAndThenIsReady) {
  Station station = loaded(2);
  station.grant();
  ASSERT_TRUE(station.run_to(Stage::Resting));
  EXPECT_EQ(station.guidance.moment_left, station.session.prescription()->rest_between_sets());
  station.run_for(milliseconds(30'000));
  EXPECT_EQ(station.guidance.stage, Stage::Resting);
  EXPECT_TRUE(station.run_to(Stage::Ready));
  EXPECT_EQ(station.guidance.set, 1);
}

TEST(Session, RunsEverySetAndIsThenDone) {
  Station station = loaded(2);
  for (int set = 1; set <= 2; ++set) {
    station.grant();
    EXPECT_EQ(station.guidance.set, set);
    ASSERT_TRUE(station.run_to_end());
    ASSERT_TRUE(station.run_to(set == 1 ? Stage::Resting : Stage::Done));
  }
  EXPECT_EQ(station.guidance.stage, Stage::Done);
  EXPECT_EQ(station.guidance.reps_counted_in_session, 6);
  EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law));
}

TEST(Session, BeginsAnewWhenStartedAfterItIsDone) {
  Station station = loaded(1);
  station.grant();
  ASSERT_TRUE(station.run_to(Stage::Done));
  station.cycle();
  station.grant();
  EXPECT_EQ(station.guidance.stage, Stage::CountIn);
  EXPECT_EQ(station.guidance.set, 1);
  EXPECT_EQ(station.guidance.reps_counted_in_session, 0);
}

struct StopCase {
  safety::Cause cause;
  SetEnd end;
};
class EveryStop : public testing::TestWithParam<StopCase> {};

TEST_P(EveryStop, EndsTheSetInTheSameCycleAndLowersTheLegs) {
  for (const Moment moment : {Moment::RampIn, Moment::Lifting, Moment::Holding, Moment::Lowering}) {
    Station station = loaded(2);
    station.grant();
    ASSERT_TRUE(station.run_to(moment));
    station.run_for(milliseconds(300));
    station.trip(GetParam().cause);
    station.cycle();
    EXPECT_TRUE(station.guidance.set_ended_now);
    EXPECT_EQ(station.guidance.last_set_end, GetParam().end);
    EXPECT_EQ(station.guidance.stage, Stage::Stopped);
    EXPECT_EQ(station.guidance.cue, Cue::Stopped);
    EXPECT_TRUE(std::holds_alternative<Lower>(station.guidance.law));
    station.run_for(milliseconds(10'000));
    EXPECT_EQ(station.guidance.stage, Stage::Stopped);
    EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law)) << "the brake has them";
  }
}

INSTANTIATE_TEST_SUITE_P(Causes, EveryStop,
                         testing::Values(StopCase{safety::Cause::GripReleased, SetEnd::Grip},
                                         StopCase{safety::Cause::ComfortStop, SetEnd::ComfortStop},
                                         StopCase{safety::Cause::LegsDropped, SetEnd::LegsDropped},
                                         StopCase{safety::Cause::ConsoleStop, SetEnd::Stopped},
                                         StopCase{safety::Cause::EStopOpen, SetEnd::EStop}));

TEST(Reset, IsNotAStartAndTheInterruptedSetIsOver) {
  Station station = loaded(2);
  station.grant();
  station.run_to(Moment::Holding);
  station.trip(safety::Cause::ComfortStop);
  station.run_for(milliseconds(8000));
  station.reset();
  station.run_for(milliseconds(3000));
  EXPECT_EQ(station.guidance.stage, Stage::Ready);
  EXPECT_TRUE(std::holds_alternative<Off>(station.guidance.law));
  station.grant();
  EXPECT_EQ(station.guidance.set, 2);
}

TEST(Reset, AfterTheLastSetLeavesTheSessionDone) {
  Station station = loaded(1);
  station.grant();
  station.run_to(Moment::Lifting);
  station.trip(safety::Cause::GripReleased);
  station.run_for(milliseconds(8000));
  station.reset();
  EXPECT_EQ(station.cycle().stage, Stage::Done);
}

TEST(StopDuringUnloading, KeepsTheEndThatTheSetHad) {
  Station station = loaded(1);
  station.grant();
  station.run_to_end();
  station.run_for(milliseconds(700));
  station.trip(safety::Cause::GripReleased);
  station.cycle();
  EXPECT_FALSE(station.guidance.set_ended_now);
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_TRUE(std::holds_alternative<Lower>(station.guidance.law));
}

TEST(LostPermission, EndsTheSetEvenWithoutACause) {
  Station station = loaded(2);
  station.grant();
  station.run_to(Moment::Lifting);
  station.run_for(milliseconds(1000));
  station.verdict.permission = safety::Permission::Ready;
  station.cycle();
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Stopped);
  EXPECT_TRUE(std::holds_alternative<Lower>(station.guidance.law));
}

TEST(ALimit, DoesNotEndTheSet) {
  Station station = loaded();
  station.grant();
  station.run_to(Moment::Lifting);
  station.verdict.action = safety::Action::Limit;
  station.verdict.cause = safety::Cause::RangeApproach;
  station.run_for(milliseconds(200));
  EXPECT_EQ(station.guidance.stage, Stage::Training);
}

TEST(Stop, IsAlwaysApplied) {
  Station station;
  EXPECT_FALSE(station.ask(Stop{}).answer->refused.has_value());
}

TEST(Answers, PassOnWhatTheSafetyLayerRefuses) {
  Station station = loaded();
  station.verdict.refused = rehab::RefusalCode::GripsHeld;
  EXPECT_EQ(station.ask(Start{}, 3).answer->refused, rehab::RefusalCode::GripsHeld);
  EXPECT_EQ(station.ask(Reset{}, 4).answer->refused, rehab::RefusalCode::GripsHeld);
  EXPECT_EQ(station.guidance.answer->id, 4U);
  station.verdict.refused.reset();
  EXPECT_FALSE(station.ask(Start{}).answer->refused.has_value());
  EXPECT_FALSE(station.cycle().answer.has_value()) << "answered once";
}

TEST(LoadPrescription, IsRefusedWhileASessionRunsAndChangesNothing) {
  Station station = loaded(2);
  const auto before = station.session.prescription();
  const auto other = prescribed(Phase::Foundation);
  station.grant();
  EXPECT_EQ(station.ask(LoadPrescription{other}).answer->refused, rehab::RefusalCode::AlreadyRunning);
  station.run_to(Stage::Resting);
  EXPECT_EQ(station.ask(LoadPrescription{other}).answer->refused, rehab::RefusalCode::NotLooserInSession);
  EXPECT_EQ(station.session.prescription(), before);
  EXPECT_FALSE(station.ask(EndSession{}).answer->refused.has_value());
  EXPECT_FALSE(station.ask(LoadPrescription{other}).answer->refused.has_value());
  EXPECT_EQ(station.session.prescription(), other);
  EXPECT_EQ(station.guidance.stage, Stage::Ready);
  EXPECT_EQ(station.guidance.set, 0);
}

TEST(LoadPrescription, IsRefusedWhileArmed) {
  Station station = loaded();
  station.verdict.permission = safety::Permission::Armed;
  EXPECT_EQ(station.ask(LoadPrescription{prescribed(Phase::Foundation)}).answer->refused,
            rehab::RefusalCode::AlreadyRunning);
}

TEST(EndSession, GivesUpTheRemainingSetsAndUnloadsARunningOne) {
  Station station = loaded(2);
  EXPECT_EQ(station.ask(EndSession{}).answer->refused, rehab::RefusalCode::NotRunning);
  station.grant();
  station.run_to(Moment::Lowering);
  EXPECT_FALSE(station.ask(EndSession{}).answer->refused.has_value());
  EXPECT_EQ(station.guidance.stage, Stage::Unloading);
  ASSERT_TRUE(station.run_to(Stage::Done));
  EXPECT_TRUE(station.session.prescription().has_value());
}

TEST(ClockGap, DoesNotMakeTheGuideLeap) {
  Station station = loaded();
  station.grant();
  station.run_to(Moment::Lifting);
  station.run_for(milliseconds(500));
  const units::Angle before = station.guidance.expectation.target;
  station.now += milliseconds(5000);
  station.cycle();
  EXPECT_LT(units::in_degrees(station.guidance.expectation.target - before), 6.0);
}

TEST(Session, IsAValueThatCanBeReplayed) {
  Station station = loaded();
  station.grant();
  station.run_to(Moment::Holding);
  Station twin = station;
  for (int i = 0; i < 2000; ++i) {
    station.cycle();
    twin.cycle();
    ASSERT_EQ(station.guidance.expectation.target, twin.guidance.expectation.target);
    ASSERT_EQ(station.guidance.stage, twin.guidance.stage);
  }
}

}  // namespace
}  // namespace plinth::session
