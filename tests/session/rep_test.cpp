#include "controller/session/rep.hpp"

#include <gtest/gtest.h>

#include "tests/session/station.hpp"

namespace plinth::session {
namespace {

using rehab::Moment;
using units::Angle;
using units::degrees;
using units::Duration;
using units::milliseconds;

const Angle Top = rehab::guide_range(Working).high();
const Angle Bottom = rehab::guide_range(Working).low();

RepPlan plan(const rehab::Tempo& tempo = Tempo2140) {
  return {.path = rep_path(tempo, Working, Bottom), .hold_tolerance = degrees(4)};
}

// What became of a rep whose legs moved like this.
struct Course {
  Duration lifting{};
  Duration holding{};
  Duration lowering{};
  Duration resting{};
  Duration total{};
  int sags = 0;
  bool proven = false;
  bool over = false;
};

// `legs`: from the guide's target and the moment to where the legs are. The rep is stepped for a minute at
// most.
Course done(Rep rep, const std::function<Angle(const GuidePoint&, Duration)>& legs) {
  Course course;
  RepStep step = rep.advance(Bottom, Duration::zero());
  while (course.total < milliseconds(60'000)) {
    step = rep.advance(legs(step.point, course.total), Period);
    course.total += Period;
    switch (step.point.moment) {
      case Moment::Lifting:
        course.lifting += Period;
        break;
      case Moment::Holding:
        course.holding += Period;
        break;
      case Moment::Lowering:
        course.lowering += Period;
        break;
      default:
        course.resting += Period;
    }
    course.sags += step.sagged ? 1 : 0;
    if (step.over) break;
  }
  course.over = step.over;
  course.proven = rep.proven();
  return course;
}

Angle faithful(const GuidePoint& point, Duration) {
  return point.reference.angle;
}

TEST(Rep, OfAFaithfulPersonKeepsItsTempoToTheCycle) {
  const Course course = done(Rep{plan(), Duration::zero()}, faithful);
  EXPECT_TRUE(course.proven);
  EXPECT_EQ(course.total, milliseconds(7000));
  EXPECT_NEAR(units::in_seconds(course.holding), 1.0, 0.011);
  EXPECT_NEAR(units::in_seconds(course.lowering), 4.0, 0.011);
}

TEST(Rep, KeepsItsTempoWhenTheCycleDoesNotDivideIt) {
  Rep rep{plan({milliseconds(1333), milliseconds(701), milliseconds(1907), milliseconds(404)}),
          milliseconds(3)};
  Angle angle = rep.advance(Bottom, Duration::zero()).point.reference.angle;
  Duration total = milliseconds(3);
  for (int i = 0; i < 10'000; ++i) {
    total += milliseconds(7);
    const RepStep step = rep.advance(angle, milliseconds(7));
    angle = step.point.reference.angle;
    if (!step.over) continue;
    EXPECT_EQ(total - step.left_over, milliseconds(1333 + 701 + 1907 + 404));
    return;
  }
  FAIL() << "the rep never ended";
}

TEST(Rep, WithoutAHoldCountsByGettingThere) {
  const Course course = done(
      Rep{plan({milliseconds(2000), milliseconds(0), milliseconds(2000), milliseconds(0)}), Duration::zero()},
      faithful);
  EXPECT_TRUE(course.proven);
  EXPECT_EQ(course.holding, Duration::zero());
  EXPECT_EQ(course.total, milliseconds(4000));
}

TEST(Rep, RestsAtTheBottomAsPrescribed) {
  const Course course =
      done(Rep{plan({milliseconds(2000), milliseconds(1000), milliseconds(2000), milliseconds(1500)}),
               Duration::zero()},
           faithful);
  EXPECT_EQ(course.total, milliseconds(6500));
}

TEST(Rep, GuideWaitsForWhoeverFallsBehindInTheLift) {
  // The legs rise at 10 °/s at most: more than four seconds for a lift of two.
  Angle angle = Bottom;
  const Course course = done(Rep{plan(), Duration::zero()}, [&](const GuidePoint& point, Duration) {
    const Angle goal = point.reference.angle;
    angle += std::clamp(goal - angle, degrees(-1), degrees(0.1));
    return angle;
  });
  EXPECT_TRUE(course.over);
  EXPECT_TRUE(course.proven);
  EXPECT_GT(course.lifting, milliseconds(3500));
}

TEST(Rep, GuideWaitsForWhoeverLowersSlowly) {
  Angle angle = Bottom;
  const Course course = done(Rep{plan(), Duration::zero()}, [&](const GuidePoint& point, Duration) {
    angle += std::clamp(point.reference.angle - angle, degrees(-0.03), degrees(1));
    return angle;
  });
  EXPECT_TRUE(course.over);
  EXPECT_TRUE(course.proven);
  EXPECT_EQ(course.sags, 0);
  EXPECT_GT(course.lowering, milliseconds(12'000));
}

TEST(Rep, GuideNeverHurriesAfterWhoeverIsTooFast) {
  const Course course = done(Rep{plan(), Duration::zero()}, [](const GuidePoint& point, Duration) {
    return point.moment == Moment::Lifting || point.moment == Moment::Holding ? Top : Bottom;
  });
  EXPECT_EQ(course.total, milliseconds(7000));
}

TEST(PauseHold, CountsWithinToleranceAndTube) {
  const auto held_at = [](double off_deg) {
    return done(Rep{plan(), Duration::zero()}, [off_deg](const GuidePoint& point, Duration) {
      return point.moment == Moment::Holding ? Top + degrees(off_deg) : point.reference.angle;
    });
  };
  EXPECT_TRUE(held_at(-7.9).proven);
  EXPECT_TRUE(held_at(7.9).proven);
  EXPECT_FALSE(held_at(8.1).proven);
}

TEST(PauseHold, CountsWhenFourFifthsOfItWereHeld) {
  const auto leaves_for = [](Duration away) {
    return done(Rep{plan({milliseconds(2000), milliseconds(5000), milliseconds(2000), milliseconds(0)}),
                    Duration::zero()},
                [away](const GuidePoint& point, Duration) {
                  const bool gone = point.moment == Moment::Holding && point.in_moment > milliseconds(1000) &&
                                    point.in_moment <= milliseconds(1000) + away;
                  return gone ? Top + degrees(8.5) : point.reference.angle;
                });
  };
  EXPECT_TRUE(leaves_for(milliseconds(950)).proven);
  EXPECT_EQ(leaves_for(milliseconds(950)).total, milliseconds(9000));
  // A little more is forgiven by holding on a little longer …
  EXPECT_TRUE(leaves_for(milliseconds(1300)).proven);
  EXPECT_GT(leaves_for(milliseconds(1300)).total, milliseconds(9200));
  // … but not half of it.
  EXPECT_FALSE(leaves_for(milliseconds(2500)).proven);
}

TEST(PauseHold, IsLostWhenTheLegsSagForThreeTenthsOfASecond) {
  const auto sagging_for = [](Duration time) {
    return done(Rep{plan(), Duration::zero()}, [time](const GuidePoint& point, Duration) {
      const bool low = point.moment == Moment::Holding && point.in_moment > milliseconds(500) &&
                       point.in_moment <= milliseconds(500) + time;
      return low ? Top - degrees(9) : point.reference.angle;
    });
  };
  EXPECT_EQ(sagging_for(milliseconds(250)).sags, 0);
  const Course lost = sagging_for(milliseconds(600));
  EXPECT_EQ(lost.sags, 1);
  EXPECT_FALSE(lost.proven);
  EXPECT_TRUE(lost.over);
}

TEST(PauseHold, AfterASagTheGuideComesDownFromWhereTheLegsAre) {
  Rep rep{plan(), Duration::zero()};
  RepStep step = rep.advance(Bottom, Duration::zero());
  while (!step.sagged)
    step = rep.advance(step.point.moment == Moment::Holding ? Top - degrees(12) : step.point.reference.angle,
                       Period);
  EXPECT_EQ(step.point.moment, Moment::Lowering);
  EXPECT_NEAR(units::in_degrees(step.point.reference.angle), units::in_degrees(Top - degrees(12)), 1e-6);
}

TEST(Rep, WaitsOneSecondAtTheBottomForWhoeverIsLate) {
  const Course course = done(Rep{plan(), Duration::zero()}, [](const GuidePoint& point, Duration) {
    return point.moment == Moment::Lowering ? point.reference.angle + degrees(5) : point.reference.angle;
  });
  EXPECT_TRUE(course.over);
  EXPECT_GE(course.total, milliseconds(8000));
  EXPECT_LE(course.total, milliseconds(9500));
}

}  // namespace
}  // namespace plinth::session
