// The desk, with a control loop of few words behind it, and a good prescription in force.
#include <google/protobuf/util/json_util.h>

#include <stdexcept>

#include "tests/inputs/doors.hpp"
#include "tests/inputs/telling.hpp"
#include "tests/service/a_desk.hpp"

namespace plinth::inputs {
namespace {

using service::ClientId;

template <typename Message>
Message from_json(const std::string& text) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
  if (!status.ok()) throw std::runtime_error{"the catalogue's JSON: " + text + ": " + status.ToString()};
  return message;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

class DeskDoor final : public service::ADesk {
 public:
  void TestBody() override {}

  // What a station looks like on a usual day: a console is there, a prescription is in force and kept.
  void open() {
    hello(Colleague, v1::ROLE_CONSOLE);
    prescribe(Colleague, 1, 100.0);
    let_pass(units::milliseconds(50));
    remember();
  }
  void open_with_file(const Input& input) {
    const auto path = folder_.path() / "prescription.json";
    if (input.folder) {
      std::filesystem::create_directory(path);
    } else {
      service::write_text(path, input.text);
    }
    remember();
    desk_.restore(now_);
    let_pass(units::milliseconds(50));
  }

  void introduce(const std::string& role) {
    if (role == "none") return desk_.arrived(Stranger, now_);
    hello(Stranger, role == "viewer"    ? v1::ROLE_VIEWER
                    : role == "patient" ? v1::ROLE_PATIENT
                                        : v1::ROLE_CONSOLE);
    outbox_.got[Stranger].clear();
  }
  void give(const std::string& body, int messages) {
    for (int i = 0; i < messages; ++i) desk_.received(Stranger, body, now_);
    let_pass(units::milliseconds(100));
  }

  Reply reply(const Input& input) {
    Reply reply;
    for (const v1::ServerFrame& frame : outbox_.got[Stranger]) {
      if (frame.has_goodbye()) add(reply, frame.goodbye().reason());
      if (!frame.has_outcome()) continue;
      if (frame.outcome().has_refused()) add(reply, frame.outcome().refused());
      reply.accepted = reply.accepted || frame.outcome().has_applied();
    }
    reply.hung_up = outbox_.hung_up.contains(Stranger);
    if (text() != file_before_) reply.changed += "the kept prescription; ";
    if (control_.seen.size() != seen_before_ && !input.reaches_control)
      reply.changed += "control was asked; ";
    if (control_.snapshot.prescription != in_force_before_) reply.changed += "the prescription in force; ";
    if (outbox_.hung_up.contains(Colleague)) reply.changed += "another client was hung up on; ";
    return reply;
  }

 private:
  static constexpr ClientId Colleague = 1;
  static constexpr ClientId Stranger = 2;

  std::string text() { return service::text_in(folder_.path() / "prescription.json"); }
  void remember() {
    file_before_ = text();
    seen_before_ = control_.seen.size();
    in_force_before_ = control_.snapshot.prescription;
  }

  std::string file_before_;
  std::size_t seen_before_ = 0;
  std::optional<rehab::Prescription> in_force_before_;
};

}  // namespace

Reply through_prescription(const Input& input) {
  DeskDoor desk;
  desk.open();
  desk.introduce(input.role);
  v1::ClientFrame frame;
  v1::Command& command = *frame.mutable_command();
  command.set_id(7);
  v1::Prescription& wanted = *command.mutable_set_prescription()->mutable_prescription();
  wanted = from_json<v1::Prescription>(input.base);
  wanted.MergeFrom(from_json<v1::Prescription>(input.text));
  desk.give(frame.SerializeAsString(), input.messages);
  Reply reply = desk.reply(input);
  if (input.accepted) reply.changed.clear();
  return reply;
}

Reply through_frame(const Input& input) {
  DeskDoor desk;
  desk.open();
  desk.introduce(input.role);
  const bool json = input.text.starts_with('{');
  desk.give(json ? from_json<v1::ClientFrame>(input.text).SerializeAsString()
                 : repeated(input.text, input.times) + repeated(input.closed_by, input.times),
            input.messages);
  return desk.reply(input);
}

Reply through_prescription_file(const Input& input) {
  DeskDoor desk;
  desk.open_with_file(input);
  desk.introduce("console");
  desk.give(
      from_json<v1::ClientFrame>(R"({"command": {"id": 7, "get_prescription": {}}})").SerializeAsString(), 1);
  return desk.reply(input);
}

}  // namespace plinth::inputs
