#include "controller/sensing/unit_watch.hpp"

#include <gtest/gtest.h>

namespace plinth::sensing {
namespace {

using units::milliseconds;

class Unit : public ::testing::Test {
 protected:
  BlockHealth poll(std::uint16_t sequence, Reading reading = Reading::Fresh,
                   units::Duration after = milliseconds(10)) {
    now_ += after;
    if (reading == Reading::Fresh) seen_ = {.sequence = sequence, .boot_counter = boots_, .taken_at = now_};
    return watch_.watch(seen_, reading, now_);
  }
  UnitWatch watch_;
  std::optional<UnitWatch::Seen> seen_;
  units::Instant now_{};
  std::uint16_t boots_ = 3;
};

TEST_F(Unit, ThatNeverAnsweredIsNotThere) {
  const BlockHealth health = watch_.watch(std::nullopt, Reading::Missing, now_);
  EXPECT_FALSE(health.ever_seen);
  EXPECT_FALSE(health.fresh);
  EXPECT_FALSE(health.frozen);
}

TEST_F(Unit, HasAnAgeFromWhenItWasAsked) {
  poll(10);
  EXPECT_EQ(poll(0, Reading::Missing).age, milliseconds(10));
  EXPECT_EQ(poll(0, Reading::Damaged).age, milliseconds(20));
  const BlockHealth back = poll(40);
  EXPECT_EQ(back.age, milliseconds(0));
  EXPECT_TRUE(back.fresh);
}

TEST_F(Unit, IsNeverYoungerThanNothing) {
  seen_ = {.sequence = 1, .boot_counter = 0, .taken_at = now_ + milliseconds(3)};
  EXPECT_EQ(watch_.watch(seen_, Reading::Fresh, now_).age, milliseconds(0));
}

TEST_F(Unit, IsFrozenAtTheThirdAnswerWithoutProgress) {
  poll(100);
  EXPECT_FALSE(poll(100).frozen);
  EXPECT_FALSE(poll(100).frozen);
  EXPECT_TRUE(poll(100).frozen);
  EXPECT_FALSE(poll(110).frozen);
}

TEST_F(Unit, MayStepByExactlyTheSameEveryTime) {
  for (std::uint16_t sequence = 0; sequence < 5000; sequence = static_cast<std::uint16_t>(sequence + 10))
    EXPECT_FALSE(poll(sequence).frozen);
}

TEST_F(Unit, IsUnreliableWhenMoreThanOneAnswerInTwentyIsLostOrDamaged) {
  std::uint16_t sequence = 0;
  for (int i = 0; i < 95; ++i) EXPECT_FALSE(poll(sequence += 10).unreliable);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(poll(0, Reading::Damaged).unreliable);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(poll(0, Reading::Missing).unreliable);
  EXPECT_TRUE(poll(0, Reading::Missing).unreliable);
}

TEST_F(Unit, IsUnreliableWhenItsAnswersAreOlderOnesOnceMore) {
  std::uint16_t sequence = 0;
  for (int i = 0; i < 94; ++i) EXPECT_FALSE(poll(sequence += 10).unreliable);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(poll(sequence += 10).unreliable);
    EXPECT_FALSE(poll(sequence).unreliable);
  }
  poll(sequence += 10);
  EXPECT_TRUE(poll(sequence).unreliable);
}

TEST_F(Unit, MayHaveNothingNewWhenItIsAskedAgainTooSoon) {
  std::uint16_t sequence = 0;
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(poll(sequence += 10).unreliable);
    EXPECT_FALSE(poll(sequence, Reading::Fresh, milliseconds(4)).unreliable);
  }
}

TEST_F(Unit, IsReliableAgainAfterASecondOfGoodAnswers) {
  std::uint16_t sequence = 0;
  poll(sequence += 10);
  for (int i = 0; i < 6; ++i) poll(0, Reading::Missing);
  for (int i = 0; i < 93; ++i) EXPECT_TRUE(poll(sequence += 10).unreliable);
  poll(sequence += 10);
  EXPECT_FALSE(poll(sequence += 10).unreliable);
}

TEST_F(Unit, MayLoseAnswersWithoutBeingFrozen) {
  poll(100);
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(poll(0, Reading::Missing).frozen);
}

TEST_F(Unit, MakesNoProgressBySteppingBack) {
  poll(100);
  poll(90);
  poll(80);
  EXPECT_TRUE(poll(70).frozen);
}

TEST_F(Unit, MayLetItsCounterWrap) {
  poll(65'530);
  EXPECT_FALSE(poll(4).frozen);
  EXPECT_FALSE(poll(14).frozen);
  EXPECT_FALSE(poll(24).frozen);
}

TEST_F(Unit, IsNotFrozenByTheFirstAnswerAfterHalfAMinuteOfSilence) {
  poll(1000);
  now_ += units::milliseconds(40'000);
  poll(990);
  EXPECT_FALSE(poll(1000).frozen);
  EXPECT_FALSE(poll(1010).frozen);
}

TEST_F(Unit, ThatRestartedCountsFromTheBeginning) {
  poll(30'000);
  poll(30'010);
  boots_ = 4;
  EXPECT_FALSE(poll(0).frozen);
  EXPECT_FALSE(poll(10).frozen);
  EXPECT_FALSE(poll(20).frozen);
  poll(20);
  poll(20);
  EXPECT_TRUE(poll(20).frozen) << "and is watched as before";
}

}  // namespace
}  // namespace plinth::sensing
