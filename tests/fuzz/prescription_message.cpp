// A prescription as it comes from a client: it is either refused in words that stand in the catalogue, or
// within every limit, however it was written.
#include <cmath>

#include "controller/rehab/limits.hpp"
#include "controller/service/translate.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth;
using fuzz::require;

void check_refusals(const std::vector<rehab::Refusal>& refusals) {
  require(!refusals.empty(), "a refusal has a reason");
  for (const rehab::Refusal& refusal : refusals) {
    require(rehab::text_of(refusal.code).code == refusal.code, "every code stands in the catalogue");
    require(!refusal.allowed.empty(), "everything about a value names what would be accepted");
    require(!refusal.field.empty() || refusal.code == rehab::RefusalCode::SessionTooLong,
            "everything about a value names its field");
  }
  const v1::Refused told = service::message_of(refusals);
  require(!told.code().empty() && !told.why().empty() && !told.next_step().empty(), "it is told in words");
  require(told.details_size() == (refusals.size() > 1 ? static_cast<int>(refusals.size()) : 0),
          "every violation is told");
}

// Each limit read off once more, without the checks that produced the prescription.
void check_limits(const rehab::Prescription& accepted) {
  const rehab::MachineLimits& machine = rehab::machine_limits();
  const rehab::PhaseLimits& phase = rehab::limits_of(accepted.phase());
  const rehab::PrescriptionDraft& draft = accepted.draft();
  require(machine.range.value.contains(draft.range_low) && machine.range.value.contains(draft.range_high) &&
              phase.range.value.contains(draft.range_low) && phase.range.value.contains(draft.range_high),
          "the range is the arm's and the phase's");
  require(draft.range_high - draft.range_low >= machine.narrowest_range.value - units::degrees(1e-9),
          "the range has room to turn");
  const units::Force heaviest = rehab::heaviest_load(draft);
  require(draft.load >= units::newtons(0) && heaviest <= machine.load.value, "the load is the machine's");
  require(heaviest <= rehab::weight(accepted.person().mass) * phase.load_per_body_weight.value * (1 + 1e-12),
          "the load is the phase's");
  require(draft.tempo.lift >= machine.shortest_lift.value &&
              draft.tempo.lift <= machine.longest_movement.value &&
              draft.tempo.lower >= machine.shortest_lower.value &&
              draft.tempo.lower <= machine.longest_movement.value &&
              machine.hold.value.contains(draft.tempo.hold) &&
              machine.rest_in_rep.value.contains(draft.tempo.rest),
          "the tempo is the machine's");
  require(draft.lifting_stop_speed >= machine.lowest_stop_speed.value &&
              draft.lifting_stop_speed <= phase.stop_speed.value &&
              draft.lowering_stop_speed >= machine.lowest_stop_speed.value &&
              draft.lowering_stop_speed <= phase.stop_speed.value,
          "the stop speeds are the phase's");
  require(phase.sets.value.contains(draft.sets) && phase.reps.value.contains(draft.reps),
          "so are the counts");
  require(draft.leg_support >= 0 && draft.leg_support <= machine.leg_support.value, "legs are never held up");
  require(phase.eccentric_ratio.value.contains(draft.eccentric_ratio), "the ratio is the phase's");
  require(rehab::is_accepted(accepted.person()), "the person is one that the station is built for");
  require(std::isfinite(units::in_newtons(draft.load)) && std::isfinite(units::in_degrees(draft.range_low)),
          "no number that is none comes through");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  v1::Prescription message;
  if (!message.ParseFromArray(data, static_cast<int>(size))) return 0;
  const auto prescription = service::prescription_of(message);
  if (!prescription) {
    check_refusals(prescription.error());
    return 0;
  }
  check_limits(*prescription);
  // What is told is accepted again, and told in the same way.
  const v1::Prescription told = service::message_of(*prescription);
  const auto again = service::prescription_of(told);
  require(again.has_value(), "what the station tells of a prescription it accepts again");
  require(service::message_of(*again).SerializeAsString() == told.SerializeAsString(),
          "and a round trip changes nothing");
  return 0;
}
