// What a witness saw, as one JSON object in a file.
#pragma once

#include <filesystem>
#include <string>

#include "simulator/witness.hpp"

namespace plinth::simulator {

struct ServeRecord {
  Testimony testimony;
  units::Duration latest_tick{};  // how late the plant's clock was at worst
  units::Duration left_out{};     // time in which the machine slept and the plant stood still
};

// Instants become milliseconds of CLOCK_MONOTONIC, so that whoever made a fault on this computer can compare.
// Throws std::runtime_error when the file cannot be written.
void write_report(const std::filesystem::path& file, const std::string& scenario, std::uint64_t seed,
                  const ServeRecord& record);

}  // namespace plinth::simulator
