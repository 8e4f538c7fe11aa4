#include "drivers/profiles/golden.hpp"

#include <gmock/gmock.h>

#include <array>
#include <string>

#include "drivers/profiles/decode_plan.hpp"
#include "tests/drivers/profiles/shipped.hpp"

namespace plinth::drivers::profiles {
namespace {

using testing::HasSubstr;

std::string hex(const std::vector<std::uint8_t>& bytes) {
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += "0123456789ABCDEF"[byte >> 4U];
    text += "0123456789ABCDEF"[byte & 0xFU];
  }
  return text;
}

bool has_pair(const Profile& profile, const GoldenFrame& frame) {
  return frame.request[1] <= 4 && std::ranges::any_of(frame.expect, [&](const GoldenFrame::Number& number) {
           return words_of(profile.fields[number.index].type) == 2;
         });
}

TEST(GoldenFrames, AreUnderstoodByTheirProfiles) {
  std::size_t frames = 0;
  for (const auto& file : test::shipped_files()) {
    const Profile profile = test::shipped(file.stem());
    for (const GoldenFrame& frame : profile.golden) {
      EXPECT_EQ(difference(profile, frame), std::nullopt) << profile.id << ": " << frame.name;
      ++frames;
    }
  }
  RecordProperty("frames", static_cast<int>(frames));
  EXPECT_GE(frames, 38U) << "some have gone";
}

TEST(GoldenFrames, AreRefusedByATwinWithItsWordsExchanged) {
  std::size_t twins = 0;
  for (const auto& file : test::shipped_files()) {
    const Profile profile = test::shipped(file.stem());
    const Profile twin = with_words_exchanged(profile);
    for (const GoldenFrame& frame : profile.golden) {
      if (!has_pair(profile, frame)) continue;
      EXPECT_NE(difference(twin, frame), std::nullopt) << profile.id << ": " << frame.name;
      ++twins;
    }
  }
  RecordProperty("twins", static_cast<int>(twins));
  EXPECT_GE(twins, 22U) << "some have gone";
}

TEST(GoldenFrames, AreRefusedByATwinOneRegisterOff) {
  for (const auto& file : test::shipped_files()) {
    Profile twin = test::shipped(file.stem());
    for (ReadBlock& block : twin.reads) ++block.address;
    for (WriteBlock& block : twin.writes) ++block.address;
    for (const GoldenFrame& frame : twin.golden)
      EXPECT_NE(difference(twin, frame), std::nullopt) << twin.id << ": " << frame.name;
  }
}

TEST(GoldenFrames, ShowForEveryProfileANegativeNumberAndOneBeyond65535InEachWordOrder) {
  for (const auto& file : test::shipped_files()) {
    const Profile profile = test::shipped(file.stem());
    if (profile.trust == Trust::Draft) continue;
    EXPECT_THAT(not_shown(profile), testing::IsEmpty()) << profile.id;
  }
}

// As they stand in the documents, byte by byte: a frame that was mended to fit its profile would show here.
TEST(GoldenFrames, AreThoseOfTheDocuments) {
  struct Printed {
    const char* id;
    const char* request;
    const char* response;
  };
  for (const Printed& printed : {
           Printed{"flintec-dad-141", "01 03 33 00 00 05 8A 8D",
                   "01 03 0A FF FF CF CC FF FF F6 DC 00 30 E6 D0"},
           Printed{"laumas-tlb", "01 03 00 06 00 05 65 C8", "01 03 0A 09 80 00 01 11 70 00 01 11 70 9B 61"},
           Printed{"generic-rs485-transmitter", "01 03 00 52 00 02 65 DA", "01 03 04 FF FF C1 EF EA 0B"},
           Printed{"iris-orca", "01 03 00 8C 00 02 05 E0", "01 03 04 EA 60 00 00 CE 35"},
           Printed{"dsy-rs", "01 06 06 05 01 F4 99 54", "01 06 06 05 01 F4 99 54"},
           Printed{"dsy-rs", "01 06 06 05 FE 0C D9 26", "01 06 06 05 FE 0C D9 26"},
       }) {
    const Profile profile = test::shipped(printed.id);
    EXPECT_TRUE(std::ranges::any_of(profile.golden,
                                    [&](const GoldenFrame& frame) {
                                      return hex(frame.request) == printed.request &&
                                             hex(frame.response) == printed.response;
                                    }))
        << printed.id << ": " << printed.request;
  }
}

TEST(GoldenFrames, SayInWhatTheyDiffer) {
  const Profile good = test::shipped("laumas-tlb");
  const GoldenFrame& frame = good.golden.front();

  GoldenFrame flipped = frame;
  flipped.response[5] ^= 1U;
  EXPECT_THAT(difference(good, flipped).value_or(""), HasSubstr("the response's checksum is wrong"));

  GoldenFrame other = frame;
  other.expect.front().raw = 70000;
  EXPECT_THAT(difference(good, other).value_or(""),
              HasSubstr("force_gross is -70000 where it should be 70000"));

  GoldenFrame steady = frame;
  steady.flags.clear();
  EXPECT_THAT(difference(good, steady).value_or(""), HasSubstr("stable is set where it should be clear"));

  GoldenFrame missing = frame;
  missing.missing.push_back(test::index_of(good.fields, "force_net"));
  EXPECT_THAT(difference(good, missing).value_or(""),
              HasSubstr("force_net is there where it should be missing"));

  // The field bug that these devices are known for: high << 16 | low * 10, the sign ignored.
  Profile unsigned_twin = good;
  for (Field& field : unsigned_twin.fields) field.negative_when.reset();
  EXPECT_THAT(difference(unsigned_twin, frame).value_or(""), HasSubstr("force_gross is 70000"));
}

TEST(GoldenFrames, WithWordsExchangedLeaveTheRangeWhereADeviceHasOne) {
  const Profile good = test::shipped("laumas-tlb");
  EXPECT_THAT(difference(with_words_exchanged(good), good.golden.front()).value_or(""),
              HasSubstr("force_gross is missing"));
}

TEST(GoldenFrames, ThatReadTheSameInBothOrdersProveNothing) {
  const Profile profile = test::shipped("generic-rs485-transmitter");
  GoldenFrame frame = profile.golden.front();
  // 0x00010001, and its sum.
  frame.response = {0x01, 0x03, 0x04, 0x00, 0x01, 0x00, 0x01, 0x6A, 0x33};
  frame.expect.front().raw = 65537;
  EXPECT_THAT(difference(profile, frame).value_or(""), HasSubstr("proves nothing"));
}

TEST(GoldenFrames, OfWritesHoldTheEncoderToTheirBytes) {
  const Profile good = test::shipped("iris-orca");
  const auto write =
      std::ranges::find_if(good.golden, [](const GoldenFrame& frame) { return frame.request[1] == 16; });
  ASSERT_NE(write, good.golden.end());
  GoldenFrame other = *write;
  other.expect.front().raw = -70001;
  EXPECT_THAT(difference(good, other).value_or(""), HasSubstr("written otherwise"));

  Profile swapped = good;
  for (Setpoint& setpoint : swapped.setpoints) setpoint.word_order = WordOrder::Big;
  EXPECT_THAT(difference(swapped, *write).value_or(""), HasSubstr("written otherwise"));

  Profile narrow = good;
  for (Setpoint& setpoint : narrow.setpoints) setpoint.range = {-1000, 1000};
  EXPECT_THAT(difference(narrow, *write).value_or(""), HasSubstr("outside of its set-point's range"));
}

TEST(GoldenFrames, MayAnswerASingleWriteWithAnotherValueOnlyWhereTheDeviceIsKnownForIt) {
  Profile profile = test::shipped("uumotor-svd48v");
  const auto write =
      std::ranges::find_if(profile.golden, [](const GoldenFrame& frame) { return frame.request[1] == 6; });
  ASSERT_NE(write, profile.golden.end());
  EXPECT_EQ(difference(profile, *write), std::nullopt);
  profile.link.echo_check = EchoCheck::Strict;
  EXPECT_THAT(difference(profile, *write).value_or(""), HasSubstr("does not repeat the request"));
}

TEST(GoldenFrames, ThatAreCutShortAreToldAndNotRead) {
  const Profile profile = test::shipped("laumas-tlb");
  for (std::size_t length = 0; length < profile.golden.front().response.size(); ++length) {
    GoldenFrame cut = profile.golden.front();
    cut.response.resize(length);
    EXPECT_NE(difference(profile, cut), std::nullopt) << length;
    GoldenFrame headless = profile.golden.front();
    headless.request.resize(std::min<std::size_t>(length, 7));
    EXPECT_NE(difference(profile, headless), std::nullopt) << length;
  }
}

}  // namespace
}  // namespace plinth::drivers::profiles
