#include <stdexcept>

#include "controller/cycle/control_cycle.hpp"
#include "drivers/tcp_machine.hpp"
#include "tests/bench/contender.hpp"

namespace plinth::bench {
namespace {

constexpr units::Duration Period = units::milliseconds(10);

drivers::TcpMachineConfig config_for(const std::string& port) {
  drivers::TcpMachineConfig config;
  config.drive = {"127.0.0.1", port, 1};
  config.hub = {"127.0.0.1", port, 2};
  config.limits = safety::installed_limits(std::nullopt, Period);
  config.answers_within = units::milliseconds(100);
  return config;
}

bool is_up(const sensing::Setup& setup) {
  return setup.hub_identified && setup.limits_confirmed && setup.watchdog_proven;
}

class PlinthCycle final : public Contender {
 public:
  explicit PlinthCycle(const std::string& port) : machine_{config_for(port), time_}, state_{{}, Period} {
    machine_.start();
    const units::Instant end = time_.now() + units::milliseconds(10'000);
    while (!is_up(machine_.read(time_.now()).setup)) {
      if (time_.now() < end) continue;
      throw std::runtime_error(machine_.report(drivers::StationUnit::Drive).reason + " " +
                               machine_.report(drivers::StationUnit::Hub).reason);
    }
  }

  bool cycle() override {
    const units::Instant now = time_.now();
    cycle::CycleInput in{.sample = machine_.read(now), .intent = std::nullopt, .stop = false, .now = now};
    const bool complete = in.sample.drive.reading == sensing::Reading::Fresh &&
                          in.sample.hub.reading == sensing::Reading::Fresh;
    machine_.write(cycle::step(state_, in).command);
    return complete;
  }

 private:
  drivers::MonotonicTime time_;
  drivers::TcpMachine machine_;
  cycle::CycleState state_;
};

}  // namespace

std::unique_ptr<Contender> plinth_cycle(const std::string& port) {
  return std::make_unique<PlinthCycle>(port);
}

}  // namespace plinth::bench
