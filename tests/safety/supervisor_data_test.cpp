#include <gtest/gtest.h>

#include <limits>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::degrees;
using units::milliseconds;
using units::newton_metres;
using units::newtons;

TEST(StaleData, IsToleratedForThreePeriodsAndNotLonger) {
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.drive.age = milliseconds(30); }),
            Cause::None);
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.drive.age = milliseconds(32); }),
            Cause::DriveDataStale);
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.hub.age = milliseconds(30); }), Cause::None);
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.hub.age = milliseconds(32); }),
            Cause::HubDataStale);
}

TEST(AMissingAnswer, LetsTorqueOnlyFall) {
  Training station;
  station.estimate.drive.age = milliseconds(12);
  station.cycle();
  EXPECT_EQ(station.verdict().action, Action::Limit);
  EXPECT_EQ(station.verdict().cause, Cause::DriveDataStale);
  station.estimate.drive.age = milliseconds(2);
  station.cycle();
  EXPECT_EQ(station.verdict().action, Action::Allow);
}

TEST(FrozenData, EndsTheSetThoughAnswersArrive) {
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.drive.frozen = true; }),
            Cause::DriveDataFrozen);
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.hub.frozen = true; }), Cause::HubDataFrozen);
}

TEST(AngleSensors, MayDisagreeForThreeSamples) {
  const auto disagree = [](Station& s) { s.estimate.angle_sensors_agree = false; };
  EXPECT_EQ(after(milliseconds(30), disagree), Cause::None);
  EXPECT_EQ(after(milliseconds(40), disagree), Cause::AnglesDisagree);
}

TEST(AngleJump, IsForgivenOnceAndNotTwice) {
  const auto jump = [](Station& s) { s.estimate.angle_plausible = false; };
  EXPECT_EQ(after(milliseconds(10), jump), Cause::None);
  EXPECT_EQ(after(milliseconds(20), jump), Cause::AngleJump);
}

TEST(AnAngleThatIsDoubted, HoldsNobodyByAWallOnTheWayDown) {
  Station jumps;
  jumps.train();
  ASSERT_GT(jumps.wire().wall_stiffness_nm_rad, 0);
  jumps.estimate.angle_plausible = false;
  jumps.run(milliseconds(20));
  EXPECT_EQ(jumps.verdict().first_cause, Cause::AngleJump);
  EXPECT_EQ(jumps.wire().wall_stiffness_nm_rad, 0);
  Station differs;
  differs.train();
  differs.estimate.angle_sensors_agree = false;
  differs.run(milliseconds(40));
  EXPECT_EQ(differs.verdict().first_cause, Cause::AnglesDisagree);
  EXPECT_EQ(differs.wire().wall_stiffness_nm_rad, 0);
}

TEST(StrapCells, ThatAreInvalidEndTheSet) {
  const auto invalid = [](Station& s) {
    s.drive_follows = false;
    s.estimate.strap.reset();
  };
  EXPECT_EQ(after(milliseconds(20), invalid), Cause::None);
  EXPECT_EQ(after(milliseconds(30), invalid), Cause::StrapInvalid);
}

TEST(StrapCells, ThatAreFrozenEndTheSet) {
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.strap_frozen = true; }), Cause::StrapFrozen);
}

TEST(Forces, ThatDisagreeForFourSamplesEndTheSet) {
  const auto off_by = [](double newton) {
    return [newton](Station& s) {
      s.drive_follows = false;
      s.estimate.strap = *s.estimate.strap - newtons(newton);
    };
  };
  EXPECT_EQ(after(milliseconds(200), off_by(20)), Cause::None);
  EXPECT_EQ(after(milliseconds(30), off_by(40)), Cause::None);
  EXPECT_EQ(after(milliseconds(40), off_by(40)), Cause::ForcesDisagree);
}

TEST(Forces, OfOppositeSignAreServicesToMend) {
  EXPECT_EQ(after(milliseconds(40),
                  [](Station& s) {
                    s.drive_follows = false;
                    s.estimate.strap = -*s.estimate.strap;
                  }),
            Cause::TorqueMissing);
}

// 1.25 · 120 N + 20 N = 170 N.
TEST(OverForce, ByTheStrapNeedsTwoSamples) {
  const auto pull = [](double newton) {
    return [newton](Station& s) {
      s.drive_follows = false;
      s.estimate.strap = newtons(newton);
    };
  };
  EXPECT_EQ(after(milliseconds(30), pull(169)), Cause::None);
  EXPECT_EQ(after(milliseconds(10), pull(171)), Cause::None);
  EXPECT_EQ(after(milliseconds(20), pull(171)), Cause::OverForce);
}

TEST(OverForce, ByTheDrivesTorqueNeedsNoStrap) {
  EXPECT_EQ(after(milliseconds(20),
                  [](Station& s) {
                    s.drive_follows = false;
                    s.estimate.drive_torque = newton_metres(171 * 0.7875);
                    s.place(degrees(-30));
                  }),
            Cause::OverForce);
}

TEST(OverForce, AllowsTheWallToPushBack) {
  const auto at_wall = [](double into_wall_deg) {
    return [into_wall_deg](Station& s) {
      s.drive_follows = false;
      s.place(degrees(-8 + into_wall_deg));
      s.estimate.strap = newtons(200);
      s.expect(rehab::Moment::Holding, degrees(-9));
    };
  };
  // 2° into 2000 N·m/rad are 70 N·m, 89 N at the cuff.
  EXPECT_EQ(after(milliseconds(30), at_wall(2.0)), Cause::None);
  EXPECT_EQ(after(milliseconds(100), at_wall(0.1)), Cause::OverForce);
}

TEST(OverForce, HasACapOfItsOwnForSupport) {
  // At −30°: 95 N·m · cos 30° / 0.79 m + 200 N ≈ 304 N.
  const auto lift = [](double newton) {
    return [newton](Station& s) {
      s.drive_follows = false;
      s.estimate.strap = newtons(-newton);
    };
  };
  EXPECT_NE(after(milliseconds(50), lift(295)), Cause::OverForce);
  EXPECT_EQ(after(milliseconds(50), lift(315)), Cause::OverForce);
}

TEST(LimitsNotConfirmed, EndTheSet) {
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.setup.limits_confirmed = false; }),
            Cause::LimitsNotConfirmed);
}

TEST(ARestartedUnit, IsLatchedThoughItIsBackAtOnce) {
  EXPECT_EQ(after(milliseconds(500), [](Station& s) { ++s.drive().boot_counter; }), Cause::UnitRestarted);
  EXPECT_EQ(after(milliseconds(500), [](Station& s) { ++s.hub().boot_counter; }), Cause::UnitRestarted);
}

TEST(ARestartedUnit, CanBeResetByTheTherapist) {
  Training station;
  ++station.drive().boot_counter;
  station.cycle();
  station.demand = rehab::NoDemand{};
  station.brake(true);
  station.place(degrees(-70));
  station.reset();
  EXPECT_EQ(permission(station), "ready");
}

TEST(AValueThatIsNoNumber, StopsTheDrive) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(
      after(milliseconds(10), [nan](Station& s) { s.estimate.velocity = units::radians_per_second(nan); }),
      Cause::Internal);
  EXPECT_EQ(after(milliseconds(10), [nan](Station& s) { s.expectation.target = units::radians(nan); }),
            Cause::Internal);
}

TEST(ADemandThatIsNoNumber, LeavesNeitherTheGateNorThePermissionStanding) {
  Training station;
  auto demand = station.load_demand();
  demand.torque = newton_metres(std::numeric_limits<double>::infinity());
  station.demand = demand;
  const int before = station.wire().torque_dnm;
  station.cycle();
  EXPECT_EQ(station.command().cause(), Cause::Internal);
  EXPECT_LE(station.wire().torque_dnm, before);
  station.cycle();
  EXPECT_EQ(station.verdict().first_cause, Cause::Internal);
  EXPECT_EQ(permission(station), "latched");
}

TEST(LimitsNotConfirmed, AreNotToldWhileAnAnswerIsMissing) {
  const auto lost = [](bool fresh) {
    return after(milliseconds(10), [fresh](Station& s) {
      s.estimate.setup.limits_confirmed = false;
      s.estimate.drive.fresh = fresh;
    });
  };
  EXPECT_EQ(lost(false), Cause::None);
  EXPECT_EQ(lost(true), Cause::LimitsNotConfirmed);
}

}  // namespace
}  // namespace plinth::safety::testing
