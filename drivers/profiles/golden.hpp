// Conversations from a device's manual, held against its profile. They are the only judge that has not read
// the profile: a wrong address or word order agrees with itself everywhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/profiles/profile.hpp"

namespace plinth::drivers::profiles {

// In what the conversation and the profile differ, in words; nothing when they agree. A pair of registers
// that would mean the same with its words exchanged is a difference too: it proves nothing.
std::optional<std::string> difference(const Profile& profile, const GoldenFrame& frame);

// What the profile's golden frames do not show of the numbers that it reads, a line each: for every order of
// words a number beyond 65535, and a negative one where numbers can be.
std::vector<std::string> not_shown(const Profile& profile);

// The profile with the words of every pair exchanged.
Profile with_words_exchanged(Profile profile);

}  // namespace plinth::drivers::profiles
