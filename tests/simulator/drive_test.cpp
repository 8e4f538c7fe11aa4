#include <algorithm>

#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Deg;
using testing::Host;
using testing::LoadLaw;
using testing::Tempo;

StationSetup patient_of(double mass_kg, PatientModel model = PatientModel::Steady, std::uint64_t seed = 1) {
  StationSetup setup;
  setup.patient.mass = units::kilograms(mass_kg);
  setup.patient.height = typical_height(setup.patient.mass);
  setup.patient.model = model;
  setup.seed = seed;
  return setup;
}

double load_of(const VirtualStation& station) {
  return units::in_newtons(station.truth().added_load);
}
double angle_deg(const VirtualStation& station) {
  return units::in_degrees(station.truth().arm_angle);
}
double speed_deg_s(const VirtualStation& station) {
  return units::in_degrees_per_second(station.truth().arm_speed);
}

// A station in which a patient is in the middle of a repetition, loaded, led by a host.
struct Training {
  explicit Training(const StationSetup& setup, double load_n = 120.0)
      : station{setup}, host{station}, law{.load_n = load_n} {
    block.position_rad = station.plant().rest_angle();
    block.speed_lowering_rad_s = 38 * Deg;
    block.torque_minus_nm = 1.2 * (31.0 + station.plant().legs_weight_moment()) + 40.0;
    host.start(block);
    began = units::in_seconds(station.now());
  }
  [[nodiscard]] double t() const { return units::in_seconds(station.now()) - began; }
  void lead(Host::Block& out) {
    station.show_guide(tempo.at(t()));
    out.torque_nm = law.torque(station, std::min(1.0, t() / 2.0));
  }
  // Trains until `until_s` after the machine came to life.
  void train(double until_s) {
    host.run(until_s - t(), block, [this](Host::Block& out) { lead(out); });
  }

  VirtualStation station;
  Host host;
  Host::Block block;
  Tempo tempo;
  LoadLaw law;
  double began = 0.0;
};

TEST(Drive, StartsOnlyWhenPermittedAndRunIsAskedForAfresh) {
  VirtualStation station{StationSetup{}};
  Host host{station};
  Host::Block block;
  // Without the hub's permit nothing comes on.
  block.control = Host::Enable | Host::Run;
  for (int i = 0; i < 30; ++i) {
    host.command(block);
    station.advance_to(station.now() + units::milliseconds(10));
  }
  EXPECT_EQ(station.drive().state(), DriveState::Off);
  // With it, a run bit that was there all along is not a start.
  host.run(0.3, block);
  EXPECT_EQ(station.drive().state(), DriveState::Off);
  host.start(block);
  EXPECT_EQ(station.drive().state(), DriveState::Running);
}

TEST(Drive, FollowsATorqueCommandWithItsSlewAndTwoMillisecondsOfLag) {
  VirtualStation station{StationSetup{}};
  Host host{station};
  Host::Block block;
  host.start(block);
  block.torque_nm = -20.0;
  host.run(0.05, block);
  EXPECT_NEAR(station.drive().motor_torque(), -20.0, 0.2);
}

// How far beyond `end` a passive arrival of 110 kg comes when the wall begins 3° inside it (negative: it
// stays inside).
double overshoot_deg(double speed_deg_s, bool upper) {
  Plant plant{legs_of(units::kilograms(110), units::metres(1.86))};
  const double side = upper ? 1.0 : -1.0;
  const double end = (upper ? -5.0 : -60.0) * Deg;
  const double start = end - side * 3.5 * Deg;
  const double wall = end - side * 3.0 * Deg;
  plant.set_state({start, side * speed_deg_s * Deg, start, side * speed_deg_s * Deg});
  Drive drive{DriveLimits{}, 1};
  DriveCommand command{.enable = true,
                       .mode = DriveMode::Torque,
                       .torque_plus = 300,
                       .torque_minus = 400,
                       .speed_lifting = 2.09,
                       .slew = 2000,
                       .speed_lowering = 2.09,
                       .wall_low = upper ? -1.6 : wall,
                       .wall_high = upper ? wall : 0.5,
                       .wall_stiffness = 2000};
  drive.tick(start - side * 0.2, true);
  drive.accept(command, true);
  command.run = true;
  // The brake opens; meanwhile the shaft comes up to the starting angle at its speed.
  for (int i = 0; i < 100; ++i) {
    drive.accept(command, true);
    drive.tick(start - side * speed_deg_s * Deg * (99 - i) * 0.001, true);
  }
  EXPECT_FALSE(drive.brake_closed());
  double furthest = start;
  for (int i = 0; i < 600; ++i) {
    plant.step({.motor_torque = drive.motor_torque(), .muscle_torque = 0.0, .brake_closed = false}, 0.001);
    drive.accept(command, true);
    drive.tick(plant.state().arm_angle, true);
    furthest =
        upper ? std::max(furthest, plant.state().arm_angle) : std::min(furthest, plant.state().arm_angle);
  }
  return side * (furthest - end) / Deg;
}

TEST(BrakeTest, PressesABrakeThatGivesWayNoFurther) {
  Drive drive{DriveLimits{}, 1};
  double angle = -1.25;
  drive.tick(angle, true);
  ASSERT_TRUE(drive.start_brake_test());
  for (int i = 0; i < 50; ++i) drive.tick(angle, true);
  EXPECT_GT(drive.motor_torque(), 50.0);
  for (int i = 0; i < 6; ++i) drive.tick(angle -= 0.1 * Deg, true);
  EXPECT_EQ(drive.brake_test(), Drive::Test::Failed);
  EXPECT_EQ(drive.fault(), DriveFault::Brake);
  EXPECT_EQ(drive.state(), DriveState::Off);
  EXPECT_FALSE(drive.start_brake_test()) << "not with the fault";
}

// Without walls and with a host that does not look: what is left is the drive's own window.
TEST(DriveWindow, LowersWhoeverLeavesIt) {
  for (const bool upper : {true, false}) {
    Training training{patient_of(78)};
    training.train(3.0 + 7.0 + 1.0);  // in the middle of a lift
    ASSERT_EQ(training.station.drive().fault(), DriveFault::None);
    Drive drive = training.station.drive();
    DriveLimits narrow = drive.limits();
    (upper ? narrow.position_max : narrow.position_min) = drive.angle() - (upper ? 1.5 : -1.5) * Deg;
    drive.set_limits(narrow);
    drive.tick(drive.angle(), true);
    EXPECT_EQ(drive.fault(), DriveFault::PositionWindow) << upper;
    EXPECT_EQ(drive.state(), DriveState::Stopping) << upper;
    EXPECT_EQ(drive.active_mode(), DriveMode::Lowering) << upper;
  }
}

TEST(DriveWindow, IsNoConcernOfADriveThatIsLoweringAlready) {
  Training training{patient_of(78)};
  training.train(3.0 + 7.0 + 1.0);
  training.block.mode = 5;
  training.host.run(0.1, training.block);
  Drive drive = training.station.drive();
  DriveLimits narrow = drive.limits();
  narrow.position_max = drive.angle() - 1.5 * Deg;
  drive.set_limits(narrow);
  drive.tick(drive.angle(), true);
  EXPECT_EQ(drive.fault(), DriveFault::None);
  EXPECT_EQ(drive.state(), DriveState::Running);
}

TEST(DriveWall,
     StopsTheHeaviestPersonInsideTheUpperEndAtSixtyDegreesASecondAndWithinOnePointTwoBeyondAtAHundred) {
  EXPECT_LT(overshoot_deg(60, true), -0.6);
  EXPECT_LT(overshoot_deg(100, true), 1.2);
}

TEST(DriveWall, HoldsTheWeightOfFallingLegsWithinFourDegreesOfTheLowerEnd) {
  // Gravity adds 2.5° of give to the lower wall; the legs come down on it with nobody's muscles.
  EXPECT_LT(overshoot_deg(60, false), 2.6);
  EXPECT_LT(overshoot_deg(100, false), 4.0);
}

TEST(DroppedLegs, AreCaughtBySpeedLimitAndLowering) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    Training training{patient_of(78, PatientModel::DropsLegs, seed)};
    training.train(3.0 + 2 * 7.0);
    double fastest = 0.0;
    std::optional<double> caught_at;
    double caught_angle = 0.0;
    std::optional<double> gentle_after;
    double travel = 0.0;
    bool lowering = false;
    training.host.run(
        8.0, training.block,
        [&](Host::Block& out) {
          // The host's part: one cycle after it sees a fall it asks for lowering.
          if (lowering || training.station.drive().speed() < -40 * Deg) {
            lowering = true;
            out.mode = 5;
            return;
          }
          training.lead(out);
        },
        [&](const VirtualStation& station) {
          if (!station.truth().let_go) return;
          const double fall = -speed_deg_s(station);
          const double now = units::in_seconds(station.now());
          fastest = std::max(fastest, fall);
          if (!caught_at && fall > 38) {
            caught_at = now;
            caught_angle = angle_deg(station);
          }
          if (caught_at && !gentle_after && fall <= 15) {
            gentle_after = now - *caught_at;
            travel = caught_angle - angle_deg(station);
          }
        });
    ASSERT_TRUE(caught_at.has_value()) << seed;
    ASSERT_TRUE(gentle_after.has_value()) << seed;
    EXPECT_LT(fastest, 73) << seed;
    EXPECT_LT(*gentle_after, 0.210) << seed;
    EXPECT_LT(travel, 10) << seed;
  }
}

TEST(Watchdog, TakesTheLoadOffWithinThreeHundredMillisecondsOfTheLastTelegramAndLowersAndBrakes) {
  for (const double until :
       {3.0 + 7.0 + 1.0, 3.0 + 7.0 + 2.5, 3.0 + 7.0 + 5.0}) {  // lifting, holding, lowering
    Training training{patient_of(78)};
    training.train(until);
    const double load_before = load_of(training.station);
    ASSERT_GT(load_before, 100);
    const auto last_telegram = training.station.now();
    // The host is dead; the patient still looks at the screen for as long as it lasts.
    double least = load_before;
    double rose_by = 0.0;
    training.station.advance_to(last_telegram + units::milliseconds(300), [&](const VirtualStation& station) {
      rose_by = std::max(rose_by, std::max(0.0, load_of(station)) - least);
      least = std::min(least, std::max(0.0, load_of(station)));  // support is no load
    });
    EXPECT_LE(load_of(training.station), 0.1 * load_before) << until;
    EXPECT_LT(rose_by, 6.0) << "the load may only fall, but for what of the arm is left uncarried";
    EXPECT_EQ(training.station.drive().fault(), DriveFault::Watchdog);
    EXPECT_FALSE(training.station.truth().brake_closed) << "no brake in mid-air";
    double fastest = 0.0;
    training.station.advance_to(last_telegram + units::milliseconds(1500));
    training.station.advance_to(
        last_telegram + units::milliseconds(12000),
        [&](const VirtualStation& station) { fastest = std::max(fastest, -speed_deg_s(station)); });
    EXPECT_LT(fastest, 13);
    EXPECT_TRUE(training.station.truth().brake_closed);
    EXPECT_FALSE(training.station.truth().torque_on);
    EXPECT_NEAR(angle_deg(training.station), units::in_degrees(training.station.rest_angle()), 5.0);
  }
}

TEST(Watchdog, IsFedOnlyByWholeSoundBlocksWithAFreshHeartbeat) {
  enum class Bad : std::uint8_t { Partial, Sum, Heartbeat };
  for (const Bad bad : {Bad::Partial, Bad::Sum, Bad::Heartbeat}) {
    VirtualStation station{StationSetup{}};
    Host host{station};
    Host::Block block;
    host.start(block);
    const auto last = station.now();
    while (station.now() < last + units::milliseconds(130)) {
      host.permit(true);
      std::vector<Word> words = host.encode(block);  // with the old heartbeat
      if (bad != Bad::Heartbeat) {
        words[0] = static_cast<Word>(words[0] + 100 + units::in_milliseconds(station.now()));
        words[16] = crc16(std::span{words}.first(16));
      }
      if (bad == Bad::Sum) words[16] ^= 1U;
      if (bad == Bad::Partial) words.pop_back();
      EXPECT_EQ(host.write(1, 0x0100, words).exception(), 0) << "answered, but not taken";
      station.advance_to(station.now() + units::milliseconds(10));
    }
    EXPECT_EQ(station.drive().fault(), DriveFault::Watchdog);
    EXPECT_GT(host.word(1, 0x0508), 5) << "rejected writes are counted";
    EXPECT_EQ(host.word(1, 0x0211), bad == Bad::Partial ? 1 : bad == Bad::Sum ? 2 : 3);
  }
}

TEST(Watchdog, IsResetOnlyByAnEdgeWhileDisabledAfterHalfASecondOfHealthyHeartbeats) {
  VirtualStation station{StationSetup{}};
  Host host{station};
  Host::Block block;
  host.start(block);
  station.advance_to(station.now() + units::milliseconds(500));
  ASSERT_EQ(station.drive().fault(), DriveFault::Watchdog);
  block.control = Host::Enable | Host::FaultReset;
  host.run(1.0, block);
  EXPECT_EQ(station.drive().fault(), DriveFault::Watchdog) << "not while enabled";
  station.advance_to(station.now() + units::milliseconds(200));
  block.control = 0;
  host.run(0.1, block);
  block.control = Host::FaultReset;
  host.run(0.1, block);
  EXPECT_EQ(station.drive().fault(), DriveFault::Watchdog)
      << "heartbeat not healthy for long enough, and no new edge since";
  block.control = 0;
  host.run(0.6, block);
  block.control = Host::FaultReset;
  host.run(0.02, block);
  EXPECT_EQ(station.drive().fault(), DriveFault::None);
}

TEST(ControlledStop, UnloadsLowersAndBrakesAtRestWhileTheHostLooksOn) {
  Training training{patient_of(78)};
  training.train(3.0 + 7.0 + 2.5);  // holding at the top
  training.block.control = Host::Enable | Host::Run | Host::ControlledStop;
  const double load_before = load_of(training.station);
  training.host.run(0.22, training.block, [&](Host::Block&) { training.station.show_guide({}); });
  EXPECT_LE(load_of(training.station), 0.1 * load_before);
  double fastest = 0.0;
  training.host.run(1.0, training.block);
  training.host.run(10.0, training.block, {}, [&](const VirtualStation& station) {
    fastest = std::max(fastest, -speed_deg_s(station));
  });
  EXPECT_LT(fastest, 13);
  EXPECT_EQ(training.station.drive().state(), DriveState::Stopped);
  EXPECT_TRUE(training.station.truth().brake_closed);
}

TEST(Lowering, GoesOnSupportingAndDoesNotBrakeWhileSomebodyHoldsTheLegsUp) {
  Training training{patient_of(78)};
  training.train(3.0 + 7.0 + 2.5);
  // The guide stands still at the top: the patient holds on although the drive would lower.
  GuideView hold = training.tempo.at(training.t());
  hold.moment = Moment::Holding;
  hold.target = units::degrees(-5);
  hold.target_speed = {};
  training.block.mode = 5;
  training.host.run(4.0, training.block, [&](Host::Block&) { training.station.show_guide(hold); });
  EXPECT_FALSE(training.station.truth().brake_closed);
  EXPECT_GT(angle_deg(training.station), -25);
  EXPECT_LE(load_of(training.station), 12) << "and adds no load";
}

TEST(EnableLow, TakesTorqueOffAndBrakesAtOnceEvenAsASingleRegister) {
  Training training{patient_of(78)};
  training.train(3.0 + 7.0 + 2.5);
  EXPECT_EQ(training.host.write_one(1, 0x0101, 0).exception(), 0);
  training.station.advance_to(training.station.now() + units::milliseconds(60));
  EXPECT_NEAR(training.station.drive().motor_torque(), 0.0, 0.1);
  EXPECT_TRUE(training.station.truth().brake_closed);
}

TEST(HubRelay, DropsAHundredMillisecondsAfterTheLastFreshHeartbeatAndStopsTheDrive) {
  Training training{patient_of(78)};
  training.train(3.0 + 7.0 + 2.5);
  const auto last = training.station.now();
  // The drive is still fed; only the hub is not.
  while (training.station.now() < last + units::milliseconds(80)) {
    training.lead(training.block);
    training.host.command(training.block);
    training.station.advance_to(training.station.now() + units::milliseconds(10));
  }
  EXPECT_TRUE(training.station.hub().relay_closed());
  EXPECT_EQ(training.station.drive().state(), DriveState::Running);
  training.station.advance_to(last + units::milliseconds(102));
  EXPECT_FALSE(training.station.hub().relay_closed());
  EXPECT_EQ(training.station.drive().state(), DriveState::Stopping);
}

TEST(EncoderJump, FeedsNeitherDampingNorWalls) {
  Training training{patient_of(78)};
  training.block.wall_low_rad = -57 * Deg;
  training.block.wall_high_rad = -8 * Deg;
  training.block.wall_stiffness = 2000;
  training.train(3.0 + 7.0 + 1.0);
  Drive drive = training.station.drive();
  const double before = drive.motor_torque();
  const double angle = drive.angle();
  const double jumped = angle + 20 * Deg;
  double least = before;
  double most = before;
  for (int i = 0; i < 20; ++i) {
    drive.tick(jumped, true);
    least = std::min(least, drive.motor_torque());
    most = std::max(most, drive.motor_torque());
  }
  EXPECT_NEAR(least, before, 15.0);
  EXPECT_NEAR(most, before, 15.0);
}

}  // namespace
}  // namespace plinth::simulator
