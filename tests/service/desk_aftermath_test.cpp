// What is asked after a stop, who may answer, and what follows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/service/a_desk.hpp"

namespace plinth::service {
namespace {

using testing::HasSubstr;

constexpr ClientId Patient = 1;
constexpr ClientId Console = 2;

// A patient's screen and a console, and a set that can be stopped.
class AfterAStop : public ADesk {
 protected:
  AfterAStop() {
    hello(Patient, v1::ROLE_PATIENT);
    hello(Console, v1::ROLE_CONSOLE);
  }
  void train_and_stop() {
    control_.train();
    let_pass(units::milliseconds(50));
    control_.snapshot.guidance.stage = session::Stage::Stopped;
    control_.snapshot.guidance.last_set_end = rehab::SetEnd::ComfortStop;
    let_pass(units::milliseconds(50));
  }
  void clear_the_stop() {
    control_.snapshot.guidance.stage = session::Stage::Ready;
    let_pass(units::milliseconds(50));
  }
  void tell(ClientId client, std::uint64_t id, v1::StopReason reason, const std::string& words = "") {
    command(client, id, [&](v1::Command& c) {
      c.mutable_tell_reason()->set_reason(reason);
      c.mutable_tell_reason()->set_words(words);
    });
    let_pass(units::milliseconds(50));
  }
  v1::Outcome last_outcome(ClientId client) { return outcomes_for(client).back(); }
  v1::Aftermath shown() { return outbox_.news[Console].back().telemetry().aftermath(); }
};

TEST_F(AfterAStop, EverybodyIsToldToAskUntilSomebodyHasSaidWhy) {
  let_pass(units::milliseconds(50));
  EXPECT_FALSE(shown().ask());
  train_and_stop();
  EXPECT_TRUE(shown().ask());
  tell(Patient, 1, v1::STOP_REASON_TIRED, "ça suffit");
  EXPECT_TRUE(last_outcome(Patient).has_applied());
  EXPECT_FALSE(shown().ask());
  EXPECT_EQ(shown().reason(), v1::STOP_REASON_TIRED);
  EXPECT_EQ(shown().words(), "ça suffit");
  EXPECT_EQ(shown().told_by(), v1::ROLE_PATIENT);
  EXPECT_FALSE(shown().review());
}

TEST_F(AfterAStop, TheAnswerMayComeWhenTheStopIsClearedAlreadyAndStaysUntilTheNextSet) {
  train_and_stop();
  clear_the_stop();
  EXPECT_FALSE(shown().ask()) << "nobody is pressed";
  tell(Console, 1, v1::STOP_REASON_HEAVINESS);
  EXPECT_EQ(shown().reason(), v1::STOP_REASON_HEAVINESS);
  EXPECT_EQ(shown().told_by(), v1::ROLE_CONSOLE);
  control_.train();
  let_pass(units::milliseconds(50));
  EXPECT_EQ(shown().reason(), v1::STOP_REASON_UNSPECIFIED);
}

TEST_F(AfterAStop, NothingStartsAfterSharpPainOrTinglingBeforeAConsoleHasEndedTheSession) {
  for (const auto reason : {v1::STOP_REASON_SHARP_PAIN, v1::STOP_REASON_TINGLING}) {
    train_and_stop();
    tell(Patient, 1, reason);
    EXPECT_TRUE(shown().review());
    clear_the_stop();
    const auto before = control_.seen.size();
    start(Console, 2);
    EXPECT_EQ(last_outcome(Console).refused().code(), "review_needed");
    EXPECT_THAT(last_outcome(Console).refused().why(),
                HasSubstr(reason == v1::STOP_REASON_TINGLING ? "tingling" : "sharp pain"));
    EXPECT_EQ(control_.seen.size(), before) << "control never sees it";

    command(Console, 3, [](v1::Command& c) { c.mutable_end_session(); });
    let_pass(units::milliseconds(50));
    EXPECT_TRUE(last_outcome(Console).has_applied());
    EXPECT_FALSE(shown().review());
    start(Console, 4);
    let_pass(units::milliseconds(50));
    EXPECT_TRUE(last_outcome(Console).has_applied());
  }
}

TEST_F(AfterAStop, AReviewEndsWithTheSessionEvenWhenItsLastSetIsOver) {
  train_and_stop();
  tell(Patient, 1, v1::STOP_REASON_SHARP_PAIN);
  control_.answer = [](const session::Intent&) { return rehab::RefusalCode::NotRunning; };
  command(Console, 2, [](v1::Command& c) { c.mutable_end_session(); });
  let_pass(units::milliseconds(50));
  EXPECT_TRUE(last_outcome(Console).has_applied());
  EXPECT_FALSE(shown().review());
  command(Console, 3, [](v1::Command& c) { c.mutable_end_session(); });
  let_pass(units::milliseconds(50));
  EXPECT_EQ(last_outcome(Console).refused().code(), "not_running") << "with no review it is what it was";
}

TEST_F(AfterAStop, AnotherAnswerDoesNotUndoAReview) {
  train_and_stop();
  tell(Patient, 1, v1::STOP_REASON_SHARP_PAIN);
  tell(Console, 1, v1::STOP_REASON_TIRED);
  EXPECT_EQ(shown().reason(), v1::STOP_REASON_TIRED);
  EXPECT_TRUE(shown().review());
}

TEST_F(AfterAStop, AStartThatWasOnItsWayIsStopped) {
  train_and_stop();
  clear_the_stop();
  control_.snapshot.guidance.stage = session::Stage::Armed;
  tell(Patient, 1, v1::STOP_REASON_TINGLING);
  EXPECT_GE(control_.stops, 1);
}

TEST_F(AfterAStop, OnlyAPatientsScreenOrAConsoleMayTellAndOnlyOfAStop) {
  tell(Patient, 1, v1::STOP_REASON_OTHER);
  EXPECT_EQ(last_outcome(Patient).refused().code(), "no_stop_to_explain");
  control_.snapshot.guidance.last_set_end = rehab::SetEnd::Completed;
  let_pass(units::milliseconds(50));
  tell(Patient, 2, v1::STOP_REASON_OTHER);
  EXPECT_EQ(last_outcome(Patient).refused().code(), "no_stop_to_explain");
  train_and_stop();
  hello(3, v1::ROLE_VIEWER);
  tell(3, 1, v1::STOP_REASON_OTHER);
  EXPECT_EQ(last_outcome(3).refused().code(), "not_allowed_for_role");
  EXPECT_TRUE(shown().ask());
}

TEST_F(AfterAStop, AnUnknownReasonOrTooManyWordsAreRefusedAndChangeNothing) {
  train_and_stop();
  tell(Patient, 1, v1::STOP_REASON_UNSPECIFIED);
  EXPECT_EQ(last_outcome(Patient).refused().code(), "unknown_name");
  tell(Patient, 2, static_cast<v1::StopReason>(77));
  EXPECT_EQ(last_outcome(Patient).refused().code(), "unknown_name");
  std::string words;
  for (int i = 0; i < 200; ++i) words += "ü";
  tell(Patient, 3, v1::STOP_REASON_OTHER, words + "!");
  EXPECT_EQ(last_outcome(Patient).refused().code(), "too_large");
  EXPECT_EQ(last_outcome(Patient).refused().field(), "words");
  EXPECT_TRUE(shown().ask());
  tell(Patient, 4, v1::STOP_REASON_OTHER, words);
  EXPECT_TRUE(last_outcome(Patient).has_applied()) << "200 characters, 400 bytes";
}

}  // namespace
}  // namespace plinth::service
