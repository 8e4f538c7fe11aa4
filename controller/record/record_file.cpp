#include "controller/record/record_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/crc.hpp>

#include "controller/record/frame_codec.hpp"

namespace plinth::record {

namespace {

// A byte above 127, a line end of each kind and an end-of-file sign: a transfer that takes the file for text
// damages it visibly (the trick of PNG, ISO/IEC 15948).
constexpr std::array<std::uint8_t, 8> Magic{0x89, 'P', 'L', 'R', '\r', '\n', 0x1A, '\n'};

// Every part: kind, length of the payload, payload, CRC-32 of all three.
constexpr char HeadPart = 'H';
constexpr char PrescriptionPart = 'P';  // loaded in the cycle that follows
constexpr char CyclePart = 'C';
constexpr char EndPart = 'E';  // how many cycles there are
constexpr std::size_t PrefixSize = 3;
constexpr std::size_t ChecksumSize = 4;
constexpr std::size_t FrameSize = 224;  // with its prefix and checksum, a little more than it takes

// The periods that a station file may ask for, and some.
constexpr units::Duration ShortestPeriod = units::milliseconds(1);
constexpr units::Duration LongestPeriod = units::milliseconds(1000);

std::uint32_t checksum_of(std::span<const std::uint8_t> bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

void write_head(ByteWriter& out, const Head& head) {
  out.number(Schema);
  out.text(head.source.plinth);
  out.text(head.source.station);
  out.duration(head.source.period);
  write_calibration(out, head.source.calibration);
  CauseTable::write(out);
  out.code(head.trip.cause);
  out.code(head.trip.action);
  out.number(head.trip.cycle);
  out.instant(head.trip.at);
  out.number(head.trip.unix_ms);
  out.instant(head.window_begin);
  out.instant(head.window_end);
  out.code(head.beginning);
  out.number(head.compare_from);
  out.flag(head.prescription.has_value());
  if (head.prescription) write_prescription(out, *head.prescription);
}

struct HeadRead {
  Head head;
  CauseTable causes;
};

tl::expected<HeadRead, std::string> read_head(ByteReader& in) {
  using Failed = tl::unexpected<std::string>;
  const auto schema = in.number<std::uint16_t>();
  if (schema != Schema)
    return Failed{"it is of schema " + std::to_string(schema) + "; this version reads schema " +
                  std::to_string(Schema)};
  Head head;
  head.source.plinth = in.text();
  head.source.station = in.text();
  head.source.period = in.duration();
  head.source.calibration = read_calibration(in);
  auto causes = CauseTable::read(in);
  if (!causes) return Failed{causes.error()};
  const auto cause = causes->cause(in.number<std::uint8_t>());
  head.trip.action = in.code(safety::Action::TorqueOff);
  head.trip.cycle = in.number<std::uint64_t>();
  head.trip.at = in.instant();
  head.trip.unix_ms = in.number<std::int64_t>();
  head.window_begin = in.instant();
  head.window_end = in.instant();
  head.beginning = in.code(Beginning::Middle);
  head.compare_from = in.number<std::uint64_t>();
  const bool prescribed = in.flag();
  const bool sensible = cause && is_sensible(head.trip.at) && head.source.period >= ShortestPeriod &&
                        head.source.period <= LongestPeriod;
  if (!in.good() || !sensible) return Failed{"its head makes no sense"};
  head.trip.cause = *cause;
  if (prescribed) {
    auto prescription = read_prescription(in);
    if (!prescription) return Failed{prescription.error()};
    head.prescription = *prescription;
  } else if (in.left() != 0) {
    return Failed{"its head makes no sense"};
  }
  return HeadRead{.head = std::move(head), .causes = std::move(*causes)};
}

// Takes one part after the other from a file.
class PartReader {
 public:
  explicit PartReader(std::span<const std::uint8_t> file) : file_{file} {}

  struct Part {
    char kind;
    std::span<const std::uint8_t> payload;
  };
  enum class End : std::uint8_t { CutShort, Damaged };

  [[nodiscard]] std::size_t at() const { return at_; }

  tl::expected<Part, End> next() {
    const auto rest = file_.subspan(at_);
    if (rest.size() < PrefixSize) return tl::unexpected{End::CutShort};
    const std::size_t length = rest[1] | static_cast<std::size_t>(rest[2]) << 8U;
    const std::size_t whole = PrefixSize + length + ChecksumSize;
    if (rest.size() < whole) return tl::unexpected{End::CutShort};
    const auto summed = rest.first(PrefixSize + length);
    ByteReader checksum{rest.subspan(summed.size(), ChecksumSize)};
    if (checksum.number<std::uint32_t>() != checksum_of(summed)) return tl::unexpected{End::Damaged};
    at_ += whole;
    return Part{.kind = static_cast<char>(rest[0]), .payload = summed.subspan(PrefixSize)};
  }

 private:
  std::span<const std::uint8_t> file_;
  std::size_t at_ = Magic.size();
};

// Takes the parts after the head.
class Body {
 public:
  explicit Body(HeadRead head) : causes_{std::move(head.causes)} { contents_.head = std::move(head.head); }

  // The error says what is wrong with the part.
  tl::expected<void, std::string> take(const PartReader::Part& part) {
    ByteReader in{part.payload};
    if (part.kind == CyclePart) return take_cycle(in);
    if (part.kind == EndPart) {
      ended_ = in.number<std::uint64_t>() == contents_.steps.size() && in.good();
      if (!ended_) return tl::unexpected<std::string>{"cycles are missing before its end"};
      return {};
    }
    if (part.kind != PrescriptionPart) return {};  // of a later version, which says nothing to us
    auto prescription = read_prescription(in);
    if (!prescription) return tl::unexpected{prescription.error()};
    loaded_ = *prescription;
    return {};
  }
  [[nodiscard]] bool ended() const { return ended_; }
  Contents& contents() { return contents_; }

 private:
  tl::expected<void, std::string> take_cycle(ByteReader& in) {
    const auto frame = read_frame(in, causes_);
    if (!frame) return tl::unexpected<std::string>{"a cycle makes no sense"};
    if (!contents_.steps.empty()) {
      const cycle::Frame& before = contents_.steps.back().frame;
      if (frame->cycle <= before.cycle || frame->now < before.now)
        return tl::unexpected<std::string>{"its cycles are not in the order of time"};
    }
    contents_.steps.push_back({.frame = *frame, .loaded = std::exchange(loaded_, std::nullopt)});
    return {};
  }

  CauseTable causes_;
  Contents contents_;
  std::optional<rehab::Prescription> loaded_;
  bool ended_ = false;
};

}  // namespace

RecordWriter::RecordWriter(const Head& head, std::size_t expected_frames) {
  constexpr std::size_t HeadSize = 4096;
  file_.reserve(HeadSize + expected_frames * FrameSize);
  file_.assign(Magic.begin(), Magic.end());
  ByteWriter out{payload_};
  write_head(out, head);
  part(HeadPart);
}

void RecordWriter::part(char kind) {
  const std::size_t begin = file_.size();
  ByteWriter out{file_};
  out.number(static_cast<std::uint8_t>(kind));
  out.number(static_cast<std::uint16_t>(payload_.size()));
  file_.insert(file_.end(), payload_.begin(), payload_.end());
  out.number(checksum_of(std::span<const std::uint8_t>{file_}.subspan(begin)));
  payload_.clear();
}

void RecordWriter::add(const cycle::Frame& frame, const std::optional<rehab::Prescription>& loaded) {
  ByteWriter out{payload_};
  if (loaded) {
    write_prescription(out, *loaded);
    part(PrescriptionPart);
  }
  write_frame(out, frame);
  part(CyclePart);
  ++frames_;
}

std::vector<std::uint8_t> RecordWriter::finished() && {
  ByteWriter out{payload_};
  out.number(frames_);
  part(EndPart);
  return std::move(file_);
}

std::string in_words(const Unreadable& unreadable) {
  return "at byte " + std::to_string(unreadable.at) + ": " + unreadable.what;
}

tl::expected<Contents, Unreadable> read_record(std::span<const std::uint8_t> file) {
  const auto unreadable = [](std::size_t at, std::string what) {
    return tl::unexpected{Unreadable{.at = at, .what = std::move(what)}};
  };
  if (file.size() < Magic.size() || !std::ranges::equal(file.first(Magic.size()), Magic))
    return unreadable(0, "it does not begin like a fault record");
  PartReader parts{file};
  const auto first = parts.next();
  if (!first && first.error() == PartReader::End::CutShort)
    return unreadable(file.size(), "the file ends inside its head");
  if (!first) return unreadable(Magic.size(), "the checksum of the head is wrong: a byte has changed");
  if (first->kind != HeadPart) return unreadable(Magic.size(), "it has no head");
  ByteReader head_bytes{first->payload};
  auto head = read_head(head_bytes);
  if (!head) return unreadable(Magic.size(), head.error());

  Body body{std::move(*head)};
  while (!body.ended()) {
    const std::size_t at = parts.at();
    const auto part = parts.next();
    if (!part && part.error() == PartReader::End::Damaged)
      return unreadable(at, "the checksum of a part is wrong: a byte has changed");
    if (!part) {
      body.contents().cut = "the file ends at byte " + std::to_string(file.size()) +
                            ", inside a part; it is whole up to byte " + std::to_string(at);
      break;
    }
    if (const auto taken = body.take(*part); !taken) return unreadable(at, taken.error());
  }
  return std::move(body.contents());
}

}  // namespace plinth::record
