// Notices muscles that act by themselves: a spasm that throws the legs up, and clonus, a beat of 4 to 8 Hz. A
// copyable value.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/safety/recent.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

class SpasmWatch {
 public:
  struct Findings {
    bool spasm = false;   // kicked upward within a tenth of a second; downward is a fall (DropWatch)
    bool clonus = false;  // three beats without a break
  };
  // Call once a cycle.
  Findings watch(const Scene& scene);

 private:
  // The arm's speed without what the movement itself asks for, in deg/s: twice a first-order high pass of
  // 80 ms, which takes out any steady acceleration and leaves 0.8 of a beat of 5 Hz.
  class HighPass {
   public:
    double step(double value, double elapsed_s);

   private:
    double slow_ = 0.0;
    bool seen_ = false;
  };
  [[nodiscard]] bool thrown_up(const Scene& scene, const Recent::Past& now) const;
  bool beats(const Scene& scene);

  Recent recent_;  // with what the straps carry beyond the drive's torque: a kick
  HighPass first_;
  HighPass second_;
  enum class Side : std::uint8_t { None, Up, Down };
  Side side_ = Side::None;                      // of the last swing beyond the threshold
  std::optional<units::Instant> side_changed_;  // when it was reached
  int half_beats_ = 0;                          // in a row, saturates
};

}  // namespace plinth::safety
