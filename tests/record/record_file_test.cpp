#include "controller/record/record_file.hpp"

#include <gtest/gtest.h>

#include "tests/record/story.hpp"

namespace plinth::record {
namespace {

using units::milliseconds;

cycle::Frame a_frame(std::uint64_t number) {
  cycle::Frame frame;
  frame.cycle = number;
  frame.now = units::Instant{milliseconds(static_cast<std::int64_t>(1000 + 10 * number))};
  frame.drive_heard = true;
  frame.hub_heard = true;
  frame.drive_reading = sensing::Reading::Fresh;
  frame.hub_reading = sensing::Reading::Damaged;
  frame.drive_taken_at = frame.now;
  frame.hub_taken_at = frame.now - milliseconds(10);
  for (std::size_t i = 0; i < frame.drive.size(); ++i)
    frame.drive.at(i) = static_cast<std::uint16_t>(65'000 + i + number);
  for (std::size_t i = 0; i < frame.hub.size(); ++i)
    frame.hub.at(i) = static_cast<std::uint16_t>(7 * i + number);
  frame.setup = {.drive_identified = true, .limits_confirmed = true};
  frame.stop = true;
  frame.asked = cycle::Asked::Reset;
  frame.reset_level = safety::LatchLevel::Therapist;
  frame.outcome.permission = safety::Permission::Granted;
  frame.outcome.action = safety::Action::Limit;
  frame.outcome.cause = safety::Cause::RangeApproach;
  frame.outcome.brake = safety::Brake::Open;
  frame.outcome.active.set(static_cast<std::size_t>(safety::Cause::RangeApproach));
  frame.outcome.active.set(static_cast<std::size_t>(safety::Cause::Internal));
  frame.outcome.command.enable = true;
  frame.outcome.command.mode = sensing::DriveMode::Torque;
  frame.outcome.command.torque_dnm = -1234;
  frame.outcome.command.wall_stiffness_nm_rad = 65'535;
  frame.outcome.permit = true;
  frame.moment = rehab::Moment::Lowering;
  frame.set = 2;
  frame.rep = 7;
  return frame;
}

Head a_head() {
  Head head;
  head.source = a_source();
  head.source.calibration.strap_left.gain = 1.25;
  head.source.calibration.second_offset = units::radians(-0.01);
  head.trip = {.cause = safety::Cause::Sag,
               .action = safety::Action::Release,
               .cycle = 3,
               .at = a_frame(3).now,
               .unix_ms = 1'800'000'000'123};
  head.window_begin = head.trip.at - KeptBefore;
  head.window_end = head.trip.at + KeptAfter;
  head.beginning = Beginning::Rest;
  head.compare_from = 2;
  head.prescription = a_prescription();
  return head;
}

std::vector<std::uint8_t> a_file() {
  RecordWriter writer{a_head(), 4};
  for (std::uint64_t number = 1; number <= 4; ++number)
    writer.add(a_frame(number),
               number == 2 ? std::optional{a_prescription(rehab::Phase::Strength)} : std::nullopt);
  return std::move(writer).finished();
}

TEST(RecordFile, GivesBackEverythingThatWasWritten) {
  const auto contents = read_record(a_file());
  ASSERT_TRUE(contents.has_value()) << in_words(contents.error());
  const Head& head = contents->head;
  EXPECT_EQ(head.source.plinth, "1.2.3");
  EXPECT_EQ(head.source.station, "Room 3");
  EXPECT_EQ(head.source.period, Period);
  EXPECT_EQ(head.source.calibration.strap_left.gain, 1.25);
  EXPECT_EQ(head.source.calibration.second_offset, units::radians(-0.01));
  EXPECT_EQ(head.trip.cause, safety::Cause::Sag);
  EXPECT_EQ(head.trip.cycle, 3U);
  EXPECT_EQ(head.trip.unix_ms, 1'800'000'000'123);
  EXPECT_EQ(head.window_end, a_head().window_end);
  EXPECT_EQ(head.beginning, Beginning::Rest);
  EXPECT_EQ(head.compare_from, 2U);
  EXPECT_EQ(head.prescription, a_prescription());
  EXPECT_FALSE(contents->cut.has_value());

  ASSERT_EQ(contents->steps.size(), 4U);
  EXPECT_EQ(contents->steps[1].loaded, a_prescription(rehab::Phase::Strength));
  EXPECT_FALSE(contents->steps[2].loaded.has_value());
  for (std::uint64_t number = 1; number <= 4; ++number) {
    const cycle::Frame& frame = contents->steps.at(number - 1).frame;
    const cycle::Frame wrote = a_frame(number);
    EXPECT_EQ(frame.cycle, wrote.cycle);
    EXPECT_EQ(frame.now, wrote.now);
    EXPECT_EQ(frame.hub_taken_at, wrote.hub_taken_at);
    EXPECT_EQ(frame.drive, wrote.drive);
    EXPECT_EQ(frame.hub, wrote.hub);
    EXPECT_EQ(frame.hub_reading, sensing::Reading::Damaged);
    EXPECT_TRUE(frame.setup.limits_confirmed);
    EXPECT_FALSE(frame.setup.hub_identified);
    EXPECT_TRUE(frame.stop);
    EXPECT_EQ(frame.asked, cycle::Asked::Reset);
    EXPECT_EQ(frame.reset_level, safety::LatchLevel::Therapist);
    EXPECT_EQ(frame.outcome, wrote.outcome);
    EXPECT_EQ(frame.moment, rehab::Moment::Lowering);
    EXPECT_EQ(frame.rep, 7U);
  }
}

TEST(RecordFile, IsReadUpToItsLastWholeCycleWhereverItIsCut) {
  const auto file = a_file();
  std::size_t most = 0;
  bool readable = false;
  for (std::size_t size = 0; size < file.size(); ++size) {
    const auto contents = read_record(std::span{file}.first(size));
    if (!contents) {
      ASSERT_FALSE(readable) << "once the head is there, everything before the cut counts";
      continue;
    }
    readable = true;
    ASSERT_TRUE(contents->cut.has_value()) << size;
    ASSERT_GE(contents->steps.size(), most);
    most = contents->steps.size();
  }
  EXPECT_EQ(most, 4U);
}

TEST(RecordFile, TellsEveryByteThatWasFlipped) {
  const auto file = a_file();
  for (std::size_t at = 0; at < file.size(); ++at) {
    auto damaged = file;
    damaged[at] ^= 0x10;
    const auto contents = read_record(damaged);
    // A length that grew beyond the end looks like a cut; anything else is told as damage, with its place.
    if (contents)
      EXPECT_TRUE(contents->cut.has_value()) << "byte " << at;
    else
      EXPECT_TRUE(contents.error().at <= at || contents.error().at == file.size()) << "byte " << at;
  }
}

TEST(RecordFile, SaysWhatIsWrongWithAFileOfAnotherKind) {
  const std::vector<std::uint8_t> text{'h', 'e', 'l', 'l', 'o', ',', ' ', 'w', 'o', 'r', 'l', 'd'};
  const auto contents = read_record(text);
  ASSERT_FALSE(contents.has_value());
  EXPECT_EQ(in_words(contents.error()), "at byte 0: it does not begin like a fault record");
}

TEST(RecordFile, RefusesCyclesThatAreNotInTheOrderOfTime) {
  RecordWriter writer{a_head(), 2};
  writer.add(a_frame(5), std::nullopt);
  writer.add(a_frame(4), std::nullopt);
  const auto contents = read_record(std::move(writer).finished());
  ASSERT_FALSE(contents.has_value());
  EXPECT_EQ(contents.error().what, "its cycles are not in the order of time");
}

TEST(RecordFile, RefusesInstantsThatNoClockShows) {
  auto frame = a_frame(1);
  frame.drive_taken_at = units::Instant::min();
  RecordWriter writer{a_head(), 1};
  writer.add(frame, std::nullopt);
  EXPECT_FALSE(read_record(std::move(writer).finished()).has_value());
}

}  // namespace
}  // namespace plinth::record
