// What clients make of the station's frames: the two readers of the stream agree, and every message, however
// strange, becomes text, JSON and a picture for the simulated patient.
#include <google/protobuf/unknown_field_set.h>

#include <cmath>
#include <optional>
#include <string>

#include "hmi/ctl/eyes.hpp"
#include "hmi/ctl/session_run.hpp"
#include "hmi/ctl/text.hpp"
#include "hmi/gateway/framing.hpp"
#include "hmi/gateway/outbox.hpp"
#include "plinth/v1/plinth.pb.h"
#include "proto/framing.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth;
using fuzz::Bytes;
using fuzz::require;

// One stream, cut anywhere, through the client's reader and the gateway's.
void check_stream(Bytes& in) {
  const std::size_t piece = 1 + in.byte();
  const auto stream = in.all();
  const std::string_view text = fuzz::as_text(stream);
  proto::FrameReader whole{proto::LongestFromServer};
  proto::FrameReader cut{proto::LongestFromServer};
  gateway::FrameSplitter splitter;
  std::vector<std::string> at_once;
  std::vector<std::string> in_pieces;
  std::vector<std::string> carried;
  const auto take = [](proto::FrameReader& from, std::vector<std::string>& into) {
    for (auto frame = from.next(); frame && *frame; frame = from.next()) into.emplace_back(**frame);
  };
  whole.feed(text);
  take(whole, at_once);
  for (std::size_t at = 0; at < text.size(); at += piece) {
    cut.feed(text.substr(at, piece));
    take(cut, in_pieces);
    splitter.feed(text.substr(at, piece));
    while (auto frame = splitter.next()) carried.push_back(std::move(*frame));
  }
  require(at_once == in_pieces, "it makes no difference how a stream was cut");
  require(whole.next().has_value() == cut.next().has_value(), "nor for where it ends");
  // The gateway takes no length in more bytes than the longest frame needs.
  require(carried.size() <= at_once.size() && std::equal(carried.begin(), carried.end(), at_once.begin()),
          "the gateway carries what a client would read");
  if (!splitter.broken()) {
    require(carried.size() == at_once.size() && whole.next().has_value(), "and all of it, unless it says so");
  }
  std::string again;
  for (const std::string& frame : at_once) {
    proto::append_frame(again, frame);
    require(gateway::length_prefix(frame.size()).size() <= 3, "both ends write the same prefix");
  }
  proto::FrameReader back{proto::LongestFromServer};
  back.feed(again);
  std::vector<std::string> returned;
  take(back, returned);
  require(returned == at_once, "what was framed is read again");
}

void check_eyes(const v1::Telemetry& telemetry) {
  const ctl::Eyes eyes = ctl::eyes_for(telemetry, 7);
  require(eyes[4] == 7 && eyes[5] <= 3, "the patient's picture has its number and its flags");
  const auto request = ctl::write_request(1, eyes);
  require(request.size() == 13 + 2 * ctl::EyesWords, "and is one frame");
}

void check_message(Bytes& in) {
  v1::Telemetry before;
  v1::ServerFrame frame;
  const auto body = in.all();
  if (!frame.ParseFromArray(body.data(), static_cast<int>(body.size()))) return;
  const std::string canonical = frame.SerializeAsString();
  const auto kind = gateway::kind_of(canonical);
  const bool replaceable = frame.has_telemetry() || frame.has_heartbeat();
  if (frame.GetReflection()->GetUnknownFields(frame).empty() &&
      frame.body_case() != v1::ServerFrame::BODY_NOT_SET) {
    require((kind == gateway::FrameKind::Ordered) == !replaceable,
            "the gateway replaces telemetry and heartbeats, and nothing else");
  }
  require(ctl::json_of(frame).find('\n') == std::string::npos, "JSON is one line");

  using namespace std::chrono_literals;
  const auto start = std::chrono::steady_clock::time_point{};
  ctl::SessionRun run{frame.welcome().prescription(), {}, start};
  auto now = start;
  for (int i = 0; i < 3 && !run.is_over(); ++i) {
    now += 20s;
    if (frame.has_outcome()) run.answered(frame.outcome(), now);
    const auto wish = run.look(frame.has_welcome() ? frame.welcome().telemetry() : frame.telemetry(), now);
    (void)wish;
  }
  require(!ctl::summary_text(run.summary()).empty(), "a session sums up whatever was shown");
  require(!ctl::json_of(run.summary()).empty(), "for programs, too");

  if (frame.has_welcome()) {
    require(!ctl::status_text(frame.welcome()).empty(), "a state becomes text");
    check_eyes(frame.welcome().telemetry());
  }
  if (frame.has_telemetry()) {
    require(ctl::watch_line(frame.telemetry()).find('\n') == std::string::npos, "a line is a line");
    (void)ctl::progress_text(before, frame.telemetry());
    check_eyes(frame.telemetry());
  }
  if (frame.has_prescription())
    require(!ctl::prescription_text(frame.prescription()).empty(), "told in words");
  if (frame.has_outcome()) (void)client::in_words(frame.outcome().refused());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in{data, size};
  if (in.flip()) {
    check_stream(in);
  } else {
    check_message(in);
  }
  return 0;
}
