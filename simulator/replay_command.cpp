#include "simulator/replay_command.hpp"

#include <cerrno>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "drivers/blocks.hpp"
#include "simulator/replay.hpp"

namespace plinth::simulator {

namespace {

// The longest set that a black box holds takes 22 MB.
constexpr std::size_t LargestFile = 64UL * 1024 * 1024;

using Json = nlohmann::ordered_json;

tl::expected<std::vector<std::uint8_t>, std::string> bytes_of(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) return tl::unexpected{error.message()};
  if (size > LargestFile) return tl::unexpected<std::string>{"it is larger than any record is"};
  std::ifstream file{path, std::ios::binary};
  std::vector<std::uint8_t> bytes(size);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a stream's bytes are chars
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file) return tl::unexpected{std::system_category().message(errno)};
  return bytes;
}

// "2026-11-21 19:56:52 UTC"; empty in virtual time.
std::string date_of(const record::Trip& trip) {
  if (trip.unix_ms == 0) return {};
  const std::time_t seconds = trip.unix_ms / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::ostringstream text;
  text << std::put_time(&parts, "%Y-%m-%d %H:%M:%S UTC");
  return text.str();
}

double in_seconds_from_trip(std::int64_t t_ms) {
  return static_cast<double>(t_ms) / 1000.0;
}

Json as_json(const record::Contents& contents, const Replay& replay) {
  const record::Head& head = contents.head;
  Json verdicts = Json::array();
  for (const ReplayedVerdict& verdict : replay.verdicts)
    verdicts.push_back({{"t_ms", verdict.t_ms},
                        {"cycle", verdict.cycle},
                        {"permission", safety::name_of(verdict.outcome.permission)},
                        {"action", safety::name_of(verdict.outcome.action)},
                        {"cause", safety::name_of(verdict.outcome.cause)}});
  Json first = nullptr;
  if (replay.first)
    first = {{"t_ms", replay.first->t_ms}, {"cycle", replay.first->cycle}, {"what", replay.first->what}};
  return {{"station", head.source.station},
          {"recorded_by", head.source.plinth},
          {"replayed_by", PLINTH_VERSION},
          {"trip",
           {{"cause", safety::name_of(head.trip.cause)},
            {"action", safety::name_of(head.trip.action)},
            {"cycle", head.trip.cycle},
            {"unix_ms", head.trip.unix_ms == 0 ? Json(nullptr) : Json(head.trip.unix_ms)}}},
          {"period_ms", units::in_milliseconds(head.source.period)},
          {"cycles", contents.steps.size()},
          {"compared", replay.compared},
          {"missing", replay.missing},
          {"cut", contents.cut ? Json(*contents.cut) : Json(nullptr)},
          {"same", replay.same()},
          {"different", replay.different},
          {"first_difference", std::move(first)},
          {"verdicts", std::move(verdicts)}};
}

void tell(const record::Contents& contents, const Replay& replay) {
  const record::Head& head = contents.head;
  const std::string date = date_of(head.trip);
  std::cout << head.source.station << (date.empty() ? "" : ", ") << date << ": "
            << safety::name_of(head.trip.cause) << ", " << safety::name_of(head.trip.action) << " (cycle "
            << head.trip.cycle << ")\n"
            << "recorded by plinth " << head.source.plinth << ", replayed by " << PLINTH_VERSION << "; "
            << replay.compared << " of " << contents.steps.size() << " cycles compared, one every "
            << units::in_milliseconds(head.source.period) << " ms\n";
  for (const ReplayedVerdict& verdict : replay.verdicts)
    std::cout << std::fixed << std::setprecision(2) << std::setw(9) << std::showpos
              << in_seconds_from_trip(verdict.t_ms) << std::noshowpos << " s  " << std::left << std::setw(8)
              << safety::name_of(verdict.outcome.permission) << ' ' << std::setw(10)
              << safety::name_of(verdict.outcome.action) << ' ' << safety::name_of(verdict.outcome.cause)
              << std::right << '\n';
  if (contents.cut) std::cout << "CUT SHORT: " << *contents.cut << ".\n";
  if (replay.missing > 0)
    std::cout << "MISSING: " << replay.missing << " cycles never reached the recorder.\n";
  if (replay.first) {
    std::cout << "DIFFERENT in " << replay.different << " cycles, first " << std::showpos
              << in_seconds_from_trip(replay.first->t_ms) << std::noshowpos << " s from the trip (cycle "
              << replay.first->cycle << "):\n";
    for (const auto& what : replay.first->what) std::cout << "  " << what << '\n';
  }
  if (replay.same()) std::cout << "The same verdict and command in every cycle.\n";
}

// One line a recorded cycle: the sensors as the driver decodes them, the verdict and the command as recorded.
class CsvFile {
 public:
  explicit CsvFile(const std::filesystem::path& path) : file_{path} {
    file_ << "t_s,cycle,in_window,drive_reading,hub_reading,angle_deg,velocity_deg_s,torque_nm,setpoint_nm,"
             "second_angle_deg,strap_left_n,strap_right_n,pad_front_left_n,pad_front_right_n,pad_rear_left_n,"
             "pad_rear_right_n,left_grip,right_grip,comfort_pressed,permission,action,cause,moment,set,rep,"
             "mode,torque_dnm,resisting_dnm,supporting_dnm,permit\n";
  }
  bool write(const record::Contents& contents) {
    for (const record::Step& step : contents.steps) line(contents.head, step.frame);
    return static_cast<bool>(file_ << std::flush);
  }

 private:
  void line(const record::Head& head, const cycle::Frame& frame) {
    const auto drive = frame.drive_heard ? drivers::drive_report(frame.drive) : std::nullopt;
    const auto hub = frame.hub_heard ? drivers::hub_report(frame.hub) : std::nullopt;
    file_ << units::in_seconds(frame.now - head.trip.at) << ',' << frame.cycle << ','
          << (frame.now >= head.window_begin && frame.now <= head.window_end) << ','
          << name_of(frame.drive_reading) << ',' << name_of(frame.hub_reading) << ',';
    if (drive)
      file_ << units::in_degrees(drive->angle) << ',' << units::in_degrees_per_second(drive->velocity) << ','
            << units::in_newton_metres(drive->torque) << ','
            << units::in_newton_metres(drive->torque_setpoint) << ',';
    else
      file_ << ",,,,";
    if (hub) {
      if (hub->second_angle) file_ << units::in_degrees(*hub->second_angle);
      file_ << ',';
      channel(hub->strap_left);
      channel(hub->strap_right);
      for (const auto& pad : hub->pads) channel(pad);
      file_ << hub->left_grip << ',' << hub->right_grip << ',' << hub->comfort_pressed << ',';
    } else {
      file_ << ",,,,,,,,,,";
    }
    const cycle::Outcome& outcome = frame.outcome;
    const safety::WireCommand& command = outcome.command;
    file_ << safety::name_of(outcome.permission) << ',' << safety::name_of(outcome.action) << ','
          << safety::name_of(outcome.cause) << ',' << rehab::name_of(frame.moment) << ',' << frame.set << ','
          << frame.rep << ',' << static_cast<int>(command.mode) << ',' << command.torque_dnm << ','
          << command.resisting_limit_dnm << ',' << command.supporting_limit_dnm << ',' << outcome.permit
          << '\n';
  }
  void channel(const sensing::ForceChannel& channel) {
    if (channel.force) file_ << units::in_newtons(*channel.force);
    file_ << ',';
  }
  static std::string_view name_of(sensing::Reading reading) {
    switch (reading) {
      case sensing::Reading::Fresh:
        return "fresh";
      case sensing::Reading::Missing:
        return "missing";
      case sensing::Reading::Damaged:
        return "damaged";
    }
    return "";
  }

  std::ofstream file_;
};

int cannot_replay(const std::filesystem::path& file, const std::string& why, const std::string& next_step) {
  std::cerr << file.string() << " cannot be replayed: " << why << ". " << next_step << '\n';
  return 2;
}

}  // namespace

int replay_command(const ReplayArguments& arguments) {
  const auto bytes = bytes_of(arguments.file);
  if (!bytes)
    return cannot_replay(arguments.file, bytes.error(), "Name a record from the station's records folder.");
  const auto contents = record::read_record(*bytes);
  if (!contents)
    return cannot_replay(arguments.file, record::in_words(contents.error()),
                         "Copy it again from the station, or use the version that wrote it.");
  if (arguments.trace && !CsvFile{*arguments.trace}.write(*contents)) {
    std::cerr << arguments.trace->string() << " cannot be written. Choose a file in a folder that exists.\n";
    return 2;
  }
  if (contents->head.beginning == record::Beginning::Middle)
    return cannot_replay(arguments.file,
                         "it begins in the middle of a set, which was longer than the station can remember",
                         "Its cycles can be looked at with --trace.");
  const Replay result = replay(*contents);
  if (!result.trip_reached)
    return cannot_replay(arguments.file,
                         contents->cut ? *contents->cut + ", before the trip" : "its trip is not in it",
                         "Copy it again from the station.");
  if (arguments.json)
    std::cout << as_json(*contents, result).dump(2) << '\n';
  else
    tell(*contents, result);
  return result.same() ? 0 : 1;
}

}  // namespace plinth::simulator
