#include "drivers/profiles/decode_plan.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace plinth::drivers::profiles {
namespace {

using Words = std::vector<std::uint16_t>;

Profile one_block(std::uint16_t count, std::vector<Field> fields, std::vector<Flag> flags = {}) {
  Profile profile;
  profile.reads.push_back({.name = "block", .count = count});
  profile.fields = std::move(fields);
  profile.flags = std::move(flags);
  return profile;
}
Field of(Type type, WordOrder order = WordOrder::Big) {
  return {.name = "value", .type = type, .word_order = order, .plausible = range_of(type)};
}
std::optional<double> read(const Field& field, const Words& words) {
  Decoded decoded;
  const DecodePlan plan{one_block(static_cast<std::uint16_t>(words.size()), {field}), 0};
  EXPECT_TRUE(plan.decode(words, decoded));
  return decoded.value(0);
}

TEST(DecodePlan, ReadsEveryTypeInBothWordOrders) {
  EXPECT_EQ(read(of(Type::U16), {0xFFFE}), 65534.0);
  EXPECT_EQ(read(of(Type::I16), {0xFFFE}), -2.0);
  EXPECT_EQ(read(of(Type::I16), {0x8000}), -32768.0);
  EXPECT_EQ(read(of(Type::U32), {0xFFFE, 0xEE90}), 4294897296.0);
  EXPECT_EQ(read(of(Type::I32), {0xFFFE, 0xEE90}), -70000.0);
  EXPECT_EQ(read(of(Type::I32, WordOrder::Little), {0xEE90, 0xFFFE}), -70000.0);
  EXPECT_EQ(read(of(Type::I32), {0x8000, 0x0000}), -2147483648.0);
  EXPECT_EQ(read(of(Type::F32), {0xC2F7, 0x0000}), -123.5);
  EXPECT_EQ(read(of(Type::F32, WordOrder::Little), {0x0000, 0xC2F7}), -123.5);
}

TEST(DecodePlan, ScalesIntoTheFieldsUnit) {
  Field field = of(Type::I16);
  field.scale = {.num = 980665, .den = 1000000};
  EXPECT_DOUBLE_EQ(read(field, {0xFF9C}).value_or(0), -98.0665);
}

TEST(DecodePlan, GivesAMagnitudeTheSignThatAnotherRegisterHas) {
  Field field = of(Type::U32);
  field.offset = 1;
  field.negative_when = Bits{.word = 0, .mask = 0x0080};
  field.plausible = {-999999, 999999};
  EXPECT_EQ(read(field, {0x0080, 0x0001, 0x1170}), -70000.0);
  EXPECT_EQ(read(field, {0xFF7F, 0x0001, 0x1170}), 70000.0);
}

TEST(DecodePlan, MissesWhatIsImplausibleAndNeverShowsItsNumber) {
  Field field = of(Type::I16);
  field.plausible = {-100, 100};
  for (const Words& inside : {Words{0xFF9C}, Words{0x0064}}) EXPECT_TRUE(read(field, inside)) << inside[0];
  for (const Words& outside : {Words{0xFF9B}, Words{0x0065}, Words{0x8000}}) {
    Decoded decoded;
    EXPECT_TRUE((DecodePlan{one_block(1, {field}), 0}.decode(outside, decoded)));
    EXPECT_FALSE(decoded.value(0)) << outside[0];
    EXPECT_TRUE(std::isnan(decoded.values[0])) << outside[0];
  }
}

TEST(DecodePlan, MissesFloatsThatAreNoNumbers) {
  for (const Words& words : {Words{0x7FC0, 0}, Words{0x7F80, 0}, Words{0xFF80, 0}, Words{0x7F7F, 0xFFFF}})
    EXPECT_FALSE(read(of(Type::F32), words)) << words.front();
}

TEST(DecodePlan, NeedsEveryBitThatAValueRequires) {
  Field field = of(Type::U16);
  field.requires_all = {{.bits = {.word = 1, .mask = 0x0001}, .equals = 0x0001},
                        {.bits = {.word = 2, .mask = 0x0006}, .equals = 0}};
  EXPECT_TRUE(read(field, {7, 0xFFFF, 0xFFF9}));
  EXPECT_FALSE(read(field, {7, 0xFFFE, 0}));
  EXPECT_FALSE(read(field, {7, 1, 2}));
  EXPECT_FALSE(read(field, {7, 1, 4}));
}

TEST(DecodePlan, IsNoReportWithoutAVitalValue) {
  Field field = of(Type::I16);
  field.plausible.lowest = -32767;
  field.vital = true;
  const DecodePlan plan{one_block(1, {field}), 0};
  Decoded decoded;
  EXPECT_TRUE(plan.decode(Words{0x8001}, decoded));
  EXPECT_FALSE(plan.decode(Words{0x8000}, decoded));
}

TEST(DecodePlan, IsNoReportOfAnotherLength) {
  const DecodePlan plan{one_block(2, {of(Type::U16)}), 0};
  Decoded decoded;
  EXPECT_FALSE(plan.decode(Words{1}, decoded));
  EXPECT_FALSE(plan.decode(Words{1, 2, 3}, decoded));
  EXPECT_FALSE(plan.decode(Words{}, decoded));
}

TEST(DecodePlan, NamesBitsAndFindsThem) {
  const DecodePlan plan{one_block(2, {of(Type::U16)},
                                  {{.name = "well", .bits = {.word = 1, .mask = 0x0001}},
                                   {.name = "overload", .bits = {.word = 1, .mask = 0x000C}}}),
                        0};
  ASSERT_EQ(plan.flag_named("overload"), std::optional<std::size_t>{1});
  EXPECT_EQ(plan.flag_named("value"), std::nullopt);
  EXPECT_EQ(plan.value_named("value"), std::optional<std::size_t>{0});
  EXPECT_EQ(plan.value_named("well"), std::nullopt);
  Decoded decoded;
  ASSERT_TRUE(plan.decode(Words{0, 0x0008}, decoded));
  EXPECT_FALSE(decoded.flag(0));
  EXPECT_TRUE(decoded.flag(1)) << "any of its bits";
}

TEST(DecodePlan, LeavesAFieldOfBitsWhereItStands) {
  Field bits = of(Type::Bits16);
  bits.offset = 1;
  const DecodePlan plan{one_block(2, {bits}), 0};
  EXPECT_EQ(plan.word_named("value"), std::optional<std::size_t>{1});
  EXPECT_EQ(plan.value_named("value"), std::nullopt) << "it is no number";
  EXPECT_EQ(plan.word_named("other"), std::nullopt);
}

TEST(DecodePlan, ReadsTheFieldsOfItsOwnBlockOnly) {
  Profile profile = one_block(1, {of(Type::U16), of(Type::U16)}, {{.name = "other", .block = 1}});
  profile.fields[0].block = 1;
  profile.fields[1].name = "ours";
  profile.reads.push_back({.name = "second", .count = 1});
  const DecodePlan plan{profile, 0};
  EXPECT_EQ(plan.value_named("ours"), std::optional<std::size_t>{0});
  EXPECT_EQ(plan.value_named("value"), std::nullopt);
  EXPECT_EQ(plan.flag_named("other"), std::nullopt);
}

}  // namespace
}  // namespace plinth::drivers::profiles
