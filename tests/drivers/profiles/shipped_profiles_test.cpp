#include <gmock/gmock.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "drivers/profiles/drive_class.hpp"
#include "tests/drivers/profiles/shipped.hpp"

namespace plinth::drivers::profiles {
namespace {

std::set<std::string> ids_with(bool draft) {
  std::set<std::string> ids;
  for (const auto& file : test::shipped_files()) {
    const auto profile = read_profile(file);
    if (profile && (profile->trust == Trust::Draft) == draft) ids.insert(profile->id);
  }
  return ids;
}

TEST(ShippedProfiles, AreReadWithoutAMistake) {
  for (const auto& file : test::shipped_files()) {
    const auto profile = read_profile(file);
    for (const config::Mistake& mistake : profile ? std::vector<config::Mistake>{} : profile.error())
      ADD_FAILURE() << config::in_words(mistake);
    if (!profile) continue;
    EXPECT_EQ(profile->id, file.stem().string()) << "a profile is found by its file's name";
  }
}

TEST(ShippedProfiles, AreTheStationsOwnUnitsAndTheDocumentedDevices) {
  EXPECT_THAT(ids_with(false),
              testing::ElementsAre("applied-motion-mbdv", "applied-motion-mdx", "dsy-rs", "flintec-dad-141",
                                   "generic-rs485-transmitter", "iris-orca", "laumas-tlb", "native-hub",
                                   "native-resistance-unit", "uumotor-svd48v", "wobit-adt42"));
}

TEST(ShippedProfiles, AreDraftsWhereTheDocumentsHaveHoles) {
  EXPECT_THAT(
      ids_with(true),
      testing::ElementsAre("baykon", "delta-asda", "inovance-sv660p", "kollmorgen-akd", "leadshine-isv2",
                           "lichuan", "scaime-enod4", "schneider-lxm32m", "seneca-z-sg", "zlac8015d"));
}

// A number from memory may stand in a draft and nowhere else.
TEST(ShippedProfiles, TakeNothingFromMemoryUnlessTheyAreDrafts) {
  for (const std::string& id : ids_with(false)) {
    std::ostringstream text;
    text << std::ifstream{std::filesystem::path{PLINTH_PROFILES} / (id + ".toml")}.rdbuf();
    EXPECT_EQ(text.str().find("[M]"), std::string::npos) << id;
  }
}

TEST(ShippedProfiles, NameTheirSources) {
  for (const auto& file : test::shipped_files()) {
    const auto profile = read_profile(file);
    EXPECT_TRUE(!profile || !profile->sources.empty()) << file;
  }
}

TEST(ShippedProfiles, HaveTheClassesThatTheirTimeOutsEarn) {
  const std::map<std::string, DriveClass> expected{{"native-resistance-unit", DriveClass::A},
                                                   {"iris-orca", DriveClass::A},
                                                   {"applied-motion-mbdv", DriveClass::A},
                                                   {"applied-motion-mdx", DriveClass::B},
                                                   {"dsy-rs", DriveClass::B},
                                                   {"uumotor-svd48v", DriveClass::B},
                                                   {"delta-asda", DriveClass::B},
                                                   {"lichuan", DriveClass::B},
                                                   {"leadshine-isv2", DriveClass::C},
                                                   {"kollmorgen-akd", DriveClass::D}};
  for (const auto& [id, is] : expected) EXPECT_EQ(drive_class(test::shipped(id)), is) << id;
  for (const char* const id : {"native-hub", "laumas-tlb"})
    EXPECT_EQ(drive_class(test::shipped(id)), std::nullopt) << id;
}

}  // namespace
}  // namespace plinth::drivers::profiles
