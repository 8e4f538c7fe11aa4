// What a station is told about itself: the station file as values, checked.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "controller/config/link.hpp"
#include "controller/config/mistake.hpp"
#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::config {

// Where a unit answers.
struct UnitAddress {
  TcpLink link;
  std::uint8_t unit = 1;  // 1–247

  friend bool operator==(const UnitAddress&, const UnitAddress&) = default;
};

struct ChannelCalibration {
  double gain = 1.0;      // 0.5–2
  units::Force offset{};  // added after the gain, ±300 N

  friend bool operator==(const ChannelCalibration&, const ChannelCalibration&) = default;
};

// What commissioning measured. The pads come in the hub's order: front left, front right, rear left, rear
// right.
struct Calibration {
  ChannelCalibration strap_left{};
  ChannelCalibration strap_right{};
  std::array<ChannelCalibration, 4> pads{};
  units::Angle second_offset{};                           // added to the second sensor's angle
  units::Length pad_half_length = units::metres(0.20);    // pads from the bench's middle, along the trunk
  units::Length pad_half_width = units::metres(0.15);     // and across it
  units::Force presence_threshold = units::newtons(150);  // trunk weight that means somebody lies here

  friend bool operator==(const Calibration&, const Calibration&) = default;
};

struct RealTime {
  bool require = false;      // refuse to start where real-time scheduling is not granted
  std::optional<int> cpu{};  // the core for the control thread

  friend bool operator==(const RealTime&, const RealTime&) = default;
};

struct Station {
  std::string name;
  bool simulation = false;  // the units are simulated: every view says so
  units::Duration period = units::milliseconds(10);
  UnitAddress drive;
  UnitAddress hub;
  std::filesystem::path socket;  // of the service; at most 107 bytes, absolute or from the working folder
  std::filesystem::path prescription_file;  // likewise
  std::filesystem::path records_folder;     // of what tripped; beside the prescription unless named
  Calibration calibration{};
  RealTime real_time{};

  friend bool operator==(const Station&, const Station&) = default;
};

// Reads and checks a station file (TOML, UTF-8, at most 1 MiB; deploy/station.example.toml explains every
// key). Gives every mistake at once, in the order of the lines; a file that is no TOML at all has just its
// first. Relative paths in the file start at the file's own folder.
tl::expected<Station, std::vector<Mistake>> read_station(const std::filesystem::path& file);

// The same for text that is already there; `file` is its name in mistakes and the start of relative paths.
tl::expected<Station, std::vector<Mistake>> station_from(std::string_view text,
                                                         const std::filesystem::path& file);

}  // namespace plinth::config
