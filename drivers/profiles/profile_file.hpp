// Device profiles, read and checked. README.md explains every key.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "controller/config/mistake.hpp"
#include "drivers/profiles/profile.hpp"

namespace plinth::drivers::profiles {

// Reads and checks a profile file (TOML, UTF-8, at most 1 MiB): every value inside its range, every reference
// resolved, every golden frame decoded as it says. Or all mistakes at once, in the order of the lines.
tl::expected<Profile, std::vector<config::Mistake>> read_profile(const std::filesystem::path& file);

// The same for text that is already there; `file` is its name in mistakes.
tl::expected<Profile, std::vector<config::Mistake>> profile_from(std::string_view text,
                                                                 const std::filesystem::path& file);

}  // namespace plinth::drivers::profiles
