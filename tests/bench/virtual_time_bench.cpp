// How much faster than real time the closed loop runs, against the plant's integrator alone in the same run.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "simulator/closed_loop.hpp"
#include "tests/bench/bench.hpp"

namespace {

using namespace plinth;
using Clock = std::chrono::steady_clock;

// Simulated seconds a second of the bare mechanics at the drive's 1 kHz.
double integrator_alone(double simulated_s) {
  simulator::Plant plant{simulator::legs_of(units::kilograms(78), units::metres(1.75))};
  const auto steps = static_cast<long>(simulated_s * 1000.0);
  const auto began = Clock::now();
  for (long i = 0; i < steps; ++i) {
    plant.step({.motor_torque = 20.0, .muscle_torque = i % 2000 < 1000 ? 90.0 : 60.0, .brake_closed = false},
               0.001);
  }
  const double wall_s = std::chrono::duration<double>(Clock::now() - began).count();
  return plant.state().arm_angle > 1e9
             ? 0.0
             : simulated_s / wall_s;  // the state is used: nothing is optimised away
}

simulator::Scenario ten_reps() {
  return *simulator::parse_scenario(
      "schema = 1\nname = \"ten reps\"\nduration_s = 200\n"
      "[patient]\nmass_kg = 78\nmodel = \"steady\"\n"
      "[prescription]\nphase = \"strength\"\nsets = 1\nreps = 10\n",
      "ten reps");
}

}  // namespace

int main(int argc, char** argv) {
  if (!bench::asked_for("virtual time: closed loop", argc, argv)) return 0;
  const auto scenario = ten_reps();
  std::vector<double> floor;
  std::vector<double> ours;
  for (int round = 0; round < 7; ++round) {  // interleaved, so that a busy machine slows both
    floor.push_back(integrator_alone(200.0));
    const auto result = simulator::run_closed_loop(scenario, {.seed = static_cast<std::uint64_t>(round) + 1});
    if (result.reps_counted != 10) {
      std::fprintf(stderr, "the set of 10 reps was not completed: %d counted\n", result.reps_counted);
      return 1;
    }
    ours.push_back(result.simulated_s / result.wall_s);
  }
  bench::report("virtual time: closed loop", bench::median(ours), "x real time", bench::median(floor));
  return 0;
}
