// Two faults at a time, chosen and placed so that both of them show.
#pragma once

#include "simulator/faults.hpp"
#include "simulator/random.hpp"

namespace plinth::simulator {

enum class Together : std::uint8_t {
  AtOnce,      // at the same instant
  SoonAfter,   // the second within 0.6 s of the first
  AtTheStart,  // the second at the very tick in which the set starts, the first soon after
  OnTop        // the second when, or soon after, the first was felt: while it is being answered
};

struct Pair {
  FaultKind first{};
  FaultKind second{};
  Together how = Together::AtOnce;
  bool named = false;  // and in a set
};

// The pair of the n-th scenario with two faults. Some pairs are in every campaign, for what one of them takes
// away is what the other needs.
Pair draw_pair(std::uint64_t place, Random& chance);
// Moves them to where they belong, seen from the first one's own moment.
void relate(PlannedFault& first, PlannedFault& second, Together how, Random& chance);

}  // namespace plinth::simulator
