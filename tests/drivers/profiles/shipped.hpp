// The profiles that come with the program, and small ones to bend.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "drivers/profiles/profile_file.hpp"

namespace plinth::drivers::profiles::test {

inline std::vector<std::filesystem::path> shipped_files() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{PLINTH_PROFILES}) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// The profile of that name; a test that asks for one with mistakes fails with all of them.
inline Profile shipped(const std::string& id) {
  const auto profile = read_profile(std::filesystem::path{PLINTH_PROFILES} / (id + ".toml"));
  if (profile) return *profile;
  for (const config::Mistake& mistake : profile.error()) ADD_FAILURE() << config::in_words(mistake);
  return {};
}

inline std::string with(std::string text, const std::string& old, const std::string& replacement) {
  const auto at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  if (at != std::string::npos) text.replace(at, old.size(), replacement);
  return text;
}

template <typename Named>
std::size_t index_of(const std::vector<Named>& all, const std::string& name) {
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (all[at].name == name) return at;
  }
  ADD_FAILURE() << "there is no " << name;
  return 0;
}

}  // namespace plinth::drivers::profiles::test
