// What it costs the control thread to show the newest snapshot, beside the copies alone and beside a mutex.
#include <memory>
#include <mutex>

#include "controller/cycle/channels.hpp"
#include "tests/bench/bench.hpp"

namespace {

using plinth::cycle::LatestValue;
using plinth::cycle::Snapshot;

constexpr int Rounds = 31;
constexpr int Calls = 20'000;

struct Guarded {
  std::mutex mutex;
  Snapshot value;
};

void measure_latest_value() {
  const Snapshot written{};
  Snapshot between{};
  Snapshot read{};
  const auto slot = std::make_unique<LatestValue<Snapshot>>();
  const auto guarded = std::make_unique<Guarded>();

  std::vector<double> copies;
  std::vector<double> slots;
  std::vector<double> mutexes;
  for (int round = 0; round < Rounds; ++round) {
    copies.push_back(plinth::bench::nanoseconds_each(Calls, [&] {
      between = written;
      plinth::bench::keep(between);
      read = between;
      plinth::bench::keep(read);
    }));
    slots.push_back(plinth::bench::nanoseconds_each(Calls, [&] {
      slot->publish(written);
      (void)slot->take(read);
      plinth::bench::keep(read);
    }));
    mutexes.push_back(plinth::bench::nanoseconds_each(Calls, [&] {
      {
        const std::lock_guard lock{guarded->mutex};
        guarded->value = written;
      }
      {
        const std::lock_guard lock{guarded->mutex};
        read = guarded->value;
      }
      plinth::bench::keep(read);
    }));
  }
  const double floor = plinth::bench::median(copies);
  plinth::bench::report("snapshot: publish and take", plinth::bench::median(slots), "ns", floor);
  plinth::bench::report("snapshot: the same through an uncontended mutex", plinth::bench::median(mutexes),
                        "ns", floor);
}

}  // namespace

int main(int argc, char** argv) {
  if (plinth::bench::asked_for("snapshot", argc, argv)) measure_latest_value();
  return 0;
}
