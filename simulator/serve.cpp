#include "simulator/serve.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "simulator/modbus_server.hpp"

namespace plinth::simulator {

namespace {

constexpr std::int64_t TickNs = 1'000'000;
constexpr std::int64_t LeftOutNs = 250'000'000;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void sleep_until(std::int64_t when_ns) {
  const timespec when{when_ns / 1'000'000'000, when_ns % 1'000'000'000};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr) == EINTR) {
  }
}

// The station under one lock: the plant's thread moves its clock, the server's thread speaks to it. Both hold
// the lock for a microsecond or two.
class SharedStation final : public PduService {
 public:
  SharedStation(const StationSetup& setup, const std::optional<rehab::Prescription>& prescription)
      : station_{setup} {
    if (prescription) witness_.emplace(judge_setup(*prescription, station_));
  }

  std::size_t handle(std::uint8_t unit, std::span<const std::uint8_t> request,
                     std::span<std::uint8_t> reply) override {
    const std::scoped_lock lock{mutex_};
    return station_.handle(unit, request, reply);
  }
  [[nodiscard]] bool knows(std::uint8_t unit) const override {
    return unit == VirtualStation::DriveUnitId || unit == VirtualStation::HubUnitId;
  }
  // `wall_ns`: when this tick was due.
  void tick(std::int64_t wall_ns) {
    const std::scoped_lock lock{mutex_};
    station_.tick();
    if (witness_) witness_->look(station_, units::Instant{units::Duration{wall_ns}});
  }
  [[nodiscard]] std::optional<Testimony> testimony() {
    const std::scoped_lock lock{mutex_};
    return witness_ ? std::optional{witness_->testimony()} : std::nullopt;
  }

 private:
  std::mutex mutex_;
  VirtualStation station_;
  std::optional<Witness> witness_;
};

// How well the plant kept real time.
struct Pace {
  std::int64_t latest_ns = 0;
  std::int64_t left_out_ns = 0;
};

Pace run_plant(SharedStation& station, const std::atomic<bool>& stop) {
  Pace pace;
  std::int64_t next = now_ns() + TickNs;
  while (!stop) {
    sleep_until(next);
    const std::int64_t now = now_ns();
    const std::int64_t late = now - next;
    pace.latest_ns = std::max(pace.latest_ns, late);
    if (late > LeftOutNs) {
      pace.left_out_ns += late;
      next = now;
    }
    for (; next <= now; next += TickNs) station.tick(next);
  }
  return pace;
}

}  // namespace

ListenAddress parse_listen(const std::string& text) {
  const auto wrong = [&text] {
    return std::invalid_argument("\"" + text +
                                 "\" is no address to listen on. Write tcp:HOST:PORT, such as " +
                                 "tcp:127.0.0.1:1502; port 0 takes a free one.");
  };
  constexpr std::string_view Prefix = "tcp:";
  if (!text.starts_with(Prefix)) throw wrong();
  const std::size_t colon = text.rfind(':');
  if (colon <= Prefix.size()) throw wrong();
  const std::string_view digits = std::string_view{text}.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) throw wrong();
  return {text.substr(Prefix.size(), colon - Prefix.size()), port};
}

std::optional<ServeRecord> serve(const ServeOptions& options) {
  SharedStation station{options.setup, options.judged_by};
  ModbusServer server{options.listen.host, options.listen.port, station};
  std::atomic<bool> stop{false};
  Pace pace;
  std::thread plant{[&] { pace = run_plant(station, stop); }};
  if (options.on_listening) options.on_listening(server.port());
  try {
    while (!options.stop_wanted || !options.stop_wanted()) server.serve_once(100);
  } catch (...) {
    stop = true;
    plant.join();
    throw;
  }
  stop = true;
  plant.join();
  auto testimony = station.testimony();
  if (!testimony) return std::nullopt;
  return ServeRecord{.testimony = std::move(*testimony),
                     .latest_tick = units::Duration{pace.latest_ns},
                     .left_out = units::Duration{pace.left_out_ns}};
}

}  // namespace plinth::simulator
