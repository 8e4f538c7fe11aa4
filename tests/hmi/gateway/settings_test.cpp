#include "hmi/gateway/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hmi/gateway/origins.hpp"

namespace plinth::gateway {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

auto settings_of(const std::string& text, const Overrides& overrides = {}) {
  return settings_from(text, "station.toml", "/etc/plinth", overrides);
}

TEST(GatewaySettings, AreReadFromTheHmiTable) {
  const auto settings = settings_of(R"(
[hmi]
listen = "127.0.0.1:9000"
socket = "/run/plinth/plinthd.sock"
web = "web"
origins = ["https://bench.clinic.example"]
)");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->listen, (Endpoint{"127.0.0.1", 9000}));
  EXPECT_EQ(settings->socket, "/run/plinth/plinthd.sock");
  EXPECT_EQ(settings->web, "/etc/plinth/web") << "relative to the file";
  EXPECT_THAT(settings->origins, ElementsAre("https://bench.clinic.example"));
}

TEST(GatewaySettings, LeaveTheTablesOfOthersAlone) {
  EXPECT_TRUE(settings_of("[drive]\nanything = 1\n[hmi]\nsocket = \"a\"\nweb = \"b\"\n"));
}

TEST(GatewaySettings, TellEveryMistakeAtOnceWithItsLine) {
  const auto settings = settings_of(R"([hmi]
listen = "localhost"
socket = 5
prot = 80
origins = ["http://127.0.0.1:8080/"]
)");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error(), SizeIs(5));
  EXPECT_THAT(settings.error(),
              testing::Contains(HasSubstr("station.toml:2: listen is \"localhost\"; allowed:")));
  EXPECT_THAT(settings.error(), testing::Contains(HasSubstr("station.toml:3: hmi.socket must be")));
  EXPECT_THAT(settings.error(),
              testing::Contains(HasSubstr("station.toml:4: hmi.prot is not known; allowed:")));
  EXPECT_THAT(settings.error(), testing::Contains(HasSubstr("station.toml:5: an entry of hmi.origins")));
  EXPECT_THAT(settings.error(), testing::Contains(HasSubstr("hmi.web is missing")));
}

TEST(GatewaySettings, NameTheLineOfATextThatIsNoToml) {
  const auto settings = settings_of("[hmi\n");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error(), ElementsAre(HasSubstr("station.toml:1")));
}

TEST(GatewaySettings, AreOverriddenByFlags) {
  const auto settings = settings_of("[hmi]\nlisten = \"127.0.0.1:9000\"\n", {"[::1]:0", "here.sock", "dist"});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->listen, (Endpoint{"::1", 0}));
  EXPECT_EQ(settings->socket, "here.sock") << "a flag is relative to where the program was called";
  EXPECT_EQ(settings->web, "dist");
}

TEST(GatewaySettings, ListenBeyondThisMachineOnlyWhenToldSo) {
  const std::string file = "[hmi]\nlisten = \"0.0.0.0:80\"\nsocket = \"a\"\nweb = \"b\"\n";
  const auto refused = settings_of(file);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), ElementsAre(HasSubstr("allow_network")));
  EXPECT_TRUE(settings_of(file + "allow_network = true\norigins = [\"http://bench.example\"]\n"));
}

TEST(GatewaySettings, NeedOriginsWhenTheyListenOnEveryAddress) {
  const std::string rest = "allow_network = true\nsocket = \"a\"\nweb = \"b\"\n";
  for (const auto* const every : {"0.0.0.0:80", "[::]:80", "[0::0]:8080"}) {
    const auto refused = settings_of("[hmi]\nlisten = \"" + std::string{every} + "\"\n" + rest);
    ASSERT_FALSE(refused) << every;
    EXPECT_THAT(refused.error(), ElementsAre(HasSubstr("station.toml:2: listen is"))) << every;
    EXPECT_THAT(refused.error(), ElementsAre(HasSubstr("list hmi.origins"))) << every;
  }
  EXPECT_TRUE(settings_of("[hmi]\nlisten = \"192.168.1.5:80\"\n" + rest)) << "the page has that address";
}

TEST(GatewaySettings, RefuseASocketPathThatNoSocketCanHave) {
  EXPECT_FALSE(settings_of("[hmi]\nweb = \"b\"\nsocket = \"/" + std::string(120, 'a') + "\"\n"));
}

TEST(Origins, AreByDefaultTheGatewaysOwnAddress) {
  const Origins origins{{}, {"127.0.0.1", 8080}};
  EXPECT_TRUE(origins.allows("http://127.0.0.1:8080"));
  EXPECT_TRUE(origins.allows("http://localhost:8080"));
}

TEST(Origins, AreComparedByteByByte) {
  const Origins origins{{}, {"127.0.0.1", 8080}};
  for (const auto* const foreign :
       {"", "null", "http://127.0.0.1", "http://127.0.0.1:80", "http://127.0.0.1:80800",
        "https://127.0.0.1:8080", "http://127.0.0.1:8080/", "http://127.0.0.1:8080.evil.example",
        "http://evil.example", "http://LOCALHOST:8080", "http://localhost:8080 ", "http://localhost.:8080",
        "http://[::1]:8080", "http://127.0.0.1:8080,http://evil.example", "http://127.1:8080",
        "http://2130706433:8080", "http://user@localhost:8080", "file://", "http://xn--lcalhost-54a:8080"}) {
    EXPECT_FALSE(origins.allows(foreign)) << foreign;
  }
}

TEST(Origins, ThatAreListedReplaceTheDefault) {
  const Origins origins{{"https://bench.clinic.example"}, {"127.0.0.1", 8080}};
  EXPECT_TRUE(origins.allows("https://bench.clinic.example"));
  EXPECT_FALSE(origins.allows("http://127.0.0.1:8080"));
}

TEST(Origins, OnTheSchemesOwnPortHaveNone) {
  EXPECT_TRUE((Origins{{}, {"127.0.0.1", 80}}.allows("http://localhost")));
}

}  // namespace
}  // namespace plinth::gateway
