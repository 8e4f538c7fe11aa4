#include "simulator/faults.hpp"

#include <array>

namespace plinth::simulator {

namespace {
constexpr std::array<std::string_view, FaultKindCount> Names{
    "lc.freeze", "lc.stuck", "bus.mute", "drive.ignore", "enc.jump", "estop", "comfort"};

bool is_due(const PlannedFault& plan, units::Duration now, Moment moment, std::uint16_t rep) {
  if (const auto* time = std::get_if<units::Duration>(&plan.at)) return now >= *time;
  const AtMoment at = std::get<AtMoment>(plan.at);
  // Before the first repetition and after the last there is no number to wait for.
  const bool numbered =
      at.moment != Moment::Idle && at.moment != Moment::RampIn && at.moment != Moment::Unloading;
  return moment == at.moment && (!numbered || rep >= at.rep);
}
}  // namespace

std::string_view name_of(FaultKind kind) {
  return Names.at(static_cast<std::size_t>(kind));
}

std::optional<FaultKind> fault_named(std::string_view name) {
  for (std::size_t i = 0; i < Names.size(); ++i)
    if (Names[i] == name) return static_cast<FaultKind>(i);
  return std::nullopt;
}

FaultScript::FaultScript(const std::vector<PlannedFault>& plans) {
  records_.reserve(plans.size());
  for (const PlannedFault& plan : plans)
    records_.push_back(FaultRecord{plan, std::nullopt, std::nullopt, false});
}

bool FaultScript::advance(units::Duration now, Moment moment, std::uint16_t rep) {
  bool changed = false;
  for (FaultRecord& record : records_) {
    if (!record.effective && is_due(record.plan, now, moment, rep)) {
      record.effective = now;
      record.active = true;
      changed = true;
    } else if (record.active && record.plan.lasts && now >= *record.effective + *record.plan.lasts) {
      record.active = false;
      changed = true;
    }
  }
  return changed;
}

FaultRecord* FaultScript::active(FaultKind kind) {
  for (FaultRecord& record : records_)
    if (record.active && record.plan.kind == kind) return &record;
  return nullptr;
}

}  // namespace plinth::simulator
