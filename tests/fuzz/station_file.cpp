// The station file: refused with every mistake in its place and in words, or within all its ranges.
#include <cmath>
#include <string>

#include "controller/config/station.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth;
using config::Mistake;
using fuzz::require;

bool is_one_line(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void check_mistakes(const std::vector<Mistake>& mistakes, std::string_view text) {
  require(!mistakes.empty(), "a refused file has a mistake");
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  std::uint32_t last = 1;
  for (const Mistake& mistake : mistakes) {
    require(is_one_line(config::in_words(mistake)), "a mistake is one line, fit for a terminal");
    require(!mistake.next_step.empty() || !mistake.allowed.empty(), "a mistake says what would be right");
    require(mistake.line <= lines, "a mistake is somewhere in the file");
    const std::uint32_t place = mistake.line == 0 ? UINT32_MAX : mistake.line;
    require(place >= last, "mistakes are in the order of the lines");
    last = place;
    if (mistake.kind == Mistake::Kind::NotToml) continue;
    require(!mistake.key.empty(), "a mistake names its key");
  }
}

void check_channel(const config::ChannelCalibration& channel) {
  require(channel.gain >= 0.5 && channel.gain <= 2, "a gain is one of a sound cell");
  require(std::abs(units::in_newtons(channel.offset)) <= 300.0000001, "so is its offset");
}

void check_station(const config::Station& station) {
  require(!station.name.empty() && station.name.size() <= 64 && is_one_line(station.name),
          "a name is a name");
  require(station.period >= units::milliseconds(2) && station.period <= units::milliseconds(50),
          "a period is 2 to 50 ms");
  for (const auto* unit : {&station.drive, &station.hub}) {
    require(unit->unit >= 1 && unit->unit <= 247 && unit->link.port > 0 && !unit->link.host.empty(),
            "a unit can be addressed");
    require(config::tcp_link_from(config::in_words(unit->link)) == unit->link,
            "a link is told as it is written");
  }
  require(!(station.drive == station.hub), "two units are two");
  require(!station.socket.empty() && station.socket.native().size() <= 107, "a socket's path fits");
  require(!station.prescription_file.empty() && station.prescription_file != station.socket,
          "the prescription has a file of its own");
  const config::Calibration& c = station.calibration;
  check_channel(c.strap_left);
  check_channel(c.strap_right);
  for (const auto& pad : c.pads) check_channel(pad);
  require(std::abs(units::in_degrees(c.second_offset)) <= 30.0000001, "a sensor is not mounted further off");
  require(units::in_newtons(c.presence_threshold) >= 50 && units::in_newtons(c.presence_threshold) <= 300,
          "presence is a person's weight");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in{data, size};
  const auto bytes = in.all();
  const auto station = config::station_from(fuzz::as_text(bytes), "/etc/plinth/station.toml");
  if (station) {
    check_station(*station);
  } else {
    check_mistakes(station.error(), fuzz::as_text(bytes));
  }
  return 0;
}
