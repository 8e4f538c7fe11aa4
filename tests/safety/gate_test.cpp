#include "controller/safety/gate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::newton_metres;

struct Open {
  Open() {
    verdict.permission = Permission::Ready;
    verdict.action = Action::Allow;
    verdict.brake = Brake::Closed;
    gate.approve(rehab::NoDemand{}, verdict, limits);
    verdict.permission = Permission::Granted;
    verdict.action = Action::Allow;
    verdict.cause = Cause::None;
    verdict.brake = Brake::Open;
    verdict.gravity_permille = 866;
  }
  const WireCommand& approve(const rehab::DriveDemand& asked) {
    command = gate.approve(asked, verdict, limits);
    return command.drive();
  }
  std::optional<Limits> limits = limits_for(strength_prescription());
  Gate gate{Station::Period};
  Verdict verdict;
  ApprovedCommand command;
  rehab::TorqueDemand demand = Station{}.load_demand();
};

TEST(ApprovedCommand, ThatNobodyMadePermitsNothing) {
  const ApprovedCommand command;
  EXPECT_FALSE(command.permit());
  EXPECT_FALSE(command.drive().enable);
  EXPECT_EQ(command.action(), Action::TorqueOff);
}

TEST(ApprovedCommand, IsRoundedToTheWireBeforeItIsJudged) {
  Open open;
  open.demand.torque = newton_metres(3.96);
  EXPECT_EQ(open.approve(open.demand).torque_dnm, 40);
  open.demand.torque = newton_metres(4.04);
  EXPECT_EQ(open.approve(open.demand).torque_dnm, 40);
}

TEST(ApprovedCommand, KeepsToTheForceLimitOfThePrescription) {
  Open open;
  open.demand.torque = newton_metres(400);
  open.demand.resisting_limit = newton_metres(1000);
  for (int i = 0; i < 200; ++i) open.approve(open.demand);
  // 170 N · 0.7875 m = 133.875 N·m, rounded down; 26.8 of it is the arm's own weight at −30°.
  EXPECT_EQ(open.command.drive().torque_dnm, 1338 - 268);
  EXPECT_LE(open.command.drive().resisting_limit_dnm, 2250);
}

TEST(ApprovedCommand, TakesATorqueBeyondTheDrivesRatingForTheNonsenseThatItIs) {
  for (const double torque : {401.0, -401.0}) {
    Open open;
    for (int i = 0; i < 50; ++i) open.approve(open.demand);
    open.demand.torque = newton_metres(torque);
    open.approve(open.demand);
    EXPECT_EQ(open.command.action(), Action::Release);
    EXPECT_EQ(open.command.cause(), Cause::Internal);
  }
}

TEST(ApprovedCommand, IsOnlyTheWayDownWithoutAPrescription) {
  Open open;
  for (int i = 0; i < 50; ++i) open.approve(open.demand);
  const int before = open.command.drive().torque_dnm;
  open.limits.reset();
  EXPECT_LT(open.approve(open.demand).torque_dnm, before);
}

TEST(NotANumber, NeverReachesTheWireInAnyField) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -infinity}) {
    for (int field = 0; field < 10; ++field) {
      Open open;
      for (int i = 0; i < 50; ++i) open.approve(open.demand);
      const int before = open.command.drive().torque_dnm;
      rehab::TorqueDemand demand = open.demand;
      if (field == 0) demand.torque = newton_metres(bad);
      if (field == 1) demand.resisting_limit = newton_metres(bad);
      if (field == 2) demand.supporting_limit = newton_metres(bad);
      if (field == 3) demand.lifting_speed_limit = units::radians_per_second(bad);
      if (field == 4) demand.lowering_speed_limit = units::radians_per_second(bad);
      if (field == 5) demand.lifting_damping = units::newton_metre_seconds_per_radian(bad);
      if (field == 6) demand.lowering_damping = units::newton_metre_seconds_per_radian(bad);
      if (field == 7) demand.wall_stiffness = units::newton_metres_per_radian(bad);
      // Walls that are no numbers cannot be made; infinite ones can.
      if (field == 8) demand.walls = {units::radians(-infinity), demand.walls.high()};
      if (field == 9) demand.walls = {demand.walls.low(), units::radians(infinity)};
      open.approve(demand);
      EXPECT_EQ(open.command.cause(), Cause::Internal) << field;
      EXPECT_EQ(open.command.action(), Action::Release);
      EXPECT_LT(open.command.drive().torque_dnm, before);
      // and sound demands do not bring the torque back under this permission
      for (int i = 0; i < 50; ++i) open.approve(open.demand);
      EXPECT_EQ(open.command.drive().mode, sensing::DriveMode::Lowering);
    }
  }
}

TEST(Permit, IsOpenAtRestAndClosedWhileSomebodyMayStart) {
  Open at_rest;
  at_rest.verdict.brake = Brake::Closed;
  const auto permit = [&at_rest](Permission permission) {
    at_rest.verdict.permission = permission;
    at_rest.approve(rehab::NoDemand{});
    return at_rest.command.permit();
  };
  EXPECT_FALSE(permit(Permission::Latched));
  EXPECT_TRUE(permit(Permission::Ready));
  EXPECT_TRUE(permit(Permission::Armed));
  EXPECT_TRUE(permit(Permission::Granted));
}

TEST(Permit, StaysWhileTheLegsAreLoweredAndGoesWhenTheDriveDisobeys) {
  Open open;
  open.approve(open.demand);
  open.verdict.permission = Permission::Latched;
  open.verdict.action = Action::Release;
  open.approve(rehab::LoweringDemand{});
  EXPECT_TRUE(open.command.permit());
  open.verdict.withdraw_permit = true;
  open.approve(rehab::LoweringDemand{});
  EXPECT_FALSE(open.command.permit());
}

TEST(RestAngle, IsTheLowestWhenItIsNotKnown) {
  Open open;
  open.verdict.rest_angle.reset();
  EXPECT_EQ(open.approve(open.demand).position_dmrad, -15708);
  open.verdict.rest_angle = units::degrees(-72);
  EXPECT_EQ(open.approve(open.demand).position_dmrad, -12566);
}

TEST(Permit, GoesWithTheTorque) {
  Open open;
  open.approve(open.demand);
  open.verdict.permission = Permission::Latched;
  open.verdict.action = Action::TorqueOff;
  open.approve(rehab::NoDemand{});
  EXPECT_FALSE(open.command.permit());
}

Limits limits_of(double load_n, double mass_kg) {
  auto draft = strength_prescription().draft();
  draft.load = units::newtons(load_n);
  auto person = strength_prescription().person();
  person.mass = units::kilograms(mass_kg);
  return limits_for(rehab::Prescription::checked(draft, person).value());
}

TEST(APrescription, ThatIsTighterForTheSamePersonHoldsAtOnce) {
  Open open;
  open.demand.torque = newton_metres(400);
  open.demand.resisting_limit = newton_metres(1000);
  for (int i = 0; i < 200; ++i) open.approve(open.demand);
  const int before = open.command.drive().torque_dnm;
  open.limits = limits_of(80, 78);
  open.approve(open.demand);
  // 50 N less at 1.25 and 0.7875 m: 39.4 N·m.
  EXPECT_NEAR(open.command.drive().torque_dnm, before - 394, 1);
}

TEST(APrescription, ThatIsSomebodyElsesChangesNothingForLegsThatAreStillInTheArm) {
  Open open;
  open.approve(open.demand);
  open.verdict.permission = Permission::Ready;
  const auto support = [&open] { return open.approve(rehab::LoweringDemand{}).supporting_limit_dnm; };
  for (int i = 0; i < 100; ++i) support();
  const int of_78_kg = support();
  open.limits = limits_of(120, 60);
  EXPECT_EQ(support(), of_78_kg);
  open.limits.reset();
  EXPECT_EQ(support(), of_78_kg);
  open.limits = limits_of(120, 60);
  open.verdict.brake = Brake::Closed;
  for (int i = 0; i < 3; ++i) support();
  open.verdict.brake = Brake::Open;
  EXPECT_LT(support(), of_78_kg);
}

TEST(APrescription, IsAskedForAtEveryStart) {
  Open open;
  open.limits.reset();
  open.verdict.brake = Brake::Closed;
  open.approve(rehab::NoDemand{});
  open.limits = limits_of(120, 78);
  open.approve(rehab::NoDemand{});
  open.verdict.brake = Brake::Open;
  for (int i = 0; i < 20; ++i) open.approve(open.demand);
  EXPECT_GT(open.command.drive().torque_dnm, 0);
}

TEST(NotANumber, DoesNotMakeAStopMilder) {
  Open open;
  open.approve(open.demand);
  open.demand.torque = newton_metres(std::numeric_limits<double>::infinity());
  open.verdict.action = Action::DriveStop;
  open.verdict.cause = Cause::EStopOpen;
  open.approve(open.demand);
  EXPECT_EQ(open.command.action(), Action::DriveStop);
  EXPECT_EQ(open.command.cause(), Cause::EStopOpen);
  EXPECT_TRUE(open.command.drive().controlled_stop);
  open.verdict.action = Action::Release;
  open.verdict.cause = Cause::ComfortStop;
  open.approve(open.demand);
  EXPECT_EQ(open.command.cause(), Cause::ComfortStop);
}

TEST(NotANumber, IsForgottenWithThePermissionUnderWhichItWasAskedFor) {
  Open open;
  const double infinity = std::numeric_limits<double>::infinity();
  auto nonsense = open.demand;
  nonsense.torque = newton_metres(infinity);
  open.approve(nonsense);
  EXPECT_EQ(open.command.cause(), Cause::Internal);
  open.verdict.permission = Permission::Ready;
  open.verdict.brake = Brake::Closed;
  open.approve(nonsense);
  EXPECT_NE(open.command.cause(), Cause::Internal) << "without a permission nothing was asked for";
  open.approve(rehab::NoDemand{});
  open.verdict.permission = Permission::Granted;
  open.verdict.brake = Brake::Open;
  for (int i = 0; i < 20; ++i) open.approve(open.demand);
  EXPECT_GT(open.command.drive().torque_dnm, 0);
  EXPECT_EQ(open.command.action(), Action::Allow);
}

TEST(TheGate, HandsOnWhatTheVerdictSays) {
  const auto trained = [] {
    Open open;
    for (int i = 0; i < 100; ++i) open.approve(open.demand);
    return open;
  };
  const int before = trained().approve(trained().demand).torque_dnm;
  ASSERT_GT(before, 0);
  Open low = trained();
  low.verdict.no_downward_torque = true;
  EXPECT_LT(low.approve(low.demand).torque_dnm, 0);
  Open high = trained();
  high.demand.torque = newton_metres(-400);
  const int carries = high.approve(high.demand).torque_dnm;
  for (int i = 0; i < 100; ++i) high.approve(high.demand);
  EXPECT_LT(high.command.drive().torque_dnm, carries);
  high.verdict.no_upward_torque = true;
  EXPECT_EQ(high.approve(high.demand).torque_dnm, -268);  // the arm's weight at −30° and no more
  Open rises = trained();
  rises.verdict.permission = Permission::Ready;
  rises.verdict.rising = true;
  EXPECT_GT(rises.approve(rehab::NoDemand{}).lifting_damping_dnms, 0);
  Open late = trained();
  late.verdict.permission = Permission::Ready;
  late.verdict.elapsed_ms = 300;
  EXPECT_EQ(late.approve(rehab::NoDemand{}).mode, sensing::DriveMode::Lowering);
}

TEST(TheGate, LetsTorqueRiseByItsPeriodAndTakesNoPeriodForAMillisecond) {
  for (const auto& [period, rise] : {std::pair{0, 4}, std::pair{1, 4}, std::pair{20, 80}}) {
    Open open;
    open.gate = Gate{units::milliseconds(period)};
    open.verdict.permission = Permission::Ready;
    open.verdict.brake = Brake::Closed;
    open.approve(rehab::NoDemand{});
    open.verdict.permission = Permission::Granted;
    open.verdict.brake = Brake::Open;
    EXPECT_EQ(open.approve(open.demand).torque_dnm, rise) << period;
  }
}

TEST(ALowering, ThatIsAskedForEndsTheTorqueLikeNoDemandAtAll) {
  for (const rehab::DriveDemand& asked :
       {rehab::DriveDemand{rehab::LoweringDemand{}}, rehab::DriveDemand{rehab::NoDemand{}}}) {
    Open open;
    for (int i = 0; i < 100; ++i) open.approve(open.demand);
    for (int i = 0; i < 30; ++i) open.approve(asked);
    EXPECT_EQ(open.command.drive().mode, sensing::DriveMode::Lowering);
  }
}

}  // namespace
}  // namespace plinth::safety::testing
