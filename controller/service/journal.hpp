// What the service writes into the log about the machine: a line for each change, `key=value`, short.
#pragma once

#include "controller/cycle/snapshot.hpp"

namespace plinth::service {

// One line for each of: another stage, a set that ended, a stop that latched or was cleared, a worse action.
void note_changes(const cycle::Snapshot& before, const cycle::Snapshot& after);

// Count-in and training: the machine moves with the person.
bool runs_a_set(session::Stage stage);

}  // namespace plinth::service
