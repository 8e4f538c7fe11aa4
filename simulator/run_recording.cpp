#include "simulator/run_recording.hpp"

#include <fstream>
#include <iostream>
#include <utility>

namespace plinth::simulator {

RunRecording::RunRecording(units::Duration period, const std::string& scenario)
    : source_{.plinth = PLINTH_VERSION, .station = "simulated: " + scenario, .period = period} {}

void RunRecording::take_rest() {
  while (box_) {
    auto record = box_->take_any(0);
    if (!record) return;
    records_.push_back(std::move(*record));
  }
}

void RunRecording::add(const cycle::Record& record) {
  if (box_ && record.frame.cycle <= last_cycle_) {
    take_rest();
    box_.reset();
  }
  if (!box_) box_.emplace(source_);
  last_cycle_ = record.frame.cycle;
  box_->add(record);
  while (auto complete = box_->take_complete(0)) records_.push_back(std::move(*complete));
}

std::vector<record::TripRecord> RunRecording::finished() {
  take_rest();
  return std::exchange(records_, {});
}

bool RunRecording::write_first(const std::filesystem::path& file) {
  const auto records = finished();
  if (records.empty()) {
    std::cerr << "Nothing tripped: no record was written.\n";
    return true;
  }
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  const std::string bytes{records.front().file.begin(), records.front().file.end()};
  out << bytes << std::flush;
  if (out) return true;
  std::cerr << file.string() << " cannot be written. Choose a file in a folder that exists.\n";
  return false;
}

}  // namespace plinth::simulator
