#include "controller/safety/action.hpp"

#include "controller/safety/rules.hpp"
#include "controller/safety/verdict.hpp"

namespace plinth::safety {

std::string_view name_of(Action action) {
  switch (action) {
    case Action::Allow:
      return "allow";
    case Action::Limit:
      return "limit";
    case Action::Release:
      return "release";
    case Action::DriveStop:
      return "drive_stop";
    case Action::TorqueOff:
      return "torque_off";
  }
  return "torque_off";
}

std::string_view name_of(LatchLevel level) {
  switch (level) {
    case LatchLevel::None:
      return "none";
    case LatchLevel::Patient:
      return "patient";
    case LatchLevel::Therapist:
      return "therapist";
    case LatchLevel::Service:
      return "service";
  }
  return "service";
}

std::string_view name_of(Permission permission) {
  switch (permission) {
    case Permission::Latched:
      return "latched";
    case Permission::Ready:
      return "ready";
    case Permission::Armed:
      return "armed";
    case Permission::Granted:
      return "granted";
  }
  return "latched";
}

std::string_view name_of(Scope scope) {
  switch (scope) {
    case Scope::Always:
      return "always";
    case Scope::InASet:
      return "in_a_set";
    case Scope::UnderWay:
      return "under_way";
    case Scope::Stopping:
      return "stopping";
  }
  return "always";
}

}  // namespace plinth::safety
