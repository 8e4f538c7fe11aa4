#include "hmi/ctl/prescription_options.hpp"

#include <gtest/gtest.h>

namespace plinth::ctl {
namespace {

TEST(TheTempoOption, IsReadInTheOrderLiftHoldLowerRest) {
  v1::Prescription prescription;
  ASSERT_TRUE(set_tempo(prescription, "2-1.5-4-0"));
  EXPECT_EQ(prescription.lift_s(), 2.0);
  EXPECT_EQ(prescription.hold_s(), 1.5);
  EXPECT_EQ(prescription.lower_s(), 4.0);
  EXPECT_TRUE(prescription.has_rest_s());
  EXPECT_EQ(prescription.rest_s(), 0.0);
}

TEST(TheTempoOption, OfAnotherFormIsNotUnderstoodAndChangesNothing) {
  for (const char* wrong : {"", "2", "2-1-4", "2-1-4-0-1", "2-1-4-", "2,5-1-4-0", "a-b-c-d", "2 1 4 0"}) {
    v1::Prescription prescription;
    EXPECT_FALSE(set_tempo(prescription, wrong)) << wrong;
    EXPECT_FALSE(prescription.has_lift_s());
  }
}

TEST(TheRangeOption, IsReadAsItsTwoEnds) {
  v1::Prescription prescription;
  ASSERT_TRUE(set_range(prescription, "-60:-5"));
  EXPECT_EQ(prescription.range_low_deg(), -60.0);
  EXPECT_EQ(prescription.range_high_deg(), -5.0);
  for (const char* wrong : {"", "-60", "-60:", ":-5", "-60--5", "-60:-5:0"}) {
    EXPECT_FALSE(set_range(prescription, wrong)) << wrong;
  }
}

TEST(ThePhaseOption, KnowsTheFourPhases) {
  v1::Prescription prescription;
  for (const char* phase : {"foundation", "strength", "integrated", "maintenance"}) {
    EXPECT_TRUE(set_phase(prescription, phase));
  }
  EXPECT_EQ(prescription.phase(), v1::PHASE_MAINTENANCE);
  EXPECT_FALSE(set_phase(prescription, "power"));
}

}  // namespace
}  // namespace plinth::ctl
