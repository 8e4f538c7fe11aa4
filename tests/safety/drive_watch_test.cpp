// Told against done, cycle by cycle: a drive that does as it is told, bent in one place.
#include "controller/safety/drive_watch.hpp"

#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using sensing::DriveMode;
using units::milliseconds;
using units::newton_metres;
using units::radians;
using units::radians_per_second;

// Told 50 N·m, with 150 N·m downward and 200 upward at most.
struct Watched : SetMoment {
  DriveWatch watch;

  Watched() {
    commanded.enable = true;
    commanded.torque_dnm = 500;
    commanded.resisting_limit_dnm = 1500;
    commanded.supporting_limit_dnm = 2000;
    commanded.lifting_speed_limit_mrad_s = 1000;
    commanded.lowering_speed_limit_mrad_s = 800;
    commanded.wall_low_dmrad = -12'000;
    commanded.wall_high_dmrad = 6000;
    drive().mode = DriveMode::Torque;
    drive().angle = estimate.angle;
    gives(50.0, 50.0);
  }
  DriveWatch::Findings cycle(int times = 1) {
    DriveWatch::Findings findings;
    for (int i = 0; i < times; ++i) {
      estimate.at += milliseconds(10);
      ++drive().heartbeat_echo;
      findings = watch.watch(scene());
    }
    return findings;
  }
  void gives(double setpoint_nm, double torque_nm) {
    drive().torque_setpoint = newton_metres(setpoint_nm);
    drive().torque = newton_metres(torque_nm);
  }
  void means(double setpoint_nm) { gives(setpoint_nm, setpoint_nm); }
  void mode(DriveMode mode) { commanded.mode = drive().mode = mode; }
};

bool nothing(const DriveWatch::Findings& found) {
  return !found.ignores && !found.over_delivers && !found.strays;
}

TEST(ASetPoint, MayBeBesideTheCommandByHalfANewtonMetre) {
  const auto ignores = [](double setpoint_nm) {
    Watched drive;
    drive.means(setpoint_nm);
    return drive.cycle(4).ignores;
  };
  EXPECT_FALSE(ignores(50.54));  // 505 in the drive's tenths
  EXPECT_TRUE(ignores(50.56));
  EXPECT_FALSE(ignores(49.46));
  EXPECT_TRUE(ignores(49.44));
}

TEST(ASetPoint, IsJudgedOnceFourCommandsForTorqueHaveGoneOut) {
  Watched drive;
  drive.means(90);
  EXPECT_FALSE(drive.cycle(3).ignores);
  EXPECT_TRUE(drive.cycle().ignores);
  drive.mode(DriveMode::Lowering);
  EXPECT_FALSE(drive.cycle().ignores);
  drive.mode(DriveMode::Torque);
  EXPECT_FALSE(drive.cycle(3).ignores);
  EXPECT_TRUE(drive.cycle().ignores);
  drive.commanded.run = false;
  drive.cycle();
  drive.commanded.run = true;
  EXPECT_FALSE(drive.cycle(3).ignores);
  EXPECT_TRUE(drive.cycle().ignores);
}

TEST(ASetPoint, IsExplainedByAnyOfTheLastFourCommands) {
  Watched drive;
  EXPECT_TRUE(nothing(drive.cycle(9)));
  drive.commanded.torque_dnm = 300;
  EXPECT_TRUE(nothing(drive.cycle(3)));
  EXPECT_TRUE(drive.cycle().ignores);
  drive.means(30);
  drive.commanded.torque_dnm = 700;
  EXPECT_TRUE(nothing(drive.cycle(3)));
  EXPECT_TRUE(drive.cycle().ignores);
}

TEST(ASetPoint, IsTheDrivesOwnAffairWhereItLimitsByItself) {
  const auto ignores = [](auto bend) {
    Watched drive;
    drive.means(90);
    bend(drive.drive());
    return drive.cycle(4).ignores;
  };
  EXPECT_FALSE(ignores([](auto& d) { d.limiting = 1; }));
  // 0.05 rad/s before its speed limits, 0.01 rad before its walls.
  EXPECT_FALSE(ignores([](auto& d) { d.velocity = radians_per_second(0.951); }));
  EXPECT_TRUE(ignores([](auto& d) { d.velocity = radians_per_second(0.949); }));
  EXPECT_FALSE(ignores([](auto& d) { d.velocity = radians_per_second(-0.751); }));
  EXPECT_TRUE(ignores([](auto& d) { d.velocity = radians_per_second(-0.749); }));
  EXPECT_FALSE(ignores([](auto& d) { d.angle = radians(0.591); }));
  EXPECT_TRUE(ignores([](auto& d) { d.angle = radians(0.589); }));
  EXPECT_FALSE(ignores([](auto& d) { d.angle = radians(-1.191); }));
  EXPECT_TRUE(ignores([](auto& d) { d.angle = radians(-1.189); }));
}

TEST(ASetPoint, HoldsTheDampingOfItsDirection) {
  const auto ignores = [](double lifting_dnms, double lowering_dnms, double speed, double setpoint_nm) {
    Watched drive;
    drive.commanded.lifting_damping_dnms = static_cast<std::uint16_t>(lifting_dnms);
    drive.commanded.lowering_damping_dnms = static_cast<std::uint16_t>(lowering_dnms);
    drive.drive().velocity = radians_per_second(speed);
    drive.means(setpoint_nm);
    return drive.cycle(4).ignores;
  };
  // 20 N·m of damping, and a tenth of it more of tolerance.
  EXPECT_FALSE(ignores(4000, 0, 0.05, 72.5));
  EXPECT_TRUE(ignores(4000, 0, 0.05, 72.6));
  EXPECT_FALSE(ignores(4000, 0, 0.05, 67.5));
  EXPECT_TRUE(ignores(4000, 0, 0.05, 67.4));
  EXPECT_FALSE(ignores(4000, 200, -0.5, 40.0));
  EXPECT_TRUE(ignores(4000, 200, -0.5, 38.4));
  // 1.56 N·m are 16 tenths.
  EXPECT_FALSE(ignores(312, 0, 0.05, 52.2));
  EXPECT_TRUE(ignores(312, 0, 0.05, 52.3));
}

TEST(ADriveStop, IsIgnoredByADriveThatGoesOnFor40Milliseconds) {
  Watched drive;
  drive.commanded.run = false;
  drive.commanded.controlled_stop = true;
  EXPECT_FALSE(drive.cycle(4).ignores);
  EXPECT_TRUE(drive.cycle().ignores);
  drive.drive().stopping = true;
  EXPECT_FALSE(drive.cycle().ignores);
  drive.drive().stopping = false;
  EXPECT_FALSE(drive.cycle(4).ignores);
  drive.estimate.drive.age = milliseconds(200);
  EXPECT_FALSE(drive.cycle().ignores);
  drive.estimate.drive.age = milliseconds(0);
  EXPECT_FALSE(drive.cycle(4).ignores);
  drive.drive().torque_on = false;
  EXPECT_FALSE(drive.cycle(10).ignores);
}

TEST(Torque, OpposesItsSetPointWhenBothAre5NewtonMetresAndApartFor20Milliseconds) {
  const auto opposes = [](double setpoint_nm, double torque_nm) {
    Watched drive;
    drive.gives(setpoint_nm, torque_nm);
    EXPECT_FALSE(drive.cycle(2).opposes);
    return drive.cycle().opposes;
  };
  EXPECT_TRUE(opposes(5, -5));
  EXPECT_TRUE(opposes(-5, 5));
  EXPECT_FALSE(opposes(4.9, -50));
  EXPECT_FALSE(opposes(50, -4.9));
  EXPECT_FALSE(opposes(-4.9, 50));
  EXPECT_FALSE(opposes(-50, 4.9));
  EXPECT_FALSE(opposes(50, 50));
}

TEST(Torque, OpposesNothingBehindTheBrakeOrInSilence) {
  Watched drive;
  drive.gives(50, -50);
  drive.drive().brake_released = false;
  EXPECT_FALSE(drive.cycle(10).opposes);
  drive.drive().brake_released = true;
  EXPECT_TRUE(drive.cycle(3).opposes);
  drive.estimate.drive.age = milliseconds(200);
  EXPECT_FALSE(drive.cycle().opposes);
  drive.estimate.drive.age = milliseconds(0);
  EXPECT_FALSE(drive.cycle(2).opposes);
  EXPECT_TRUE(drive.cycle().opposes);
}

TEST(Torque, MayBeBesideItsSetPointBy20NewtonMetresAndATenth) {
  const auto found = [](double setpoint_nm, double torque_nm) {
    Watched drive;
    drive.gives(setpoint_nm, torque_nm);
    return drive.cycle();
  };
  EXPECT_TRUE(nothing(found(50, 75)));
  EXPECT_TRUE(nothing(found(50, 25)));
  EXPECT_TRUE(found(50, 75.1).over_delivers);
  EXPECT_TRUE(found(50, 75.1).strays);
  EXPECT_FALSE(found(50, 75.1).ignores);
  EXPECT_TRUE(found(50, 24.9).ignores);
  EXPECT_FALSE(found(50, 24.9).over_delivers);
  EXPECT_TRUE(found(50, -5.0).over_delivers) << "the other way round is more than too little";
  EXPECT_TRUE(found(-50, -75.1).over_delivers);
  EXPECT_TRUE(found(-50, -24.9).ignores);
  EXPECT_FALSE(found(-50, -24.9).over_delivers);
  EXPECT_TRUE(found(-50, 5.0).over_delivers);
}

TEST(Torque, OfNextToNothingIsMissingAndNotTooMuchWhicheverWayItsNoisePoints) {
  for (const double noise_nm : {-4.9, 0.0, 4.9}) {
    Watched drive;
    drive.gives(50, noise_nm);
    const auto found = drive.cycle();
    EXPECT_TRUE(found.ignores) << noise_nm;
    EXPECT_TRUE(found.strays) << noise_nm;
    EXPECT_FALSE(found.over_delivers) << noise_nm;
  }
}

TEST(Torque, OfNextToNothingIsToldFromASetPointOf10NewtonMetresOn) {
  const auto ignores = [](double setpoint_nm, double torque_nm) {
    Watched drive;
    drive.gives(setpoint_nm, torque_nm);
    return drive.cycle().ignores;
  };
  EXPECT_FALSE(ignores(10.0, 0));
  EXPECT_TRUE(ignores(10.1, 0));
  EXPECT_TRUE(ignores(-10.1, 0));
  EXPECT_TRUE(ignores(20.0, 4.9));
  EXPECT_FALSE(ignores(20.0, 5.0));
}

TEST(Torque, IsTooMuchBeyondTheLimitsOfTheLastFourCommandsWhateverTheDriveMeans) {
  Watched down;
  down.gives(180, 188.0);  // 150 N·m, and 20 and a tenth of 180
  EXPECT_FALSE(down.cycle(9).over_delivers);
  down.gives(180, 188.1);
  EXPECT_TRUE(down.cycle().over_delivers);
  down.commanded.resisting_limit_dnm = 1600;
  EXPECT_FALSE(down.cycle().over_delivers);
  down.commanded.resisting_limit_dnm = 1500;
  EXPECT_FALSE(down.cycle(3).over_delivers);
  EXPECT_TRUE(down.cycle().over_delivers);
  Watched up;
  up.gives(-220, -242.0);  // 200 N·m, and 20 and a tenth of 220
  EXPECT_FALSE(up.cycle(9).over_delivers);
  up.gives(-220, -242.1);
  EXPECT_TRUE(up.cycle().over_delivers);
  up.commanded.supporting_limit_dnm = 2100;
  EXPECT_FALSE(up.cycle().over_delivers);
  up.commanded.supporting_limit_dnm = 2000;
  EXPECT_FALSE(up.cycle(3).over_delivers);
  EXPECT_TRUE(up.cycle().over_delivers);
}

TEST(Torque, IsComparedWithItsLimitsOnceFourCommandsForTorqueHaveGoneOut) {
  Watched drive;
  drive.gives(180, 190);
  EXPECT_FALSE(drive.cycle(3).over_delivers);
  EXPECT_TRUE(drive.cycle().over_delivers);
  drive.mode(DriveMode::Lowering);
  EXPECT_FALSE(drive.cycle(9).over_delivers);
}

TEST(Torque, ThatTheBrakeHoldsIsNoOnes) {
  Watched held;
  held.gives(90, 200);
  held.drive().brake_released = false;
  EXPECT_TRUE(nothing(held.cycle(9)));
  EXPECT_EQ(held.watch.brake_open_for(held.estimate.at), milliseconds(0));
}

TEST(TheBrake, IsOpenForAsLongAsTorqueCanMoveTheArm) {
  Watched drive;
  drive.cycle();
  EXPECT_EQ(drive.watch.brake_open_for(drive.estimate.at), milliseconds(0));
  drive.cycle(9);
  EXPECT_EQ(drive.watch.brake_open_for(drive.estimate.at), milliseconds(90));
  drive.drive().torque_on = false;
  drive.cycle();
  EXPECT_EQ(drive.watch.brake_open_for(drive.estimate.at + milliseconds(10)), milliseconds(0));
  drive.drive().torque_on = true;
  drive.cycle(3);
  EXPECT_EQ(drive.watch.brake_open_for(drive.estimate.at), milliseconds(20));
  drive.estimate.drive.age = milliseconds(100);
  drive.cycle();
  EXPECT_EQ(drive.watch.brake_open_for(drive.estimate.at + milliseconds(10)), milliseconds(0));
}

TEST(ADriveThatIsNotHeard, IsAccusedOfNothing) {
  Watched drive;
  drive.cycle(9);
  drive.gives(90, 200);
  drive.drive().mode = DriveMode::Position;
  drive.estimate.drive.age = milliseconds(100);
  EXPECT_TRUE(nothing(drive.cycle(9)));
  drive.estimate.drive.age = {};
  drive.estimate.drive_report.reset();
  drive.estimate.at += milliseconds(10);
  EXPECT_TRUE(nothing(drive.watch.watch(drive.scene())));
}

TEST(AnEcho, IsJudgedOnlyWhereANewAnswerBroughtIt) {
  Watched drive;
  drive.estimate.drive.fresh = false;
  EXPECT_TRUE(nothing(drive.watch.watch(drive.scene())));
  drive.estimate.drive.fresh = true;
  EXPECT_TRUE(nothing(drive.cycle(3)));
  drive.estimate.drive.fresh = false;
  EXPECT_TRUE(nothing(drive.watch.watch(drive.scene())));
  drive.estimate.drive.fresh = true;
  EXPECT_TRUE(drive.watch.watch(drive.scene()).ignores);
  EXPECT_TRUE(nothing(drive.cycle()));
}

TEST(ADriveThatStopsByItself, DoesWhatItMust) {
  const auto ignores = [](auto bend) {
    Watched drive;
    drive.cycle(9);
    drive.drive().mode = DriveMode::None;
    bend(drive.drive());
    return drive.cycle().ignores;
  };
  EXPECT_TRUE(ignores([](auto&) {}));
  EXPECT_FALSE(ignores([](auto& d) { d.stopping = true; }));
  EXPECT_FALSE(ignores([](auto& d) { d.ss1_active = true; }));
  EXPECT_FALSE(ignores([](auto& d) { d.fault_latched = true; }));
  EXPECT_FALSE(ignores([](auto& d) { d.sto_a_ok = d.sto_b_ok = false; }));
  EXPECT_TRUE(ignores([](auto& d) { d.sto_a_ok = false; })) << "one channel alone is no reason";
  EXPECT_TRUE(ignores([](auto& d) { d.sto_b_ok = false; })) << "one channel alone is no reason";
}

TEST(ADriveThatStopsByItself, IsStillSeenToStray) {
  Watched drive;
  drive.drive().stopping = true;
  drive.gives(20, 60);
  EXPECT_TRUE(drive.cycle().strays);
  EXPECT_FALSE(drive.cycle().over_delivers);
  drive.commanded.run = false;
  EXPECT_TRUE(drive.cycle().strays);
}

TEST(ADriveThatWithholdsTorque, HasTwoSecondsToStart) {
  Watched drive;
  drive.drive().torque_on = false;
  drive.cycle();
  EXPECT_TRUE(nothing(drive.cycle(200)));
  EXPECT_TRUE(drive.cycle().ignores);
  drive.commanded.run = false;
  drive.cycle();
  drive.commanded.run = true;
  drive.cycle();
  EXPECT_TRUE(nothing(drive.cycle(200)));
  EXPECT_TRUE(drive.cycle().ignores);
}

TEST(ADriveThatWithholdsTorque, HasNoTimeForItOnceItHasStarted) {
  Watched drive;
  drive.cycle();
  drive.drive().torque_on = false;
  EXPECT_TRUE(drive.cycle().ignores);
  EXPECT_TRUE(drive.cycle().ignores);
  drive.commanded.run = false;
  EXPECT_TRUE(nothing(drive.cycle()));
  drive.commanded.run = true;
  EXPECT_TRUE(nothing(drive.cycle())) << "a new start takes its time";
}

TEST(ADriveThatWithholdsTorque, MayDoSoAtTheEndOfALowering) {
  Watched drive;
  drive.mode(DriveMode::Lowering);
  EXPECT_TRUE(nothing(drive.cycle(9)));
  drive.drive().torque_on = false;
  EXPECT_TRUE(nothing(drive.cycle(300)));
}

}  // namespace
}  // namespace plinth::safety::testing
