#include "controller/service/errands.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "tests/service/fake_control.hpp"

namespace plinth::service {
namespace {

constexpr units::Duration Patience = units::milliseconds(1000);

units::Instant at_ms(int ms) {
  return units::Instant{units::milliseconds(ms)};
}

class ErrandsThroughControl : public testing::Test {
 protected:
  std::unique_ptr<cycle::Channels> channels_ = std::make_unique<cycle::Channels>();
  FakeControl control_{*channels_};
  Errands errands_{*channels_, Patience};
};

TEST_F(ErrandsThroughControl, ComeBackOnceWithTheNumberOfTheirClient) {
  ASSERT_TRUE(errands_.send({.client = 7, .command = 42, .what = "start"}, session::Start{}, at_ms(0)));
  EXPECT_TRUE(errands_.collect(false, at_ms(5)).empty());
  control_.cycle();
  const auto back = errands_.collect(true, at_ms(10));
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].errand.client, 7U);
  EXPECT_EQ(back[0].errand.command, 42U);
  EXPECT_EQ(back[0].refused, std::nullopt);
  EXPECT_TRUE(errands_.collect(true, at_ms(2000)).empty());
}

TEST_F(ErrandsThroughControl, OfSeveralClientsWithTheSameNumberAreKeptApart) {
  control_.answer = [](const session::Intent& intent) -> std::optional<rehab::RefusalCode> {
    if (std::holds_alternative<session::Reset>(intent.body)) return rehab::RefusalCode::NothingToReset;
    return std::nullopt;
  };
  ASSERT_TRUE(errands_.send({.client = 1, .command = 1, .what = "start"}, session::Start{}, at_ms(0)));
  ASSERT_TRUE(errands_.send({.client = 2, .command = 1, .what = "reset"}, session::Reset{}, at_ms(0)));
  control_.cycle();
  control_.cycle();
  const auto back = errands_.collect(true, at_ms(20));
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].errand.client, 1U);
  EXPECT_EQ(back[0].refused, std::nullopt);
  EXPECT_EQ(back[1].errand.client, 2U);
  EXPECT_EQ(back[1].refused, rehab::RefusalCode::NothingToReset);
}

TEST_F(ErrandsThroughControl, ThatControlDoesNotAnswerAreGivenUpAfterASecondAndToldAsLateIfItDoesAfterAll) {
  ASSERT_TRUE(errands_.send({.client = 1, .command = 1, .what = "start"}, session::Start{}, at_ms(0)));
  EXPECT_TRUE(errands_.collect(false, at_ms(999)).empty());
  const auto given_up = errands_.collect(false, at_ms(1000));
  ASSERT_EQ(given_up.size(), 1U);
  EXPECT_EQ(given_up[0].refused, rehab::RefusalCode::ControlSilent);
  EXPECT_FALSE(given_up[0].late);
  control_.cycle();
  const auto late = errands_.collect(true, at_ms(5000));
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].late);
  EXPECT_EQ(late[0].refused, std::nullopt);
}

TEST_F(ErrandsThroughControl, AreNotTakenWhenTheQueueIsFull) {
  int taken = 0;
  while (errands_.send({.client = 1, .command = 1, .what = "start"}, session::Start{}, at_ms(0))) ++taken;
  EXPECT_EQ(taken, 32);
  for (int i = 0; i < taken; ++i) control_.cycle();
  EXPECT_EQ(errands_.collect(true, at_ms(10)).size(), 32U);
  EXPECT_EQ(errands_.count_of(1), 0U);
}

TEST_F(ErrandsThroughControl, AStopOvertakesAFullQueue) {
  while (errands_.send({.client = 1, .command = 1, .what = "start"}, session::Start{}, at_ms(0))) {
  }
  EXPECT_TRUE(errands_.stop({.client = 2, .command = 9, .what = "stop"}, at_ms(0)));
  control_.cycle();
  EXPECT_EQ(control_.stops, 1);
}

TEST_F(ErrandsThroughControl, AStopIsAppliedOnlyWhenTheCycleThatTookItHasPublished) {
  EXPECT_TRUE(errands_.stop({.client = 2, .command = 9, .what = "stop"}, at_ms(0)));
  EXPECT_TRUE(errands_.collect(true, at_ms(5)).empty()) << "not taken yet, whatever was published";
  EXPECT_TRUE(errands_.collect(true, at_ms(6)).empty());
  EXPECT_TRUE(errands_.collect(true, at_ms(7)).empty());
  channels_->stop = false;  // taken: its cycle runs
  EXPECT_TRUE(errands_.collect(false, at_ms(10)).empty());
  EXPECT_TRUE(errands_.collect(true, at_ms(15)).empty()) << "may be the snapshot of the cycle before";
  const auto back = errands_.collect(true, at_ms(20));
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].errand.command, 9U);
  EXPECT_EQ(back[0].refused, std::nullopt);
}

TEST_F(ErrandsThroughControl, AStopThatADeadControlDoesNotTakeIsSaidToBeUnanswered) {
  EXPECT_TRUE(errands_.stop({.client = 2, .command = 9, .what = "stop"}, at_ms(0)));
  EXPECT_TRUE(errands_.collect(false, at_ms(999)).empty());
  const auto back = errands_.collect(false, at_ms(1000));
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].refused, rehab::RefusalCode::ControlSilent);
  EXPECT_TRUE(channels_->stop) << "and it still stands, should control come back";
}

TEST_F(ErrandsThroughControl, TellWhenAPrescriptionIsOnItsWay) {
  EXPECT_FALSE(errands_.carries_prescription());
  const auto prescription = a_prescription();
  ASSERT_TRUE(errands_.send({.client = 1, .command = 1, .what = "load", .prescription = prescription},
                            session::LoadPrescription{prescription}, at_ms(0)));
  EXPECT_TRUE(errands_.carries_prescription());
  control_.cycle();
  EXPECT_EQ(errands_.collect(true, at_ms(10)).size(), 1U);
  EXPECT_FALSE(errands_.carries_prescription());
}

}  // namespace
}  // namespace plinth::service
