#include "drivers/profiles/profile_file.hpp"

#include <gmock/gmock.h>

#include "tests/drivers/profiles/shipped.hpp"

namespace plinth::drivers::profiles {
namespace {

using config::Mistake;
using test::with;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind_ = Mistake::Kind;

const std::string Cell = R"(schema = 1
[profile]
id = "cell"
kind = "load_cell"
vendor = "Maker"
models = ["One"]
trust = "documented"
sources = ["its manual"]
[link]
transports = ["rtu"]
[defaults]
word_order = "big"
[[poll]]
name = "weight"
address = 0x52
count = 3
[[field]]
name = "force"
poll = "weight"
offset = 0
type = "i32"
scale = { num = 1, den = 10, unit = "N" }
[[field]]
name = "status_raw"
poll = "weight"
offset = 2
type = "bits16"
[status]
source = "status_raw"
stable = { bit = 4 }
[commands.zero]
steps = [{ write = { address = 5, values = [8] } }]
requires = ["stable"]
[[golden]]
name = "minus 70000, stable"
request = "01 03 00 52 00 03 A4 1A"
response = "01 03 06 FF FE EE 90 00 10 28 67"
expect = { raw = { force = -70000 }, status = ["stable"] }
)";

const std::string Drive = R"(schema = 1
[profile]
id = "drive"
kind = "drive"
vendor = "Maker"
models = ["One"]
trust = "draft"
sources = ["its manual"]
[link]
transports = ["rtu"]
write_function = 6
[capability]
modes = ["torque"]
[watchdog]
kind = "parameter"
address = 163
unit_ms = 1
action = "damping"
[[setpoint]]
name = "torque_command"
address = 0x0605
type = "i16"
mode = "torque"
min = -3000
max = 3000
[[limit]]
name = "torque_limit"
address = 0x0608
type = "u16"
verify_readback = true
)";

std::vector<Mistake> mistakes_in(const std::string& text) {
  const auto profile = profile_from(text, "device.toml");
  return profile ? std::vector<Mistake>{} : profile.error();
}
std::string only_mistake(const std::string& text) {
  const auto mistakes = mistakes_in(text);
  EXPECT_EQ(mistakes.size(), 1U);
  for (std::size_t at = 1; at < mistakes.size(); ++at) ADD_FAILURE() << config::in_words(mistakes[at]);
  return mistakes.empty() ? "" : config::in_words(mistakes.front());
}

TEST(ProfileFile, BecomesValuesWithEveryReferenceResolved) {
  const auto profile = profile_from(Cell, "device.toml");
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->id, "cell");
  EXPECT_EQ(profile->kind, Kind::LoadCell);
  EXPECT_EQ(profile->trust, Trust::Documented);
  ASSERT_EQ(profile->reads.size(), 1U);
  EXPECT_EQ(profile->reads[0].address, 0x52);
  EXPECT_EQ(profile->reads[0].count, 3);
  EXPECT_EQ(profile->reads[0].function, 3);
  ASSERT_EQ(profile->fields.size(), 2U);
  EXPECT_EQ(profile->fields[0].type, Type::I32);
  EXPECT_EQ(profile->fields[0].scale.unit, "N");
  EXPECT_EQ(profile->fields[0].scale.den, 10.0);
  ASSERT_EQ(profile->flags.size(), 1U);
  EXPECT_EQ(profile->flags[0].bits, (Bits{.word = 2, .mask = 0x0010}));
  ASSERT_EQ(profile->commands.size(), 1U);
  EXPECT_THAT(profile->commands[0].requires_flags, ElementsAre(0));
  EXPECT_FALSE(profile->drive.has_value());
}

TEST(ProfileFile, OfADriveHasAWriteForEverySetPoint) {
  const auto profile = profile_from(Drive, "device.toml");
  ASSERT_TRUE(profile.has_value()) << config::in_words(profile.error().front());
  ASSERT_TRUE(profile->drive.has_value());
  EXPECT_THAT(profile->drive->capability.modes, ElementsAre(Mode::Torque));
  const auto* const watchdog = std::get_if<ParameterWatchdog>(&profile->drive->watchdog);
  ASSERT_NE(watchdog, nullptr);
  EXPECT_EQ(watchdog->address, 163);
  EXPECT_EQ(watchdog->action, WatchdogAction::Damping);
  ASSERT_EQ(profile->writes.size(), 1U);
  EXPECT_EQ(profile->writes[0].address, 0x0605);
  EXPECT_EQ(profile->writes[0].function, 6);
  EXPECT_EQ(profile->setpoints[0].range, (Range{-3000, 3000}));
  EXPECT_EQ(profile->setpoints[0].storage, Storage::Unknown) << "unless somebody has looked";
}

TEST(ProfileMistakes, AreToldAllAtOnceInTheOrderOfTheLines) {
  std::string text = with(Cell, "kind = \"load_cell\"", "kind = \"loadcell\"");
  text = with(text, "transports = [\"rtu\"]", "transports = [\"can\"]\nbaudrate = 9600");
  text = with(text, "count = 3", "count = 300");
  text = with(text, "type = \"i32\"", "type = \"int32\"");
  text = with(text, "bit = 4", "bit = 16");
  text = with(text, "values = [8]", "values = [70000]");
  std::vector<std::string> words;
  for (const Mistake& mistake : mistakes_in(text)) words.push_back(config::in_words(mistake));
  EXPECT_THAT(
      words,
      testing::ElementsAre(
          HasSubstr(
              "device.toml:4:8: profile.kind is \"loadcell\". Allowed: \"load_cell\", \"load_cell_hub\""),
          HasSubstr("device.toml:10:14: link.transports is a list. Allowed: a list of: \"rtu\", \"tcp\"."),
          HasSubstr("device.toml:11:1: link.baudrate is not known."),
          HasSubstr("device.toml:17:9: poll.count is 300. Allowed: a whole number from 1 to 125."),
          HasSubstr("device.toml:22:8: field.type is \"int32\". Allowed: \"u16\", \"i16\""),
          HasSubstr("status.stable.bit is 16. Allowed: a whole number from 0 to 15."),
          HasSubstr("commands.zero.steps.write.values is a list. Allowed: a list of whole numbers")));
  EXPECT_TRUE(std::ranges::is_sorted(mistakes_in(text), {}, &Mistake::line));
}

TEST(ProfileMistakes, UnknownKeysAreRefusedWithAGuess) {
  EXPECT_THAT(only_mistake(with(Cell, "offset = 0", "offset = 0\nword_ordre = \"big\"")),
              HasSubstr("device.toml:21:1: field.word_ordre is not known."));
  EXPECT_THAT(only_mistake(with(Cell, "offset = 0", "offset = 0\nword_ordre = \"big\"")),
              HasSubstr("Did you mean field.word_order?"));
  EXPECT_THAT(only_mistake(Cell + "[watchdog]\nkind = \"none\"\n"), HasSubstr("watchdog is not known"))
      << "only a drive has one";
}

TEST(ProfileMistakes, TheOrderOfTwoWordsIsNeverGuessed) {
  EXPECT_THAT(only_mistake(with(Cell, "word_order = \"big\"\n", "")),
              HasSubstr("field.word_order is missing"));
  EXPECT_THAT(only_mistake(with(Cell, "type = \"bits16\"", "type = \"bits16\"\nword_order = \"big\"")),
              HasSubstr("nothing for a value of one register"));
}

TEST(ProfileMistakes, FieldsStandSideBySideInsideTheirBlock) {
  EXPECT_THAT(only_mistake(with(Cell, "offset = 2", "offset = 1")),
              HasSubstr("status_raw shares a register with force"));
  EXPECT_THAT(only_mistake(with(Cell, "offset = 2", "offset = 3")),
              HasSubstr("status_raw lies beyond the 3 registers of its block"));
  EXPECT_THAT(only_mistake(with(Cell, "count = 3", "count = 4")),
              HasSubstr("no field describes the register at offset 3"));
}

TEST(ProfileMistakes, ABlockHasAGapOnlyWhereTheDeviceAllowsIt) {
  std::string text = with(Cell, "transports = [\"rtu\"]", "transports = [\"rtu\"]\nallow_gap_reads = true");
  text = with(text, "count = 3", "count = 4");
  EXPECT_THAT(only_mistake(text), HasSubstr("the request reads no block of this profile"))
      << "its frame is another";
}

TEST(ProfileMistakes, ABlockEndsWhereTheDeviceDoes) {
  const std::string small =
      with(Cell, "transports = [\"rtu\"]", "transports = [\"rtu\"]\nmax_read_registers = 2");
  EXPECT_THAT(only_mistake(small), HasSubstr("poll.count is 3. Allowed: a whole number from 1 to 2."));
  EXPECT_THAT(only_mistake(with(Cell, "address = 0x52", "address = 0xFFFE")),
              HasSubstr("a block that ends at 0xFFFF"));
}

TEST(ProfileMistakes, NamesStandForOneThingEach) {
  const auto twice = mistakes_in(with(Cell, "name = \"status_raw\"\npoll", "name = \"force\"\npoll"));
  ASSERT_FALSE(twice.empty());
  EXPECT_THAT(config::in_words(twice.front()),
              HasSubstr("field.name is \"force\". Allowed: a name of its own"));
  EXPECT_THAT(only_mistake(with(Cell, "requires = [\"stable\"]", "requires = [\"steady\"]")),
              HasSubstr("Allowed: a list of: stable"));
}

TEST(ProfileMistakes, ASignedNumberNeedsNoSignAndASignNeedsItsWord) {
  const std::string sign = "sign = { from = \"status_raw\", bit = 7 }\n";
  EXPECT_THAT(only_mistake(with(Cell, "scale =", sign + "scale =")),
              HasSubstr("an unsigned type, u16 or u32"));
  EXPECT_THAT(only_mistake(with(with(Cell, "type = \"i32\"", "type = \"u32\""),
                                "scale =", "sign = { from = \"force\", bit = 7 }\nscale =")),
              HasSubstr("a field of one register in the same block"));
}

TEST(ProfileMistakes, ASentinelIsAnEndOfItsType) {
  EXPECT_TRUE(mistakes_in(with(Cell, "scale =", "invalid_raw = 0x7FFFFFFF\nscale =")).empty());
  EXPECT_THAT(only_mistake(with(Cell, "scale =", "invalid_raw = 999999\nscale =")),
              HasSubstr("the lowest or the highest number of the type"));
}

TEST(ProfileMistakes, AConditionThatCouldNeverHoldIsRefused) {
  EXPECT_THAT(only_mistake(with(Cell, "scale =",
                                "valid_when = [{ from = \"status_raw\", mask = 1, equals = 2 }]\nscale =")),
              HasSubstr("It could never be so."));
}

TEST(ProfileMistakes, TwoValuesAreNeverWrittenToOneRegister) {
  EXPECT_THAT(only_mistake(with(Drive, "address = 0x0608", "address = 0x0605")),
              HasSubstr("torque_limit shares a register with torque_command"));
}

TEST(ProfileMistakes, ALimitThatIsNotReadBackIsNone) {
  EXPECT_THAT(only_mistake(with(Drive, "verify_readback = true", "verify_readback = false")),
              HasSubstr("A limit that is not read back is not believed"));
  EXPECT_THAT(only_mistake(with(Drive, "verify_readback = true\n", "")),
              HasSubstr("limit.verify_readback is missing"));
}

TEST(ProfileMistakes, ADriveThatIsCommandedCanBeStoppedAndReset) {
  const auto mistakes = mistakes_in(with(Drive, "\"draft\"", "\"documented\""));
  std::vector<std::string> keys;
  for (const Mistake& mistake : mistakes) keys.push_back(mistake.key);
  EXPECT_THAT(keys, testing::UnorderedElementsAre("[commands.stop]", "[commands.fault_reset]"));
}

TEST(ProfileMistakes, ADriveSaysWhatItDoesWhenNobodyTalksToIt) {
  const auto at = Drive.find("[watchdog]");
  const std::string without = Drive.substr(0, at) + Drive.substr(Drive.find("[[setpoint]]"));
  EXPECT_THAT(only_mistake(without), HasSubstr("[watchdog] is missing"));
}

TEST(ProfileMistakes, AModeIsOneThatASetPointCommands) {
  std::string text = with(Drive, "\"draft\"", "\"documented\"");
  text = with(text, "modes = [\"torque\"]", "modes = [\"torque\", \"position\"]");
  text +=
      "[commands.stop]\nsteps = [{ write = { address = 1, values = [0] } }]\n"
      "[commands.fault_reset]\nsteps = [{ write = { address = 1, values = [2] } }]\n";
  EXPECT_THAT(only_mistake(text), HasSubstr("modes that a set-point commands"));
}

TEST(ProfileMistakes, ATrustedProfileShowsItsFrames) {
  const std::string without = Cell.substr(0, Cell.find("[[golden]]"));
  const auto mistakes = mistakes_in(without);
  std::vector<std::string> words;
  for (const Mistake& mistake : mistakes) words.push_back(config::in_words(mistake));
  EXPECT_THAT(words, ElementsAre(HasSubstr("any frame at all"),
                                 HasSubstr("a number beyond 65535 with the high word first"),
                                 HasSubstr("a negative number")));
  EXPECT_TRUE(mistakes_in(with(without, "\"documented\"", "\"draft\"")).empty());
}

TEST(ProfileMistakes, AProfileInTheWrongWordOrderIsRefusedByItsFrames) {
  EXPECT_THAT(
      only_mistake(with(Cell, "word_order = \"big\"", "word_order = \"little\"")),
      HasSubstr(
          "golden is not what this profile makes of it: force is -292487170 where it should be -70000"));
}

TEST(ProfileMistakes, WhatIsUnverifiedIsOnTheList) {
  EXPECT_TRUE(mistakes_in(with(Cell, "sources =", "unverified = [\"zero\", \"force\"]\nsources =")).empty());
  EXPECT_THAT(only_mistake(with(Cell, "sources =", "unverified = [\"tare\"]\nsources =")),
              HasSubstr("Correct \"tare\""));
}

TEST(ProfileMistakes, AreFitForATerminalWhateverTheFileCallsItsOwn) {
  const std::string strange = with(Cell, "stable = {", "\"st\\u001b[2Jable\" = {");
  for (const Mistake& mistake : mistakes_in(strange))
    EXPECT_EQ(config::in_words(mistake).find('\x1b'), std::string::npos) << mistake.line;
  EXPECT_FALSE(mistakes_in(strange).empty());
}

TEST(ProfileMistakes, AFileThatCannotBeReadSaysWhy) {
  const auto profile = read_profile("no/such/device.toml");
  ASSERT_FALSE(profile.has_value());
  EXPECT_THAT(config::in_words(profile.error().front()), HasSubstr("there is no such file"));
  EXPECT_EQ(mistakes_in("schema = \n").front().kind, Kind_::NotToml);
}

TEST(ProfileMistakes, AnEmptyFileIsToldWhatItLacks) {
  std::vector<std::string> keys;
  for (const Mistake& mistake : mistakes_in("")) keys.push_back(mistake.key);
  EXPECT_THAT(keys, testing::UnorderedElementsAre("schema", "[profile]", "[link]"));
}

}  // namespace
}  // namespace plinth::drivers::profiles
