#include "hmi/gateway/site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace plinth::gateway {
namespace {

using testing::HasSubstr;

class SiteFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_ / "assets"); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& body) const {
    std::ofstream{folder_ / name} << body;
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("plinth-site-" + std::to_string(::getpid()));
};

TEST_F(SiteFolder, IsServedFromMemory) {
  write("index.html", "<!doctype html>");
  write("assets/index-abc.js", "1;");
  const auto site = Site::read(folder_);
  ASSERT_TRUE(site) << site.error();
  std::filesystem::remove(folder_ / "index.html");

  ASSERT_NE(site->find("/"), nullptr);
  EXPECT_EQ(site->find("/")->body, "<!doctype html>");
  EXPECT_EQ(site->find("/")->content_type, "text/html; charset=utf-8");
  EXPECT_EQ(site->find("/assets/index-abc.js")->content_type, "text/javascript; charset=utf-8");
}

TEST_F(SiteFolder, ShowsOnePageUnderAllItsViews) {
  write("index.html", "page");
  const auto site = Site::read(folder_);
  ASSERT_TRUE(site);
  for (const auto* const view : {"/", "/patient", "/console", "/patient?sound=on"}) {
    EXPECT_EQ(site->find(view), site->find("/index.html")) << view;
  }
}

TEST_F(SiteFolder, KeepsHashedNamesForEverAndAsksAgainForThePage) {
  write("index.html", "page");
  write("assets/a-1.css", "a{}");
  const auto site = Site::read(folder_);
  ASSERT_TRUE(site);
  EXPECT_EQ(site->find("/")->cache_control, "no-cache");
  EXPECT_THAT(std::string{site->find("/assets/a-1.css")->cache_control}, HasSubstr("immutable"));
}

TEST_F(SiteFolder, TellsVersionsApartByTheirTag) {
  write("index.html", "one");
  const auto one = Site::read(folder_);
  write("index.html", "two");
  const auto two = Site::read(folder_);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->find("/")->etag, two->find("/")->etag);
}

TEST_F(SiteFolder, KnowsNoPathThatLeadsOut) {
  write("index.html", "page");
  const auto site = Site::read(folder_);
  ASSERT_TRUE(site);
  for (const auto* const path :
       {"/../etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd", "/assets/../../etc/passwd",
        "/./index.html", "/%69ndex.html", "/index.html%00", "etc/passwd", "/\\..\\etc", "", "*",
        "http://evil.example/"}) {
    EXPECT_EQ(site->find(path), nullptr) << path;
  }
}

TEST_F(SiteFolder, DoesNotFollowALinkOutOfTheFolder) {
  write("index.html", "page");
  std::filesystem::create_symlink("/etc/passwd", folder_ / "leak.txt");
  const auto site = Site::read(folder_);
  ASSERT_TRUE(site);
  EXPECT_EQ(site->find("/leak.txt"), nullptr);
}

TEST_F(SiteFolder, WithoutAPageIsRefusedWithWhatToDo) {
  const auto site = Site::read(folder_);
  ASSERT_FALSE(site);
  EXPECT_THAT(site.error(), HasSubstr("npm run build"));
  EXPECT_THAT(Site::read(folder_ / "nowhere").error(), HasSubstr("does not exist"));
}

TEST_F(SiteFolder, WithAFileThatDoesNotBelongThereIsRefused) {
  write("index.html", "page");
  write("secret.key", "x");
  EXPECT_THAT(Site::read(folder_).error(), HasSubstr("secret.key"));
}

}  // namespace
}  // namespace plinth::gateway
