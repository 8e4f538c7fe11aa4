// A desk with a control loop behind it, in virtual time.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controller/service/desk.hpp"
#include "controller/service/translate.hpp"
#include "plinth/v1/plinth.pb.h"
#include "proto/framing.hpp"
#include "tests/service/fake_control.hpp"
#include "tests/service/temporary_folder.hpp"

namespace plinth::service {

// What each client got, unpacked.
class KeptOutbox final : public Outbox {
 public:
  void deliver(ClientId to, std::string frame) override { got[to].push_back(unpacked(frame)); }
  void refresh(const std::vector<ClientId>& to, std::string frame) override {
    for (const ClientId id : to) news[id].push_back(unpacked(frame));
  }
  void hang_up(ClientId client) override { hung_up.insert(client); }

  std::map<ClientId, std::vector<v1::ServerFrame>> got;
  std::map<ClientId, std::vector<v1::ServerFrame>> news;
  std::set<ClientId> hung_up;

 private:
  static v1::ServerFrame unpacked(const std::string& bytes) {
    proto::FrameReader reader{proto::LongestFromServer};
    reader.feed(bytes);
    const auto body = reader.next();
    v1::ServerFrame frame;
    EXPECT_TRUE(body && *body && frame.ParseFromString(std::string{**body}));
    return frame;
  }
};

// A desk with a control loop behind it, in virtual time: a tick every 5 ms, a cycle every 10 ms.
class ADesk : public testing::Test {
 protected:
  ADesk() { control_.cycle(); }

  void let_pass(units::Duration time) {
    for (const units::Instant end = now_ + time; now_ < end;) {
      now_ += units::milliseconds(5);
      if (control_alive_ && units::in_milliseconds(now_.time_since_epoch()) % 10 == 0) control_.cycle();
      desk_.tick(now_);
    }
  }
  void let_pass_hearing(const std::vector<ClientId>& clients, units::Duration time) {
    v1::ClientFrame beat;
    beat.mutable_heartbeat()->set_sequence(1);
    for (const units::Instant end = now_ + time; now_ < end;) {
      for (const ClientId client : clients) receive(client, beat);
      let_pass(units::milliseconds(250));
    }
  }

  void receive(ClientId client, const v1::ClientFrame& frame) {
    desk_.received(client, frame.SerializeAsString(), now_);
  }
  void hello(ClientId client, v1::Role role, std::uint32_t version = 1) {
    desk_.arrived(client, now_);
    v1::ClientFrame frame;
    frame.mutable_hello()->set_protocol_version(version);
    frame.mutable_hello()->set_client("a test");
    frame.mutable_hello()->set_role(role);
    receive(client, frame);
  }
  template <typename Fill>
  void command(ClientId client, std::uint64_t id, Fill fill) {
    v1::ClientFrame frame;
    frame.mutable_command()->set_id(id);
    fill(*frame.mutable_command());
    receive(client, frame);
  }
  void start(ClientId client, std::uint64_t id) {
    command(client, id, [](v1::Command& c) { c.mutable_start(); });
  }
  void stop(ClientId client, std::uint64_t id) {
    command(client, id, [](v1::Command& c) { c.mutable_stop(); });
  }
  void prescribe(ClientId client, std::uint64_t id, const v1::Prescription& prescription) {
    command(client, id,
            [&](v1::Command& c) { *c.mutable_set_prescription()->mutable_prescription() = prescription; });
  }
  void prescribe(ClientId client, std::uint64_t id, double load_n) {
    prescribe(client, id, message_of(a_prescription(load_n)));
  }

  std::vector<v1::Outcome> outcomes_for(ClientId client) {
    std::vector<v1::Outcome> outcomes;
    for (const auto& frame : outbox_.got[client]) {
      if (frame.has_outcome()) outcomes.push_back(frame.outcome());
    }
    return outcomes;
  }
  std::string goodbye_for(ClientId client) {
    const auto& frames = outbox_.got[client];
    return frames.empty() || !frames.back().has_goodbye() ? "" : frames.back().goodbye().reason().code();
  }

  TemporaryFolder folder_;
  std::unique_ptr<cycle::Channels> channels_ = std::make_unique<cycle::Channels>();
  PrescriptionFile file_{folder_.path() / "prescription.json"};
  KeptOutbox outbox_;
  FakeControl control_{*channels_};
  // The disk: done in no time, or not before let_the_disk_finish().
  bool disk_is_slow_ = false;
  std::vector<std::function<void()>> on_the_disk_;
  void let_the_disk_finish() {
    for (const auto& done : std::exchange(on_the_disk_, {})) done();
  }
  Aside aside_ = [this](const auto& work, const auto& done) {
    work();
    if (disk_is_slow_) {
      on_the_disk_.push_back(done);
    } else {
      done();
    }
  };
  Desk desk_{{.server = "plinthd test", .simulation = true}, *channels_, file_, outbox_, aside_};
  units::Instant now_{units::milliseconds(1'000'000)};
  bool control_alive_ = true;
};

}  // namespace plinth::service
