#include "controller/record/shelf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <iomanip>
#include <span>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace plinth::record {

namespace {

constexpr std::string_view Prefix = "trip-";
constexpr std::string_view Suffix = ".plr";

std::string reason(int error) {
  return std::system_category().message(error);
}

// The descriptor of one file, closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

// 0, or the system's number for what went wrong.
int write_whole(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  // Body measures stand in it: for the station's own people only.
  constexpr ::mode_t OwnerAndGroup = S_IRUSR | S_IWUSR | S_IRGRP;
  const Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, OwnerAndGroup)};
  if (!file.is_open()) return errno;
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return ::fsync(file.number()) == 0 ? 0 : errno;
}

void flush_folder(const std::filesystem::path& folder) {
  const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.is_open()) (void)::fsync(opened.number());  // without it the rename may be lost, never torn
}

bool is_record(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with(Prefix) && name.ends_with(Suffix);
}

}  // namespace

std::string file_name_of(const Trip& trip) {
  const std::time_t seconds = trip.unix_ms / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::ostringstream name;
  name << Prefix << std::put_time(&parts, "%Y%m%dT%H%M%S") << '.' << std::setfill('0') << std::setw(3)
       << trip.unix_ms % 1000 << "Z-" << safety::name_of(trip.cause) << '-' << trip.cycle << Suffix;
  return name.str();
}

Shelf::Shelf(std::filesystem::path folder, std::size_t most_files)
    : folder_{std::move(folder)}, most_files_{std::max<std::size_t>(most_files, 1)} {}

tl::expected<std::filesystem::path, std::string> Shelf::keep(const TripRecord& record) {
  const auto failed = [this](const std::string& why) {
    return tl::unexpected{"the fault record cannot be kept in " + folder_.string() + ": " + why};
  };
  std::error_code error;
  std::filesystem::create_directory(folder_, error);
  if (error) return failed(error.message());
  const auto path = folder_ / file_name_of(record.trip);
  // One name for all: what a power cut leaves behind is written over by the next.
  const auto unfinished = folder_ / ".unfinished";
  if (const int number = write_whole(unfinished, record.file); number != 0) {
    std::filesystem::remove(unfinished, error);
    return failed(reason(number));
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) {
    const std::string why = error.message();
    std::filesystem::remove(unfinished, error);
    return failed(why);
  }
  flush_folder(folder_);
  make_room(path);
  return path;
}

void Shelf::make_room(const std::filesystem::path& newest) const {
  std::error_code error;
  std::vector<std::filesystem::path> records;
  for (std::filesystem::directory_iterator entry{folder_, error}, end; !error && entry != end;
       entry.increment(error))
    if (is_record(entry->path()) && entry->path() != newest) records.push_back(entry->path());
  std::ranges::sort(records);
  for (std::size_t i = 0; i + most_files_ <= records.size(); ++i) std::filesystem::remove(records[i], error);
}

}  // namespace plinth::record
