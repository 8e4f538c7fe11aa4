#include <gtest/gtest.h>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

using units::milliseconds;
using units::newtons;

TEST(APoorLink, EndsTheSet) {
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.drive.unreliable = true; }), Cause::LinkPoor);
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.hub.unreliable = true; }), Cause::LinkPoor);
}

TEST(AStalledControl, EndsTheSetWhenItComesBack) {
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.period = milliseconds(30); }), Cause::None);
  EXPECT_EQ(after(milliseconds(10), [](Station& s) { s.estimate.period = milliseconds(32); }),
            Cause::ControlStalled);
}

TEST(AHubThatDoubtsItself, EndsTheSetAfterTwoSamples) {
  const auto doubt = [](Station& s) { s.hub().ok = false; };
  EXPECT_EQ(after(milliseconds(20), doubt), Cause::None);
  EXPECT_EQ(after(milliseconds(30), doubt), Cause::HubFault);
}

TEST(AHotDrive, EndsTheSetWithinASecond) {
  const auto motor = [](Station& s) { s.drive().motor_temperature_c = 91; };
  EXPECT_EQ(after(milliseconds(950), motor), Cause::None);
  EXPECT_EQ(after(milliseconds(960), motor), Cause::DriveHot);
  EXPECT_EQ(after(milliseconds(960), [](Station& s) { s.drive().drive_temperature_c = 81; }),
            Cause::DriveHot);
}

TEST(AHotDrive, IsOneThatGivesLessTorqueToProtectItself) {
  EXPECT_EQ(after(milliseconds(1010), [](Station& s) { s.drive().limiting = 1U << 6U; }), Cause::DriveHot);
  EXPECT_EQ(after(milliseconds(1010), [](Station& s) { s.drive().limiting = 1U << 7U; }), Cause::DriveHot);
  EXPECT_EQ(after(milliseconds(3000), [](Station& s) { s.drive().limiting = 0x1FU; }), Cause::None);
}

TEST(AnEmergencyStopWithOneChain, IsServicesToClear) {
  for (int chain = 0; chain < 4; ++chain) {
    Training station;
    if (chain == 0) station.drive().estop_a_closed = false;
    if (chain == 1) station.drive().estop_b_closed = false;
    if (chain == 2) station.hub().estop_a_closed = false;
    if (chain == 3) station.hub().estop_b_closed = false;
    station.run(milliseconds(200));
    EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist) << chain;
    station.cycle();
    EXPECT_EQ(station.verdict().first_cause, Cause::EStopOpen) << chain;
    EXPECT_EQ(station.verdict().latch, LatchLevel::Service) << chain;
  }
}

TEST(AnEmergencyStopWithBothChains, IsTheTherapistsToClear) {
  Training station;
  station.drive().estop_a_closed = false;
  station.drive().estop_b_closed = false;
  station.hub().estop_a_closed = false;
  station.hub().estop_b_closed = false;
  station.run(milliseconds(1000));
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(TheHubsRelay, IsServicesWhenTheDriveDoesNotSeeItOpen) {
  Station station;  // latched since boot: the relay is told to be open
  station.drive_follows = false;
  station.run(milliseconds(500));
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
  station.run(milliseconds(20));
  EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
  EXPECT_TRUE(station.verdict().active.test(static_cast<std::size_t>(Cause::RelayStuck)));
}

TEST(TheHubsRelay, IsNotAccusedWhenTheTorqueOffChannelsAreOpen) {
  Station station;
  station.drive_follows = false;
  station.drive().sto_a_ok = false;
  station.drive().sto_b_ok = false;
  station.run(milliseconds(1000));
  EXPECT_EQ(station.verdict().latch, LatchLevel::Therapist);
}

TEST(TheTorqueOffChannels, MayDifferForFourSamples) {
  for (const bool a : {true, false}) {
    Training station;
    (a ? station.drive().sto_a_ok : station.drive().sto_b_ok) = false;
    station.run(milliseconds(40));
    EXPECT_EQ(permission(station), "granted");
    station.cycle();
    EXPECT_EQ(station.verdict().first_cause, Cause::StoDisagrees);
    EXPECT_EQ(station.verdict().latch, LatchLevel::Service);
  }
}

// 120 N by the drive.
TEST(StrapCells, ThatWanderFromTheDrivesTorqueEndTheSet) {
  const auto off_by = [](double newton) {
    return [newton](Station& s) {
      s.drive_follows = false;
      s.estimate.strap = *s.estimate.strap + newtons(newton);
    };
  };
  EXPECT_EQ(after(milliseconds(20'000), off_by(18)), Cause::None);
  EXPECT_EQ(after(milliseconds(20'000), off_by(-18)), Cause::None);
  EXPECT_EQ(after(milliseconds(6000), off_by(21)), Cause::StrapDrifts);
  EXPECT_EQ(after(milliseconds(6000), off_by(-21)), Cause::StrapDrifts);
}

// 15 rad/s² are 61 N at the cuff.
TEST(StrapCells, MayDifferByWhatAKickTakes) {
  Training station;
  station.run(milliseconds(1000));
  station.drive_follows = false;
  station.estimate.strap = *station.estimate.strap + newtons(45);
  station.estimate.acceleration_now_rad_s2 = 15.0;
  station.run(milliseconds(200));
  station.drive_follows = true;
  station.estimate.acceleration_now_rad_s2 = 0.0;
  station.run(milliseconds(2000));
  EXPECT_EQ(permission(station), "granted");
}

TEST(TorqueThatDoesNotArrive, StopsTheDriveBeforeTheForcesAreComparedForLong) {
  const auto without = [](Station& s) {
    s.drive_follows = false;
    s.estimate.strap = newtons(30);
  };
  EXPECT_EQ(after(milliseconds(30), without), Cause::None);
  EXPECT_EQ(after(milliseconds(40), without), Cause::TorqueMissing);
}

TEST(AnArmThatComesToStandOnSomething, EndsTheSetWithinThreeSamplesAndSaysSo) {
  // It stood for so long between its way down and the first cells that tell less.
  const auto leans = [](units::Duration stood) {
    return [stood](Station& s) {
      s.expect(rehab::Moment::Lowering, s.estimate.angle);
      s.estimate.velocity = units::degrees_per_second(-5);
      s.cycle();
      s.estimate.velocity = {};
      s.run(stood);
      s.drive_follows = false;
      s.estimate.strap = newtons(10);
    };
  };
  EXPECT_EQ(after(milliseconds(20), leans({})), Cause::None);
  EXPECT_EQ(after(milliseconds(30), leans({})), Cause::Obstacle);
  EXPECT_EQ(after(milliseconds(30), leans(milliseconds(220))), Cause::Obstacle);
  EXPECT_EQ(after(milliseconds(40), leans(milliseconds(300))), Cause::TorqueMissing);
}

TEST(TorqueThatDoesNotArrive, IsNotBlamedOnLegsThatFall) {
  EXPECT_NE(after(milliseconds(100),
                  [](Station& s) {
                    s.drive_follows = false;
                    s.estimate.strap = newtons(30);
                    s.estimate.velocity = units::degrees_per_second(-9);
                    s.estimate.acceleration_rad_s2 = -2.0;
                  }),
            Cause::TorqueMissing);
}

}  // namespace
}  // namespace plinth::safety::testing
