#include "controller/rehab/movement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "drafts.hpp"

namespace plinth::rehab {
namespace {

using units::degrees;
using units::degrees_per_second;
using units::in_degrees;
using units::in_degrees_per_second;
using units::Interval;
using units::milliseconds;

Prescription defaults(Phase phase) {
  return *Prescription::checked(defaults_of(phase), person_of(78));
}

TEST(WorkingRange, IsThePrescribedRangeWhenTheLegsHangLower) {
  const Prescription strength = defaults(Phase::Strength);
  const auto working = working_range(strength, degrees(-72));
  ASSERT_TRUE(working.has_value());
  EXPECT_EQ(*working, strength.range());
}

TEST(WorkingRange, EndsADegreeAboveWhereTheLegsHang) {
  const auto working = working_range(defaults(Phase::Maintenance), degrees(-70));
  ASSERT_TRUE(working.has_value());
  EXPECT_NEAR(in_degrees(working->low()), -69.0, 1e-9);
  EXPECT_NEAR(in_degrees(working->high()), 5.0, 1e-9);
}

TEST(WorkingRange, IsNothingWhenTooLittleWouldRemain) {
  const Prescription foundation = defaults(Phase::Foundation);  // -45 to -15°
  EXPECT_TRUE(working_range(foundation, degrees(-31.01)).has_value());
  EXPECT_FALSE(working_range(foundation, degrees(-30.99)).has_value());
  EXPECT_FALSE(working_range(foundation, degrees(10)).has_value());
}

TEST(WorkingRange, IsNothingWhileTheRestIsUnknown) {
  EXPECT_FALSE(working_range(defaults(Phase::Strength), degrees(std::numeric_limits<double>::quiet_NaN()))
                   .has_value());
  EXPECT_FALSE(working_range(defaults(Phase::Strength), degrees(-std::numeric_limits<double>::infinity()))
                   .has_value());
}

TEST(GuideRange, TurnsFourDegreesInsideEachEnd) {
  const auto guide = guide_range({degrees(-60), degrees(-5)});
  EXPECT_NEAR(in_degrees(guide.low()), -56.0, 1e-9);
  EXPECT_NEAR(in_degrees(guide.high()), -9.0, 1e-9);
}

TEST(GuideRange, StandsInTheMiddleWhenTheMarginsWouldPassEachOther) {
  const auto guide = guide_range({degrees(-20), degrees(-14)});
  EXPECT_NEAR(in_degrees(guide.low()), -17.0, 1e-9);
  EXPECT_EQ(guide.low(), guide.high());
}

TEST(PeakSpeed, IsHalfPiTimesTheMean) {
  EXPECT_NEAR(in_degrees_per_second(peak_speed(degrees(55), milliseconds(2000))), 43.2, 0.05);
  EXPECT_NEAR(in_degrees_per_second(peak_speed(degrees(30), milliseconds(3000))), 15.7, 0.05);
  EXPECT_NEAR(in_degrees_per_second(peak_speed(degrees(75), milliseconds(4000))), 29.5, 0.05);
}

TEST(PeakSpeed, IsThatOfTheRaisedCosineItself) {
  const double travel_deg = 47.0;
  const double time_s = 2.0;
  double highest = 0.0;
  const auto angle = [&](double t) {
    return travel_deg * 0.5 * (1.0 - std::cos(std::numbers::pi * t / time_s));
  };
  for (double t = 0.001; t < time_s; t += 0.001)
    highest = std::max(highest, (angle(t) - angle(t - 0.001)) / 0.001);
  EXPECT_NEAR(in_degrees_per_second(peak_speed(degrees(travel_deg), milliseconds(2000))), highest, 0.01);
}

TEST(SpeedLimits, FollowFromTheGuidesTravelAndTempo) {
  const Prescription strength = defaults(Phase::Strength);
  const SpeedLimits limits = speed_limits(strength, strength.range());
  // The guide turns 4° inside -60…-5°: 47° in 2 s peak at 36.9 °/s, in 4 s at 18.5 °/s.
  EXPECT_NEAR(in_degrees_per_second(limits.lifting.onset), 1.35 * 36.91, 0.05);
  EXPECT_NEAR(in_degrees_per_second(limits.lifting.trip), 1.7 * 36.91, 0.05);
  EXPECT_NEAR(in_degrees_per_second(limits.lifting.drive), 1.7 * 36.91 + 5, 0.05);
  EXPECT_NEAR(in_degrees_per_second(limits.lowering.onset), 1.5 * 18.46, 0.05);
  EXPECT_NEAR(in_degrees_per_second(limits.lowering.trip), 2.0 * 18.46, 0.05);
}

TEST(SpeedLimits, KeepAFloorAboveASlowTempo) {
  const Prescription foundation = defaults(Phase::Foundation);  // 22° in 3 s: 11.5 °/s
  const SpeedLimits limits = speed_limits(foundation, foundation.range());
  EXPECT_NEAR(in_degrees_per_second(limits.lifting.onset), 11.52 + 8, 0.05);
  EXPECT_NEAR(in_degrees_per_second(limits.lifting.trip), 11.52 + 15, 0.05);
}

TEST(SpeedLimits, NeverTripAboveThePrescribedStopSpeedNorBeginAboveTheTrip) {
  PrescriptionDraft draft = defaults_of(Phase::Strength);
  draft.lifting_stop_speed = degrees_per_second(53);
  draft.lowering_stop_speed = degrees_per_second(27);
  const auto slow = Prescription::checked(draft, person_of(78));
  ASSERT_TRUE(slow.has_value());
  const SpeedLimits limits = speed_limits(*slow, slow->range());
  EXPECT_EQ(limits.lifting.trip, degrees_per_second(53));
  EXPECT_EQ(limits.lowering.trip, degrees_per_second(27));
  EXPECT_EQ(limits.lowering.onset, degrees_per_second(27));
}

TEST(SpeedLimits, GrowTighterInANarrowerWorkingRange) {
  const Prescription strength = defaults(Phase::Strength);
  const SpeedLimits whole = speed_limits(strength, strength.range());
  const SpeedLimits shallow = speed_limits(strength, {degrees(-60), degrees(-25)});
  EXPECT_LT(shallow.lifting.trip, whole.lifting.trip);
  EXPECT_LT(shallow.lowering.trip, whole.lowering.trip);
}

TEST(SpeedLimits, StayBelowTheDrivesOwnLimitInEveryPhase) {
  for (const Phase phase : AllPhases) {
    const Prescription prescription = defaults(phase);
    const SpeedLimits limits = speed_limits(prescription, prescription.range());
    for (const SpeedLimit& limit : {limits.lifting, limits.lowering}) {
      EXPECT_LE(limit.onset, limit.trip) << name_of(phase);
      EXPECT_LT(limit.trip, limit.drive) << name_of(phase);
      EXPECT_LE(limit.drive, machine_limits().speed.value) << name_of(phase);
    }
  }
}

TEST(Tube, IsFourDegreesAtRestAndWidensWithTheGuidesSpeedEitherWay) {
  EXPECT_NEAR(in_degrees(tube_half_width(degrees_per_second(0))), 4.0, 1e-9);
  EXPECT_NEAR(in_degrees(tube_half_width(degrees_per_second(40))), 14.0, 1e-9);
  EXPECT_NEAR(in_degrees(tube_half_width(degrees_per_second(-40))), 14.0, 1e-9);
}

TEST(Tube, AtRestJustTouchesTheEndOfTheRange) {
  const Interval<units::Angle> working{degrees(-60), degrees(-5)};
  const units::Angle reach = guide_range(working).high() + tube_half_width(degrees_per_second(0));
  EXPECT_NEAR(in_degrees(reach), in_degrees(working.high()), 1e-9);
}

}  // namespace
}  // namespace plinth::rehab
