// Who may ask for what.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/rehab/refusal.hpp"
#include "controller/safety/action.hpp"

namespace plinth::v1 {
class Command;
class Hello;
}  // namespace plinth::v1

namespace plinth::service {

enum class Role : std::uint8_t {
  Viewer,   // sees; may stop
  Patient,  // the patient's screen: may also clear what a patient may clear
  Console,  // the physio's: everything
};

// Nothing when the number names no role.
std::optional<Role> role_of(const v1::Hello& hello);
std::string_view name_of(Role role);  // "patient"

// Why this role may not ask for that; nothing when it may. Everybody may stop, and everybody may look.
std::optional<rehab::Refusal> forbidden(Role role, const v1::Command& command);

// In whose name this role clears a stop.
safety::LatchLevel reset_level(Role role);

}  // namespace plinth::service
