// The folder of the records: the newest of them, each whole or not there.
#pragma once

#include <filesystem>
#include <string>

#include <tl/expected.hpp>

#include "controller/record/black_box.hpp"

namespace plinth::record {

class Shelf {
 public:
  static constexpr std::size_t MostFiles = 50;  // at some megabytes each

  // The folder is made when the first record comes; the one above it must exist then.
  explicit Shelf(std::filesystem::path folder, std::size_t most_files = MostFiles);

  // Writes under another name, flushes to the disk, renames; then takes away the oldest beyond the most. The
  // error is a sentence with the path and the system's reason, and nothing half-written is left.
  tl::expected<std::filesystem::path, std::string> keep(const TripRecord& record);

 private:
  void make_room(const std::filesystem::path& newest) const;

  std::filesystem::path folder_;
  std::size_t most_files_;
};

// "trip-20261121T195652.123Z-grip_released-4711.plr": in the order of time when in the order of names.
std::string file_name_of(const Trip& trip);

}  // namespace plinth::record
