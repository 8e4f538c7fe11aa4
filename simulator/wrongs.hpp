// What is wrong with the machine at this instant, as data that every room looks at where it acts.
#pragma once

#include <array>

#include "controller/units/time.hpp"
#include "simulator/fault_table.hpp"

namespace plinth::simulator {

struct Wrong {
  bool on = false;
  double value = 0.0;
  units::Duration since{};  // the station's time
  bool shown = false;
  bool mended = false;  // somebody has put it right: it is over

  explicit operator bool() const { return on; }
  // Told by the room where the fault acts when its effect can be read by somebody: a fault that showed
  // nowhere proves nothing.
  void show(bool does = true) { shown = shown || does; }
};

class Wrongs {
 public:
  Wrong& operator[](FaultKind kind) { return all_[static_cast<std::size_t>(kind)]; }
  const Wrong& operator[](FaultKind kind) const { return all_[static_cast<std::size_t>(kind)]; }

  // The station's time, as of the last tick, and for how long a fault has been on.
  void set_now(units::Duration now) { now_ = now; }
  [[nodiscard]] units::Duration now() const { return now_; }
  [[nodiscard]] double seconds_of(FaultKind kind) const {
    return units::in_seconds(now_ - (*this)[kind].since);
  }

  // Kept by whoever switches faults: rooms ask it first, so that a sound machine costs nothing.
  [[nodiscard]] bool any() const { return any_; }
  void recount() {
    any_ = false;
    for (const Wrong& wrong : all_) any_ = any_ || wrong.on;
  }

 private:
  std::array<Wrong, FaultKindCount> all_{};
  units::Duration now_{};
  bool any_ = false;
};

// For a device on its own, outside a station: nothing is ever wrong with it.
inline Wrongs& nothing_wrong() {
  static Wrongs sound;
  return sound;
}

}  // namespace plinth::simulator
