// One strap cell that dies under the light load of the first weeks, about 10 N a cell, while all else lives.
#include <gtest/gtest.h>

#include "controller/cycle/control_cycle.hpp"
#include "tests/cycle/simulated_station.hpp"

namespace plinth::cycle {
namespace {

TEST(ACellThatRepeatsItself, EndsTheSetUnderTheLightestDefaultLoadToo) {
  const auto prescription = rehab::Prescription::checked(rehab::defaults_of(rehab::Phase::Foundation),
                                                         rehab::typical_person(units::kilograms(78)))
                                .value();
  simulator::VirtualStation station{simulator::StationSetup{}};
  SimulatedMachine machine{StationHandler{&station}};
  (void)machine.bring_up(safety::installed_limits(std::nullopt, Period),
                         [&](units::Duration span) { station.advance_to(station.now() + span); });
  CycleState state{sensing::Calibration{}, Period};
  Physio physio;
  std::optional<session::IntentBody> wish = session::LoadPrescription{prescription};
  std::optional<units::Force> stuck_at;
  std::optional<units::Instant> stuck_since;
  std::optional<safety::Cause> cause;
  for (int i = 0; i < 12'000 && !cause; ++i) {
    station.advance_to(station.now() + Period);
    const units::Instant now{station.now()};
    CycleInput in{.sample = machine.read(now), .intent = {}, .stop = false, .now = now};
    auto& hub = in.sample.hub.report;
    if (!stuck_at && hub && state.expectation.moment == rehab::Moment::Lifting &&
        state.expectation.in_moment > units::milliseconds(500)) {
      stuck_at = hub->strap_left.force;
      stuck_since = now;
    }
    if (stuck_at && hub) hub->strap_left.force = stuck_at;
    if (wish) in.intent = session::Intent{.id = 1, .body = *wish};
    const CycleOutput out = step(state, in);
    machine.write(out.command);
    if (out.install_limits) machine.install(safety::installed_limits(state.limits, Period));
    station.show_guide(screen_of(out.snapshot));
    wish = physio.wish(out.snapshot);
    if (out.snapshot.guidance.set_ended_now) {
      cause = out.snapshot.verdict.first_cause;
      ASSERT_TRUE(stuck_since.has_value());
      EXPECT_LT(now - *stuck_since, units::milliseconds(2000)) << "within the lift";
    }
  }
  EXPECT_EQ(cause, safety::Cause::StrapFrozen);
}

}  // namespace
}  // namespace plinth::cycle
