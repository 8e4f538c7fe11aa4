// What plinthctl prints: for people in lines, for programs in JSON.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "hmi/ctl/session_run.hpp"
#include "plinth/v1/plinth.pb.h"

namespace plinth::ctl {

// Several lines: everything about the station.
[[nodiscard]] std::string status_text(const v1::Welcome& welcome);
// One line: for `watch`.
[[nodiscard]] std::string watch_line(const v1::Telemetry& telemetry);
// What a run tells while it goes on, in lines; empty when nothing worth one has changed since `before`.
[[nodiscard]] std::string progress_text(const v1::Telemetry& before, const v1::Telemetry& now);
[[nodiscard]] std::string prescription_text(const v1::Prescription& prescription);
[[nodiscard]] std::string summary_text(const Summary& summary);

// One line of JSON with the schema's field names.
[[nodiscard]] std::string json_of(const google::protobuf::Message& message);
[[nodiscard]] std::string json_of(const Summary& summary);

}  // namespace plinth::ctl
