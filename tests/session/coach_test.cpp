#include "controller/session/coach.hpp"

#include <gtest/gtest.h>

namespace plinth::session {
namespace {

using rehab::Moment;
using units::milliseconds;

units::Instant at(int ms) {
  return units::Instant{milliseconds(ms)};
}

TEST(CueLine, ShowsTheWordOfTheMoment) {
  CueLine line;
  EXPECT_EQ(line.at(at(0)), Cue::None);
  line.moment_begins(Cue::Lift, true, at(0));
  EXPECT_EQ(line.at(at(0)), Cue::Lift);
  EXPECT_EQ(line.at(at(60'000)), Cue::Lift);
}

TEST(CueLine, SaysOneThingAtATime) {
  CueLine line;
  line.moment_begins(Cue::Lower, true, at(0));
  EXPECT_FALSE(line.offer(Cue::Slower, CuePriority::Correction, at(1400)));
  EXPECT_TRUE(line.offer(Cue::Slower, CuePriority::Correction, at(1500)));
  EXPECT_EQ(line.at(at(1600)), Cue::Slower);
  EXPECT_FALSE(line.offer(Cue::LastOne, CuePriority::Count, at(2900)));
  EXPECT_EQ(line.at(at(3000)), Cue::Lower);
}

TEST(CueLine, APhaseTakesPrecedenceOverACorrection) {
  CueLine line;
  line.moment_begins(Cue::Lower, true, at(0));
  line.offer(Cue::Slower, CuePriority::Correction, at(2000));
  line.moment_begins(Cue::Lift, true, at(2500));
  EXPECT_EQ(line.at(at(2500)), Cue::Lift);
}

TEST(CueLine, SafetyIsSaidAtOnceToItsEndAndNotAgainForThreeSeconds) {
  CueLine line;
  line.moment_begins(Cue::Hold, true, at(0));
  EXPECT_TRUE(line.offer(Cue::EaseDown, CuePriority::Safety, at(100)));
  line.moment_begins(Cue::Lower, true, at(200));
  EXPECT_EQ(line.at(at(1500)), Cue::EaseDown);
  EXPECT_EQ(line.at(at(1700)), Cue::Lower);
  EXPECT_FALSE(line.offer(Cue::EaseDown, CuePriority::Safety, at(3000)));
  EXPECT_TRUE(line.offer(Cue::EaseDown, CuePriority::Safety, at(3100)));
}

TEST(Coach, CorrectsAfterTwoRepsRunningAndThenKeepsQuietForTwo) {
  Coach coach;
  int now = 0;
  const auto lift_says = [&](int attempt) {
    coach.moment_begins(Moment::Lifting, attempt, at(now));
    const Cue said = coach.cue(at(now));
    now += 7000;
    return said;
  };
  const RepFaults low{.low = true};
  EXPECT_EQ(lift_says(1), Cue::Lift);
  coach.rep_ended(low);
  EXPECT_EQ(lift_says(2), Cue::Lift);
  coach.rep_ended(low);
  EXPECT_EQ(lift_says(3), Cue::Higher);
  coach.rep_ended(low);
  EXPECT_EQ(lift_says(4), Cue::Lift);
  coach.rep_ended(low);
  EXPECT_EQ(lift_says(5), Cue::Higher);
}

TEST(Coach, ForgetsAFaultThatIsGone) {
  Coach coach;
  const RepFaults low{.low = true};
  coach.rep_ended(low);
  coach.rep_ended({});
  coach.rep_ended(low);
  coach.moment_begins(Moment::Lifting, 4, at(0));
  EXPECT_EQ(coach.cue(at(0)), Cue::Lift);
}

TEST(Coach, SaysInTheLoweringWhatConcernsTheLowering) {
  Coach coach;
  coach.rep_ended({.lower_early = true});
  coach.rep_ended({.lower_early = true});
  coach.moment_begins(Moment::Lifting, 3, at(0));
  EXPECT_EQ(coach.cue(at(0)), Cue::Lift);
  coach.moment_begins(Moment::Lowering, 3, at(3000));
  EXPECT_EQ(coach.cue(at(3000)), Cue::Slower);
  EXPECT_EQ(coach.cue(at(4500)), Cue::Lower);
}

TEST(Coach, BreathesOutWithTheLiftAndInWithTheLowering) {
  EXPECT_EQ(breath_of(Moment::Lifting), Breath::Out);
  EXPECT_EQ(breath_of(Moment::Holding), Breath::Free);
  EXPECT_EQ(breath_of(Moment::Lowering), Breath::In);
  EXPECT_EQ(breath_of(Moment::Resting), Breath::Free);
}

}  // namespace
}  // namespace plinth::session
