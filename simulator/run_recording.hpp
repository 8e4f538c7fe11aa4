// What plinthd's recorder does, for a run in virtual time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "controller/record/black_box.hpp"

namespace plinth::simulator {

class RunRecording {
 public:
  RunRecording(units::Duration period, const std::string& scenario);

  // Every cycle, in order. One that is not of the same program as the last (its number does not rise) begins
  // another black box, as another plinthd would.
  void add(const cycle::Record& record);

  // The records of every trip, in order; each ends with the run if its 2 s were not over. To be called once.
  std::vector<record::TripRecord> finished();
  // Writes the first of them, and says so on standard error when there is none. False when it cannot be
  // written (told there too).
  bool write_first(const std::filesystem::path& file);

 private:
  void take_rest();

  record::Source source_;
  std::optional<record::BlackBox> box_;
  std::uint64_t last_cycle_ = 0;
  std::vector<record::TripRecord> records_;
};

}  // namespace plinth::simulator
