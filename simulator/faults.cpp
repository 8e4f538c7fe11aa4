#include "simulator/faults.hpp"

namespace plinth::simulator {

namespace {

bool has_come(const AtMoment& at, Moment moment, std::uint16_t rep) {
  // Before the first repetition and after the last there is no number to wait for.
  const bool numbered =
      at.moment != Moment::Idle && at.moment != Moment::RampIn && at.moment != Moment::Unloading;
  return moment == at.moment && (!numbered || rep >= at.rep);
}

bool has_lasted(const FaultRecord& record, units::Duration now) {
  return record.plan.lasts && now >= *record.effective + *record.plan.lasts;
}

bool is_due(FaultRecord& record, const FaultRecord& first, units::Duration now, Moment moment,
            std::uint16_t rep) {
  if (const auto* time = std::get_if<units::Duration>(&record.plan.at)) return now >= *time;
  if (const auto* after = std::get_if<WhenFirstIsFelt>(&record.plan.at))
    return first.felt && now >= *first.felt + after->after;
  const AtMoment& at = std::get<AtMoment>(record.plan.at);
  if (!record.due && has_come(at, moment, rep)) record.due = now + at.after;
  return record.due && now >= *record.due;
}

}  // namespace

FaultScript::FaultScript(const std::vector<PlannedFault>& plans) {
  records_.reserve(plans.size());
  for (const PlannedFault& plan : plans) records_.push_back(FaultRecord{.plan = plan});
}

bool FaultScript::advance(units::Duration now, Moment moment, std::uint16_t rep, Wrongs& wrongs) {
  bool changed = false;
  for (FaultRecord& record : records_) {
    if (!record.effective && is_due(record, records_.front(), now, moment, rep)) {
      record.effective = now;
      record.active = true;
      wrongs[record.plan.kind].shown = false;
      wrongs[record.plan.kind].mended = false;
      changed = true;
    } else if (record.active && (wrongs[record.plan.kind].mended || has_lasted(record, now))) {
      record.active = false;
      record.ended = now;
      changed = true;
    }
  }
  if (changed) settle(wrongs);
  return changed;
}

void FaultScript::settle(Wrongs& wrongs) {
  for (const FaultRecord& record : records_) wrongs[record.plan.kind].on = false;
  for (const FaultRecord& record : records_) {
    if (!record.active) continue;
    Wrong& wrong = wrongs[record.plan.kind];
    wrong.on = true;
    wrong.value = record.plan.value;
    wrong.since = *record.effective;
  }
  wrongs.recount();
}

void FaultScript::note_felt(units::Duration now, const Wrongs& wrongs) {
  for (FaultRecord& record : records_)
    if (record.effective && !record.felt && wrongs[record.plan.kind].shown) record.felt = now;
}

}  // namespace plinth::simulator
