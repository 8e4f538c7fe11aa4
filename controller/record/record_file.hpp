// The file of a trip: what it holds, as values and as bytes. README.md describes the format.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "controller/cycle/record.hpp"

namespace plinth::record {

inline constexpr std::uint16_t Schema = 1;
inline constexpr units::Duration KeptBefore = units::milliseconds(5'000);
inline constexpr units::Duration KeptAfter = units::milliseconds(2'000);

// What every record of a station says of where it comes from. A replay needs period and calibration.
struct Source {
  std::string plinth;   // version
  std::string station;  // its name, as in the station file
  units::Duration period = units::milliseconds(10);
  sensing::Calibration calibration{};
};

// With what a replay may begin.
enum class Beginning : std::uint8_t {
  Program,  // the program's own first cycle: nothing had happened before
  Rest,     // the station stood at rest: a fresh state is brought there by the frames before `compare_from`
  Middle,   // neither is left: a set (or a series of them) that is longer than the memory of the black box
};

struct Trip {
  safety::Cause cause = safety::Cause::None;  // that latched, or that made a latched stop a harder one
  safety::Action action = safety::Action::Allow;
  std::uint64_t cycle = 0;
  units::Instant at{};
  std::int64_t unix_ms = 0;  // by the wall clock; 0: it has none (virtual time)
};

struct Head {
  Source source;
  Trip trip;
  units::Instant window_begin{};  // the 5 s before and the 2 s after; earlier frames are there for the replay
  units::Instant window_end{};
  Beginning beginning = Beginning::Middle;
  std::uint64_t compare_from = 0;                     // the first cycle whose verdict a replay must reproduce
  std::optional<rehab::Prescription> prescription{};  // loaded before the first frame
};

struct Step {
  cycle::Frame frame;
  std::optional<rehab::Prescription> loaded{};  // in this cycle
};

struct Contents {
  Head head;
  std::vector<Step> steps;  // cycles rising, times not falling
  // Where and why a file that was cut short ends; it is good up to there.
  std::optional<std::string> cut{};
};

// Writes a file from its beginning to its end. The bytes are handed out once.
class RecordWriter {
 public:
  RecordWriter(const Head& head, std::size_t expected_frames);
  void add(const cycle::Frame& frame, const std::optional<rehab::Prescription>& loaded);
  [[nodiscard]] std::vector<std::uint8_t> finished() &&;

 private:
  void part(char kind);

  std::vector<std::uint8_t> file_;
  std::vector<std::uint8_t> payload_;
  std::uint64_t frames_ = 0;
};

// Why a file cannot be used, and at which byte.
struct Unreadable {
  std::size_t at = 0;
  std::string what;
};
// "at byte 4711: the checksum of a cycle is wrong"
std::string in_words(const Unreadable& unreadable);

// Never throws, whatever the bytes are; what it gives is bounded by their size. A file that merely ends too
// early is read up to its last whole part, if its head is there.
tl::expected<Contents, Unreadable> read_record(std::span<const std::uint8_t> file);

}  // namespace plinth::record
