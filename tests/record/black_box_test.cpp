#include "controller/record/black_box.hpp"

#include <gtest/gtest.h>

#include "tests/record/story.hpp"

namespace plinth::record {
namespace {

using units::milliseconds;

Contents read(const std::optional<TripRecord>& record) {
  if (!record) {
    ADD_FAILURE() << "there is no record";
    return {};
  }
  const auto contents = read_record(record->file);
  if (!contents) {
    ADD_FAILURE() << in_words(contents.error());
    return {};
  }
  return *contents;
}

units::Duration before_trip(const Contents& contents) {
  return contents.head.trip.at - contents.steps.front().frame.now;
}

units::Duration after_trip(const Contents& contents) {
  return contents.steps.back().frame.now - contents.head.trip.at;
}

TEST(BlackBox, HandsOutNothingAsLongAsNothingTrips) {
  BlackBox box{a_source()};
  Story{box}.rests(milliseconds(8000)).trains(milliseconds(20'000)).rests(milliseconds(5000));
  EXPECT_FALSE(box.take_any(0).has_value());
}

TEST(BlackBox, KeepsATripTwoSecondsLongBeforeItHandsItOut) {
  BlackBox box{a_source()};
  Story story{box};
  story.rests(milliseconds(8000)).trains(milliseconds(20'000)).trips(milliseconds(1990));
  EXPECT_FALSE(box.take_complete(0).has_value());
  story.trips(milliseconds(40));
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.trip.cause, safety::Cause::GripReleased);
  EXPECT_EQ(contents.head.trip.action, safety::Action::Release);
  EXPECT_GE(after_trip(contents), milliseconds(1990));
  EXPECT_LE(after_trip(contents), milliseconds(2000));
  EXPECT_EQ(contents.head.window_begin, contents.head.trip.at - milliseconds(5000));
  EXPECT_FALSE(box.take_any(0).has_value()) << "it is handed out once";
}

TEST(BlackBox, GoesBackToWhereTheStationStoodAtRestBeforeTheSet) {
  BlackBox box{a_source()};
  Story{box}
      .rests(milliseconds(60'000))
      .trains(milliseconds(20'000))
      .rests(milliseconds(30'000))
      .trains(milliseconds(15'000))
      .trips(milliseconds(3000));
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.beginning, Beginning::Rest);
  EXPECT_GE(before_trip(contents), milliseconds(15'000) + BlackBox::Lead - milliseconds(20));
  EXPECT_LE(before_trip(contents), milliseconds(15'000) + BlackBox::Lead + milliseconds(20))
      << "not the set before";
}

TEST(BlackBox, BeginsWithTheProgramWhenThereWasNoRestBeforeTheSet) {
  BlackBox box{a_source()};
  Story{box}.rests(milliseconds(3000)).trains(milliseconds(15'000)).trips(milliseconds(3000));
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.beginning, Beginning::Program);
  EXPECT_EQ(contents.steps.front().frame.cycle, 1U);
  EXPECT_EQ(contents.head.compare_from, 1U);
}

TEST(BlackBox, HasTheFiveSecondsBeforeATripThatComesWhileTheStationRests) {
  BlackBox box{a_source()};
  Story story{box};
  story.rests(milliseconds(600'000)).trips(milliseconds(3000), safety::Cause::EStopOpen);
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.beginning, Beginning::Rest);
  EXPECT_GE(before_trip(contents), milliseconds(5000) + BlackBox::Lead - milliseconds(20));
  EXPECT_LE(before_trip(contents), milliseconds(5000) + BlackBox::Lead + milliseconds(20));
}

TEST(BlackBox, KeepsTwoTripsThatComeBeforeTheFirstOneIsHandedOut) {
  BlackBox box{a_source()};
  Story story{box};
  story.rests(milliseconds(20'000)).trips(milliseconds(600), safety::Cause::EStopOpen);
  story.rests(milliseconds(300)).trains(milliseconds(900)).trips(milliseconds(4000), safety::Cause::Sag);
  const Contents first = read(box.take_complete(0));
  const Contents second = read(box.take_complete(0));
  EXPECT_EQ(first.head.trip.cause, safety::Cause::EStopOpen);
  EXPECT_EQ(second.head.trip.cause, safety::Cause::Sag);
  EXPECT_GE(after_trip(first), milliseconds(1990));
  EXPECT_GE(after_trip(second), milliseconds(1990));
}

TEST(BlackBox, GoesOnWithTheSameRecordWhenAStopBecomesAHarderOne) {
  BlackBox box{a_source()};
  Story story{box};
  story.rests(milliseconds(8000)).trains(milliseconds(9000)).trips(milliseconds(700));
  story.trips(milliseconds(2500), safety::Cause::ReleaseUnverified, safety::Action::DriveStop);
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.trip.cause, safety::Cause::GripReleased);
  EXPECT_GE(after_trip(contents), milliseconds(2690));
  EXPECT_FALSE(box.take_any(0).has_value());
}

TEST(BlackBox, GivesWhatThereIsWhenTheProgramEnds) {
  BlackBox box{a_source()};
  Story{box}.rests(milliseconds(8000)).trains(milliseconds(9000)).trips(milliseconds(300));
  EXPECT_FALSE(box.take_complete(0).has_value());
  const Contents contents = read(box.take_any(0));
  EXPECT_FALSE(contents.cut.has_value());
  EXPECT_GE(after_trip(contents), milliseconds(280));
}

TEST(BlackBox, SaysSoWhenTheSetWasLongerThanItsMemoryAndStillHasTheLastSeconds) {
  BlackBox box{a_source(), 2000};
  Story{box}.rests(milliseconds(8000)).trains(milliseconds(60'000)).trips(milliseconds(3000));
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.beginning, Beginning::Middle);
  EXPECT_GE(before_trip(contents), milliseconds(4980));
  EXPECT_LE(contents.steps.size(), 2000U);
}

TEST(BlackBox, SaysSoWhenTheBeginningIsLostWhileItWaitsForTheEnd) {
  BlackBox box{a_source(), 1900};
  Story{box}.rests(milliseconds(8000)).trains(milliseconds(11'500)).trips(milliseconds(3000));
  const Contents contents = read(box.take_complete(0));
  EXPECT_EQ(contents.head.beginning, Beginning::Middle);
  EXPECT_GE(after_trip(contents), milliseconds(1990));
}

TEST(BlackBox, TellsWhichPrescriptionWasLoadedBeforeAndInside) {
  BlackBox box{a_source()};
  Story story{box};
  story.prescribed(a_prescription(rehab::Phase::Foundation)).rests(milliseconds(30'000));
  story.prescribed(a_prescription(rehab::Phase::Strength)).rests(milliseconds(3'000));
  story.trips(milliseconds(3000), safety::Cause::EStopOpen);
  const Contents contents = read(box.take_complete(0));
  ASSERT_TRUE(contents.head.prescription.has_value());
  EXPECT_EQ(*contents.head.prescription, a_prescription(rehab::Phase::Foundation));
  int loaded = 0;
  for (const Step& step : contents.steps) {
    if (!step.loaded) continue;
    ++loaded;
    EXPECT_EQ(*step.loaded, a_prescription(rehab::Phase::Strength));
    EXPECT_LE(contents.head.trip.at - step.frame.now, milliseconds(3010));
  }
  EXPECT_EQ(loaded, 1);
}

TEST(BlackBox, KnowsWhenTheTripWasByTheWallClock) {
  BlackBox box{a_source()};
  Story{box}.rests(milliseconds(8000)).trains(milliseconds(9000)).trips(milliseconds(3000));
  const Contents contents = read(box.take_complete(1'800'000'000'000));
  EXPECT_NEAR(static_cast<double>(contents.head.trip.unix_ms), 1'800'000'000'000.0 - 2990.0, 20.0);
}

TEST(BlackBox, NeverTakesMoreMemoryThanForTheLongestSetAtTheUsualPeriod) {
  EXPECT_EQ(BlackBox::cycles_for(milliseconds(10)), 40'000U);
  EXPECT_EQ(BlackBox::cycles_for(milliseconds(50)), 8'000U);
  EXPECT_EQ(BlackBox::cycles_for(milliseconds(2)), 100'000U);
  EXPECT_LE(sizeof(cycle::Frame), 220U);
}

}  // namespace
}  // namespace plinth::record
