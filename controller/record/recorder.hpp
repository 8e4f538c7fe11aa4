// Takes every cycle from the control thread's queue and puts a file on the shelf when something has tripped.
// On a thread of its own: a slow disk makes neither control nor people wait.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "controller/cycle/channels.hpp"
#include "controller/record/shelf.hpp"

namespace plinth::record {

class Recorder {
 public:
  // `tell(kept, sentence)` is called on the recorder's thread: a record was kept, or could not be.
  using Tell = std::function<void(bool kept, const std::string& sentence)>;

  // The only reader of `channels.recorder`, which must outlive it. Takes the black box's memory at once.
  Recorder(cycle::Channels& channels, const Source& source, std::filesystem::path folder, Tell tell);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  // Takes what is still in the queue and keeps every record that waits. To be called when control has ended.
  ~Recorder();

  void start();

 private:
  void run(const std::stop_token& stop);
  void drain();
  void keep_all(const std::function<std::optional<TripRecord>()>& take);
  void keep(const TripRecord& record);

  cycle::Channels& channels_;
  BlackBox box_;
  Shelf shelf_;
  Tell tell_;
  cycle::Record taken_{};
  std::jthread thread_;
};

}  // namespace plinth::record
