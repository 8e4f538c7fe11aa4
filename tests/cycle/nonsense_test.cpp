// A law whose numbers are nonsense in the middle of a set: what the rest of the cycle makes of it.
#include <gtest/gtest.h>

#include <limits>

#include "controller/resistance/law.hpp"
#include "tests/cycle/simulated_station.hpp"

namespace plinth::cycle {
namespace {

TEST(ANonsensicalLaw, EndsTheSetAsAFaultOfTheProgramThatIsTold) {
  simulator::VirtualStation station{simulator::StationSetup{}};
  SimulatedMachine machine{StationHandler{&station}};
  (void)machine.bring_up(safety::installed_limits(std::nullopt, Period),
                         [&](units::Duration span) { station.advance_to(station.now() + span); });
  CycleState state{sensing::Calibration{}, Period};
  Physio physio;
  std::optional<session::IntentBody> wish = session::LoadPrescription{prescribed(78, 60, 1, 8)};
  const auto sampled = [&] {
    station.advance_to(station.now() + Period);
    return machine.read(units::Instant{station.now()});
  };
  Snapshot newest;
  for (int i = 0; i < 6000 && newest.guidance.expectation.moment != rehab::Moment::Lifting; ++i) {
    CycleInput in{.sample = sampled(), .intent = {}, .stop = false, .now = units::Instant{station.now()}};
    if (wish) in.intent = session::Intent{.id = 1, .body = *wish};
    const CycleOutput out = step(state, in);
    machine.write(out.command);
    if (out.install_limits) machine.install(safety::installed_limits(state.limits, Period));
    newest = out.snapshot;
    wish = physio.wish(newest);
    station.show_guide(screen_of(newest));
  }
  ASSERT_EQ(newest.guidance.expectation.moment, rehab::Moment::Lifting);
  ASSERT_EQ(newest.verdict.permission, safety::Permission::Granted);

  // The rest of one more cycle, with a law that the session does not know how to make.
  auto law = std::get<resistance::ConstantLoad>(newest.guidance.law);
  law.load = units::newtons(std::numeric_limits<double>::quiet_NaN());
  const auto estimate = state.observer.observe(sampled(), units::Instant{station.now()});
  auto verdict = state.supervisor.judge(estimate, state.expectation, {}, state.last_command, state.limits);
  ASSERT_EQ(verdict.permission, safety::Permission::Granted);
  const auto command = state.gate.approve(resistance::resist(law, estimate), verdict, state.limits);
  EXPECT_EQ(command.cause(), safety::Cause::Internal);
  EXPECT_EQ(command.action(), safety::Action::Release);
  EXPECT_LE(command.drive().torque_dnm, newest.command.drive().torque_dnm)
      << "in the same cycle the load goes off";

  const auto next = state.observer.observe(sampled(), units::Instant{station.now()});
  verdict = state.supervisor.judge(next, state.expectation, {}, command, state.limits);
  EXPECT_EQ(verdict.permission, safety::Permission::Latched);
  EXPECT_EQ(verdict.first_cause, safety::Cause::Internal);
}

}  // namespace
}  // namespace plinth::cycle
