// Counts what the calling thread allocates.
#pragma once

#include <cstdint>

namespace plinth::drivers::test {
std::uint64_t allocations_of_this_thread();
}
