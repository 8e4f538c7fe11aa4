// A scene that a test moves through time: a set of the strength phase under way.
#pragma once

#include <optional>

#include "controller/safety/scene.hpp"
#include "tests/safety/station.hpp"

namespace plinth::exploration {

struct World {
  sensing::Estimate estimate = safety::testing::Station{}.estimate;
  rehab::Expectation expectation{};
  safety::WireCommand commanded{};
  std::optional<safety::Limits> limits = safety::limits_for(safety::testing::strength_prescription());
  std::optional<units::Interval<units::Angle>> working =
      rehab::working_range(limits->prescription, units::degrees(-70));

  safety::Scene scene() const {
    return {.estimate = estimate,
            .expectation = expectation,
            .commanded = commanded,
            .limits = limits,
            .working = working,
            .entered = true,
            .granted = true,
            .under_way = true,
            .permitted = true,
            .period = units::milliseconds(10)};
  }
};

}  // namespace plinth::exploration
