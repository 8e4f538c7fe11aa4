#include "controller/service/desk.hpp"

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "controller/service/journal.hpp"
#include "controller/service/translate.hpp"
#include "controller/service/unknown_field.hpp"
#include "plinth/v1/plinth.pb.h"
#include "proto/framing.hpp"

namespace plinth::service {
namespace {

using rehab::Refusal;
using rehab::RefusalCode;

constexpr std::uint32_t ProtocolVersion = 1;
// More than any screen has on its way at once; it keeps one client from taking the whole queue.
constexpr std::size_t MostPerClient = 16;
// A console that watches says so every 250 ms. Somebody who connects, asks once and leaves again watches
// nothing.
constexpr std::uint64_t BeatsOfAScreen = 2;

std::string framed(const v1::ServerFrame& frame) {
  std::string bytes;
  proto::append_frame(bytes, frame.SerializeAsString());
  return bytes;
}

// A name that a client gave itself, as it may stand in the log: short, and in one line.
std::string for_the_log(std::string_view text) {
  constexpr std::size_t Longest = 40;
  std::string out{text.substr(0, Longest)};
  for (char& c : out) {
    if (c <= ' ' || c > '~') c = '_';
  }
  return out;
}

std::string_view name_of(v1::Command::BodyCase body) {
  switch (body) {
    case v1::Command::kSetPrescription:
      return "set_prescription";
    case v1::Command::kStart:
      return "start";
    case v1::Command::kStop:
      return "stop";
    case v1::Command::kReset:
      return "reset";
    case v1::Command::kEndSession:
      return "end_session";
    case v1::Command::kGetPrescription:
      return "get_prescription";
    case v1::Command::kTellReason:
      return "tell_reason";
    case v1::Command::BODY_NOT_SET:
      break;
  }
  return "unknown";
}

}  // namespace

Desk::Desk(DeskSettings settings, cycle::Channels& channels, const PrescriptionFile& file, Outbox& outbox,
           Aside aside)
    : settings_{std::move(settings)},
      channels_{channels},
      file_{file},
      outbox_{outbox},
      aside_{std::move(aside)},
      errands_{channels, settings_.answer_within} {}

void Desk::restore(units::Instant now) {
  file_.discard();  // what a power cut may have left half-way
  const auto kept = file_.load();
  if (!kept) {
    file_trouble_ = kept.error();
    spdlog::error("prescription not restored: {}; set one at the console", file_trouble_);
    return;
  }
  if (!*kept) return;
  const Errand errand{.what = "restore", .prescription = *kept};
  if (!errands_.send(errand, session::LoadPrescription{**kept}, now)) {
    spdlog::error("prescription not restored: the queue to control is full");
  }
}

// ------------------------------------------------------------------------------------------ connections

void Desk::arrived(ClientId client, units::Instant now) {
  clients_.emplace(client, Client{.arrived = now, .last_sent = now});
}

void Desk::left(ClientId client) {
  if (clients_.erase(client) > 0) spdlog::info("client={} left", client);
}

void Desk::broken(ClientId client, RefusalCode why) {
  if (clients_.contains(client)) goodbye(client, message_of(why));
}

void Desk::received(ClientId id, std::string_view body, units::Instant now) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;  // we have hung up already
  now_ = now;
  Client& client = found->second;
  v1::ClientFrame frame;
  if (!frame.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    goodbye(id, message_of(RefusalCode::Malformed));
    return;
  }
  if (frame.has_heartbeat()) ++client.beats_heard;
  heard(client);
  if (!client.role && !frame.has_hello()) {
    goodbye(id, message_of(Refusal{RefusalCode::Malformed, "hello", "", "Hello as the first frame"}));
  } else if (frame.has_hello()) {
    greet(id, client, frame.hello());
  } else if (frame.has_command()) {
    handle(id, *client.role, frame.command());
  } else if (!frame.has_heartbeat()) {
    goodbye(id, message_of(RefusalCode::UnknownRequest));
  }
}

void Desk::heard(const Client& client) {
  if (client.role == Role::Patient) watch_.heard_patient_screen(now_);
  if (client.role == Role::Console && client.beats_heard >= BeatsOfAScreen) watch_.heard_console(now_);
}

void Desk::greet(ClientId id, Client& client, const v1::Hello& hello) {
  if (client.role) {
    goodbye(id, message_of(Refusal{RefusalCode::Malformed, "hello", "a second Hello", "one per connection"}));
    return;
  }
  if (hello.protocol_version() != ProtocolVersion) {
    goodbye(id, message_of(Refusal{RefusalCode::WrongVersion, "protocol_version",
                                   "the client speaks " + std::to_string(hello.protocol_version()) +
                                       ", the station " + std::to_string(ProtocolVersion),
                                   std::to_string(ProtocolVersion)}));
    return;
  }
  const auto role = role_of(hello);
  if (!role) {
    goodbye(id, message_of(Refusal{RefusalCode::UnknownName, "role", std::to_string(hello.role()),
                                   "viewer (1), patient (2) or console (3)"}));
    return;
  }
  // While it has no role yet: what there is to tell the others stands in its own welcome, which comes first.
  take_snapshot();
  client.role = role;
  heard(client);
  spdlog::info("client={} hello role={} name={}", id, v1::Role_Name(hello.role()),
               for_the_log(hello.client()));
  welcome(id);
}

void Desk::welcome(ClientId id) {
  v1::ServerFrame frame;
  v1::Welcome& welcome = *frame.mutable_welcome();
  welcome.set_protocol_version(ProtocolVersion);
  welcome.set_server(settings_.server);
  welcome.set_simulation(settings_.simulation);
  *welcome.mutable_telemetry() = telemetry();
  if (picture_.in_force()) *welcome.mutable_prescription() = message_of(*picture_.in_force());
  for (const rehab::Phase phase : rehab::AllPhases)
    *welcome.add_phases() = message_of(rehab::limits_of(phase));
  *welcome.mutable_machine() = message_of(rehab::machine_limits());
  deliver(id, frame);
}

// --------------------------------------------------------------------------------------------- requests

void Desk::handle(ClientId id, Role role, const v1::Command& command) {
  const Errand errand{.client = id, .command = command.id(), .what = name_of(command.body_case())};
  spdlog::info("client={} command={} {}", id, errand.command, errand.what);
  if (const auto why = forbidden(role, command)) return refuse(errand, message_of(*why));
  if (const auto stranger = unknown_field_in(command); stranger && !command.has_stop()) {
    return refuse(errand, message_of(Refusal{RefusalCode::UnknownRequest, "", "it holds " + *stranger, ""}));
  }
  switch (command.body_case()) {
    case v1::Command::kStop:
      return stop(errand);
    case v1::Command::kStart:
      if (const auto why = aftermath_.obstacle_to_start()) return refuse(errand, message_of(*why));
      return send(errand, session::Start{});
    case v1::Command::kReset:
      return send(errand, session::Reset{reset_level(role)});
    case v1::Command::kEndSession: {
      Errand with_it = errand;
      with_it.ends_review = aftermath_.needs_review();
      return send(with_it, session::EndSession{});
    }
    case v1::Command::kSetPrescription:
      return set_prescription(errand, command.set_prescription().prescription());
    case v1::Command::kGetPrescription:
      return get_prescription(errand);
    case v1::Command::kTellReason:
      return tell_reason(errand, role, command.tell_reason());
    case v1::Command::BODY_NOT_SET:
      return refuse(errand, RefusalCode::UnknownRequest);
  }
}

void Desk::send(const Errand& errand, session::IntentBody body) {
  if (errands_.count_of(errand.client) >= MostPerClient || !errands_.send(errand, std::move(body), now_)) {
    refuse(errand, RefusalCode::Busy);
  }
}

void Desk::stop(const Errand& errand) {
  if (!errands_.stop(errand, now_)) refuse(errand, RefusalCode::Busy);  // the stop itself is on its way
}

// The order matters: on the disk, in force, in its place on the disk, told. Whatever ends the daemon in
// between, nothing that was told is lost, and nothing that was refused comes back with the next start.
void Desk::set_prescription(const Errand& errand, const v1::Prescription& message) {
  const auto prescription = prescription_of(message);
  if (!prescription) return refuse(errand, message_of(prescription.error()));
  if (on_the_disk_ || errands_.carries_prescription()) return refuse(errand, RefusalCode::Busy);
  Errand with_it = errand;
  with_it.prescription = *prescription;
  on_the_disk_ = true;
  const auto staged = std::make_shared<Written>();
  aside_([this, staged, prescription = *prescription] { *staged = file_.stage(prescription); },
         [this, staged, with_it] {
           on_the_disk_ = false;
           load_staged(with_it, *staged);
         });
}

void Desk::load_staged(const Errand& errand, const Written& staged) {
  if (!staged) {
    spdlog::error("prescription not stored: {}", staged.error());
    refuse(errand, message_of(Refusal{RefusalCode::StorageFailed, "", staged.error(), ""}));
  } else if (!errands_.send(errand, session::LoadPrescription{*errand.prescription}, now_)) {
    file_.discard();
    refuse(errand, RefusalCode::Busy);
  }
}

void Desk::tell_reason(const Errand& errand, Role role, const v1::TellReason& message) {
  const auto told = told_of(message, role);
  if (!told) return refuse(errand, message_of(told.error()));
  if (const auto why = aftermath_.tell(*told)) return refuse(errand, message_of(*why));
  told_newest_ = false;
  apply(errand);
}

void Desk::get_prescription(const Errand& errand) {
  if (picture_.in_force()) return apply(errand);
  refuse(errand, message_of(Refusal{RefusalCode::NoPrescription, "", file_trouble_, ""}));
}

// -------------------------------------------------------------------------------------- what comes back

void Desk::tick(units::Instant now) {
  now_ = now;
  const bool published = take_snapshot();
  for (const Return& back : errands_.collect(published, now)) settle(back);
  watch_the_set();
  send_telemetry();
  send_heartbeats();
  hang_up_on_the_wordless();
}

bool Desk::take_snapshot() {
  const Picture::News news = picture_.take(channels_);
  if (news.snapshot) {
    told_newest_ = false;
    aftermath_.look(picture_.newest());
  }
  if (news.prescription) tell_prescription();
  return news.snapshot;
}

void Desk::tell_prescription() {
  if (!picture_.in_force()) return;
  v1::ServerFrame frame;
  *frame.mutable_prescription() = message_of(*picture_.in_force());
  for (const auto& [id, client] : clients_) {
    if (client.role) deliver(id, frame);
  }
}

void Desk::settle(const Return& back) {
  const bool staged = back.errand.prescription && back.errand.client != 0;
  if (staged && !back.refused) return keep(back);
  // A silent control may still put it in force: then it is kept.
  if (staged && back.refused != RefusalCode::ControlSilent) file_.discard();
  const bool nothing_to_end = back.refused == RefusalCode::NotRunning;
  if (back.errand.ends_review && (!back.refused || nothing_to_end)) {
    aftermath_.reviewed();
    told_newest_ = false;
    if (nothing_to_end) return apply(back.errand);  // the review was what there was to end
  }
  tell_outcome(back);
}

void Desk::keep(const Return& back) {
  on_the_disk_ = true;
  const auto committed = std::make_shared<Written>();
  aside_([this, committed] { *committed = file_.commit(); },
         [this, committed, back] {
           on_the_disk_ = false;
           if (*committed) {
             file_trouble_.clear();
             return tell_outcome(back);
           }
           spdlog::error("prescription in force but not kept: {}", committed->error());
           if (back.late) return;
           refuse(back.errand, message_of(Refusal{RefusalCode::NotKept, "", committed->error(), ""}));
         });
}

void Desk::tell_outcome(const Return& back) {
  if (back.late) {
    spdlog::warn("client={} command={} {} answered late", back.errand.client, back.errand.command,
                 back.errand.what);
  } else if (back.refused) {
    refuse(back.errand, message_of(*back.refused, picture_.newest()));
  } else {
    apply(back.errand);
  }
}

void Desk::watch_the_set() {
  const bool runs = runs_a_set(picture_.newest().guidance.stage);
  const auto unwatched = watch_.look(runs, now_);
  if (unwatched) {
    if (!unwatched_) {
      spdlog::warn("set stopped: {}", *unwatched == Unwatched::PatientScreenLost
                                          ? "the patient's screen is gone"
                                          : "neither a patient's screen nor a console is there");
    }
    channels_.stop.store(true, std::memory_order_release);
  }
  unwatched_ = unwatched.has_value();
  // A Start may have been on its way when the person told what they felt.
  if (aftermath_.needs_review() && (runs || picture_.newest().guidance.stage == session::Stage::Armed)) {
    channels_.stop.store(true, std::memory_order_release);
  }
}

void Desk::send_telemetry() {
  if (told_newest_ || now_ < next_telemetry_) return;
  // In step with the schedule, and after a gap in step with now.
  next_telemetry_ =
      std::max(next_telemetry_ + settings_.telemetry_every, now_ + settings_.telemetry_every / 2);
  told_newest_ = true;
  std::vector<ClientId> greeted;
  for (auto& [id, client] : clients_) {
    if (!client.role) continue;
    greeted.push_back(id);
    client.last_sent = now_;
  }
  if (greeted.empty()) return;
  v1::ServerFrame frame;
  *frame.mutable_telemetry() = telemetry();
  outbox_.refresh(greeted, framed(frame));
}

void Desk::send_heartbeats() {
  for (auto& [id, client] : clients_) {
    if (!client.role || now_ - client.last_sent < settings_.heartbeat_every) continue;
    v1::ServerFrame frame;
    frame.mutable_heartbeat()->set_sequence(++client.beats_sent);
    outbox_.refresh({id}, framed(frame));
    client.last_sent = now_;
  }
}

void Desk::hang_up_on_the_wordless() {
  std::vector<ClientId> wordless;
  for (const auto& [id, client] : clients_) {
    if (!client.role && now_ - client.arrived >= settings_.hello_within) wordless.push_back(id);
  }
  for (const ClientId id : wordless) {
    goodbye(id, message_of(Refusal{RefusalCode::Malformed, "hello", "no Hello in time", "Hello at once"}));
  }
}

void Desk::close() {
  while (!clients_.empty()) goodbye(clients_.begin()->first, message_of(RefusalCode::Ending));
}

// ----------------------------------------------------------------------------------------------- telling

void Desk::apply(const Errand& errand) {
  v1::Outcome outcome;
  v1::Applied& applied = *outcome.mutable_applied();
  if (errand.prescription) {
    *applied.mutable_prescription() = message_of(*errand.prescription);
  } else if (picture_.in_force()) {
    *applied.mutable_prescription() = message_of(*picture_.in_force());
  }
  spdlog::info("client={} command={} {} applied", errand.client, errand.command, errand.what);
  answer(errand, outcome);
}

void Desk::refuse(const Errand& errand, RefusalCode why) {
  refuse(errand, message_of(why));
}

void Desk::refuse(const Errand& errand, const v1::Refused& why) {
  v1::Outcome outcome;
  *outcome.mutable_refused() = why;
  spdlog::info("client={} command={} {} refused code={} field={}", errand.client, errand.command, errand.what,
               why.code(), why.field());
  answer(errand, outcome);
}

v1::Telemetry Desk::telemetry() const {
  v1::Telemetry telemetry = picture_.telemetry();
  *telemetry.mutable_aftermath() = message_of(aftermath_);
  return telemetry;
}

void Desk::answer(const Errand& errand, const v1::Outcome& outcome) {
  if (!clients_.contains(errand.client)) return;  // has left, or it was the desk's own
  v1::ServerFrame frame;
  *frame.mutable_outcome() = outcome;
  frame.mutable_outcome()->set_id(errand.command);
  deliver(errand.client, frame);
}

void Desk::deliver(ClientId client, const v1::ServerFrame& frame) {
  clients_.at(client).last_sent = now_;
  outbox_.deliver(client, framed(frame));
}

void Desk::goodbye(ClientId client, const v1::Refused& why) {
  spdlog::info("client={} goodbye code={} why=\"{}\"", client, why.code(), why.why());
  v1::ServerFrame frame;
  *frame.mutable_goodbye()->mutable_reason() = why;
  deliver(client, frame);
  clients_.erase(client);
  outbox_.hang_up(client);
}

}  // namespace plinth::service
