#include "controller/safety/latch.hpp"

#include <gtest/gtest.h>

namespace plinth::safety {
namespace {

using rehab::RefusalCode;

constexpr std::uint16_t T = 10;

LatchEvents quiet() {
  LatchEvents events;
  events.elapsed_ms = T;
  events.at_rest = true;
  events.drive_ready = true;
  return events;
}

void wait(Latch& latch, int ms, const LatchEvents& events = quiet()) {
  for (int done = 0; done < ms; done += T) latch.step(events);
}

LatchEvents with_reset(LatchLevel level) {
  LatchEvents events = quiet();
  events.reset = level;
  return events;
}

LatchEvents with_start() {
  LatchEvents events = quiet();
  events.start = true;
  return events;
}

LatchEvents with_grips(bool left, bool right) {
  LatchEvents events = quiet();
  events.left_grip = left;
  events.right_grip = right;
  return events;
}

LatchEvents with_trip(Cause cause) {
  LatchEvents events = quiet();
  events.trip = cause;
  events.cause_present = true;
  return events;
}

Latch ready() {
  Latch latch;
  wait(latch, 600);
  latch.step(with_reset(LatchLevel::Therapist));
  latch.step(quiet());
  return latch;
}

Latch armed() {
  Latch latch = ready();
  latch.step(with_start());
  latch.step(quiet());
  return latch;
}

Latch granted() {
  Latch latch = armed();
  latch.step(with_grips(true, true));
  return latch;
}

Latch latched_by(Cause cause) {
  Latch latch = granted();
  latch.step(with_trip(cause));
  return latch;
}

TEST(Latch, IsLatchedAtBootForTheTherapist) {
  const Latch latch;
  EXPECT_EQ(latch.permission(), Permission::Latched);
  EXPECT_EQ(latch.first_cause(), Cause::Boot);
  EXPECT_EQ(latch.action(), Action::DriveStop);
  EXPECT_EQ(latch.level(), LatchLevel::Therapist);
}

TEST(Latch, TakesAResetThatIsHeldSinceBootForNoReset) {
  Latch latch;
  wait(latch, 5000, with_reset(LatchLevel::Service));
  EXPECT_EQ(latch.permission(), Permission::Latched);
  latch.step(quiet());
  latch.step(with_reset(LatchLevel::Therapist));
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Latch, TakesAStartThatIsHeldSinceBootForNoStart) {
  Latch latch;
  LatchEvents held = quiet();
  held.start = true;
  wait(latch, 600, held);
  LatchEvents both = held;
  both.reset = LatchLevel::Therapist;
  latch.step(both);
  EXPECT_EQ(latch.permission(), Permission::Ready);
  latch.step(held);
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Latch, IsClearedOnlyAfterHalfASecondWithoutTheCause) {
  for (const auto& [cycles, cleared] : {std::pair{48, false}, std::pair{49, true}}) {
    Latch latch = latched_by(Cause::ComfortStop);
    for (int i = 0; i < cycles; ++i) latch.step(quiet());
    const auto answer = latch.step(with_reset(LatchLevel::Patient));
    EXPECT_EQ(answer.cleared_now, cleared) << cycles;
    EXPECT_EQ(answer.refused.has_value(), !cleared);
    if (!cleared) {
      EXPECT_EQ(*answer.refused, RefusalCode::CauseStillPresent);
    }
  }
}

TEST(Latch, CountsTheHalfSecondAnewWhenTheCauseComesBack) {
  Latch latch = latched_by(Cause::ComfortStop);
  wait(latch, 400);
  LatchEvents back = quiet();
  back.cause_present = true;
  latch.step(back);
  wait(latch, 400);
  EXPECT_EQ(latch.step(with_reset(LatchLevel::Patient)).refused, RefusalCode::CauseStillPresent);
}

TEST(Latch, IsNotClearedWhileTheLegsAreNotAtRest) {
  Latch latch = latched_by(Cause::ComfortStop);
  LatchEvents moving = quiet();
  moving.at_rest = false;
  wait(latch, 2000, moving);
  moving.reset = LatchLevel::Service;
  EXPECT_EQ(latch.step(moving).refused, RefusalCode::CauseStillPresent);
}

TEST(Latch, IsClearedByNobodyBelowItsLevel) {
  for (const auto& [cause, level] :
       {std::pair{Cause::Sag, LatchLevel::Patient}, std::pair{Cause::OverForce, LatchLevel::Therapist},
        std::pair{Cause::DriveIgnores, LatchLevel::Service}}) {
    for (const LatchLevel who :
         {LatchLevel::None, LatchLevel::Patient, LatchLevel::Therapist, LatchLevel::Service}) {
      Latch latch = latched_by(cause);
      wait(latch, 600);
      const auto answer = latch.step(with_reset(who));
      EXPECT_EQ(answer.cleared_now, who >= level) << name_of(level) << " by " << name_of(who);
      if (who < level) {
        EXPECT_EQ(answer.refused, RefusalCode::ResetNotAllowed);
      }
    }
  }
}

TEST(Latch, NeverStartsByAReset) {
  Latch latch = latched_by(Cause::ComfortStop);
  LatchEvents everything = with_grips(true, true);
  wait(latch, 600, everything);
  everything.reset = LatchLevel::Service;
  everything.start = true;
  latch.step(everything);
  EXPECT_EQ(latch.permission(), Permission::Ready);
  wait(latch, 2000, with_grips(true, true));
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Latch, SaysThatThereIsNothingToReset) {
  Latch latch = ready();
  EXPECT_EQ(latch.step(with_reset(LatchLevel::Service)).refused, RefusalCode::NothingToReset);
}

TEST(Latch, KeepsTheFirstCauseAndTheWorstAction) {
  Latch latch = latched_by(Cause::GripReleased);
  latch.step(with_trip(Cause::EStopOpen));
  latch.step(with_trip(Cause::ComfortStop));
  EXPECT_EQ(latch.first_cause(), Cause::GripReleased);
  EXPECT_EQ(latch.cause(), Cause::EStopOpen);
  EXPECT_EQ(latch.action(), Action::DriveStop);
  EXPECT_EQ(latch.level(), LatchLevel::Therapist);
  EXPECT_EQ(latch.causes().count(), 3U);
}

TEST(Latch, ForgetsTheCausesOfTheStopBefore) {
  Latch latch = latched_by(Cause::DriveIgnores);
  wait(latch, 600);
  latch.step(with_reset(LatchLevel::Service));
  latch.step(with_trip(Cause::ComfortStop));
  EXPECT_EQ(latch.causes().count(), 1U);
  EXPECT_EQ(latch.level(), LatchLevel::Patient);
}

TEST(Latch, FallsFromEveryState) {
  for (Latch latch : {Latch{}, ready(), armed(), granted()}) {
    latch.step(with_trip(Cause::ConsoleStop));
    EXPECT_EQ(latch.permission(), Permission::Latched);
    EXPECT_EQ(latch.armed_left_ms(), 0);
  }
}

TEST(Start, ArmsForTenSeconds) {
  Latch latch = ready();
  latch.step(with_start());
  EXPECT_EQ(latch.permission(), Permission::Armed);
  EXPECT_EQ(latch.armed_left_ms(), 10'000);
  wait(latch, 9'990);
  EXPECT_EQ(latch.permission(), Permission::Armed);
  wait(latch, 10);
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Start, IsRefusedWhileLatchedAndWhileASetRuns) {
  Latch latched;
  latched.step(quiet());
  EXPECT_EQ(latched.step(with_start()).refused, RefusalCode::Latched);
  Latch running = granted();
  EXPECT_EQ(running.step(with_start()).refused, RefusalCode::AlreadyRunning);
  EXPECT_EQ(running.permission(), Permission::Granted);
}

TEST(Start, IsRefusedWithWhatStandsInItsWay) {
  Latch latch = ready();
  LatchEvents events = with_start();
  events.obstacle = RefusalCode::LegsAboveRest;
  EXPECT_EQ(latch.step(events).refused, RefusalCode::LegsAboveRest);
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Start, IsRefusedWhileAGripIsHeldSoThatAStuckOneNeverStarts) {
  for (const auto& [left, right] : {std::pair{true, false}, std::pair{false, true}, std::pair{true, true}}) {
    Latch latch = ready();
    LatchEvents events = with_grips(left, right);
    events.start = true;
    EXPECT_EQ(latch.step(events).refused, RefusalCode::GripsHeld);
  }
}

TEST(Start, LetsADriveWakeUpForASecondButGrantsNothingMeanwhile) {
  Latch latch = ready();
  LatchEvents asleep = with_start();
  asleep.drive_ready = false;
  latch.step(asleep);
  EXPECT_EQ(latch.permission(), Permission::Armed);
  LatchEvents squeezed = with_grips(true, true);
  squeezed.drive_ready = false;
  wait(latch, 500, squeezed);
  EXPECT_EQ(latch.permission(), Permission::Armed);
  wait(latch, 600, squeezed);
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Start, IsRefusedWhenTheDriveStaysUnready) {
  Latch latch = ready();
  wait(latch, 1000);
  LatchEvents asleep = with_start();
  asleep.drive_ready = false;
  EXPECT_EQ(latch.step(asleep).refused, RefusalCode::DriveNotReady);
}

TEST(Grips, StartTheSetOnlyWhenBothAreSqueezed) {
  Latch latch = armed();
  wait(latch, 1000, with_grips(true, false));
  EXPECT_EQ(latch.permission(), Permission::Armed);
  wait(latch, 1000, with_grips(false, true));
  EXPECT_EQ(latch.permission(), Permission::Armed);
  EXPECT_TRUE(latch.step(with_grips(true, true)).granted_now);
  EXPECT_EQ(latch.permission(), Permission::Granted);
}

TEST(Grips, StartNothingWithoutTheConsole) {
  Latch latch = ready();
  wait(latch, 20'000, with_grips(true, true));
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Grips, StartNothingOnceSomethingHasComeInTheWay) {
  Latch latch = armed();
  LatchEvents squeezed = with_grips(true, true);
  squeezed.obstacle = RefusalCode::PatientAbsent;
  EXPECT_FALSE(latch.step(squeezed).granted_now);
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Permission, IsGivenBackWhenTheSetIsFinished) {
  Latch latch = granted();
  LatchEvents finished = with_grips(true, true);
  finished.set_finished = true;
  latch.step(finished);
  EXPECT_EQ(latch.permission(), Permission::Ready);
  EXPECT_EQ(latch.first_cause(), Cause::None);
}

TEST(SaturatingCount, StopsAtItsEndsAndNeverWraps) {
  SaturatingMs count{500};
  count.add(499);
  EXPECT_EQ(count.value(), 499);
  count.add(1);
  EXPECT_EQ(count.value(), 500);
  count.add(65'535);
  EXPECT_EQ(count.value(), 500);
  count.take(500);
  EXPECT_EQ(count.value(), 0);
  count.take(65'535);
  EXPECT_EQ(count.value(), 0);
  count.set(501);
  EXPECT_EQ(count.value(), 500);
}

TEST(SaturatingCount, KeepsAResetPossibleAfterAVeryLongRest) {
  Latch latch;
  LatchEvents hours = quiet();
  hours.elapsed_ms = 1000;
  for (int i = 0; i < 20'000; ++i) latch.step(hours);
  latch.step(with_reset(LatchLevel::Therapist));
  EXPECT_EQ(latch.permission(), Permission::Ready);
}

TEST(Latch, TellsTheWorstCauseAndOfEqualOnesTheFirst) {
  Latch latch = latched_by(Cause::EStopOpen);
  latch.step(with_trip(Cause::DriveFault));
  EXPECT_EQ(latch.cause(), Cause::EStopOpen);
}

TEST(Latch, KeepsNoCauseOnceItIsCleared) {
  Latch latch = latched_by(Cause::ComfortStop);
  wait(latch, 600);
  latch.step(with_reset(LatchLevel::Patient));
  EXPECT_EQ(latch.cause(), Cause::None);
  EXPECT_EQ(latch.first_cause(), Cause::None);
  EXPECT_EQ(latch.action(), Action::Allow);
  EXPECT_TRUE(latch.causes().none());
}

TEST(Latch, ForgetsTheBootWithTheFirstCauseOfAStopThatFollows) {
  Latch latch = ready();
  latch.step(with_trip(Cause::ComfortStop));
  EXPECT_EQ(latch.causes().count(), 1U);
}

TEST(Latch, CountsATripAsACauseThatIsPresent) {
  Latch latch = latched_by(Cause::ComfortStop);
  wait(latch, 600);
  LatchEvents tripped = with_reset(LatchLevel::Service);
  tripped.trip = Cause::ComfortStop;
  EXPECT_EQ(latch.step(tripped).refused, RefusalCode::CauseStillPresent);
}

TEST(Latch, AnswersAHeldRequestWithBusyAndOneThatEndedWithNothing) {
  Latch latch = latched_by(Cause::ComfortStop);
  wait(latch, 100);
  latch.step(with_reset(LatchLevel::Patient));
  EXPECT_EQ(latch.step(with_reset(LatchLevel::Patient)).refused, RefusalCode::Busy);
  EXPECT_EQ(latch.step(quiet()).refused, std::nullopt);
  Latch starting = ready();
  LatchEvents blocked = with_start();
  blocked.obstacle = RefusalCode::PatientAbsent;
  starting.step(blocked);
  EXPECT_EQ(starting.step(with_start()).refused, RefusalCode::Busy);
  EXPECT_EQ(starting.step(quiet()).refused, std::nullopt);
  EXPECT_EQ(starting.permission(), Permission::Ready);
}

TEST(Start, CountsItsTenSecondsOnlyWhileItWaits) {
  EXPECT_EQ(granted().armed_left_ms(), 0);
  Latch latch = armed();
  LatchEvents gone = quiet();
  gone.obstacle = RefusalCode::PatientAbsent;
  latch.step(gone);
  EXPECT_EQ(latch.armed_left_ms(), 0);
}

}  // namespace
}  // namespace plinth::safety
