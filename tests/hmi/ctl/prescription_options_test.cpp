#include "hmi/ctl/prescription_options.hpp"

#include <gtest/gtest.h>

#include <string>

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

TEST(ANumberOption, IsReadWholeOrRefusedWithWhatWasTyped) {
  EXPECT_EQ(number_in("78.5"), 78.5);
  EXPECT_EQ(number_in("-60"), -60.0);
  for (const char* wrong : {"", "78,5", "78 kg", "0x4E", "78.5.1", "+78", "seventy"}) {
    const auto number = number_in(wrong);
    ASSERT_FALSE(number) << wrong;
    EXPECT_NE(number.error().find("'" + std::string{wrong} + "'"), std::string::npos);
    EXPECT_NE(number.error().find("78.5"), std::string::npos) << "and shows one that is understood";
  }
}

TEST(ACountOption, IsReadInTensWhateverItBeginsWith) {
  EXPECT_EQ(count_in("8"), 8U);
  EXPECT_EQ(count_in("010"), 10U);
  EXPECT_EQ(count_in("4294967295"), 4294967295U);
  for (const char* wrong : {"", "-1", "2.5", "0x10", "4294967296", "8 reps", "1e3"}) {
    EXPECT_FALSE(count_in(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace plinth::ctl
