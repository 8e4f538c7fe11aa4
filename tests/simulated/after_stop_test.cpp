// Going on after a stop, with the real rules, before the simulated machine and people.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "controller/cycle/control_cycle.hpp"
#include "tests/cycle/simulated_station.hpp"

namespace plinth::cycle {
namespace {

struct Patient {
  double mass_kg;
  rehab::Phase phase;
};
class AfterAStop : public testing::TestWithParam<Patient> {};

TEST_P(AfterAStop, ASteadyPersonRangesWithoutLoadAndThenCompletesTheSet) {
  auto draft = rehab::defaults_of(GetParam().phase);
  draft.sets = 2;
  draft.reps = 3;
  const auto person = rehab::typical_person(units::kilograms(GetParam().mass_kg));
  const auto prescription = rehab::Prescription::checked(draft, person).value();
  simulator::StationSetup setup;
  setup.patient.mass = person.mass;
  setup.patient.height = person.height;
  simulator::VirtualStation station{setup};
  SimulatedMachine machine{StationHandler{&station}};
  (void)machine.bring_up(safety::installed_limits(std::nullopt, Period),
                         [&](units::Duration span) { station.advance_to(station.now() + span); });
  CycleState state{sensing::Calibration{}, Period};
  Physio physio;
  std::optional<session::IntentBody> wish = session::LoadPrescription{prescription};
  bool stopped = false;
  bool completed = false;
  double load_while_ranging_n = 0.0;
  double highest_while_ranging_deg = -90.0;
  for (int i = 0; i < 20'000 && !completed; ++i) {
    station.advance_to(station.now() + Period);
    const units::Instant now{station.now()};
    CycleInput in{.sample = machine.read(now), .intent = {}, .stop = false, .now = now};
    if (wish) in.intent = session::Intent{.id = 1, .body = *wish};
    const bool holding = state.expectation.moment == rehab::Moment::Holding;
    if (!stopped && holding) stopped = in.stop = true;
    const CycleOutput out = step(state, in);
    machine.write(out.command);
    if (out.install_limits) machine.install(safety::installed_limits(state.limits, Period));
    station.show_guide(screen_of(out.snapshot));
    wish = physio.wish(out.snapshot);

    const auto& guidance = out.snapshot.guidance;
    const bool ranging = guidance.set == 2 && guidance.stage == session::Stage::Training &&
                         guidance.rep == 0 && guidance.load_set == units::newtons(0);
    if (ranging) {
      load_while_ranging_n = std::max(load_while_ranging_n, units::in_newtons(station.truth().added_load));
      highest_while_ranging_deg =
          std::max(highest_while_ranging_deg, units::in_degrees(station.truth().leg_angle));
    }
    if (guidance.set == 2 && guidance.set_ended_now) {
      EXPECT_EQ(guidance.last_set_end, rehab::SetEnd::Completed)
          << safety::rule_of(out.snapshot.verdict.first_cause).name;
      EXPECT_EQ(guidance.score.reps_counted, 3);
      EXPECT_EQ(guidance.score.reps_tried, 3);
      completed = true;
    }
  }
  EXPECT_TRUE(completed);
  EXPECT_GT(highest_while_ranging_deg, units::in_degrees(prescription.range().high()) - 8.0);
  EXPECT_LT(load_while_ranging_n, 10.0) << "friction and the drive's ripple, no load";
}

INSTANTIATE_TEST_SUITE_P(People, AfterAStop,
                         testing::Values(Patient{78, rehab::Phase::Foundation},
                                         Patient{50, rehab::Phase::Strength},
                                         Patient{110, rehab::Phase::Strength},
                                         Patient{78, rehab::Phase::Integrated},
                                         Patient{78, rehab::Phase::Maintenance}),
                         [](const auto& each) {
                           return std::string{rehab::name_of(each.param.phase)} + "_" +
                                  std::to_string(static_cast<int>(each.param.mass_kg)) + "_kg";
                         });

}  // namespace
}  // namespace plinth::cycle
