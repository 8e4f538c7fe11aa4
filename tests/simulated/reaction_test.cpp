// A reaction that is as it should be is not accused, and every way in which it is not, is.
#include "simulator/reaction.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "controller/safety/gate.hpp"
#include "simulator/judge_start.hpp"

namespace plinth::simulator {
namespace {

using safety::Cause;
using safety::LatchLevel;
using units::milliseconds;

// A machine made up for the test: telegrams every 10 ms, truths every millisecond.
struct Scene {
  explicit Scene(FaultKind kind, PatientModel person = PatientModel::Steady)
      : reaction{2, person, units::newtons(170), units::metres(0.79)} {
    faults[0].plan.kind = kind;
    faults[0].plan.value = row_of(kind).least;
    faults[0].plan.at = AtMoment{};
    truth.brake_closed = false;
    truth.torque_on = true;
    truth.added_load = units::newtons(120);
    snapshot.verdict.permission = safety::Permission::Granted;
    snapshot.verdict.action = safety::Action::Allow;
    snapshot.verdict.first_cause = Cause::None;
    snapshot.verdict.latch = LatchLevel::None;
    approve();
  }

  void approve() { snapshot.command = gate.approve(rehab::NoDemand{}, snapshot.verdict, std::nullopt); }
  void tell() {
    snapshot.at = units::Instant{truth.time};
    reaction.observe(snapshot, faults);
  }
  void last(int ms, bool telegrams = true) {
    for (int i = 0; i < ms; ++i) {
      truth.time += milliseconds(1);
      reaction.observe(truth, drive, faults);
      if (telegrams && truth.time % milliseconds(10) == units::Duration::zero()) tell();
    }
  }
  void take_effect() {
    faults[0].effective = truth.time;
    faults[0].active = true;
  }
  void feel() { faults[0].felt = truth.time; }
  // A second fault, from now on.
  void beside(FaultKind kind) {
    FaultRecord other = faults[0];
    other.plan.kind = kind;
    other.plan.value = row_of(kind).least;
    other.effective = truth.time;
    other.felt.reset();
    other.active = true;
    faults.push_back(other);
  }
  void stop(Cause cause, LatchLevel level) {
    snapshot.verdict.permission = safety::Permission::Latched;
    snapshot.verdict.action = safety::Action::Release;
    snapshot.verdict.first_cause = cause;
    snapshot.verdict.latch = level;
    approve();
    tell();
  }
  void unload() { truth.added_load = {}; }
  std::vector<std::string> told() {
    reaction.finish(faults);
    return reaction.reasons();
  }

  safety::Gate gate{milliseconds(10)};
  Reaction reaction;
  std::vector<FaultRecord> faults{FaultRecord{}};
  Truth truth{};
  DriveCommand drive{};
  cycle::Snapshot snapshot{};
};

bool says(const std::vector<std::string>& told, const std::string& what) {
  return told.size() == 1 && told[0].find(what) != std::string::npos;
}

TEST(Reaction, FindsNothingWrongWithAStopInTimeForTheRightReason) {
  Scene scene{FaultKind::LcOpen};
  scene.last(100);
  scene.take_effect();
  scene.feel();
  scene.last(30);
  scene.stop(Cause::StrapInvalid, LatchLevel::Therapist);
  scene.last(200);
  scene.unload();
  scene.last(1000);
  EXPECT_EQ(scene.told(), std::vector<std::string>{});
  EXPECT_TRUE(scene.reaction.outcomes(scene.faults)[0].in_a_set);
}

TEST(Reaction, CountsAStopInTheVeryCycleInWhichTheFaultShowed) {
  Scene scene{FaultKind::LcOpen};
  scene.last(100);
  scene.take_effect();
  scene.last(10);
  scene.stop(Cause::StrapInvalid, LatchLevel::Therapist);
  scene.last(1);
  scene.feel();
  scene.unload();
  scene.last(1000);
  EXPECT_EQ(scene.told(), std::vector<std::string>{});
  const FaultOutcome outcome = scene.reaction.outcomes(scene.faults)[0];
  EXPECT_TRUE(outcome.in_a_set);
  EXPECT_EQ(outcome.detect_ms, 0.0);
}

TEST(Reaction, CountsAStopByATighterRuleThanTheHazardAsks) {
  Scene scene{FaultKind::LcOpen};
  scene.last(100);
  scene.take_effect();
  scene.last(10);
  scene.stop(Cause::StrapInvalid, LatchLevel::Therapist);
  scene.unload();
  scene.last(1000);
  EXPECT_TRUE(scene.reaction.outcomes(scene.faults)[0].felt);
  EXPECT_TRUE(scene.reaction.outcomes(scene.faults)[0].in_a_set);
}

TEST(Reaction, AccusesAStopThatComesLateAlsoWhenTheFaultIsOverByThen) {
  Scene scene{FaultKind::LcOpen};
  scene.last(100);
  scene.take_effect();
  scene.feel();
  scene.last(45);
  scene.faults[0].active = false;
  scene.faults[0].ended = scene.truth.time;
  scene.last(30);
  scene.stop(Cause::StrapInvalid, LatchLevel::Therapist);
  scene.unload();
  scene.last(1000);
  EXPECT_TRUE(says(scene.told(), "no stop within 40 ms"));
}

TEST(Reaction, AccusesACauseThatIsNeitherTheFaultsNorThisPersons) {
  for (const PatientModel person : {PatientModel::Steady, PatientModel::Tremor, PatientModel::DropsLegs}) {
    Scene scene{FaultKind::LcOpen, person};
    scene.last(100);
    scene.take_effect();
    scene.feel();
    scene.last(30);
    scene.stop(Cause::LegsDropped, LatchLevel::Patient);
    scene.unload();
    scene.last(1000);
    const bool their_own = person == PatientModel::DropsLegs;
    EXPECT_EQ(scene.told().empty(), their_own) << name_of(person);
  }
}

TEST(Reaction, AccusesALatchBelowTheHazardsOwnLevel) {
  Scene scene{FaultKind::DriveGain};
  scene.last(100);
  scene.take_effect();
  scene.feel();
  scene.last(30);
  scene.stop(Cause::OverForce, LatchLevel::Therapist);
  scene.unload();
  scene.last(1000);
  EXPECT_TRUE(says(scene.told(), "latched for the therapist only"));
}

TEST(Reaction, GrantsASecondCauseHalfASecondToRaiseTheLevel) {
  Scene scene{FaultKind::EstopOneChannel};
  scene.last(100);
  scene.take_effect();
  scene.feel();
  scene.last(10);
  scene.stop(Cause::EStopOpen, LatchLevel::Therapist);
  scene.unload();
  scene.last(200);
  scene.snapshot.verdict.latch = LatchLevel::Service;
  scene.last(1000);
  EXPECT_EQ(scene.told(), std::vector<std::string>{});
}

TEST(Reaction, TimesTheLoadOfAProgramThatIsAwayFromItsLastTelegram) {
  Scene scene{FaultKind::HostStall};
  scene.faults[0].plan.value = 500.0;
  scene.last(100);
  scene.take_effect();
  scene.last(10, false);
  scene.feel();
  scene.last(285, false);
  EXPECT_TRUE(scene.reaction.reasons().empty());
  scene.last(10, false);
  EXPECT_TRUE(says(scene.reaction.reasons(), "load was left after 300 ms"));
}

TEST(Reaction, AsksOnTheWayDownForTheFaultsNameAndItsLevel) {
  for (const bool named : {true, false}) {
    Scene scene{FaultKind::DriveModeIgnored};
    scene.last(100);
    scene.take_effect();
    scene.stop(Cause::ComfortStop, LatchLevel::Patient);
    scene.unload();
    scene.last(50);
    scene.feel();
    scene.last(40);
    if (named) {
      scene.snapshot.verdict.active.set(static_cast<std::size_t>(Cause::DriveIgnores));
      scene.snapshot.verdict.latch = LatchLevel::Service;
    }
    scene.last(500);
    bool not_named = false;
    for (const std::string& what : scene.reaction.reasons())
      not_named = not_named || what.find("not named on the way down") != std::string::npos;
    EXPECT_EQ(not_named, !named);
  }
}

bool asks_for_a_name(const Scene& scene) {
  return std::ranges::any_of(scene.reaction.reasons(), [](const std::string& what) {
    return what.find("not named on the way down") != std::string::npos;
  });
}

// A latch remembers, and a rule may be tighter than the hazard's threshold.
TEST(Reaction, TakesANameThatWasGivenBeforeTheFaultWasFelt) {
  for (const bool before : {true, false}) {
    Scene scene{FaultKind::DriveStuckTorque};
    scene.last(100);
    if (before) scene.take_effect();
    scene.stop(Cause::ComfortStop, LatchLevel::Service);
    scene.unload();
    scene.snapshot.verdict.active.set(static_cast<std::size_t>(Cause::DriveIgnores));
    scene.last(50);
    scene.snapshot.verdict.active.reset();
    if (!before) scene.take_effect();
    scene.feel();
    scene.last(500);
    EXPECT_EQ(asks_for_a_name(scene), !before);
  }
}

TEST(Reaction, AsksNoModeOfADriveThatAnotherFaultHasStopped) {
  for (const auto& [first, asked] :
       {std::pair{FaultKind::DriveModeIgnored, false}, {FaultKind::DriveStuckTorque, true}}) {
    Scene scene{first};
    scene.last(100);
    scene.take_effect();
    scene.stop(Cause::ComfortStop, LatchLevel::Service);
    scene.unload();
    scene.last(50);
    scene.beside(FaultKind::DriveFaultCode);
    scene.feel();
    scene.last(500);
    EXPECT_EQ(asks_for_a_name(scene), asked);
  }
}

TEST(Reaction, AsksNoNameOfAProgramThatBeganAfterTheFault) {
  Scene scene{FaultKind::DriveStuckTorque};
  scene.last(100);
  scene.take_effect();
  scene.stop(Cause::ComfortStop, LatchLevel::Service);
  scene.unload();
  scene.beside(FaultKind::Restart);
  scene.feel();
  scene.last(500);
  EXPECT_FALSE(asks_for_a_name(scene));
}

// Of cells and torque nothing can be compared until the cuff has taken up its slack.
TEST(Reaction, TimesCellsThatLieFromThreeTenthsOfASecondIntoTheSet) {
  for (const int ms : {340, 400}) {
    Scene scene{FaultKind::LcAMinusB};
    scene.take_effect();
    scene.feel();
    scene.last(ms);
    EXPECT_EQ(scene.reaction.reasons().empty(), ms < 360) << ms;
  }
}

TEST(Reaction, HoldsNobodyToTorqueThatObeysNobodyOnADriveThatNobodySees) {
  Scene scene{FaultKind::DriveStuckTorque};
  scene.last(100);
  scene.take_effect();
  scene.last(10);
  EXPECT_EQ(scene.reaction.excuses() & OutOfHand, 0);
  scene.beside(FaultKind::BusDrip);
  scene.last(10);
  EXPECT_NE(scene.reaction.excuses() & OutOfHand, 0);
}

TEST(Reaction, ExcusesOnlyWhileTheFaultIsInForceAndHalfASecondAfter) {
  Scene scene{FaultKind::DriveReboot};
  scene.last(100);
  EXPECT_EQ(scene.reaction.excuses(), NoExcuse);
  scene.take_effect();
  scene.last(10);
  EXPECT_NE(scene.reaction.excuses(), NoExcuse);
  scene.faults[0].active = false;
  scene.faults[0].ended = scene.truth.time;
  scene.last(499);
  EXPECT_NE(scene.reaction.excuses(), NoExcuse);
  scene.last(10);
  EXPECT_EQ(scene.reaction.excuses(), NoExcuse);
}

TEST(StartWatch, KnowsAStartByTheHandsAndTheConsoleAlone) {
  StartWatch watch;
  EXPECT_FALSE(watch.observe(milliseconds(1), true, true)) << "never seen open";
  EXPECT_FALSE(watch.observe(milliseconds(2), false, false));
  EXPECT_FALSE(watch.observe(milliseconds(3), true, true)) << "nobody pressed Start";
  watch.start_pressed(milliseconds(10));
  EXPECT_FALSE(watch.observe(milliseconds(11), true, true)) << "held on to";
  EXPECT_FALSE(watch.observe(milliseconds(12), false, false));
  EXPECT_FALSE(watch.observe(milliseconds(13), true, false));
  EXPECT_TRUE(watch.observe(milliseconds(14), true, true));
  EXPECT_FALSE(watch.observe(milliseconds(15), false, false));
  EXPECT_FALSE(watch.observe(milliseconds(11'000), true, true)) << "too late";
}

}  // namespace
}  // namespace plinth::simulator
