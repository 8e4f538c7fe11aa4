// Whole sets in virtual time.
#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using rehab::Phase;
using rehab::SetEnd;
using units::Angle;
using units::degrees;
using units::Duration;
using units::milliseconds;

Station training(const rehab::Prescription& prescription, const Station::Legs& legs) {
  Station station;
  station.legs = legs;
  station.load(prescription);
  station.grant();
  return station;
}

// Legs that follow, but in the holds of these attempts (1…) do something else.
Station::Legs follows_but_in_holds(const std::function<bool(int)>& attempts, Angle off) {
  return [=](const Station& station) {
    const auto& guidance = station.guidance;
    const Angle target = guidance.expectation.target;
    const bool other = guidance.expectation.moment == Moment::Holding &&
                       attempts(guidance.score.reps_tried) &&
                       guidance.expectation.in_moment > milliseconds(200);
    return other ? target + off : target;
  };
}

class EveryPhase : public testing::TestWithParam<Phase> {};

TEST_P(EveryPhase, IsCompletedByWhoeverFollowsTheGuideALittleLate) {
  const auto prescription = prescribed(GetParam());
  Station station = training(prescription, Station::follows(milliseconds(150)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_EQ(station.guidance.score.reps_counted, prescription.reps());
  EXPECT_EQ(station.guidance.score.reps_tried, prescription.reps());
  EXPECT_GT(station.guidance.score.in_tube, 0.95);
}

TEST_P(EveryPhase, KeepsThePrescribedTempoExactly) {
  const auto prescription = prescribed(GetParam(), [](auto& draft) { draft.reps = 5; });
  Station station = training(prescription, Station::follows(milliseconds(0)));
  std::vector<units::Instant> lifts;
  Moment before = Moment::Idle;
  ASSERT_TRUE(station.run_until([&](const Guidance& g) {
    if (g.expectation.moment == Moment::Lifting && before != Moment::Lifting) lifts.push_back(station.now);
    before = g.expectation.moment;
    return g.set_ended_now;
  }));
  ASSERT_EQ(lifts.size(), 5U);
  const rehab::Tempo& tempo = prescription.tempo();
  for (std::size_t i = 2; i < lifts.size(); ++i)
    EXPECT_NEAR(units::in_seconds(lifts[i] - lifts[i - 1]),
                units::in_seconds(tempo.lift + tempo.hold + tempo.lower + tempo.rest), 0.011);
}

TEST_P(EveryPhase, LeadsTheLegsWithoutAJumpAndWithinTheRange) {
  Station station = training(prescribed(GetParam()), Station::follows(milliseconds(0)));
  station.run_to(Stage::Training);
  Angle before = station.guidance.expectation.target;
  Angle highest = before;
  station.run_until([&](const Guidance& g) {
    if (g.stage != Stage::Training) return true;
    EXPECT_LE(std::abs(units::in_degrees(g.expectation.target - before)), 120 * 0.01)
        << "faster than the drive";
    before = g.expectation.target;
    highest = std::max(highest, before);
    return false;
  });
  EXPECT_EQ(highest, rehab::guide_range(*station.history[station.history.size() - 2].working).high());
}

INSTANTIATE_TEST_SUITE_P(Phases, EveryPhase, testing::ValuesIn(rehab::AllPhases),
                         [](const auto& phase) { return std::string{rehab::name_of(phase.param)}; });

TEST(PauseHold, MakesTheRangeShallowerAfterTwoSagsInARow) {
  const auto prescription = prescribed(Phase::Strength);
  Station station =
      training(prescription, follows_but_in_holds([](int attempt) { return attempt <= 2; }, degrees(-12)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_EQ(station.guidance.score.reps_counted, prescription.reps());
  EXPECT_EQ(station.guidance.score.reps_tried, prescription.reps() + 2);
  const auto working = station.history[station.history.size() - 2].working;
  EXPECT_NEAR(units::in_degrees(working->high()), units::in_degrees(prescription.range().high()) - 10, 1e-9);
  EXPECT_EQ(working->low(), prescription.range().low());
}

TEST(PauseHold, EndsTheSetWhenTheShallowerRangeSagsAsWell) {
  Station station =
      training(prescribed(Phase::Strength), follows_but_in_holds([](int) { return true; }, degrees(-12)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Sag);
  EXPECT_EQ(station.guidance.score.reps_counted, 0);
  EXPECT_EQ(station.guidance.score.reps_tried, 3);
}

TEST(PauseHold, EndsTheSetAfterTwoSagsInARowWhenTheRangeCannotGetShallower) {
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) {
    draft.range_low = degrees(-40);
    draft.range_high = degrees(-18);
  });
  Station station = training(prescription, follows_but_in_holds([](int) { return true; }, degrees(-12)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Sag);
  EXPECT_EQ(station.guidance.score.reps_tried, 2);
}

TEST(PauseHold, ForgetsASagAfterARepThatWasHeld) {
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) { draft.reps = 4; });
  Station station = training(
      prescription, follows_but_in_holds([](int attempt) { return attempt % 2 == 1; }, degrees(-12)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_EQ(station.guidance.score.reps_counted, 4);
}

TEST(PauseHold, SaysEaseDownWhenTheLegsSag) {
  Station station = training(prescribed(Phase::Strength),
                             follows_but_in_holds([](int attempt) { return attempt == 1; }, degrees(-12)));
  EXPECT_TRUE(station.run_until([](const Guidance& g) { return g.cue == Cue::EaseDown; }));
  EXPECT_EQ(station.guidance.expectation.moment, Moment::Lowering);
}

TEST(Rep, WithoutItsHoldIsNotCountedAndTriedAgainTwiceAtMost) {
  // Too high rather than too low: no sag, and no hold either.
  Station station =
      training(prescribed(Phase::Strength), follows_but_in_holds([](int) { return true; }, degrees(9)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Fatigue);
  EXPECT_EQ(station.guidance.score.reps_tried, 3);
  EXPECT_EQ(station.guidance.score.reps_counted, 0);
  EXPECT_FALSE(station.guidance.score.last_rep.counted);
}

TEST(Stall, TakesLoadOffAndLetsTheLiftGoOnWithLess) {
  // Stuck at −35° until no more than four fifths of the load are left.
  const Station::Legs legs = [](const Station& station) {
    const Angle target = station.guidance.expectation.target;
    const auto* law = std::get_if<resistance::ConstantLoad>(&station.guidance.law);
    const auto full = station.session.prescription()->load();
    const bool strong_enough = law != nullptr && law->load <= 0.81 * full;
    const bool lifting = station.guidance.expectation.moment == Moment::Lifting;
    if (!lifting || strong_enough) {
      return station.estimate.angle + std::clamp(target - station.estimate.angle, degrees(-1), degrees(0.6));
    }
    return std::min(target, degrees(-35));
  };
  const auto prescription = prescribed(Phase::Strength);
  Station station = training(prescription, legs);
  ASSERT_TRUE(station.run_until([](const Guidance& g) { return g.cue == Cue::Lighter; }));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  const Guidance& before_the_end = station.history[station.history.size() - 2];
  const auto& law = std::get<resistance::ConstantLoad>(before_the_end.law);
  EXPECT_NEAR((law.load / prescription.load()).value(), 0.8, 1e-6);
}

TEST(Stall, EndsTheSetWhenHalfOfTheLoadIsStillTooMuch) {
  Station station = training(prescribed(Phase::Strength), [](const Station& s) {
    return std::min(s.guidance.expectation.target, degrees(-35));
  });
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Fatigue);
  // The lift's first second, then 1.5 s of patience, then five steps of half a second.
  EXPECT_LT(units::in_seconds(station.now.time_since_epoch()), 3.1 + 3.0 + 1.5 + 2.5 + 0.5);
  ASSERT_TRUE(station.run_to(Stage::Resting) || station.guidance.stage == Stage::Done);
}

TEST(Stall, GuideDoesNotRunAwayFromWhoeverIsStuck) {
  Station station = training(prescribed(Phase::Integrated), [](const Station& s) {
    return std::min(s.guidance.expectation.target, degrees(-35));
  });
  station.run_until([&](const Guidance& g) {
    if (g.stage == Stage::Training) {
      const Angle far =
          units::magnitude(station.estimate.angle - g.expectation.target) - g.expectation.tolerance;
      EXPECT_LT(units::in_degrees(far), 10.0);
    }
    return g.set_ended_now;
  });
}

TEST(SlowLowering, IsNeverAStallHoweverSlow) {
  const Station::Legs legs = [](const Station& station) {
    const Angle target = station.guidance.expectation.target;
    return station.estimate.angle + std::clamp(target - station.estimate.angle, degrees(-0.01), degrees(1));
  };
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) { draft.reps = 2; });
  Station station = training(prescription, legs);
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  EXPECT_EQ(station.guidance.score.reps_counted, 2);
  for (const Guidance& g : station.history) EXPECT_NE(g.cue, Cue::Lighter);
}

TEST(LongHold, IsNeverAStall) {
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) {
    draft.reps = 2;
    draft.tempo.hold = milliseconds(10'000);
  });
  Station station = training(prescription, Station::follows(milliseconds(100)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  for (const Guidance& g : station.history) EXPECT_NE(g.cue, Cue::Lighter);
}

TEST(SlowestLift, IsNeverAStallForWhoeverFollowsLate) {
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) {
    draft.reps = 2;
    draft.tempo.lift = milliseconds(8000);
    draft.range_low = degrees(-40);
    draft.range_high = degrees(-20);
  });
  Station station = training(prescription, Station::follows(milliseconds(300)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.last_set_end, SetEnd::Completed);
  for (const Guidance& g : station.history) EXPECT_NE(g.cue, Cue::Lighter);
}

TEST(FirstLift, BeginsWhereTheLegsHangAndRestrictsNothingBeforeTheyAreInTheRange) {
  Station station = training(prescribed(Phase::Strength), Station::follows(milliseconds(0)));
  station.run_to(Stage::Training);
  EXPECT_EQ(station.guidance.expectation.target, station.rest);
  bool entered = false;
  station.run_until([&](const Guidance& g) {
    if (g.stage != Stage::Training) return true;
    const auto& law = std::get<resistance::ConstantLoad>(g.law);
    const bool inside = g.expectation.working.has_value();
    if (!inside) {
      EXPECT_FALSE(entered) << "once in, always in";
      EXPECT_NEAR(units::in_degrees(law.lower_wall), units::in_degrees(station.rest) - 3, 1e-9);
    } else {
      entered = true;
      EXPECT_EQ(law.lower_wall, law.working.low() + rehab::WallMargin);
    }
    EXPECT_LE(law.lower_wall, station.estimate.angle) << "a wall that begins above the legs pushes them up";
    return false;
  });
  EXPECT_TRUE(entered);
}

TEST(EccentricLoad, ChangesSmoothlyOverThreeTenthsOfASecond) {
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) { draft.eccentric_ratio = 0.7; });
  Station station = training(prescription, Station::follows(milliseconds(0)));
  station.run_to(Stage::Training);
  double before = 0.0;
  double least = 1.0;
  double most = 0.0;
  station.run_until([&](const Guidance& g) {
    if (g.stage != Stage::Training) return true;
    const double blend = std::get<resistance::ConstantLoad>(g.law).eccentric_blend;
    EXPECT_LE(std::abs(blend - before), 0.06);
    before = blend;
    least = std::min(least, blend);
    most = std::max(most, blend);
    return false;
  });
  EXPECT_NEAR(least, 0.0, 1e-9);
  EXPECT_NEAR(most, 1.0, 1e-9);
}

TEST(Cues, FollowTheRepAndAnnounceTheLastOne) {
  Station station = training(prescribed(Phase::Strength), Station::follows(milliseconds(50)));
  std::vector<Cue> words;
  station.run_until([&](const Guidance& g) {
    if (g.stage == Stage::Training && (words.empty() || words.back() != g.cue)) words.push_back(g.cue);
    return g.set_ended_now;
  });
  const std::vector<Cue> expected{Cue::Lift,  Cue::Hold,    Cue::Lower, Cue::Rest, Cue::Lift, Cue::Hold,
                                  Cue::Lower, Cue::LastOne, Cue::Lift,  Cue::Hold, Cue::Lower};
  std::erase(words, Cue::Rest);
  std::vector<Cue> without_rest = expected;
  std::erase(without_rest, Cue::Rest);
  EXPECT_EQ(words, without_rest);
}

TEST(SetScore, StartsFromNothingInEverySet) {
  const auto prescription = prescribed(Phase::Strength, [](auto& draft) { draft.sets = 2; });
  Station station = training(prescription, Station::follows(milliseconds(50)));
  ASSERT_TRUE(station.run_to_end());
  EXPECT_EQ(station.guidance.score.reps_counted, 3);
  ASSERT_TRUE(station.run_to(Stage::Resting));
  EXPECT_EQ(station.guidance.score.reps_counted, 3) << "kept for the screen of the rest";
  station.grant();
  EXPECT_EQ(station.guidance.stage, Stage::CountIn);
  EXPECT_EQ(station.guidance.score.reps_counted, 0);
  EXPECT_EQ(station.guidance.score.in_tube, 0.0);
  EXPECT_EQ(station.guidance.reps_counted_in_session, 3);
}

}  // namespace
}  // namespace plinth::session
