#include "controller/service/roles.hpp"

#include "plinth/v1/plinth.pb.h"

namespace plinth::service {
namespace {

bool may(Role role, v1::Command::BodyCase request) {
  switch (request) {
    case v1::Command::kStop:
    case v1::Command::kGetPrescription:
    case v1::Command::BODY_NOT_SET:
      return true;  // what nobody knows is refused as that
    case v1::Command::kReset:
    case v1::Command::kTellReason:
      return role != Role::Viewer;
    case v1::Command::kStart:
    case v1::Command::kEndSession:
    case v1::Command::kSetPrescription:
      return role == Role::Console;
  }
  return false;
}

}  // namespace

std::optional<Role> role_of(const v1::Hello& hello) {
  switch (hello.role()) {
    case v1::ROLE_VIEWER:
      return Role::Viewer;
    case v1::ROLE_PATIENT:
      return Role::Patient;
    case v1::ROLE_CONSOLE:
      return Role::Console;
    default:
      return std::nullopt;
  }
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::Viewer:
      return "viewer";
    case Role::Patient:
      return "patient";
    case Role::Console:
      return "console";
  }
  return "unknown";
}

std::optional<rehab::Refusal> forbidden(Role role, const v1::Command& command) {
  if (may(role, command.body_case())) return std::nullopt;
  return rehab::Refusal{.code = rehab::RefusalCode::NotAllowedForRole,
                        .field = {},
                        .found = role == Role::Patient ? "it is a patient's screen" : "it is a viewer",
                        .allowed = "role console (3)"};
}

safety::LatchLevel reset_level(Role role) {
  return role == Role::Console ? safety::LatchLevel::Therapist : safety::LatchLevel::Patient;
}

}  // namespace plinth::service
