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
    bool spasm = false;    // kicked upward within a tenth of a second; downward is a fall (DropWatch)
    bool clonus = false;   // three beats without a break
    bool beating = false;  // one, so far: at its top legs stand that nothing holds
  };
  // Call once a cycle.
  Findings watch(const Scene& scene);

 private:
  [[nodiscard]] bool thrown_up(const Scene& scene, const Recent::Past& now) const;
  [[nodiscard]] bool let_go(const Scene& scene, const Recent::Past& now) const;
  bool beats(const Scene& scene, const Recent::Past& now);

  Recent recent_;
  enum class Side : std::uint8_t { None, Up, Down };
  Side side_ = Side::None;                      // of the last swing beyond the threshold
  std::optional<units::Instant> side_changed_;  // when it was reached
  int half_beats_ = 0;                          // in a row, saturates
};

}  // namespace plinth::safety
