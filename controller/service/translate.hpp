// The only door between the schema and our own types. No exception leaves it, and no number that is not
// finite passes it in either direction.
#pragma once

#include <optional>
#include <vector>

#include <tl/expected.hpp>

#include "controller/cycle/snapshot.hpp"
#include "controller/rehab/limits.hpp"
#include "controller/rehab/prescription.hpp"
#include "controller/rehab/refusal.hpp"
#include "controller/service/aftermath.hpp"
#include "plinth/v1/plinth.pb.h"

namespace plinth::service {

// A report older than this is no news of a unit any more: what it said is then absent from the telemetry.
inline constexpr units::Duration StaleAfter = units::milliseconds(400);

// What a screen shows of one cycle. `force_limit`: of the loaded prescription, nothing without one.
v1::Telemetry telemetry_of(const cycle::Snapshot& snapshot, const cycle::LoopHealth& health,
                           const std::optional<units::Force>& force_limit);

// Every field is there.
v1::Prescription message_of(const rehab::Prescription& prescription);

// Absent fields take the phase's defaults. Gives every violation at once: those of the message (a phase or
// person missing, a number that is none), then those of the values.
tl::expected<rehab::Prescription, std::vector<rehab::Refusal>> prescription_of(
    const v1::Prescription& message);

v1::PhaseDefaults message_of(const rehab::PhaseLimits& limits);
v1::MachineCeiling message_of(const rehab::MachineLimits& limits);

// Nothing is read into a reason that this version does not know.
tl::expected<Told, rehab::Refusal> told_of(const v1::TellReason& message, Role by);
v1::Aftermath message_of(const Aftermath& aftermath);

v1::Refused message_of(const rehab::Refusal& refusal);
// The first one, with all of them as details when there are several. `refusals` must not be empty.
v1::Refused message_of(const std::vector<rehab::Refusal>& refusals);
v1::Refused message_of(rehab::RefusalCode code);
// With what the newest snapshot adds: a refusal because of a latched stop names its cause and its way out.
v1::Refused message_of(rehab::RefusalCode code, const cycle::Snapshot& newest);

}  // namespace plinth::service
