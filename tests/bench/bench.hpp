// What every benchmark program shares: interleaved rounds, and the line in which a result is told.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace plinth::bench {

// Tells one result as a line of JSON on standard output. `floor` is the best that the machine could do,
// measured in the same run; the ratio is value / floor. `name` and `unit` hold no character that JSON must
// escape.
inline void report(const std::string& name, double value, const std::string& unit,
                   std::optional<double> floor) {
  std::printf(R"({"name": "%s", "value": %.6g, "unit": "%s", )", name.c_str(), value, unit.c_str());
  if (floor) {
    std::printf(R"("floor": %.6g, "ratio": %.4g})", *floor, value / *floor);
  } else {
    std::printf(R"("floor": null, "ratio": null})");
  }
  std::printf("\n");
  std::fflush(stdout);
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Keeps the compiler from leaving out what computes `value`.
template <typename T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

// Nanoseconds that one call of `body` takes, over `calls` calls.
template <typename Body>
double nanoseconds_each(int calls, Body&& body) {
  const auto start = std::chrono::steady_clock::now();
  for (int call = 0; call < calls; ++call) body();
  const std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
  return taken.count() / calls;
}

// Whether the benchmark of this name was asked for: the program's arguments are words, any of which it may
// contain.
inline bool asked_for(const std::string& name, int argc, char** argv) {
  if (argc < 2) return true;
  return std::any_of(argv + 1, argv + argc,
                     [&name](const char* word) { return name.find(word) != std::string::npos; });
}

}  // namespace plinth::bench
