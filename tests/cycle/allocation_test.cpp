// The control loop allocates nothing, whatever happens in it: every global operator new of this program
// counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/cycle/simulated_station.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;  // NOLINT(cppcoreguidelines-no-malloc)
  throw std::bad_alloc{};
}

void* counted(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto step = static_cast<std::size_t>(alignment);
  const std::size_t whole = (size + step - 1) / step * step;
  if (void* memory = std::aligned_alloc(step, whole == 0 ? step : whole)) return memory;  // NOLINT
  throw std::bad_alloc{};
}

}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads,cppcoreguidelines-no-malloc)
void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, alignment);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(misc-new-delete-overloads,cppcoreguidelines-no-malloc)

namespace plinth::cycle {
namespace {

TEST(Allocation, IsNoticedByThisTest) {
  struct alignas(64) Wide {
    std::uint64_t words[8];  // NOLINT(cppcoreguidelines-avoid-c-arrays)
  };
  const auto before = allocations.load();
  delete new int{1};
  delete new Wide{};
  EXPECT_EQ(allocations.load(), before + 2);
}

// Everything that happens while the loop sleeps is the test's and the machine's own: it is not counted.
class CountingClock final : public LoopClock {
 public:
  units::Instant now() override { return now_; }
  void sleep_until(units::Instant deadline) override {
    inside += allocations.load() - mark_;
    now_ = std::max(now_, deadline);
    woken(now_);
    mark_ = allocations.load();
  }
  void begin(units::Instant now) {
    now_ = now;
    mark_ = allocations.load();
  }
  std::function<void(units::Instant)> woken;
  std::uint64_t inside = 0;

 private:
  units::Instant now_{};
  std::uint64_t mark_ = 0;
};

// A set that is stopped in a hold, the reset, a set that is completed, another person's prescription.
TEST(ControlLoop, AllocatesNothingInSetsStopsResetsChangesOfLimitsAndItsFarewell) {
  simulator::VirtualStation station{simulator::StationSetup{}};
  SimulatedMachine machine{StationHandler{&station}};
  (void)machine.bring_up(safety::installed_limits(std::nullopt, Period),
                         [&station](units::Duration span) { station.advance_to(station.now() + span); });
  const auto channels = std::make_unique<Channels>();
  channels->intents.push({.id = 1, .body = session::LoadPrescription{prescribed(78, 60, 2, 1)}});

  Physio physio;
  int stops = 0;
  int resets = 0;
  int completed = 0;
  std::optional<units::Instant> changed;
  CountingClock clock;
  clock.woken = [&](units::Instant now) {
    station.advance_to(now.time_since_epoch());
    if (now > units::Instant{units::milliseconds(180'000)}) channels->quit = true;
    Record record;
    while (channels->recorder.pop(record)) {
    }
    Snapshot snapshot;
    if (!channels->latest.take(snapshot)) return;
    station.show_guide(screen_of(snapshot));
    const auto& guidance = snapshot.guidance;
    if (stops == 0 && guidance.expectation.moment == rehab::Moment::Holding) {
      ++stops;
      channels->stop = true;
    }
    if (guidance.set_ended_now && guidance.last_set_end == rehab::SetEnd::Completed) ++completed;
    if (changed && now > *changed + units::milliseconds(500)) channels->quit = true;
    if (guidance.stage == session::Stage::Done && !changed) {
      changed = now;
      channels->intents.push({.id = 3, .body = session::LoadPrescription{prescribed(60, 40, 1, 1)}});
    }
    const auto body = changed ? std::nullopt : physio.wish(snapshot);
    if (!body) return;
    if (stops > 0 && std::holds_alternative<session::Reset>(*body)) ++resets;
    channels->intents.push({.id = 2, .body = *body});
  };
  clock.begin(units::Instant{station.now()});
  ControlLoop{machine, *channels, clock, {.period = Period, .calibration = {}}}.run(false);

  EXPECT_EQ(stops, 1);
  EXPECT_GE(resets, 1);
  EXPECT_EQ(completed, 1) << "the set after the stop, which begins without load";
  EXPECT_TRUE(changed.has_value());
  EXPECT_TRUE(machine.setup().limits_confirmed) << "also the second person's";
  EXPECT_EQ(clock.inside, 0U);
}

}  // namespace
}  // namespace plinth::cycle
