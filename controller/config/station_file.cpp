// read_station and station_from: what a station file may say. How it is read strictly stands in
// toml_table.hpp.
#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "controller/config/station.hpp"
#include "controller/config/text_file.hpp"
#include "controller/config/toml_table.hpp"

namespace plinth::config {
namespace {

constexpr std::size_t LongestSocketPath = 107;  // sockaddr_un has 108 bytes, one for the closing zero
constexpr std::size_t LongestName = 64;

bool is_plain_text(const std::string& text) {
  return !text.empty() && std::ranges::none_of(text, is_control);
}

// Nothing when either half is missing or wrong.
std::optional<UnitAddress> unit_address(Table& table) {
  const auto link = table.text(
      "link", Need::Must, R"("tcp:HOST:PORT" with a port from 1 to 65535)",
      [](const std::string& text) { return tcp_link_from(text).has_value(); },
      R"(Write it like "tcp:192.168.0.10:502"; a serial bus needs a Modbus TCP gateway in between.)");
  const auto unit = table.whole("unit", Need::Must, {1, 247});
  if (!link || !unit) return std::nullopt;
  return UnitAddress{.link = *tcp_link_from(*link), .unit = static_cast<std::uint8_t>(*unit)};
}

std::filesystem::path path_in(Table& table, std::string_view key, const std::filesystem::path& base,
                              std::string_view allowed, const std::function<bool(const std::string&)>& fits) {
  const auto text = table.text(
      key, Need::Must, allowed,
      [&](const std::string& path) {
        std::error_code ignored;
        return is_plain_text(path) && !path.ends_with('/') && fits((base / path).native()) &&
               !std::filesystem::is_directory(base / path, ignored);
      },
      "Name a file, not a folder; a relative path starts at the folder of the station file.");
  return text ? base / *text : std::filesystem::path{};
}

// Nothing when it is not named. The folder is made when it is needed.
std::optional<std::filesystem::path> folder_in(Table& table, std::string_view key,
                                               const std::filesystem::path& base) {
  const auto text = table.text(
      key, Need::May, "the path of a folder",
      [&](const std::string& path) {
        std::error_code ignored;
        return is_plain_text(path) && (!std::filesystem::exists(base / path, ignored) ||
                                       std::filesystem::is_directory(base / path, ignored));
      },
      "Name a folder; a relative path starts at the folder of the station file.");
  return text ? std::optional{base / *text} : std::nullopt;
}

ChannelCalibration channel_calibration(Table& calibration, std::string_view key) {
  // Beyond these the cell is not the one that was calibrated, or was loaded while it was.
  constexpr Numbers Gains{0.5, 2.0};
  constexpr Numbers OffsetsN{-300.0, 300.0};
  Table& table = calibration.inner(key, Need::May);
  ChannelCalibration channel;
  if (const auto gain = table.number("gain", Need::May, Gains)) channel.gain = *gain;
  if (const auto offset = table.number("offset_n", Need::May, OffsetsN, " N"))
    channel.offset = units::newtons(*offset);
  return channel;
}

Calibration calibration_from(Table& table) {
  Calibration calibration;
  calibration.strap_left = channel_calibration(table, "strap_left");
  calibration.strap_right = channel_calibration(table, "strap_right");
  constexpr std::array Pads{"pad_front_left", "pad_front_right", "pad_rear_left", "pad_rear_right"};
  for (std::size_t pad = 0; pad < Pads.size(); ++pad) {
    calibration.pads.at(pad) = channel_calibration(table, Pads.at(pad));
  }
  // A sensor mounted further off than this is turned on its shaft instead. The arm's own zero is set in the
  // drive.
  if (const auto offset = table.number("second_offset_deg", Need::May, {-30.0, 30.0}, "°")) {
    calibration.second_offset = units::degrees(*offset);
  }
  if (const auto length = table.number("pad_half_length_m", Need::May, {0.05, 1.0}, " m")) {
    calibration.pad_half_length = units::metres(*length);
  }
  if (const auto width = table.number("pad_half_width_m", Need::May, {0.05, 0.5}, " m")) {
    calibration.pad_half_width = units::metres(*width);
  }
  // With less a coat on the bench would be a person; with more a light person would not be one.
  if (const auto threshold = table.number("presence_threshold_n", Need::May, {50.0, 300.0}, " N")) {
    calibration.presence_threshold = units::newtons(*threshold);
  }
  return calibration;
}

Station station_in(Table& file, const std::filesystem::path& base) {
  Station station;
  file.whole("schema", Need::Must, {1, 1});

  Table& about = file.inner("station", Need::Must, "name and simulation");
  if (auto name = about.text(
          "name", Need::Must, "1 to " + std::to_string(LongestName) + " bytes of text on one line",
          [](const std::string& text) { return is_plain_text(text) && text.size() <= LongestName; },
          "Give the station the name that people call it by.")) {
    station.name = std::move(*name);
  }
  if (const auto simulation = about.flag("simulation", Need::Must)) station.simulation = *simulation;

  Table& control = file.inner("control", Need::May);
  if (const auto period = control.whole("period_ms", Need::May, {2, 50}, " ms")) {
    station.period = units::milliseconds(*period);
  }

  const auto drive = unit_address(file.inner("drive", Need::Must, "link and unit"));
  Table& hub_table = file.inner("hub", Need::Must, "link and unit");
  const auto hub = unit_address(hub_table);
  if (drive && hub && drive->unit == hub->unit && lead_to_the_same_place(drive->link, hub->link)) {
    hub_table.conflict("unit", "another number than that of [drive], which answers on the same link",
                       "Give each unit on a link its own number; hubs are usually 2.");
  }
  station.drive = drive.value_or(UnitAddress{});
  station.hub = hub.value_or(UnitAddress{});

  station.socket = path_in(file.inner("service", Need::Must, "socket"), "socket", base,
                           "the path of a file, at most " + std::to_string(LongestSocketPath) +
                               " bytes with its folder, the most that a Unix socket takes",
                           [](const std::string& path) { return path.size() <= LongestSocketPath; });
  Table& prescription = file.inner("prescription", Need::Must, "file");
  station.prescription_file =
      path_in(prescription, "file", base, "the path of a file", [](const std::string&) { return true; });
  if (!station.socket.empty() &&
      station.prescription_file.lexically_normal() == station.socket.lexically_normal()) {
    prescription.conflict("file", "another path than service.socket", "Give each its own file.");
  }

  station.records_folder = folder_in(file.inner("records", Need::May), "folder", base)
                               .value_or(station.prescription_file.parent_path() / "records");

  station.calibration = calibration_from(file.inner("calibration", Need::May));

  Table& real_time = file.inner("realtime", Need::May);
  if (const auto require = real_time.flag("require", Need::May)) station.real_time.require = *require;
  if (const auto cpu = real_time.whole("cpu", Need::May, {0, 1023})) {
    station.real_time.cpu = static_cast<int>(*cpu);
  }

  file.inner("hmi", Need::May).may_hold_anything();  // the HMI server reads and checks it
  return station;
}

}  // namespace

tl::expected<Station, std::vector<Mistake>> station_from(std::string_view text,
                                                         const std::filesystem::path& file) {
  Book book{file.string()};
  const auto parsed = toml_in(text, book);
  if (!parsed) return tl::unexpected{std::move(book).in_order()};
  Table whole_file{book, *parsed};
  Station station = station_in(whole_file, file.parent_path());
  whole_file.refuse_unknown_keys(whole_file);
  if (!book.empty()) return tl::unexpected{std::move(book).in_order()};
  return station;
}

tl::expected<Station, std::vector<Mistake>> read_station(const std::filesystem::path& file) {
  const auto text =
      text_of(file, {.start_from = "Start from deploy/station.example.toml.", .name = "station file"});
  if (!text) return tl::unexpected{text.error()};
  return station_from(*text, file);
}

}  // namespace plinth::config
