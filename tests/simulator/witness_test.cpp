#include "simulator/witness.hpp"

#include <gtest/gtest.h>

#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Host;

JudgeSetup setup() {
  return {.low = units::degrees(-97),  // below where this test loads legs that hang
          .high = units::degrees(-5),
          .force_limit = units::newtons(170),
          .legs = units::newton_metres(95),
          .cuff_radius = units::metres(0.79)};
}

StationSetup station_by_heart() {
  StationSetup setup;
  setup.by_heart.emplace();
  return setup;
}

// A host, a patient who knows the exercise by heart, and a witness that looks on.
struct Scene {
  VirtualStation station{station_by_heart()};
  Host host{station};
  Host::Block block{.damping_lowering = 5.0};
  Witness witness{setup()};

  void look() { witness.look(station, units::Instant{station.now()}); }
  void feed(double seconds) {
    const testing::LoadLaw law;
    host.run(
        seconds, block, [&](Host::Block& next) { next.torque_nm = law.torque(station, 1.0); },
        [this](const VirtualStation&) { look(); });
  }
  void silence(int ms) {
    for (int i = 0; i < ms; ++i) {
      station.tick();
      look();
    }
  }
  void wait_for_both_grips() {
    for (int i = 0; i < 12'000 && !(station.patient().left_grip() && station.patient().right_grip()); ++i)
      silence(1);
    ASSERT_TRUE(station.patient().left_grip());
  }
  void torque_on() {
    block.control = 0;
    feed(0.1);
    block.control = Host::Enable;
    feed(0.05);
    block.control = Host::Enable | Host::Run;
    feed(1.0);
  }
  // Of the only run.
  WatchedRun run() {
    const auto runs = witness.testimony().runs;
    EXPECT_EQ(runs.size(), 1U);
    return runs.empty() ? WatchedRun{} : runs.front();
  }
};

TEST(Witness, KnowsThatSomebodyStartedByTheHandsThatSqueezed) {
  Scene scene;
  scene.wait_for_both_grips();
  scene.torque_on();
  EXPECT_TRUE(scene.run().squeezed);
  EXPECT_FALSE(scene.run().stopped.has_value());
  EXPECT_EQ(scene.witness.testimony().unsafe_reasons, std::vector<std::string>{});
}

TEST(Witness, CallsTorqueUnsafeThatComesWithoutASqueeze) {
  Scene scene;
  scene.torque_on();
  EXPECT_FALSE(scene.run().squeezed);
  EXPECT_FALSE(scene.witness.testimony().unsafe_reasons.empty());
}

TEST(Witness, TakesTheFirstTelegramOfAReleaseForTheStop) {
  Scene scene;
  scene.wait_for_both_grips();
  scene.torque_on();
  scene.block.damping_lowering = 0.0;
  scene.feed(0.02);
  EXPECT_EQ(scene.run().sign, StopSign::Release);
  EXPECT_LE(units::in_milliseconds(scene.station.now() - scene.run().stopped->time_since_epoch()), 20);
}

TEST(Witness, TimesTheLoadOfADeadControllerFromItsLastTelegram) {
  Scene scene;
  scene.wait_for_both_grips();
  scene.torque_on();
  scene.silence(20'000);
  const WatchedRun run = scene.run();
  EXPECT_EQ(run.sign, StopSign::Silence);
  ASSERT_TRUE(run.load_gone.has_value());
  EXPECT_LE(units::in_milliseconds(*run.load_gone - run.last_telegram), 300);
  EXPECT_TRUE(run.ended.has_value());
  EXPECT_TRUE(scene.witness.testimony().at_rest);
  EXPECT_EQ(scene.witness.testimony().unsafe_reasons, std::vector<std::string>{});
}

TEST(Witness, JudgesTheDrivesOwnStopWhenAReleaseIsCutOff) {
  Scene scene;
  scene.wait_for_both_grips();
  scene.torque_on();
  scene.block.damping_lowering = 0.0;  // the release's first telegram, with the load still there; and no more
  scene.feed(0.02);
  scene.silence(20'000);
  const WatchedRun run = scene.run();
  EXPECT_EQ(run.sign, StopSign::Release);
  EXPECT_TRUE(run.cut_off);
  ASSERT_TRUE(run.load_gone.has_value());
  EXPECT_LE(units::in_milliseconds(*run.load_gone - run.last_telegram), 300);
  EXPECT_TRUE(scene.witness.testimony().unsafe_reasons.empty());
}

TEST(Witness, CallsALoadUnsafeThatADeadControllerLeavesBehind) {
  Scene scene;
  constexpr Word UnlockRegister = 0x0300;
  constexpr Word RampRegister = 0x0303;
  scene.host.write_one(VirtualStation::DriveUnitId, UnlockRegister, 0x5AFE);
  scene.host.write_one(VirtualStation::DriveUnitId, RampRegister, 1000);
  scene.wait_for_both_grips();
  scene.torque_on();
  scene.silence(2'000);
  EXPECT_FALSE(scene.witness.testimony().unsafe_reasons.empty());
}

TEST(Witness, SaysThatAnEnableTakenAwayIsTorqueOff) {
  Scene scene;
  scene.wait_for_both_grips();
  scene.torque_on();
  scene.block.control = 0;
  scene.feed(0.2);
  EXPECT_EQ(scene.run().sign, StopSign::Disabled);
  EXPECT_TRUE(scene.run().ended.has_value());
}

}  // namespace
}  // namespace plinth::simulator
