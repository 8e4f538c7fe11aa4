// Chance that can be replayed: one small generator, seeded, with no state outside itself.
#pragma once

#include <cstdint>

namespace plinth::simulator {

// SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, full period, three multiplications a draw. The
// sequence is part of a scenario's meaning (`--seed`), so it must never depend on a library's version.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_{seed} {}

  constexpr std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  // Even over [0, 1).
  constexpr double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }
  // Bell-shaped, mean 0, deviation 1: the sum of four 16-bit uniforms of one draw. Never beyond ±3.46,
  // which suits a sensor: a real one has no 6-sigma sample either, it has faults, and those are injected.
  constexpr double bell() {
    const std::uint64_t draw = next();
    const std::uint64_t sum =
        (draw & 0xFFFFU) + ((draw >> 16U) & 0xFFFFU) + ((draw >> 32U) & 0xFFFFU) + (draw >> 48U);
    constexpr double Root3 = 1.7320508075688772;
    return (static_cast<double>(sum) - 131070.0) * (Root3 / 65536.0);
  }
  // A generator of its own for another part of the machine, so that one part's draws never shift another's.
  constexpr Random split() { return Random{next()}; }

 private:
  std::uint64_t state_;
};

}  // namespace plinth::simulator
