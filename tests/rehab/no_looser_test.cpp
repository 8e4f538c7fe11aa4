// Which prescriptions may take the place of another one in the middle of a session.
#include <gtest/gtest.h>

#include <functional>

#include "controller/rehab/prescription.hpp"

namespace plinth::rehab {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::milliseconds;
using units::newtons;
using Change = std::function<void(PrescriptionDraft&)>;

constexpr double Mass = 78.0;

Prescription prescribed(const Change& change = {}, double mass_kg = Mass, Phase phase = Phase::Strength) {
  PrescriptionDraft draft = defaults_of(phase);
  draft.eccentric_ratio = phase == Phase::Strength ? 0.8 : draft.eccentric_ratio;
  draft.tempo.lift = milliseconds(3000);
  draft.leg_support = 0.3;
  if (change) change(draft);
  return Prescription::checked(draft, typical_person(units::kilograms(mass_kg))).value();
}

bool may_follow(const Change& change) {
  return is_no_looser(prescribed(change), prescribed());
}

TEST(NoLooser, IsThePrescriptionItself) {
  EXPECT_TRUE(may_follow({}));
}

TEST(NoLooser, IsLessOfAnything) {
  EXPECT_TRUE(may_follow([](auto& d) { d.load = newtons(50); }));
  EXPECT_TRUE(may_follow([](auto& d) { d.range_high = degrees(-10); }));
  EXPECT_TRUE(may_follow([](auto& d) { d.range_low = degrees(-50); }));
  EXPECT_TRUE(may_follow([](auto& d) { d.reps = 9; }));
  EXPECT_TRUE(may_follow([](auto& d) { d.sets = 1; }));
  EXPECT_TRUE(may_follow([](auto& d) { d.tempo.hold = milliseconds(500); }));
  EXPECT_TRUE(may_follow([](auto& d) { d.eccentric_ratio = 0.7; }));
  EXPECT_TRUE(may_follow([](auto& d) { d.lifting_stop_speed = degrees_per_second(60); }));
  EXPECT_TRUE(may_follow([](auto& d) { d.rest_between_sets += milliseconds(10'000); }));
}

TEST(NoLooser, IsASlowerTempoOnlyWithFewerReps) {
  const Change slower = [](auto& d) { d.tempo.lift = milliseconds(4000); };
  EXPECT_FALSE(may_follow(slower)) << "longer under load is not easier";
  EXPECT_TRUE(may_follow([&](auto& d) {
    slower(d);
    d.reps = 8;
  }));
}

TEST(NoLooser, IsNothingThatAsksOrAllowsMore) {
  EXPECT_FALSE(may_follow([](auto& d) { d.load = newtons(61); }));
  EXPECT_FALSE(may_follow([](auto& d) { d.eccentric_ratio = 0.9; }));
  EXPECT_FALSE(may_follow([](auto& d) { d.reps = 11; }));
  EXPECT_FALSE(may_follow([](auto& d) { d.sets = 3; }));
  EXPECT_FALSE(may_follow([](auto& d) { d.tempo.hold = milliseconds(1500); }));
  EXPECT_FALSE(may_follow([](auto& d) { d.tempo.lift = milliseconds(2500); }));
  EXPECT_FALSE(may_follow([](auto& d) { d.tempo.lower = milliseconds(3500); }));
  EXPECT_FALSE(may_follow([](auto& d) { d.hold_tolerance = degrees(5); }));
  EXPECT_FALSE(may_follow([](auto& d) { d.rest_between_sets -= milliseconds(10'000); }));
  EXPECT_FALSE(may_follow([](auto& d) { d.leg_support = 0.4; }));
  EXPECT_FALSE(may_follow([](auto& d) { d.leg_support = 0.2; }));
}

TEST(NoLooser, IsNoLooserThanATighterOneOnceThatIsInForce) {
  const Change narrow = [](auto& d) {
    d.range_high = degrees(-10);
    d.lifting_stop_speed = degrees_per_second(60);
    d.lowering_stop_speed = degrees_per_second(60);
  };
  EXPECT_FALSE(is_no_looser(prescribed(), prescribed(narrow)));
  EXPECT_TRUE(is_no_looser(prescribed(narrow), prescribed(narrow)));
}

TEST(NoLooser, IsNothingOfAnotherPersonOrPhase) {
  EXPECT_FALSE(is_no_looser(prescribed({}, 70), prescribed()));
  EXPECT_FALSE(is_no_looser(prescribed({}, Mass, Phase::Foundation), prescribed()));
}

}  // namespace
}  // namespace plinth::rehab
