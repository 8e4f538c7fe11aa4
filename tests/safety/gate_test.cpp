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
    for (int field = 0; field < 8; ++field) {
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

}  // namespace
}  // namespace plinth::safety::testing
