// Everything that clients may send to the local socket, through the desk and to a control loop of few words:
// refused with a reason or applied, told once to whoever asked, and a stop always honoured.
#include <spdlog/spdlog.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/service/desk.hpp"
#include "controller/service/translate.hpp"
#include "plinth/v1/plinth.pb.h"
#include "proto/framing.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/scratch.hpp"
#include "tests/service/fake_control.hpp"

namespace {

using namespace plinth;
using fuzz::Bytes;
using fuzz::require;
using service::ClientId;

bool stands_in_the_catalogue(const v1::Refused& refused) {
  for (const rehab::RefusalText& row : rehab::refusal_catalogue()) {
    if (row.name == refused.code()) return !refused.why().empty() && !refused.next_step().empty();
  }
  return false;
}

// Reads what clients get, as a client would.
class Clients final : public service::Outbox {
 public:
  void deliver(ClientId to, std::string frame) override {
    require(here.contains(to), "nobody is told anything who is not there");
    const v1::ServerFrame message = unpacked(frame);
    if (message.has_outcome()) {
      const v1::Outcome& outcome = message.outcome();
      require(open[to].contains(outcome.id()), "an outcome answers a command, and once");
      open[to].erase(open[to].find(outcome.id()));
      require(outcome.has_applied() != outcome.has_refused(), "an outcome is one or the other");
      if (outcome.has_refused()) check(outcome.refused());
    }
    if (message.has_goodbye()) check(message.goodbye().reason());
    goodbye = message.has_goodbye();
  }
  void refresh(const std::vector<ClientId>& to, std::string frame) override {
    const v1::ServerFrame message = unpacked(frame);
    require(message.has_telemetry() || message.has_heartbeat(), "only what may be replaced is replaced");
    for (const ClientId id : to) require(here.contains(id), "nobody is shown anything who is not there");
  }
  void hang_up(ClientId client) override {
    require(here.contains(client) && goodbye, "whoever is hung up on has been told why");
    gone(client);
  }
  void gone(ClientId client) {
    here.erase(client);
    open.erase(client);
  }

  std::set<ClientId> here;
  std::map<ClientId, std::multiset<std::uint64_t>> open;  // commands that wait for their outcome

 private:
  static void check(const v1::Refused& refused) {
    require(stands_in_the_catalogue(refused), "every refusal stands in the catalogue, in words");
    for (const v1::Refused& detail : refused.details()) {
      require(stands_in_the_catalogue(detail), "every detail stands in the catalogue, in words");
    }
  }
  static v1::ServerFrame unpacked(const std::string& bytes) {
    proto::FrameReader reader{proto::LongestFromServer};
    reader.feed(bytes);
    const auto body = reader.next();
    v1::ServerFrame frame;
    require(body && *body && frame.ParseFromArray((*body)->data(), static_cast<int>((*body)->size())),
            "what the station sends can be read");
    require(frame.body_case() != v1::ServerFrame::BODY_NOT_SET, "and says something");
    const auto rest = reader.next();
    require(rest && !*rest, "and is one frame");
    return frame;
  }
  bool goodbye = false;
};

class Story {
 public:
  explicit Story(Bytes& in, const std::filesystem::path& file)
      : in_{in},
        file_{file},
        desk_{{.server = "plinthd", .simulation = true}, *channels_, file_, clients_, aside_} {
    control_.cycle();
    desk_.restore(now_);
  }

  void step() {
    switch (in_.below(8)) {
      case 0:
        arrive();
        break;
      case 1:
        pass(units::milliseconds(5 * (1 + in_.byte())));
        break;
      case 2:
        control_is_alive_ = in_.below(4) != 0;
        control_.answer = refusal_from(in_.byte());
        disk_is_slow_ = in_.below(4) == 3;
        if (!disk_is_slow_) let_the_disk_finish();
        break;
      case 3: {
        const ClientId client = somebody();
        desk_.left(client);
        clients_.gone(client);
        greeted_.erase(client);
        break;
      }
      case 4:
        receive(in_.some(in_.byte()));
        break;
      case 5:
        hello();
        break;
      default:
        command();
    }
  }

  void finish() {
    control_is_alive_ = true;
    control_.answer = nullptr;
    disk_is_slow_ = false;
    let_the_disk_finish();
    pass(units::milliseconds(3000));
    for (const auto& [client, ids] : clients_.open) require(ids.empty(), "every command is answered");
    const auto kept = file_.load();
    require(kept.has_value(), "the kept prescription is whole");
    if (*kept) require(allowed(**kept), "and allowed");
    desk_.close();
    require(clients_.here.empty(), "at the end everybody is told goodbye");
  }

 private:
  static bool allowed(const rehab::Prescription& prescription) {
    return rehab::Prescription::checked(prescription.draft(), prescription.person()).has_value();
  }
  static std::function<std::optional<rehab::RefusalCode>(const session::Intent&)> refusal_from(
      unsigned code) {
    if (code > static_cast<unsigned>(rehab::LastRefusalCode)) return nullptr;
    return [code](const session::Intent&) { return static_cast<rehab::RefusalCode>(code); };
  }

  void let_the_disk_finish() {
    for (const auto& done : std::exchange(on_the_disk_, {})) done();
  }

  void arrive() {
    if (clients_.here.size() >= 4) return;
    clients_.here.insert(++last_client_);
    desk_.arrived(last_client_, now_);
  }
  ClientId somebody() {
    if (clients_.here.empty()) return 0;
    auto chosen = clients_.here.begin();
    std::advance(chosen, in_.below(static_cast<unsigned>(clients_.here.size())));
    return *chosen;
  }

  void receive(const std::vector<std::uint8_t>& body) { receive(somebody(), fuzz::as_text(body)); }
  void receive(ClientId client, std::string_view body) {
    const bool was_here = clients_.here.contains(client);
    v1::ClientFrame frame;
    const bool readable = frame.ParseFromArray(body.data(), static_cast<int>(body.size()));
    const bool greeted = was_here && greeted_.contains(client);
    if (greeted && readable && frame.has_command()) clients_.open[client].insert(frame.command().id());
    const bool stop = greeted && readable && frame.has_command() && frame.command().has_stop();
    const std::size_t waiting = channels_->intents.read_available();
    desk_.received(client, body, now_);
    if (stop) require(channels_->stop.load(), "a stop is on its way before anything else happens");
    if (!greeted || !readable || !frame.has_command() || greeted_.at(client) != v1::ROLE_CONSOLE) {
      const bool resets = greeted && readable && frame.has_command() && frame.command().has_reset();
      require(channels_->intents.read_available() == waiting || resets,
              "only a console's commands, and a reset, reach the control loop");
    }
    if (!was_here) return;
    if (!clients_.here.contains(client)) greeted_.erase(client);
    if (clients_.here.contains(client) && readable && frame.has_hello())
      greeted_[client] = frame.hello().role();
  }

  void hello() {
    v1::ClientFrame frame;
    frame.mutable_hello()->set_protocol_version(in_.below(16) == 0 ? in_.byte() : 1);
    frame.mutable_hello()->set_role(static_cast<v1::Role>(in_.below(5)));
    frame.mutable_hello()->set_client(std::string{fuzz::as_text(in_.some(in_.below(32)))});
    receive(somebody(), frame.SerializeAsString());
  }
  void command() {
    v1::ClientFrame frame;
    v1::Command& command = *frame.mutable_command();
    command.set_id(in_.byte());
    switch (in_.below(8)) {
      case 0:
        command.mutable_start();
        break;
      case 1:
        command.mutable_stop();
        break;
      case 2:
        command.mutable_reset();
        break;
      case 3:
        command.mutable_end_session();
        break;
      case 4:
        command.mutable_get_prescription();
        break;
      case 5:
        command.mutable_tell_reason()->set_reason(static_cast<v1::StopReason>(in_.below(7)));
        command.mutable_tell_reason()->set_words(std::string(in_.byte(), 'a'));
        break;
      case 6: {
        const auto message = in_.some(in_.byte());
        (void)command.mutable_set_prescription()->mutable_prescription()->ParseFromArray(
            message.data(), static_cast<int>(message.size()));
        break;
      }
      default: {
        v1::Prescription& wanted = *command.mutable_set_prescription()->mutable_prescription();
        wanted.set_phase(static_cast<v1::Phase>(in_.below(6)));
        wanted.mutable_person()->set_mass_kg(in_.byte());
        wanted.set_load_n(in_.word() * 0.1);
      }
    }
    receive(somebody(), frame.SerializeAsString());
  }

  void pass(units::Duration time) {
    for (const units::Instant end = now_ + time; now_ < end;) {
      now_ += units::milliseconds(5);
      if (control_is_alive_ && units::in_milliseconds(now_.time_since_epoch()) % 10 == 0) control_.cycle();
      desk_.tick(now_);
      for (auto known = greeted_.begin(); known != greeted_.end();) {
        known = clients_.here.contains(known->first) ? std::next(known) : greeted_.erase(known);
      }
    }
    const auto& in_force = control_.snapshot.prescription;
    require(!in_force || allowed(*in_force), "what is in force is allowed");
    control_.seen.clear();
  }

  Bytes& in_;
  std::unique_ptr<cycle::Channels> channels_ = std::make_unique<cycle::Channels>();
  service::PrescriptionFile file_;
  Clients clients_;
  service::FakeControl control_{*channels_};
  units::Instant now_{units::milliseconds(1'000'000)};
  // The disk, which may take its time.
  bool disk_is_slow_ = false;
  std::vector<std::function<void()>> on_the_disk_;
  service::Aside aside_ = [this](const auto& work, const auto& done) {
    work();
    if (disk_is_slow_) {
      on_the_disk_.push_back(done);
    } else {
      done();
    }
  };
  service::Desk desk_;
  std::map<ClientId, v1::Role> greeted_;
  ClientId last_client_ = 0;
  bool control_is_alive_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Scratch scratch;
  spdlog::set_level(spdlog::level::off);
  const auto file = scratch.path() / "prescription.json";
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  Bytes in{data, size};
  Story story{in, file};
  for (int steps = 0; !in.empty() && steps < 200; ++steps) story.step();
  story.finish();
  return 0;
}
