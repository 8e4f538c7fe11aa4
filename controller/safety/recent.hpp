// The last fifth of a second of the arm's speed and its forces, by time and not by count of cycles. A
// copyable value; the same at every control period.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::safety {

class Recent {
 public:
  struct Past {
    units::AngularVelocity velocity{};
    std::optional<units::Force> force;  // at the straps
    units::Force machine{};             // what the drive gives of it
    units::Torque told{};               // what it was told to give
  };
  // Keeps one value every 10 ms; what comes sooner is left out.
  void take(units::Instant now, const Past& value) {
    if (count_ > 0 && now - past_.at(newest()).at < Spacing) return;
    past_.at(next_) = {.at = now, .value = value};
    next_ = (next_ + 1) % Length;
    if (count_ < Length) ++count_;
  }
  // The youngest value that is at least `ago` old (less a millisecond, for a loop that woke early) but not
  // twice as old; null when there is none: after a gap nothing is compared.
  [[nodiscard]] const Past* before(units::Instant now, units::Duration ago) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const Entry& entry = past_.at((newest() + Length - i) % Length);
      const units::Duration age = now - entry.at;
      if (age + units::milliseconds(1) < ago) continue;
      return age <= 2 * ago ? &entry.value : nullptr;
    }
    return nullptr;
  }
  // Shows each value that is `from` to `to` old, the oldest first.
  template <typename Look>
  void look_back(units::Instant now, units::Duration from, units::Duration to, Look look) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const Entry& entry = past_.at((next_ + Length - count_ + i) % Length);
      const units::Duration age = now - entry.at;
      if (age + units::milliseconds(1) >= from && age <= to) look(entry.value);
    }
  }

 private:
  static constexpr std::size_t Length = 20;  // 200 ms
  static constexpr units::Duration Spacing = units::milliseconds(9);
  struct Entry {
    units::Instant at;
    Past value;
  };
  [[nodiscard]] std::size_t newest() const { return (next_ + Length - 1) % Length; }

  std::array<Entry, Length> past_{};
  std::size_t count_ = 0;
  std::size_t next_{};
};

}  // namespace plinth::safety
