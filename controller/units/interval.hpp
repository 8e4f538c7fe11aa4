// A closed interval that cannot be inverted.
#pragma once

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace plinth::units {

// [low, high] with low ≤ high, both comparable (so neither is not-a-number). There is no way to make an
// inverted one and none is ever swapped silently: a swapped limit hides the mistake that made it.
template <typename T>
class Interval {
 public:
  // Throws std::invalid_argument when inverted; in a constant expression that is a compile error. For
  // numbers that came from outside use `checked`.
  constexpr Interval(T low, T high) : low_{low}, high_{high} {
    if (!(low <= high)) throw std::invalid_argument("an interval's low end lies above its high end");
  }
  [[nodiscard]] static constexpr std::optional<Interval> checked(T low, T high) {
    if (!(low <= high)) return std::nullopt;
    return Interval{low, high};
  }

  [[nodiscard]] constexpr T low() const { return low_; }
  [[nodiscard]] constexpr T high() const { return high_; }
  [[nodiscard]] constexpr auto width() const { return high_ - low_; }
  [[nodiscard]] constexpr T middle() const { return low_ + (high_ - low_) / 2.0; }
  [[nodiscard]] constexpr bool contains(T value) const { return low_ <= value && value <= high_; }
  [[nodiscard]] constexpr bool contains(const Interval& other) const {
    return low_ <= other.low_ && other.high_ <= high_;
  }
  [[nodiscard]] constexpr T clamp(T value) const { return std::clamp(value, low_, high_); }

  // What both allow; nothing when they do not meet.
  [[nodiscard]] constexpr std::optional<Interval> intersection(const Interval& other) const {
    return checked(std::max(low_, other.low_), std::min(high_, other.high_));
  }
  // Each end moved inward by `margin` (≥ 0); nothing when the ends would pass each other.
  [[nodiscard]] constexpr std::optional<Interval> shrunk_by(T margin) const {
    return checked(low_ + margin, high_ - margin);
  }

  friend constexpr bool operator==(const Interval&, const Interval&) = default;

 private:
  T low_;
  T high_;
};

}  // namespace plinth::units
