#include "simulator/campaign_pairs.hpp"

#include <array>

namespace plinth::simulator {

namespace {

using units::Duration;

// At least 25 of each in 10 000 scenarios.
constexpr std::uint64_t NamedEvery = 16;
constexpr std::array<Pair, 6> Named{
    {{FaultKind::HostStall, FaultKind::Estop, Together::AtOnce, true},
     {FaultKind::Restart, FaultKind::Estop, Together::AtOnce, true},
     {FaultKind::BusMute, FaultKind::Comfort, Together::SoonAfter, true},
     {FaultKind::DriveIgnore, FaultKind::Comfort, Together::SoonAfter, true},
     {FaultKind::DriveStuckTorque, FaultKind::Comfort, Together::SoonAfter, true},
     {FaultKind::PatientRelease, FaultKind::DriveSilentOff, Together::AtOnce, true}}};

const FaultRow& any_row(Random& chance) {
  return fault_table()[chance.next() % FaultKindCount];
}

// Wherever it is planted it shows, and in all of its sizes.
bool shows_at_once(const FaultRow& row) {
  return row.onset == Onset::Anywhere && (!row.other || row.other->onset == Onset::Anywhere);
}

const FaultRow& any_that_shows_at_once(Random& chance) {
  const FaultRow* row = &any_row(chance);
  while (!shows_at_once(*row)) row = &any_row(chance);
  return *row;
}

void push_back(PlannedFault& fault, Duration by) {
  if (auto* moment = std::get_if<AtMoment>(&fault.at))
    moment->after += by;
  else
    fault.at = std::get<Duration>(fault.at) + by;
}

}  // namespace

Pair draw_pair(std::uint64_t place, Random& chance) {
  if (place % NamedEvery == 0) return Named.at(place / NamedEvery % Named.size());
  const FaultRow& first = any_row(chance);
  const FaultRow* second = &any_that_shows_at_once(chance);
  while (second == &first) second = &any_that_shows_at_once(chance);
  if (!shows_at_once(first)) return {first.kind, second->kind, Together::OnTop};
  return {first.kind, second->kind, static_cast<Together>(chance.next() % 3)};
}

void relate(PlannedFault& first, PlannedFault& second, Together how, Random& chance) {
  const auto soon = [&chance] {
    return units::milliseconds(static_cast<std::int64_t>(chance.uniform(1.0, 600.0)));
  };
  switch (how) {
    case Together::AtOnce:
      second.at = first.at;
      return;
    case Together::SoonAfter:
      second.at = first.at;
      return push_back(second, soon());
    case Together::AtTheStart:
      second.at = AtMoment{.rep = 1, .moment = Moment::RampIn, .after = {}};
      first.at = second.at;
      return push_back(first, soon());
    case Together::OnTop:
      second.at = WhenFirstIsFelt{chance.next() % 2 == 0 ? Duration{} : soon()};
      return;
  }
}

}  // namespace plinth::simulator
