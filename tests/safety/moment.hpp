// One moment of a set for the checks, which look at one scene and remember nothing: healthy readings in the
// middle of a lift, that a test bends in one place.
#pragma once

#include "controller/safety/checks.hpp"
#include "tests/safety/station.hpp"

namespace plinth::safety::testing {

struct SetMoment {
  sensing::Estimate estimate = Station{}.estimate;
  rehab::Expectation expectation{};
  WireCommand commanded{};
  std::optional<Limits> limits = limits_for(strength_prescription());
  std::optional<units::Interval<units::Angle>> working =
      rehab::working_range(strength_prescription(), units::degrees(-70));
  bool entered = true;
  bool granted = true;
  bool under_way = true;
  bool permitted = true;

  SetMoment() {
    estimate.angle = units::degrees(-30);
    estimate.drive_report->brake_released = true;
    estimate.drive_report->brake_feedback = true;
    estimate.drive_report->torque_on = true;
    expectation.moment = rehab::Moment::Lifting;
    expectation.target = units::degrees(-30);
    expectation.tolerance = units::degrees(4);
    commanded.run = true;
    commanded.mode = sensing::DriveMode::Torque;
    forces(0.0, 0.0);
  }

  [[nodiscard]] Scene scene() const {
    return {.estimate = estimate,
            .expectation = expectation,
            .commanded = commanded,
            .limits = limits,
            .working = working,
            .entered = entered,
            .granted = granted,
            .under_way = under_way,
            .permitted = permitted,
            .period = units::milliseconds(10)};
  }
  operator Scene() const { return scene(); }

  // The machine's force at the strap by both channels, in newtons.
  void forces(double by_torque, double by_cells) {
    estimate.drive_torque = units::moment(units::newtons(by_torque), limits->legs.cuff_radius) -
                            sensing::ArmGravity * units::cosine(estimate.angle);
    estimate.strap = units::newtons(by_cells);
    estimate.strap_left = units::newtons(0.5 * by_cells);
    estimate.strap_right = units::newtons(0.5 * by_cells);
  }
  void angle(double deg) { estimate.angle = units::degrees(deg); }
  void speed(double deg_s) { estimate.velocity = units::degrees_per_second(deg_s); }
  sensing::DriveReport& drive() { return *estimate.drive_report; }
  sensing::HubReport& hub() { return *estimate.hub_report; }
};

}  // namespace plinth::safety::testing
