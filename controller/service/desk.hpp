// The reception desk: knows every client, what each may ask for and what they are told. No socket and no
// clock: frames and the time are passed in.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/cycle/channels.hpp"
#include "controller/service/aftermath.hpp"
#include "controller/service/errands.hpp"
#include "controller/service/picture.hpp"
#include "controller/service/prescription_file.hpp"
#include "controller/service/roles.hpp"
#include "controller/service/watch.hpp"

namespace plinth::v1 {
class Command;
class Hello;
class Outcome;
class Prescription;
class Refused;
class ServerFrame;
class Telemetry;
class TellReason;
}  // namespace plinth::v1

namespace plinth::service {

// Where the desk puts what clients are to get: whole frames, as they go over the wire.
class Outbox {
 public:
  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  virtual ~Outbox() = default;

  // Must arrive, in this order.
  virtual void deliver(ClientId to, std::string frame) = 0;
  // Newest wins: takes the place of an earlier one that was not sent yet.
  virtual void refresh(const std::vector<ClientId>& to, std::string frame) = 0;
  // Ends the connection when everything delivered before is sent.
  virtual void hang_up(ClientId client) = 0;
};

// Does `work`, which may take its time, where nobody waits for it, and then `done` on the desk's own thread.
using Aside = std::function<void(std::function<void()> work, std::function<void()> done)>;

struct DeskSettings {
  std::string server = "plinthd";                             // with its version, as clients see it
  bool simulation = false;                                    // the units are simulated: every view says so
  units::Duration telemetry_every = units::milliseconds(25);  // 40 a second
  units::Duration heartbeat_every = units::milliseconds(250);
  units::Duration answer_within = units::milliseconds(1000);
  units::Duration hello_within = units::milliseconds(5000);
};

// Everything happens on one thread, but for what is written to the disk: a flush may take seconds, and a
// stop, the telemetry and the watch do not wait for it.
class Desk {
 public:
  // `channels`, `file` and `outbox` must outlive it, and it must outlive what it has put `aside`.
  Desk(DeskSettings settings, cycle::Channels& channels, const PrescriptionFile& file, Outbox& outbox,
       Aside aside);

  // Takes the prescription of the last run to control, when there is one and it is whole. What is wrong with
  // a damaged one is logged, and told to whoever asks for the prescription.
  void restore(units::Instant now);

  // Shown with everything that is told from now on.
  void tell(UnitTroubles troubles) { picture_.tell(std::move(troubles)); }

  void arrived(ClientId client, units::Instant now);
  // One frame's body.
  void received(ClientId client, std::string_view body, units::Instant now);
  // What comes from this client cannot be cut into frames any more: says why and hangs up.
  void broken(ClientId client, rehab::RefusalCode why);
  void left(ClientId client);
  // To be called every few milliseconds: outcomes, telemetry, the watch.
  void tick(units::Instant now);
  // Says goodbye to everybody.
  void close();

 private:
  struct Client {
    units::Instant arrived;
    units::Instant last_sent;
    std::optional<Role> role{};  // nothing before Hello
    std::uint64_t beats_sent = 0;
    std::uint64_t beats_heard = 0;
  };

  // Requests.
  void heard(const Client& client);
  void greet(ClientId id, Client& client, const v1::Hello& hello);
  void welcome(ClientId id);
  void handle(ClientId id, Role role, const v1::Command& command);
  void send(const Errand& errand, session::IntentBody body);
  void stop(const Errand& errand);
  void set_prescription(const Errand& errand, const v1::Prescription& message);
  void load_staged(const Errand& errand, const Written& staged);
  void tell_reason(const Errand& errand, Role role, const v1::TellReason& message);
  void get_prescription(const Errand& errand);

  // What comes back, and what is told.
  bool take_snapshot();  // true when there was a new one
  void tell_prescription();
  void settle(const Return& back);
  void keep(const Return& back);  // a prescription that is in force; its outcome is told when it is kept
  void tell_outcome(const Return& back);
  void watch_the_set();
  void send_telemetry();
  void send_heartbeats();
  void hang_up_on_the_wordless();

  void answer(const Errand& errand, const v1::Outcome& outcome);
  void apply(const Errand& errand);
  void refuse(const Errand& errand, const v1::Refused& why);
  void refuse(const Errand& errand, rehab::RefusalCode why);
  [[nodiscard]] v1::Telemetry telemetry() const;
  void deliver(ClientId client, const v1::ServerFrame& frame);
  void goodbye(ClientId client, const v1::Refused& why);

  DeskSettings settings_;
  cycle::Channels& channels_;
  const PrescriptionFile& file_;
  Outbox& outbox_;
  Aside aside_;
  Errands errands_;
  std::map<ClientId, Client> clients_;
  units::Instant now_{};  // of the call in progress

  Picture picture_;
  bool told_newest_ = true;  // there is nothing newer than what was sent last
  units::Instant next_telemetry_{};
  std::string file_trouble_;  // why nothing could be restored; empty otherwise
  bool on_the_disk_ = false;  // a prescription is being written, put in its place or taken away

  Aftermath aftermath_;
  Watch watch_;
  bool unwatched_ = false;  // the watch has ended this set
};

}  // namespace plinth::service
