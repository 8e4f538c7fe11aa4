// plinthd: puts the rooms together. No logic lives here.
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "controller/config/station.hpp"
#include "controller/cycle/control_loop.hpp"
#include "controller/cycle/real_time.hpp"
#include "controller/service/prescription_file.hpp"
#include "controller/service/service.hpp"
#include "drivers/tcp_machine.hpp"

namespace {

using namespace plinth;

sensing::ChannelCalibration calibration_of(const config::ChannelCalibration& channel) {
  return {.gain = channel.gain, .offset = channel.offset};
}

