// Notices legs that are let fall, before they have gathered speed. A copyable value.
#pragma once

#include <array>
#include <optional>

#include "controller/safety/scene.hpp"

namespace plinth::safety {

class DropWatch {
 public:
  // Call once a cycle; true while the legs fall.
  bool watch(const Scene& scene);

 private:
  struct Past {
    units::Instant at;
    units::AngularVelocity velocity;
    std::optional<units::Force> strap;
  };
  // Memory of the last 100 ms at any control period: one entry every 10 ms.
  static constexpr std::size_t Length = 12;

  [[nodiscard]] const Past* before(units::Instant now, units::Duration ago) const;

  std::array<Past, Length> past_{};
  std::size_t count_ = 0;
  std::size_t next_ = 0;
};

}  // namespace plinth::safety
