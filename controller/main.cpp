// plinthd: puts the rooms together. No logic lives here.
#include <spdlog/spdlog.h>

#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include "controller/config/station.hpp"
#include "controller/cycle/control_loop.hpp"
#include "controller/cycle/real_time.hpp"
#include "controller/main_units.hpp"
#include "controller/record/recorder.hpp"
#include "controller/service/service.hpp"
#include "drivers/tcp_machine.hpp"

namespace {

using namespace plinth;

sensing::Calibration calibration_of(const config::Calibration& measured) {
  const auto channel = [](const config::ChannelCalibration& one) {
    return sensing::ChannelCalibration{.gain = one.gain, .offset = one.offset};
  };
  return {.strap_left = channel(measured.strap_left),
          .strap_right = channel(measured.strap_right),
          .pads = {channel(measured.pads[0]), channel(measured.pads[1]), channel(measured.pads[2]),
                   channel(measured.pads[3])},
          .second_offset = measured.second_offset,
          .pad_half_length = measured.pad_half_length,
          .pad_half_width = measured.pad_half_width,
          .presence_threshold = measured.presence_threshold};
}

drivers::Endpoint endpoint_of(const config::UnitAddress& address) {
  return {.host = address.link.host, .port = std::to_string(address.link.port), .unit = address.unit};
}

// The control thread from its first instruction to its last.
void control(safety::MachineIo& machine, cycle::Channels& channels, const config::Station& station,
             std::function<void(std::optional<std::string>)> started) {
  cycle::touch_stack();
  const auto refused = cycle::schedule_real_time({.cpu = station.real_time.cpu});
  started(refused);
  if (refused && station.real_time.require) return;
  cycle::MonotonicClock clock;
  cycle::ControlLoop loop{machine,
                          channels,
                          clock,
                          {.period = station.period, .calibration = calibration_of(station.calibration)}};
  loop.run(!refused);
}

int serve(const config::Station& station) {
  if (const auto refused = cycle::lock_memory()) spdlog::warn("Running without locked memory: {}.", *refused);

  drivers::TcpMachineConfig settings;
  settings.drive = endpoint_of(station.drive);
  settings.hub = endpoint_of(station.hub);
  settings.limits = safety::installed_limits(std::nullopt, station.period);
  settings.answers_within = station.period / 2;
  const drivers::MonotonicTime time;
  drivers::TcpMachine machine{settings, time};
  const auto channels = std::make_unique<cycle::Channels>();

  boost::asio::io_context io;
  service::Service service{io,
                           {.socket = station.socket,
                            .prescription_file = station.prescription_file,
                            .server = "plinthd " PLINTH_VERSION,
                            .simulation = station.simulation},
                           *channels};
  service.start();
  UnitWatch unit_watch{io, machine, service};
  boost::asio::signal_set signals{io, SIGTERM, SIGINT};
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (error) return;
    spdlog::info("Ending: the load is released and the legs are lowered first.");
    channels->quit = true;
  });

  record::Recorder recorder{*channels,
                            {.plinth = PLINTH_VERSION,
                             .station = station.name,
                             .period = station.period,
                             .calibration = calibration_of(station.calibration)},
                            station.records_folder,
                            [](bool kept, const std::string& sentence) {
                              spdlog::log(kept ? spdlog::level::info : spdlog::level::err, "{}", sentence);
                            }};
  recorder.start();

  machine.start();
  unit_watch.start();
  const std::jthread control_thread{[&] {
    control(machine, *channels, station, [&](const std::optional<std::string>& refused) {
      boost::asio::post(io, [refused, require = station.real_time.require] {
        if (refused)
          spdlog::log(require ? spdlog::level::critical : spdlog::level::warn,
                      "Running without real time: {}.", *refused);
      });
    });
    boost::asio::post(io, [&] {
      signals.cancel();
      unit_watch.stop();
      service.stop();
    });
  }};
  spdlog::info("{} serves at {}, one cycle every {} ms.", station.name, station.socket.string(),
               units::in_milliseconds(station.period));
  io.run();
  return channels->quit ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"The controller of a reverse-hyper and bench station.", "plinthd"};
  app.set_version_flag("--version", "plinthd " PLINTH_VERSION);
  std::filesystem::path file;
  bool check = false;
  app.add_option("--config", file, "The station file (deploy/station.example.toml explains it)")->required();
  app.add_flag("--check", check, "Read and check the station file, report every mistake, start nothing");
  constexpr int BadInput = 2;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : BadInput;
  }

  try {
    const auto station = config::read_station(file);
    if (!station) {
      for (const auto& mistake : station.error()) std::cerr << config::in_words(mistake) << '\n';
      return BadInput;
    }
    if (check) {
      std::cout << file.string() << " is good.\n";
      return 0;
    }
    return serve(*station);
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
    return 1;
  }
}
