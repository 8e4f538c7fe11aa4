// After a stop people go on by lifting once without load.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using rehab::Phase;
using rehab::SetEnd;
using units::Angle;
using units::degrees;
using units::milliseconds;
using units::newtons;

const resistance::ConstantLoad& law_of(const Guidance& guidance) {
  return std::get<resistance::ConstantLoad>(guidance.law);
}

// Stopped in the first of `sets` sets, reset, and granted again.
Station going_on(safety::Cause cause = safety::Cause::ComfortStop, int sets = 3) {
  Station station;
  station.legs = Station::follows(milliseconds(100));
  station.load(prescribed(Phase::Strength, [sets](auto& draft) { draft.sets = sets; }));
  station.grant();
  EXPECT_TRUE(station.run_to(Moment::Holding));
  station.trip(cause);
  station.run_for(milliseconds(10'000));
  station.reset();
  station.run_for(milliseconds(1000));
  station.grant();
  return station;
}

bool without_load(const Guidance& guidance) {
  return guidance.rep == 0 && law_of(guidance).ramp == 0.0 && guidance.load_set == newtons(0);
}

TEST(AfterAStop, TheCountInSaysThatTheRangeComesFirstAndBringsNoLoad) {
  Station station = going_on();
  ASSERT_EQ(station.guidance.stage, Stage::CountIn);
  station.run_until([](const Guidance& g) {
    if (g.stage != Stage::CountIn) return true;
    EXPECT_EQ(g.cue, Cue::RangeFirst);
    EXPECT_TRUE(without_load(g));
    return false;
  });
  EXPECT_EQ(station.guidance.stage, Stage::Training);
}

TEST(AfterAStop, TheFirstLiftIsSlowWithoutLoadAndNotCounted) {
  Station station = going_on();
  ASSERT_TRUE(station.run_to(Moment::Lifting));
  const units::Instant began = station.now;
  Angle highest = station.rest;
  ASSERT_TRUE(station.run_until([&](const Guidance& g) {
    if (g.expectation.moment == Moment::Resting) return true;
    EXPECT_TRUE(without_load(g));
    EXPECT_EQ(g.score.reps_tried, 0);
    highest = std::max(highest, g.expectation.target);
    return false;
  }));
  const auto& prescription = *station.session.prescription();
  const auto tempo = prescription.tempo();
  EXPECT_GE(station.now - began, (tempo.lift + tempo.lower) * 3 / 2 + tempo.hold);
  EXPECT_EQ(highest, rehab::guide_range(prescription.range()).high()) << "through the whole range";
  EXPECT_EQ(station.guidance.score.reps_counted, 0);
}

TEST(AfterAStop, TheLoadComesBackAtTheBottomWithoutAJolt) {
  Station station = going_on();
  ASSERT_TRUE(station.run_to(Moment::Resting));
  EXPECT_EQ(station.guidance.cue, Cue::GetReady);
  double before = law_of(station.guidance).ramp;
  EXPECT_LT(before, 0.01);
  const units::Instant began = station.now;
  ASSERT_TRUE(station.run_until([&](const Guidance& g) {
    const double ramp = law_of(g).ramp;
    EXPECT_GE(ramp, before);
    EXPECT_LE(ramp - before, 0.01);
    before = ramp;
    return g.expectation.moment == Moment::Lifting;
  }));
  EXPECT_NEAR(units::in_seconds(station.now - began), 1.5, 0.011);
  EXPECT_EQ(before, 1.0);
  EXPECT_EQ(station.guidance.rep, 1);
  EXPECT_EQ(station.guidance.score.reps_tried, 1);
  EXPECT_EQ(station.guidance.working, station.session.prescription()->range());
}

TEST(AfterAStop, TheSetThenCountsEveryRepAndTheNextSetBeginsAsUsual) {
  Station station = going_on();
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_EQ(station.guidance.score.reps_counted, 3);
  EXPECT_EQ(station.guidance.score.reps_tried, 3);
  EXPECT_EQ(station.guidance.set, 2);
  EXPECT_GT(station.guidance.score.in_tube, 0.9);
  ASSERT_TRUE(station.run_to(Stage::Resting));
  station.grant();
  EXPECT_EQ(station.guidance.cue, Cue::GetReady);
  ASSERT_TRUE(station.run_to(Moment::Lifting));
  EXPECT_EQ(law_of(station.guidance).ramp, 1.0);
}

TEST(AfterAStop, TheRangeEndsWhereTheLiftWithoutLoadEnded) {
  Station station = going_on();
  const Angle as_far_as = degrees(-30);
  station.legs = [=](const Station& s) { return std::min(s.guidance.expectation.target, as_far_as); };
  ASSERT_TRUE(station.run_to(Moment::Lifting));
  ASSERT_TRUE(station.run_to(Moment::Resting)) << "the guide turned where the legs did";
  ASSERT_TRUE(station.run_to(Moment::Lifting));
  EXPECT_EQ(station.guidance.working->high(), as_far_as);
  EXPECT_EQ(station.guidance.working->low(), station.session.prescription()->range().low());
  EXPECT_EQ(law_of(station.guidance).load, station.session.prescription()->load()) << "no tenth was taken";
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_FALSE(std::ranges::any_of(station.history, [](const Guidance& g) { return g.cue == Cue::Lighter; }));
}

TEST(AfterAStop, NothingIsTrainedInARangeThatIsTooNarrow) {
  Station station = going_on();
  station.legs = [](const Station& s) { return std::min(s.guidance.expectation.target, degrees(-50)); };
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Range);
  EXPECT_TRUE(std::ranges::none_of(station.history, [](const Guidance& g) {
    return g.set == 2 && g.stage == Stage::Training && !without_load(g);
  }));
  ASSERT_TRUE(station.run_to(Stage::Ready));
  station.grant();
  EXPECT_EQ(station.guidance.cue, Cue::RangeFirst) << "and the next set begins so again";
}

TEST(AfterAStop, ItIsSoWhateverEndedTheSet) {
  for (const auto cause : {safety::Cause::ConsoleStop, safety::Cause::GripReleased, safety::Cause::EStopOpen})
    EXPECT_EQ(going_on(cause).guidance.cue, Cue::RangeFirst);
  EXPECT_EQ(going_on(safety::Cause::ComfortStop, 1).guidance.cue, Cue::RangeFirst) << "a new session as well";
}

TEST(AfterAStop, ItIsSoForAStopInTheLoweringAfterASet) {
  Station station;
  station.load(prescribed(Phase::Strength, [](auto& draft) { draft.sets = 2; }));
  station.grant();
  ASSERT_TRUE(station.run_to(Stage::Unloading));
  station.trip(safety::Cause::ComfortStop);
  station.run_for(milliseconds(10'000));
  station.reset();
  station.cycle();
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  station.grant();
  EXPECT_EQ(station.guidance.cue, Cue::RangeFirst);
}

TEST(AfterAStop, LoadingTheSamePersonsPrescriptionAgainChangesNothingOfIt) {
  Station station;
  station.load(prescribed(Phase::Strength));
  station.grant();
  station.run_to(Moment::Holding);
  station.trip(safety::Cause::ComfortStop);
  station.run_for(milliseconds(10'000));
  station.reset();
  ASSERT_FALSE(station.ask(LoadPrescription{prescribed(Phase::Foundation)}).answer->refused.has_value());
  station.grant();
  EXPECT_EQ(station.guidance.cue, Cue::RangeFirst);
}

}  // namespace
}  // namespace plinth::session
