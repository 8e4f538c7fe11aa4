// When do legs fall? Against the plainest account of it, in every history of a little more than the watch's
// memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "controller/safety/drop_watch.hpp"
#include "tests/exploration/explorer.hpp"
#include "tests/exploration/world.hpp"

namespace plinth::exploration {
namespace {

using units::degrees_per_second;
using units::Instant;
using units::milliseconds;
using units::newtons;

// What the person and the legs may do in 10 ms: hold the load, lower it as they should, let go.
struct LegState {
  double velocity_deg_s;
  double strap_n;
};
constexpr std::array<LegState, 4> Legs{{{0.0, 120.0}, {-15.0, 110.0}, {-24.0, 50.0}, {-80.0, 0.0}}};

class DropTree {
 public:
  // `given`: what the drive's torque puts on the straps, N.
  DropTree(std::size_t depth, std::vector<std::size_t> kinds, double given = 120.0)
      : depth_{depth}, kinds_{std::move(kinds)}, given_n_{given} {
    world_.estimate.drive_torque = units::moment(newtons(given), world_.limits->legs.cuff_radius) -
                                   sensing::ArmGravity * units::cosine(world_.estimate.angle);
    world_.expectation.moment = rehab::Moment::Lowering;
    trip_deg_s_ = units::in_degrees_per_second(
        rehab::speed_limits(world_.limits->prescription, *world_.working).lowering.trip);
  }
  void walk() { walk(safety::DropWatch{}); }
  [[nodiscard]] std::size_t nodes() const { return nodes_; }
  [[nodiscard]] std::size_t falls() const { return falls_; }

 private:
  void walk(const safety::DropWatch& watch) {
    if (history_.size() == depth_ || ::testing::Test::HasFatalFailure()) return;
    for (const std::size_t kind : kinds_) {
      history_.push_back(kind);
      safety::DropWatch next = watch;
      world_.estimate.at = Instant{milliseconds(10 * static_cast<int>(history_.size()))};
      world_.estimate.velocity = degrees_per_second(Legs.at(kind).velocity_deg_s);
      world_.estimate.strap = newtons(Legs.at(kind).strap_n);
      const bool falling = next.watch(world_.scene());
      ++nodes_;
      falls_ += falling ? 1U : 0U;
      ASSERT_EQ(falling, should_fall()) << told();
      walk(next);
      history_.pop_back();
    }
  }
  [[nodiscard]] const LegState* ago(std::size_t steps) const {
    return steps < history_.size() ? &Legs.at(history_.at(history_.size() - 1 - steps)) : nullptr;
  }
  // The fastest sinking among the moments of one beat, 170 ms, but the last `from` steps (now's own when
  // there were none), and the most that a later one of them was slower than an earlier.
  [[nodiscard]] std::pair<double, double> swing(std::size_t from) const {
    constexpr std::size_t Beat = 17;
    if (history_.size() <= from) return {ago(0)->velocity_deg_s, 0.0};
    double down = ago(from)->velocity_deg_s;
    double rise = 0.0;
    for (std::size_t steps = from; steps <= Beat && steps < history_.size(); ++steps) {
      down = std::min(down, ago(steps)->velocity_deg_s);
      for (std::size_t later = from; later < steps; ++later)
        rise = std::max(rise, ago(later)->velocity_deg_s - ago(steps)->velocity_deg_s);
    }
    return {down, rise};
  }
  // A fall: beyond the stop speed, and by more than 20 °/s faster than ever in the beat before 100 ms ago;
  // or, of a strap that bore 40 N or more 60 ms ago, 0.65 or less is left, and of what the drive gives, while
  // the legs sink at 10 °/s, by more than 7 faster than ever in the beat before; or they sink at 30 °/s, by
  // more than 15 faster than then, and 20 ms ago by more than 5. The last two only if they had not swung up
  // by 6.
  [[nodiscard]] bool should_fall() const {
    const LegState& now = *ago(0);
    const LegState* loaded = ago(6);
    const bool fell_fast = -now.velocity_deg_s > trip_deg_s_ && swing(10).first - now.velocity_deg_s > 20.0;
    const auto [down, rise] = swing(6);
    const bool gave_way = loaded != nullptr && loaded->strap_n >= 40.0 &&
                          now.strap_n <= 0.65 * std::min(loaded->strap_n, given_n_) &&
                          -now.velocity_deg_s > 10.0 && down - now.velocity_deg_s > 7.0;
    const bool runs_away = -now.velocity_deg_s > 30.0 && down - now.velocity_deg_s > 15.0 &&
                           ago(2) != nullptr && down - ago(2)->velocity_deg_s > 5.0;
    return fell_fast || (rise < 6.0 && (gave_way || runs_away));
  }
  [[nodiscard]] std::string told() const {
    std::string words;
    for (const std::size_t kind : history_) words += std::to_string(kind);
    return words;
  }

  std::size_t depth_;
  std::vector<std::size_t> kinds_;
  double given_n_;
  World world_;
  double trip_deg_s_ = 0.0;
  std::vector<std::size_t> history_;
  std::size_t nodes_ = 0;
  std::size_t falls_ = 0;
};

TEST(DropWatchExploration, NoticesEveryFallAndNothingElseInEveryHistory) {
  const Size size = size_from_environment();
  // It looks back one beat, 17 entries: with two kinds of moment right over that and on, with four up to its
  // windows.
  DropTree round{size == Size::Full ? 24U : size == Size::Usual ? 19U : 14U, {0, 3}};
  round.walk();
  DropTree wide{size == Size::Full ? 12U : size == Size::Usual ? 10U : 8U, {0, 1, 2, 3}};
  wide.walk();
  EXPECT_GT(wide.falls(), 100U);
  // 50 N are most of the 60 N that this drive gives: nobody has let go.
  DropTree light{size == Size::Full ? 12U : size == Size::Usual ? 10U : 8U, {0, 1, 2, 3}, 60.0};
  light.walk();
  EXPECT_LT(light.falls(), wide.falls());
  std::printf("exploration: drop watch: %zu histories\n", round.nodes() + wide.nodes() + light.nodes());
}

}  // namespace
}  // namespace plinth::exploration
