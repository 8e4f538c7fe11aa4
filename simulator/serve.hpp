// `plinth-sim serve`: the virtual station at the pace of the wall clock, behind Modbus TCP.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "controller/rehab/prescription.hpp"
#include "simulator/witness_report.hpp"

namespace plinth::simulator {

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
// "tcp:127.0.0.1:1502". Throws std::invalid_argument with the form that is expected.
ListenAddress parse_listen(const std::string& text);

struct ServeOptions {
  ListenAddress listen{"127.0.0.1", 1502};
  StationSetup setup;
  std::optional<rehab::Prescription> judged_by;          // what is prescribed; without it nobody judges
  std::function<void(std::uint16_t port)> on_listening;  // told once, when clients may connect
  std::function<bool()> stop_wanted;                     // asked about ten times a second
};

// Serves until `stop_wanted`. The plant runs in a thread of its own, every millisecond by absolute deadlines;
// when the machine slept through more than a quarter of a second, that time is left out rather than run
// through in a rush. Returns what a witness saw, when there was one.
std::optional<ServeRecord> serve(const ServeOptions& options);

}  // namespace plinth::simulator
