// Remembers the newest cycles, and when something trips hands out the file that tells and replays it. A
// value: no clock, no input or output; all its memory is taken when it is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "controller/record/record_file.hpp"

namespace plinth::record {

struct TripRecord {
  Trip trip;
  std::vector<std::uint8_t> file;
};

class BlackBox {
 public:
  // A replay begins with a fresh state, which forgets by itself what the running one knows within this time
  // at rest: at any period it is longer than the hundred cycles over which lost answers are counted.
  static constexpr units::Duration Lead = units::milliseconds(6'000);
  // No reset, start or stop for so long: whatever counts the time since the last one counts no more.
  static constexpr units::Duration Settled = units::milliseconds(2'000);
  // Of two things that trip at once each gets its record; of more, the first ones.
  static constexpr std::size_t MostWaiting = 4;

  // Room for the longest set that people do: 400 s. At a period of 10 ms that is 9 MB; never more than 22 MB.
  static std::size_t cycles_for(units::Duration period);

  explicit BlackBox(Source source) : BlackBox{source, cycles_for(source.period)} {}
  BlackBox(Source source, std::size_t most_cycles);

  // The next cycle of one program. Numbers rise; a gap shows in the file.
  void add(const cycle::Record& record);

  // The oldest record whose 2 s are over. `unix_ms`: the wall clock now; 0 where there is none.
  std::optional<TripRecord> take_complete(std::int64_t unix_ms);
  // The same, however much of the 2 s is over: the program is ending.
  std::optional<TripRecord> take_any(std::int64_t unix_ms);

 private:
  struct Kept {
    cycle::Frame frame;
    // The newest frame, up to this one, at which the station had been at rest for long enough.
    std::optional<std::uint64_t> rest;
  };
  struct Loading {
    std::uint64_t number = 0;
    rehab::Prescription prescription;
  };
  // A trip whose 2 s are not over. Frames are numbered from 0 since the box was made.
  struct Waiting {
    Trip trip;
    std::uint64_t begin = 0;
    std::uint64_t compare_from = 0;  // a cycle
    Beginning beginning{};
    units::Instant window_begin{};
    units::Instant window_end{};
    bool complete = false;
  };

  [[nodiscard]] const Kept& kept(std::uint64_t number) const { return ring_[number % ring_.size()]; }
  [[nodiscard]] std::uint64_t first_since(units::Instant instant, std::uint64_t newest) const;
  void remember(const cycle::Record& record);
  void follow_rest(const cycle::Frame& frame);
  void watch(const cycle::Frame& before, const cycle::Frame& frame);
  void note_trip(const cycle::Frame& frame);
  [[nodiscard]] TripRecord written(const Waiting& waiting, std::int64_t unix_ms) const;
  std::optional<TripRecord> take(bool complete_only, std::int64_t unix_ms);

  Source source_;
  std::vector<Kept> ring_;
  std::uint64_t oldest_ = 0;  // still there
  std::uint64_t next_ = 0;
  std::vector<Loading> loadings_;
  std::vector<Waiting> waiting_;
  std::optional<units::Instant> resting_since_;
  std::optional<units::Instant> settled_since_;
  std::optional<std::uint64_t> rest_;
};

}  // namespace plinth::record
