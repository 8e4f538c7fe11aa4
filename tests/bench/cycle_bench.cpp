// The control cycle over Modbus TCP: beside raw sockets that send the same bytes in the same order, and
// beside bare libmodbus; and what of it is our own work. All on the same units, in interleaved rounds.
#include <sched.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <vector>

#include "controller/cycle/control_cycle.hpp"
#include "controller/cycle/real_time.hpp"
#include "drivers/station_protocol.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/contender.hpp"
#include "tests/bench/units_process.hpp"
#include "tests/drivers/fake_units.hpp"

namespace {

using namespace plinth;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr int Rounds = 24;
constexpr int CyclesARound = 250;
constexpr int WarmUp = 20;                     // of each round: the others have had the caches meanwhile
constexpr timespec BetweenCycles{0, 500'000};  // a real-time thread that never sleeps is throttled

double quantile(std::vector<double> values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

struct Timed {
  std::unique_ptr<bench::Contender> contender;
  std::vector<double> microseconds{};
  int incomplete = 0;

  void round() {
    for (int cycle = 0; cycle < CyclesARound; ++cycle) {
      ::nanosleep(&BetweenCycles, nullptr);
      const auto start = std::chrono::steady_clock::now();
      const bool complete = contender->cycle();
      const Microseconds taken = std::chrono::steady_clock::now() - start;
      if (cycle < WarmUp) continue;
      microseconds.push_back(taken.count());
      if (!complete) ++incomplete;
    }
  }
  [[nodiscard]] double at(double share) const { return quantile(microseconds, share); }
};

// Whether every answer came to everybody: a cycle without its answers would be a fast one.
bool all_complete(const std::array<Timed*, 3>& all) {
  return std::all_of(all.begin(), all.end(), [](const Timed* timed) { return timed->incomplete == 0; });
}

bool measure_on_the_wire(const std::string& placed, int core_of_units) {
  const bench::UnitsProcess units{core_of_units};
  Timed raw{bench::raw_sockets(units.port())};
  Timed library{bench::bare_libmodbus(units.port())};
  Timed ours{bench::plinth_cycle(units.port())};
  const std::array<Timed*, 3> all{&raw, &library, &ours};
  for (int round = 0; round < Rounds; ++round) {
    for (Timed* timed : all) timed->round();
  }
  bench::report("cycle, " + placed + ": p50 beside raw sockets", ours.at(0.5), "us", raw.at(0.5));
  bench::report("cycle, " + placed + ": p99.9 beside raw sockets", ours.at(0.999), "us", raw.at(0.999));
  bench::report("cycle, " + placed + ": p50 beside bare libmodbus", ours.at(0.5), "us", library.at(0.5));
  if (!all_complete(all)) std::fprintf(stderr, "answers were missing: these numbers mean nothing\n");
  return all_complete(all);
}

struct Answers {
  std::vector<std::uint8_t> drive;
  std::vector<std::uint8_t> hub;
};

// What the units would answer in as many cycles, each with its own sequence number.
std::vector<Answers> answers_of(int cycles, const drivers::StationProtocol& protocol) {
  drivers::test::FakeStation station;
  std::vector<Answers> all;
  std::array<std::uint8_t, drivers::MaxPdu> reply{};
  for (int cycle = 0; cycle < cycles; ++cycle) {
    station.drive.advance(units::milliseconds(10));
    auto size = static_cast<std::ptrdiff_t>(station.handle(1, protocol.drive_read_request(), reply));
    Answers answers{.drive = {reply.begin(), reply.begin() + size}, .hub = {}};
    size = static_cast<std::ptrdiff_t>(station.handle(2, protocol.hub_read_request(), reply));
    answers.hub.assign(reply.begin(), reply.begin() + size);
    all.push_back(std::move(answers));
  }
  return all;
}

void measure_our_share() {
  constexpr int Cycles = 20'000;
  drivers::StationProtocol protocol;
  const auto answers = answers_of(Cycles, protocol);
  const auto state = std::make_unique<cycle::CycleState>(sensing::Calibration{}, units::milliseconds(10));
  const sensing::Setup setup{true, true, true, true};
  std::vector<double> microseconds;
  units::Instant now{};
  for (const Answers& answer : answers) {
    now += units::milliseconds(10);
    const auto start = std::chrono::steady_clock::now();
    protocol.begin_cycle();
    protocol.accept_drive_answer(answer.drive, now);
    protocol.accept_hub_answer(answer.hub, now);
    const auto out =
        cycle::step(*state, {{protocol.drive(), protocol.hub(), setup}, std::nullopt, false, now});
    const auto command = protocol.command_requests(out.command);
    bench::keep(command);
    bench::keep(out);
    microseconds.push_back(Microseconds{std::chrono::steady_clock::now() - start}.count());
  }
  bench::report("cycle, our share: decode, step, encode, p50", quantile(microseconds, 0.5), "us",
                std::nullopt);
  bench::report("cycle, our share: decode, step, encode, p99.9", quantile(microseconds, 0.999), "us",
                std::nullopt);
}

// Whether the machine has a second core for this process.
bool has_two_cores() {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  return ::sched_getaffinity(0, sizeof mine, &mine) == 0 && CPU_COUNT(&mine) >= 2;
}

int run(int argc, char** argv) {
  if (!bench::asked_for("cycle", argc, argv)) return 0;
  const bool two_cores = has_two_cores();
  if (const auto refused = cycle::schedule_real_time({.cpu = 0})) {
    std::fprintf(stderr, "without real-time scheduling (%s): other programs show in the tails\n",
                 refused->c_str());
  }
  measure_our_share();
  bool good = measure_on_the_wire("one core", 0);
  if (two_cores) good = measure_on_the_wire("two cores", 1) && good;
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plinth-bench-cycle: %s\n", error.what());
    return 1;
  }
}
