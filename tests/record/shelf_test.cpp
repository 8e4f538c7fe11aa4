#include "controller/record/shelf.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "controller/record/recorder.hpp"
#include "tests/record/story.hpp"

namespace plinth::record {
namespace {

class ShelfTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plinth-records-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    above_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(above_); }

  [[nodiscard]] std::filesystem::path folder() const { return above_ / "records"; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator{folder()})
      found.push_back(entry.path().filename().string());
    std::ranges::sort(found);
    return found;
  }

  static TripRecord a_record(std::int64_t unix_ms) {
    return {.trip = {.cause = safety::Cause::GripReleased,
                     .action = safety::Action::Release,
                     .cycle = 4711,
                     .unix_ms = unix_ms},
            .file = {1, 2, 3}};
  }

  std::filesystem::path above_;
};

TEST_F(ShelfTest, NamesAFileByTimeCauseAndCycle) {
  EXPECT_EQ(file_name_of(a_record(1'800'000'000'123).trip),
            "trip-20270115T080000.123Z-grip_released-4711.plr");
}

TEST_F(ShelfTest, MakesItsFolderAndKeepsTheBytes) {
  Shelf shelf{folder()};
  const auto path = shelf.keep(a_record(1'800'000'000'000));
  ASSERT_TRUE(path.has_value()) << path.error();
  EXPECT_EQ(std::filesystem::file_size(*path), 3U);
  EXPECT_EQ(names().size(), 1U) << "nothing else is left there";
}

TEST_F(ShelfTest, TakesTheOldestAwayAndNothingThatIsNotItsOwn) {
  Shelf shelf{folder(), 3};
  std::filesystem::create_directory(folder());
  std::ofstream{folder() / "notes.txt"} << "ours";
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(shelf.keep(a_record(1'800'000'000'000 + 1000 * i)).has_value());
  EXPECT_EQ(names(),
            (std::vector<std::string>{"notes.txt", "trip-20270115T080002.000Z-grip_released-4711.plr",
                                      "trip-20270115T080003.000Z-grip_released-4711.plr",
                                      "trip-20270115T080004.000Z-grip_released-4711.plr"}));
}

TEST_F(ShelfTest, SaysWhereAndWhyARecordCannotBeKept) {
  std::ofstream{folder()} << "a file stands where the folder should be";
  Shelf shelf{folder()};
  const auto path = shelf.keep(a_record(1));
  ASSERT_FALSE(path.has_value());
  EXPECT_NE(path.error().find(folder().string()), std::string::npos) << path.error();
}

TEST_F(ShelfTest, AFullDiskLeavesNothingHalfWritten) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  std::filesystem::create_directory(folder());
  std::filesystem::create_symlink("/dev/full", folder() / ".unfinished");
  Shelf shelf{folder()};
  const auto path = shelf.keep(a_record(1));
  ASSERT_FALSE(path.has_value());
  EXPECT_TRUE(names().empty());
}

TEST_F(ShelfTest, TheRecorderKeepsATripThatCameThroughTheQueue) {
  const auto channels = std::make_unique<cycle::Channels>();
  std::string told;
  {
    Recorder recorder{*channels, a_source(), folder(), [&told](bool kept, const std::string& sentence) {
                        told = (kept ? "" : "not ") + sentence;
                      }};
    cycle::Record record;
    record.frame.cycle = 1;
    record.frame.outcome.permission = safety::Permission::Granted;
    ASSERT_TRUE(channels->recorder.push(record));
    record.frame.cycle = 2;
    record.frame.outcome.permission = safety::Permission::Latched;
    record.frame.outcome.first_cause = safety::Cause::Sag;
    record.frame.outcome.cause = safety::Cause::Sag;
    ASSERT_TRUE(channels->recorder.push(record));
    recorder.start();
  }  // ends: what waits is kept
  ASSERT_EQ(names().size(), 1U);
  EXPECT_NE(names().front().find("-sag-2.plr"), std::string::npos);
  EXPECT_EQ(told.find("Kept the record of sag in "), 0U) << told;
}

}  // namespace
}  // namespace plinth::record
