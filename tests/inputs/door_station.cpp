// A whole station in virtual time: machine, patient, control cycle and desk, as they stand in the daemon.
#include <array>
#include <charconv>
#include <map>
#include <memory>
#include <stdexcept>

#include "controller/cycle/channels.hpp"
#include "controller/cycle/control_cycle.hpp"
#include "controller/service/desk.hpp"
#include "drivers/direct_machine.hpp"
#include "plinth/v1/plinth.pb.h"
#include "proto/framing.hpp"
#include "simulator/virtual_station.hpp"
#include "tests/inputs/doors.hpp"
#include "tests/inputs/telling.hpp"
#include "tests/service/fake_control.hpp"
#include "tests/service/temporary_folder.hpp"

namespace plinth::inputs {
namespace {

constexpr units::Duration Period = units::milliseconds(10);

// The last outcome that each client was told.
class Answers final : public service::Outbox {
 public:
  void deliver(service::ClientId to, std::string frame) override {
    proto::FrameReader reader{proto::LongestFromServer};
    reader.feed(frame);
    const auto body = reader.next();
    v1::ServerFrame message;
    if (body && *body && message.ParseFromString(std::string{**body}) && message.has_outcome()) {
      last[to] = message.outcome();
    }
  }
  void refresh(const std::vector<service::ClientId>& /*to*/, std::string /*frame*/) override {}
  void hang_up(service::ClientId /*client*/) override {}

  std::map<service::ClientId, v1::Outcome> last;
};

simulator::StationSetup setup_of(const Input& input) {
  simulator::StationSetup setup{.patient = {}, .by_heart = std::nullopt, .faults = {}, .seed = 1};
  setup.patient.mass = units::kilograms(input.patient_kg);
  if (input.estop_from_ms) {
    setup.faults.push_back({.kind = simulator::FaultKind::Estop,
                            .at = units::milliseconds(*input.estop_from_ms),
                            .lasts = std::nullopt});
  }
  return setup;
}

// Nobody lies there when the pads feel nothing.
sensing::Calibration calibration_of(const Input& input) {
  sensing::Calibration calibration;
  if (input.nobody_there) {
    for (auto& pad : calibration.pads) pad.gain = 0.0;
  }
  return calibration;
}

class WholeStation {
 public:
  explicit WholeStation(const Input& input)
      : machine_{setup_of(input)}, driver_{Handler{&machine_}}, state_{calibration_of(input), Period} {
    driver_.bring_up(safety::installed_limits(std::nullopt, Period), [this](units::Duration span) {
      machine_.advance_to(machine_.now() + span, [](const simulator::VirtualStation&) {});
    });
    introduce(Console, v1::ROLE_CONSOLE);
    introduce(PatientScreen, v1::ROLE_PATIENT);
  }

  void take_step(const std::string& step) {
    v1::ClientFrame frame;
    v1::Command& command = *frame.mutable_command();
    command.set_id(++last_command_);
    service::ClientId by = Console;
    if (step.starts_with("wait ")) {
      int ms = 0;
      std::from_chars(step.data() + 5, step.data() + step.size(), ms);
      return pass(units::milliseconds(ms));
    }
    if (step == "squeeze") {
      squeezing_ = true;
      return pass(units::milliseconds(500));
    }
    if (step == "prescription" || step == "heavier prescription") {
      v1::Prescription& wanted = *command.mutable_set_prescription()->mutable_prescription();
      wanted.set_phase(v1::PHASE_STRENGTH);
      wanted.mutable_person()->set_mass_kg(78);
      wanted.set_load_n(step == "prescription" ? 60 : 120);
    } else if (step == "start") {
      command.mutable_start();
    } else if (step == "stop") {
      command.mutable_stop();
    } else if (step == "reset") {
      command.mutable_reset();
    } else if (step == "reset as patient") {
      command.mutable_reset();
      by = PatientScreen;
    } else if (step == "end") {
      command.mutable_end_session();
    } else {
      throw std::runtime_error{"the catalogue's step: " + step};
    }
    asked_by_ = by;
    desk_.received(by, frame.SerializeAsString(), now());
    pass(units::milliseconds(100));
  }

  // All that a refused request must leave alone.
  struct State {
    safety::Permission permission;
    safety::Cause first_cause;
    session::Stage stage;
    std::optional<rehab::Prescription> prescription;
    std::string kept;
    friend bool operator==(const State&, const State&) = default;
  };
  [[nodiscard]] State state() const {
    return {newest_.verdict.permission, newest_.verdict.first_cause, newest_.guidance.stage,
            newest_.prescription, service::text_in(folder_.path() / "prescription.json")};
  }
  [[nodiscard]] v1::Outcome answer() { return answers_.last[asked_by_]; }

 private:
  static constexpr service::ClientId Console = 1;
  static constexpr service::ClientId PatientScreen = 2;

  struct Handler {
    simulator::VirtualStation* machine;
    std::size_t operator()(std::uint8_t unit, std::span<const std::uint8_t> request,
                           std::span<std::uint8_t> reply) const {
      return machine->handle(unit, request, reply);
    }
  };

  [[nodiscard]] units::Instant now() const { return units::Instant{machine_.now()}; }

  void introduce(service::ClientId client, v1::Role role) {
    desk_.arrived(client, now());
    v1::ClientFrame frame;
    frame.mutable_hello()->set_protocol_version(1);
    frame.mutable_hello()->set_role(role);
    desk_.received(client, frame.SerializeAsString(), now());
  }

  void pass(units::Duration span) {
    v1::ClientFrame beat;
    beat.mutable_heartbeat()->set_sequence(1);
    for (const units::Instant end = now() + span; now() < end;) {
      one_cycle();
      if (++cycles_ % 25 == 0) {
        desk_.received(Console, beat.SerializeAsString(), now());
        desk_.received(PatientScreen, beat.SerializeAsString(), now());
      }
      desk_.tick(now());
    }
  }
  void one_cycle() {
    machine_.advance_to(machine_.now() + Period, [](const simulator::VirtualStation&) {});
    cycle::CycleInput in{.sample = driver_.read(now()), .intent = std::nullopt, .stop = false, .now = now()};
    in.stop = channels_->stop.exchange(false);
    channels_->intents.consume_one([&in](const session::Intent& intent) { in.intent = intent; });
    const cycle::CycleOutput out = cycle::step(state_, in);
    driver_.write(out.command);
    if (out.install_limits) driver_.install(safety::installed_limits(state_.limits, Period));
    if (out.snapshot.guidance.answer) channels_->answers.push(*out.snapshot.guidance.answer);
    channels_->latest.publish(out.snapshot);
    newest_ = out.snapshot;
    simulator::GuideView view;
    view.hold_grips = squeezing_;
    machine_.show_guide(view);
  }

  simulator::VirtualStation machine_;
  drivers::DirectMachine<Handler> driver_;
  cycle::CycleState state_;
  cycle::Snapshot newest_;
  std::unique_ptr<cycle::Channels> channels_ = std::make_unique<cycle::Channels>();
  service::TemporaryFolder folder_;
  service::PrescriptionFile file_{folder_.path() / "prescription.json"};
  Answers answers_;
  // The disk: done in no time.
  service::Desk desk_{{.server = "plinthd", .simulation = true},
                      *channels_,
                      file_,
                      answers_,
                      [](const auto& work, const auto& done) {
                        work();
                        done();
                      }};
  service::ClientId asked_by_ = Console;
  std::uint64_t last_command_ = 0;
  std::uint64_t cycles_ = 0;
  bool squeezing_ = false;
};

}  // namespace

// The last step is the bad input; those before it must be taken.
Reply through_station(const Input& input) {
  WholeStation station{input};
  for (std::size_t i = 0; i + 1 < input.words.size(); ++i) {
    station.take_step(input.words[i]);
    const v1::Outcome outcome = station.answer();
    if (outcome.has_refused()) {
      Reply reply{.changed = input.words[i] + " was refused: " + outcome.refused().code()};
      add(reply, outcome.refused());
      return reply;
    }
  }
  const auto before = station.state();
  station.take_step(input.words.back());
  Reply reply;
  const v1::Outcome outcome = station.answer();
  reply.accepted = outcome.has_applied();
  if (outcome.has_refused()) add(reply, outcome.refused());
  if (!(station.state() == before)) reply.changed = "permission, stage, prescription or the kept file; ";
  return reply;
}

}  // namespace plinth::inputs
