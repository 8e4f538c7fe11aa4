// The channels between control and the other threads. `./plinth test` also runs these under the thread
// sanitizer.
#include "controller/cycle/channels.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

namespace plinth::cycle {
namespace {

// Wide enough that a torn copy would show: every word says the same number.
struct Page {
  std::array<std::uint64_t, 64> words{};

  static Page filled_with(std::uint64_t number) {
    Page page;
    page.words.fill(number);
    return page;
  }
  [[nodiscard]] bool is_whole() const {
    for (const std::uint64_t word : words) {
      if (word != words.front()) return false;
    }
    return true;
  }
};

TEST(LatestValue, GivesNothingBeforeTheFirstValue) {
  LatestValue<int> slot;
  int out = -1;
  EXPECT_FALSE(slot.take(out));
  EXPECT_EQ(out, -1) << "a refused take leaves the reader's value alone";
}

TEST(LatestValue, GivesEachValueOnce) {
  LatestValue<int> slot;
  int out = 0;
  slot.publish(7);
  EXPECT_TRUE(slot.take(out));
  EXPECT_EQ(out, 7);
  EXPECT_FALSE(slot.take(out));
}

TEST(LatestValue, GivesASlowReaderTheNewestAndSkipsTheRest) {
  LatestValue<int> slot;
  int out = 0;
  for (int value = 1; value <= 1000; ++value) slot.publish(value);
  EXPECT_TRUE(slot.take(out));
  EXPECT_EQ(out, 1000);
  EXPECT_FALSE(slot.take(out));
}

TEST(LatestValue, GivesTheNewestHoweverPublishAndTakeAlternate) {
  // Every pattern of twelve steps, each of them a publish or a take, against the obvious model.
  for (unsigned pattern = 0; pattern < (1U << 12U); ++pattern) {
    LatestValue<int> slot;
    int newest = 0;
    int taken = 0;
    int out = 0;
    for (unsigned step = 0; step < 12; ++step) {
      if (((pattern >> step) & 1U) != 0) {
        slot.publish(++newest);
      } else {
        ASSERT_EQ(slot.take(out), newest != taken) << "pattern " << pattern << ", step " << step;
        taken = newest;
        ASSERT_EQ(out, taken) << "pattern " << pattern << ", step " << step;
      }
    }
  }
}

TEST(LatestValue, NeverGivesAReaderAnOlderOrATornValueWhileTheWriterRuns) {
  constexpr std::uint64_t Last = 200'000;
  LatestValue<Page> slot;
  std::thread writer([&slot] {
    for (std::uint64_t number = 1; number <= Last; ++number) slot.publish(Page::filled_with(number));
  });
  Page page;
  std::uint64_t newest = 0;
  std::uint64_t older = 0;
  std::uint64_t torn = 0;
  while (newest < Last) {
    if (!slot.take(page)) {
      std::this_thread::yield();
      continue;
    }
    if (!page.is_whole()) ++torn;
    if (page.words.front() <= newest) ++older;
    newest = page.words.front();
  }
  writer.join();
  EXPECT_EQ(torn, 0U);
  EXPECT_EQ(older, 0U);
  EXPECT_FALSE(slot.take(page)) << "the last value was taken already";
}

TEST(LatestValue, GivesTheLastValueToAReaderThatComesAfterTheWriterHasGone) {
  for (int round = 0; round < 200; ++round) {
    LatestValue<Page> slot;
    std::atomic<bool> reading{true};
    Page page;
    std::thread reader([&] {
      while (reading.load(std::memory_order_relaxed)) (void)slot.take(page);
    });
    for (std::uint64_t number = 1; number <= 100; ++number) slot.publish(Page::filled_with(number));
    reading = false;
    reader.join();
    (void)slot.take(page);
    ASSERT_EQ(page.words.front(), 100U) << "round " << round;
  }
}

TEST(Recorder, DropsTheNewestWhenFullAndKeepsTheOrder) {
  const auto channels = std::make_unique<Channels>();
  Record record;
  std::uint64_t kept = 0;
  for (std::uint64_t cycle = 1; cycle <= 1000; ++cycle) {
    record.frame.cycle = cycle;
    if (channels->recorder.push(record)) ++kept;
  }
  EXPECT_EQ(kept, 512U);
  for (std::uint64_t cycle = 1; cycle <= kept; ++cycle) {
    ASSERT_TRUE(channels->recorder.pop(record));
    ASSERT_EQ(record.frame.cycle, cycle);
  }
  EXPECT_FALSE(channels->recorder.pop(record));
}

}  // namespace
}  // namespace plinth::cycle
