#include "drivers/profiles/encode_plan.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace plinth::drivers::profiles {
namespace {

using Words = std::vector<std::uint16_t>;
using Numbers = std::vector<std::int32_t>;

Profile block_of(std::uint16_t count, std::vector<Setpoint> setpoints) {
  Profile profile;
  profile.writes.push_back({.name = "block", .count = count});
  profile.setpoints = std::move(setpoints);
  return profile;
}
Setpoint of(Type type, std::uint16_t offset, WordOrder order = WordOrder::Big) {
  return {.name = "value", .offset = offset, .type = type, .word_order = order, .range = range_of(type)};
}

TEST(EncodePlan, WritesEveryTypeInBothWordOrders) {
  const EncodePlan plan{block_of(6, {of(Type::I16, 0), of(Type::U16, 1), of(Type::I32, 2),
                                     of(Type::I32, 4, WordOrder::Little)}),
                        0};
  Words words(6);
  ASSERT_TRUE(plan.encode(Numbers{-2, 65535, -70000, -70000}, words));
  EXPECT_THAT(words, testing::ElementsAre(0xFFFE, 0xFFFF, 0xFFFE, 0xEE90, 0xEE90, 0xFFFE));
}

TEST(EncodePlan, RefusesANumberBeyondItsRangeInsteadOfClampingIt) {
  Setpoint torque = of(Type::I16, 0);
  torque.range = {-3000, 3000};
  const EncodePlan plan{block_of(1, {torque}), 0};
  Words words(1);
  for (const std::int32_t inside : {-3000, 3000}) EXPECT_TRUE(plan.encode(Numbers{inside}, words)) << inside;
  for (const std::int32_t outside : {-3001, 3001, 65536 + 5})
    EXPECT_FALSE(plan.encode(Numbers{outside}, words)) << outside;
}

TEST(EncodePlan, RefusesAnotherCountOfNumbersOrWords) {
  const EncodePlan plan{block_of(1, {of(Type::I16, 0)}), 0};
  Words words(1);
  Words two(2);
  EXPECT_FALSE(plan.encode(Numbers{}, words));
  EXPECT_FALSE(plan.encode(Numbers{1, 2}, words));
  EXPECT_FALSE(plan.encode(Numbers{1}, two));
}

TEST(EncodePlan, ClosesABlockWithItsChecksum) {
  Profile profile = block_of(3, {of(Type::U16, 0), of(Type::U16, 1)});
  profile.writes[0].checksum = Checksum::Crc16InLastWord;
  Words words(3);
  ASSERT_TRUE((EncodePlan{profile, 0}.encode(Numbers{0x3132, 0x3334}, words)));
  EXPECT_EQ(words[2], 0x30BA) << "CRC-16/MODBUS of \"1234\"";
}

TEST(EncodePlan, FindsItsNumbersByName) {
  const EncodePlan plan{block_of(1, {of(Type::I16, 0)}), 0};
  EXPECT_EQ(plan.number_named("value"), std::optional<std::size_t>{0});
  EXPECT_EQ(plan.number_named("other"), std::nullopt);
}

}  // namespace
}  // namespace plinth::drivers::profiles
