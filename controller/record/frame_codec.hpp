// The parts of a record's file to bytes and back. Private to record_file.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "controller/cycle/record.hpp"
#include "controller/record/bytes.hpp"

namespace plinth::record {

// Causes go by number in the frames and by name in the file's head: a version that knows more of them, or
// knows them in another order, still reads an older file.
class CauseTable {
 public:
  static void write(ByteWriter& out);  // this version's
  // The error names a cause that this version does not know.
  static tl::expected<CauseTable, std::string> read(ByteReader& in);

  // Nothing for a number that the file has no name for.
  [[nodiscard]] std::optional<safety::Cause> cause(std::uint8_t number) const;
  [[nodiscard]] std::optional<safety::CauseSet> causes(std::uint64_t bits) const;

 private:
  std::vector<safety::Cause> causes_;  // by the file's number
};

// A monotonic clock of a computer is never negative, and far from where differences would overflow.
bool is_sensible(units::Instant instant);

void write_frame(ByteWriter& out, const cycle::Frame& frame);
// Nothing when the bytes are no frame.
std::optional<cycle::Frame> read_frame(ByteReader& in, const CauseTable& causes);

void write_prescription(ByteWriter& out, const rehab::Prescription& prescription);
// Checked anew by every rule; the error says what is wrong with it.
tl::expected<rehab::Prescription, std::string> read_prescription(ByteReader& in);

void write_calibration(ByteWriter& out, const sensing::Calibration& calibration);
sensing::Calibration read_calibration(ByteReader& in);

}  // namespace plinth::record
