#include "controller/record/recorder.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace plinth::record {

namespace {

// The queue holds 512 cycles: one second at the shortest period.
constexpr auto DrainEvery = std::chrono::milliseconds{50};

std::int64_t unix_ms_now() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count();
}

}  // namespace

Recorder::Recorder(cycle::Channels& channels, const Source& source, std::filesystem::path folder, Tell tell)
    : channels_{channels}, box_{source}, shelf_{std::move(folder)}, tell_{std::move(tell)} {}

Recorder::~Recorder() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Recorder::start() {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void Recorder::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any woken;
  while (!stop.stop_requested()) {
    drain();
    keep_all([this] { return box_.take_complete(unix_ms_now()); });
    std::unique_lock lock{mutex};
    woken.wait_for(lock, stop, DrainEvery, [] { return false; });
  }
  drain();
  keep_all([this] { return box_.take_any(unix_ms_now()); });
}

void Recorder::drain() {
  while (channels_.recorder.pop(taken_)) box_.add(taken_);
}

// Whatever goes wrong here, a full memory included, costs a record and not the station.
void Recorder::keep_all(const std::function<std::optional<TripRecord>()>& take) {
  try {
    while (const auto record = take()) keep(*record);
  } catch (const std::exception& error) {
    tell_(false, std::string{"a fault record is lost: "} + error.what());
  }
}

void Recorder::keep(const TripRecord& record) {
  const auto path = shelf_.keep(record);
  if (path)
    tell_(true, "Kept the record of " + std::string{safety::name_of(record.trip.cause)} + " in " +
                    path->string() + ".");
  else
    tell_(false, path.error());
}

}  // namespace plinth::record
