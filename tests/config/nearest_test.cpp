#include "controller/config/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

namespace plinth::config {
namespace {

const std::array<std::string, 4> Known{"link", "unit", "period_ms", "presence_threshold_n"};

TEST(Nearest, FindsTheWordOneSlipAway) {
  EXPECT_EQ(nearest("unitt", Known), "unit");
  EXPECT_EQ(nearest("unt", Known), "unit");
  EXPECT_EQ(nearest("umit", Known), "unit");
  EXPECT_EQ(nearest("untit", Known), "unit");
  EXPECT_EQ(nearest("nuit", Known), "unit") << "two letters swapped are one slip";
}

TEST(Nearest, AllowsMoreSlipsInALongerWord) {
  EXPECT_EQ(nearest("periodms", Known), "period_ms");
  EXPECT_EQ(nearest("presense_treshold_n", Known), "presence_threshold_n");
}

TEST(Nearest, FindsNothingInAnotherWord) {
  EXPECT_EQ(nearest("torque", Known), std::nullopt);
  EXPECT_EQ(nearest("", Known), std::nullopt);
  EXPECT_EQ(nearest(std::string(10'000, 'u'), Known), std::nullopt);
  EXPECT_EQ(nearest("unit", {}), std::nullopt);
}

}  // namespace
}  // namespace plinth::config
