#include "controller/safety/seat_watch.hpp"

#include <gtest/gtest.h>

#include "tests/safety/moment.hpp"

namespace plinth::safety::testing {
namespace {

using units::metres;
using units::milliseconds;
using units::newtons;

// Lies in the middle with 765 N; `bend` says what is seen later.
template <typename Bend>
bool slid(Bend bend) {
  SetMoment moment;
  SeatWatch watch;
  watch.begin(moment.estimate);
  bend(moment);
  return watch.slid(moment);
}

TEST(ASeat, IsLeftBy6CmToASideOrTwoFifthsOfTheWeight) {
  EXPECT_FALSE(slid([](SetMoment&) {}));
  EXPECT_FALSE(slid([](SetMoment& m) { m.estimate.centre_of_pressure->y = metres(0.059); }));
  EXPECT_TRUE(slid([](SetMoment& m) { m.estimate.centre_of_pressure->y = metres(0.061); }));
  EXPECT_FALSE(slid([](SetMoment& m) { m.estimate.centre_of_pressure->y = metres(-0.059); }));
  EXPECT_TRUE(slid([](SetMoment& m) { m.estimate.centre_of_pressure->y = metres(-0.061); }));
  EXPECT_FALSE(slid([](SetMoment& m) { m.estimate.trunk = newtons(765 * 0.61); }));
  EXPECT_TRUE(slid([](SetMoment& m) { m.estimate.trunk = newtons(765 * 0.59); }));
}

TEST(ASeat, IsNotJudgedByPadsThatTellNothing) {
  const auto left = [](SetMoment& m) { m.estimate.trunk = newtons(100); };
  EXPECT_TRUE(slid(left));
  EXPECT_FALSE(slid([&](SetMoment& m) { left(m), m.estimate.hub.age = milliseconds(100); }));
  EXPECT_FALSE(slid([&](SetMoment& m) { left(m), m.estimate.centre_of_pressure.reset(); }));
  EXPECT_FALSE(slid([&](SetMoment& m) { m.estimate.trunk.reset(); }));
  EXPECT_FALSE(slid([&](SetMoment& m) { left(m), m.granted = false; }));
}

TEST(ASeat, IsNotComparedWithWhatThePadsDidNotTellAtTheStart) {
  for (const bool weight : {true, false}) {
    SetMoment moment;
    SeatWatch watch;
    watch.begin(moment.estimate);
    SetMoment untold;
    if (weight) untold.estimate.trunk.reset();
    if (!weight) untold.estimate.centre_of_pressure.reset();
    watch.begin(untold.estimate);
    moment.estimate.trunk = newtons(100);
    EXPECT_FALSE(watch.slid(moment));
  }
}

}  // namespace
}  // namespace plinth::safety::testing
