// The rules' own small machines, each against the plainest account of what it should know. Their memory is a
// few entries or one moment, so every history of a little more than that length is every history there is.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <vector>

#include "controller/safety/drive_watch.hpp"
#include "controller/safety/dwell.hpp"
#include "controller/safety/stop_watch.hpp"
#include "tests/exploration/explorer.hpp"
#include "tests/exploration/world.hpp"

namespace plinth::exploration {
namespace {

using safety::Action;
using units::degrees;
using units::degrees_per_second;
using units::Duration;
using units::Instant;
using units::milliseconds;
using units::newton_metres;
using units::newtons;

// --- Dwell ---

// All it holds is the moment in which its criterion began to hold, so one age describes it: a dwell of that
// age that was made on the spot must be equal, and its states are the ages up to the first at which nothing
// more can change.
TEST(DwellExploration, HoldsAfterEveryAgeExactlyWhenItsCriterionHasLasted) {
  const std::vector<Duration> steps{milliseconds(0),  milliseconds(1),  milliseconds(9),
                                    milliseconds(10), milliseconds(11), milliseconds(40)};
  std::size_t states = 0;
  std::size_t transitions = 0;
  for (const int dwell_ms : {0, 10, 20, 30, 50, 150, 200, 250, 300, 1500, 2000}) {
    const Duration dwell = milliseconds(dwell_ms);
    const Duration most = dwell + milliseconds(41);
    // Age in milliseconds; −1: the criterion does not hold.
    std::vector<bool> seen(static_cast<std::size_t>(units::in_milliseconds(most)) + 2U, false);
    std::deque<int> queue{-1};
    seen.front() = true;
    const auto of_age = [&](int age_ms, Instant now) {
      safety::Dwell fresh;
      if (age_ms >= 0) fresh.held(true, now - milliseconds(age_ms), dwell);
      return fresh;
    };
    while (!queue.empty()) {
      const int age_ms = queue.front();
      queue.pop_front();
      ++states;
      for (const Duration step : steps)
        for (const bool criterion : {false, true}) {
          const Instant before{milliseconds(100'000)};
          const Instant now = before + step;
          safety::Dwell timer = of_age(age_ms, before);
          const bool held = timer.held(criterion, now, dwell);
          const int next = !criterion   ? -1
                           : age_ms < 0 ? 0
                                        : age_ms + static_cast<int>(units::in_milliseconds(step));
          ASSERT_EQ(held, criterion && milliseconds(next) >= dwell) << dwell_ms << " " << next;
          ASSERT_EQ(timer, of_age(next, now)) << dwell_ms << " " << next;
          ++transitions;
          const Duration capped = std::min(milliseconds(next), most);
          const auto place = static_cast<std::size_t>(units::in_milliseconds(capped) + 1);
          if (seen.at(place)) continue;
          seen.at(place) = true;
          queue.push_back(static_cast<int>(units::in_milliseconds(capped)));
        }
    }
  }
  std::printf("exploration: dwell: %zu states, %zu transitions\n", states, transitions);
}

// --- StopWatch ---

// What a stop may look like from one moment to the next.
// Racing, Arrived: the arm's two sensors are in doubt; by the second it falls, or is at rest where the first
// is far below.
enum class Sight : std::uint8_t {
  Unloaded,
  Loaded,
  CellsAlone,
  Falling,
  Silent,
  TorqueOff,
  Straying,
  Opposing,
  Racing,
  Arrived
};

class StopTree {
 public:
  static constexpr int StepMs = 100;
  StopTree(std::size_t depth, std::vector<Sight> sights) : depth_{depth}, sights_{std::move(sights)} {
    see(Sight::Loaded);
    world_.estimate.at = Instant{};
  }
  void walk() {
    safety::StopWatch watch;
    watch.begin(world_.scene());
    walk(watch);
  }
  [[nodiscard]] std::size_t nodes() const { return nodes_; }

 private:
  struct Moment {
    Sight sight;
    bool drive_stop;
  };
  void walk(const safety::StopWatch& watch) {
    if (history_.size() == depth_ || ::testing::Test::HasFatalFailure()) return;
    const bool stopped = !history_.empty() && history_.back().drive_stop;
    for (const Sight sight : sights_)
      for (const bool drive_stop : {false, true}) {
        if (stopped && !drive_stop) continue;  // a latched action never becomes milder
        history_.push_back({sight, drive_stop});
        safety::StopWatch next = watch;
        world_.estimate.at = Instant{milliseconds(StepMs * static_cast<int>(history_.size()))};
        see(history_.back().sight);
        const auto found = next.watch(world_.scene(), drive_stop ? Action::DriveStop : Action::Release,
                                      {.cells_doubted = false,
                                       .torque_strays = sight == Sight::Straying,
                                       .torque_opposes = sight == Sight::Opposing,
                                       .angle_doubted = sight == Sight::Racing || sight == Sight::Arrived,
                                       .rest = degrees(-72)});
        ++nodes_;
        ASSERT_EQ(found.release_unverified, overdue([](Sight at) {
                    return at == Sight::Loaded || at == Sight::CellsAlone || at == Sight::TorqueOff;
                  }))
            << told();
        ASSERT_EQ(found.lowering_amiss,
                  overdue([](Sight at) { return at == Sight::Falling || at == Sight::Silent; }))
            << told();
        ASSERT_EQ(found.stop_unverified, stop_overdue() || misled()) << told();
        walk(next);
        history_.pop_back();
      }
  }
  void see(Sight sight) {
    sensing::Estimate& estimate = world_.estimate;
    estimate.angle = degrees(sight == Sight::Arrived ? -79 : -30);
    estimate.second_angle = degrees(-69);
    estimate.angle_sensors_agree = sight != Sight::Racing && sight != Sight::Arrived;
    estimate.second_velocity = degrees_per_second(sight == Sight::Racing ? -26.0 : -5.0);
    estimate.velocity = degrees_per_second(sight == Sight::Falling ? -16.0 : -5.0);
    const bool loaded = sight == Sight::Loaded || sight == Sight::TorqueOff;
    estimate.strap = newtons(loaded || sight == Sight::CellsAlone ? 100.0 : 0.0);
    estimate.drive_torque =
        units::newton_metres(loaded ? 80.0 : 0.0) - sensing::ArmGravity * units::cosine(estimate.angle);
    estimate.drive.age = milliseconds(sight == Sight::Silent ? 200 : 0);
    estimate.drive_report->brake_released = true;
    estimate.drive_report->torque_on = sight != Sight::TorqueOff;
  }
  // How long, up to now, `bad` has been seen without a break, among the moments of this kind of stop.
  template <typename Bad>
  [[nodiscard]] int lasting_ms(bool drive_stop, Bad bad) const {
    int cycles = 0;
    for (auto m = history_.rbegin(); m != history_.rend() && m->drive_stop == drive_stop && bad(m->sight);
         ++m)
      ++cycles;
    return (cycles - 1) * StepMs;
  }
  template <typename Bad>
  [[nodiscard]] bool overdue(Bad bad) const {
    if (history_.back().drive_stop) return false;
    return lasting_ms(false, bad) >= 200 && StepMs * static_cast<int>(history_.size()) >= 500;
  }
  [[nodiscard]] bool stop_overdue() const {
    if (!history_.back().drive_stop) return false;
    const auto first =
        std::find_if(history_.begin(), history_.end(), [](const Moment& m) { return m.drive_stop; });
    const int since = StepMs * static_cast<int>(history_.end() - first - 1);
    const bool loaded = lasting_ms(true, [](Sight sight) { return sight == Sight::Loaded; }) >= 200;
    return (loaded && since >= 600) ||
           lasting_ms(true, [](Sight sight) { return sight == Sight::Straying; }) >= 100 ||
           history_.back().sight == Sight::Opposing;
  }
  // Whatever the stop's kind, the drive lowers by a wrong angle.
  [[nodiscard]] bool misled() const {
    const auto seen_for_ms = [this](Sight sight) {
      const auto last = std::find_if(history_.rbegin(), history_.rend(),
                                     [sight](const Moment& m) { return m.sight != sight; });
      return (static_cast<int>(last - history_.rbegin()) - 1) * StepMs;
    };
    return seen_for_ms(Sight::Arrived) >= 100 ||
           (seen_for_ms(Sight::Racing) >= 200 && StepMs * static_cast<int>(history_.size()) >= 500);
  }
  [[nodiscard]] std::string told() const {
    std::string words;
    for (const Moment& m : history_)
      words += std::to_string(static_cast<int>(m.sight)) + (m.drive_stop ? "! " : " ");
    return words;
  }

  std::size_t depth_;
  std::vector<Sight> sights_;
  World world_;
  std::vector<Moment> history_;
  std::size_t nodes_ = 0;
};

TEST(StopWatchExploration, CallsAStopUnverifiedExactlyWhenItIsInEveryHistory) {
  const Size size = size_from_environment();
  const std::size_t depth = size == Size::Full ? 9U : size == Size::Usual ? 8U : 7U;
  using enum Sight;
  StopTree ways{depth, {Unloaded, Loaded, Falling, Silent, TorqueOff}};
  ways.walk();
  StopTree witnesses{depth, {Loaded, CellsAlone, Silent, Straying, Opposing}};
  witnesses.walk();
  StopTree sensors{depth, {Unloaded, Silent, Racing, Arrived}};
  sensors.walk();
  std::printf("exploration: stop watch: %zu histories\n", ways.nodes() + witnesses.nodes() + sensors.nodes());
}

// --- DriveWatch ---

// A drive that obeys `delay` cycles later, or that keeps to what it was told before.
class DriveTree {
 public:
  DriveTree(std::size_t depth, std::size_t delay) : depth_{depth}, delay_{delay} {
    world_.estimate.angle = degrees(-30);
    world_.estimate.velocity = degrees_per_second(0);
    world_.commanded.enable = true;
    world_.commanded.run = true;
    world_.commanded.mode = sensing::DriveMode::Torque;
    world_.commanded.resisting_limit_dnm = 1500;
    world_.commanded.supporting_limit_dnm = 2000;
    world_.commanded.lifting_speed_limit_mrad_s = 1000;
    world_.commanded.lowering_speed_limit_mrad_s = 1000;
    world_.commanded.wall_low_dmrad = -12'000;
    world_.commanded.wall_high_dmrad = 6000;
    auto& report = *world_.estimate.drive_report;
    report.angle = world_.estimate.angle;
    report.velocity = world_.estimate.velocity;
    report.torque_on = true;
    report.brake_released = true;
    report.mode = sensing::DriveMode::Torque;
  }
  void walk() { walk(safety::DriveWatch{}); }
  [[nodiscard]] std::size_t nodes() const { return nodes_; }
  [[nodiscard]] std::size_t found() const { return found_; }

 private:
  static constexpr int High = 500;
  static constexpr std::size_t Memory = 4;  // what a command, its telegram, the slew and the report may take

  void walk(const safety::DriveWatch& watch) {
    if (told_.size() == depth_ || ::testing::Test::HasFatalFailure()) return;
    for (const int torque : {0, High}) {
      told_.push_back(torque);
      safety::DriveWatch next = watch;
      auto& report = *world_.estimate.drive_report;
      world_.estimate.at = Instant{milliseconds(10 * static_cast<int>(told_.size()))};
      ++report.heartbeat_echo;
      world_.commanded.torque_dnm = static_cast<std::int16_t>(torque);
      const int given = told_.size() > delay_ ? told_.at(told_.size() - 1 - delay_) : told_.front();
      report.torque_setpoint = newton_metres(0.1 * given);
      report.torque = report.torque_setpoint;
      const auto found = next.watch(world_.scene());
      ++nodes_;
      found_ += found.ignores ? 1U : 0U;
      // What it gives was told within the last four cycles, or it was not; too much is what none allowed.
      bool explained = told_.size() < Memory;
      for (std::size_t i = 0; i < Memory && i < told_.size(); ++i)
        explained = explained || told_.at(told_.size() - 1 - i) == given;
      ASSERT_EQ(found.ignores, !explained) << told();
      ASSERT_FALSE(found.over_delivers) << told();
      walk(next);
      --report.heartbeat_echo;
      told_.pop_back();
    }
  }
  [[nodiscard]] std::string told() const {
    std::string words;
    for (const int torque : told_) words += torque == 0 ? '0' : '5';
    return words;
  }

  std::size_t depth_;
  std::size_t delay_;
  World world_;
  std::vector<int> told_;
  std::size_t nodes_ = 0;
  std::size_t found_ = 0;
};

TEST(DriveWatchExploration, AccusesADriveExactlyWhenNoneOfItsLastFourCommandsExplainsIt) {
  const Size size = size_from_environment();
  const std::size_t depth = size == Size::Full ? 19U : size == Size::Usual ? 15U : 12U;
  std::size_t nodes = 0;
  for (std::size_t delay = 0; delay <= 10; ++delay) {
    DriveTree tree{depth, delay};
    tree.walk();
    if (delay <= 3) {
      EXPECT_EQ(tree.found(), 0U) << "a delay of " << delay << " cycles is none of its faults";
    } else {
      EXPECT_GT(tree.found(), 0U) << "a delay of " << delay << " cycles went unnoticed";
    }
    nodes += tree.nodes();
  }
  std::printf("exploration: drive watch: %zu histories\n", nodes);
}

}  // namespace
}  // namespace plinth::exploration
