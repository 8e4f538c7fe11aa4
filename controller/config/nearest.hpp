// "Did you mean …?"
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace plinth::config {

// The candidate that `word` most likely was meant to be: the one fewest slips away (a letter too many, too
// few, wrong, or two swapped), if that is at most a third of the word. Nothing when none is that near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace plinth::config
