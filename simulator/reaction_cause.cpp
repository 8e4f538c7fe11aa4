// Was the stop put down to something that is right, and latched as high as that asks for?
// And what shows on the way down only: was it named?
#include <algorithm>

#include "simulator/reaction.hpp"

namespace plinth::simulator {

namespace {

// A drive that stops by itself is switched off on a proof of 100 ms, and no sooner: torque off drops the
// legs.
constexpr units::Duration ProvenInAStop = units::milliseconds(100);

}  // namespace

std::string_view own_causes(PatientModel person) {
  switch (person) {
    case PatientModel::Hasty:
      return "over_speed tempo_far_off range_crossed";
    case PatientModel::DropsLegs:
      return "legs_dropped over_speed range_crossed";
    case PatientModel::Spasm:
      return "spasm clonus over_speed range_crossed";
    case PatientModel::Leaves:
      return "patient_absent patient_slid grip_released legs_dropped";
    case PatientModel::ReleasesGrips:
      return "grip_released";
    case PatientModel::Sags:
      return "sag legs_dropped hold_too_long";
    case PatientModel::Asymmetric:
      return "uneven";
    case PatientModel::Tremor:
      return "clonus";
    case PatientModel::Weak:
      return "sag legs_dropped";
    default:
      return {};
  }
}

// The stop was decided: what is owed is the right name beside its cause, and the fault's own level.
void Reaction::follow_on_the_way_down(Watched& watched, const FaultRecord& fault,
                                      const cycle::Snapshot& snapshot, const Deaf& deaf) {
  const Response& response = response_to(fault.plan.kind, fault.plan.value);
  const units::Duration now = snapshot.at.time_since_epoch();
  if (watched.answered || watched.told_late) return;
  if (deaf.forgot || (response.shows_while_told && deaf.drive_on_its_own)) return;
  const bool at_its_level = static_cast<int>(snapshot.verdict.latch) >= static_cast<int>(response.latch);
  if (watched.named && at_its_level) {
    watched.answered = true;
    watched.stopped = now;
    return;
  }
  const bool stops_by_itself = snapshot.verdict.action >= safety::Action::DriveStop;
  const units::Duration proof = stops_by_itself ? ProvenInAStop : units::Duration::zero();
  const units::Duration bound = units::milliseconds(response.wire_ms) + proof;
  if (now - std::max(*watched.from, deaf.unheard_until) <= bound) return;
  watched.told_late = true;
  accuse(now, std::string{name_of(fault.plan.kind)} +
                  (watched.named ? ": not latched at its level" : ": not named") +
                  " on the way down within " + std::to_string(units::in_milliseconds(bound)) + " ms");
}

// A tighter threshold than the hazard's may have named it already, and a latch remembers.
void Reaction::note_names(Watched& watched, const FaultRecord& fault, const safety::Verdict& verdict) const {
  const std::string_view causes = response_to(fault.plan.kind, fault.plan.value).causes;
  watched.named = watched.named || (fault.effective && names(causes, safety::name_of(verdict.first_cause)));
  for (std::size_t i = 1; i < safety::CauseCount && !watched.named; ++i)
    watched.named = fault.effective && verdict.active.test(i) &&
                    names(causes, safety::name_of(static_cast<safety::Cause>(i)));
}

// By the stop the fault was there to be seen, in a set or before it.
bool Reaction::was_there(std::size_t place, const FaultRecord& fault) const {
  constexpr units::Duration SameCycle = units::milliseconds(30);
  const bool effective = fault.effective && *fault.effective <= stop_->at;
  return effective && (watched_[place].from || (fault.felt && *fault.felt <= stop_->at + SameCycle));
}

void Reaction::judge_cause(std::span<const FaultRecord> faults) {
  const std::string_view cause = safety::name_of(stop_->cause);
  bool any = false;
  bool right = false;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    const FaultRecord& fault = faults[i];
    any = any || (fault.effective && *fault.effective <= stop_->at);
    const Response& response = response_to(fault.plan.kind, fault.plan.value);
    if (!was_there(i, fault) || !names(response.causes, cause)) continue;
    right = true;
    const Latch owed = stop_->anew ? std::min(response.latch, Latch::Therapist) : response.latch;
    const bool its_level = static_cast<int>(stop_->by_then) >= static_cast<int>(owed);
    if (!its_level)
      accuse(stop_->at, std::string{name_of(fault.plan.kind)} + ": latched for the " +
                            std::string{safety::name_of(stop_->by_then)} + " only");
  }
  if (!any || right || names(own_causes(person_), cause)) return;
  accuse(stop_->at, "the stop was put down to " + std::string{cause});
}

void Reaction::finish(std::span<const FaultRecord> faults) {
  if (stop_) judge_cause(faults);
}

}  // namespace plinth::simulator
