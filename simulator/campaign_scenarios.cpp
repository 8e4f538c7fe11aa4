// Which scenario a campaign's number stands for.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "simulator/campaign.hpp"
#include "simulator/campaign_pairs.hpp"
#include "simulator/campaign_people.hpp"

namespace plinth::simulator {

namespace {

using units::Duration;
using units::milliseconds;

constexpr std::uint64_t DoubleEvery = 4;
constexpr Duration LongestRun = milliseconds(60'000);
constexpr Duration StartsBy = milliseconds(12'000);

Random chance_of(std::uint64_t seed, std::uint64_t index, std::uint64_t stream) {
  Random mixer{seed ^ (stream * 0x9E3779B97F4A7C15ULL)};
  return Random{mixer.next() ^ (index * 0xD1B54A32D192ED03ULL + 0x2545F4914F6CDD1DULL)};
}

std::uint64_t below(Random& chance, std::uint64_t count) {
  return chance.next() % count;
}
Duration some(Random& chance, double from_s, double to_s) {
  return milliseconds(static_cast<std::int64_t>(chance.uniform(from_s, to_s) * 1000.0));
}

double value_for(const FaultRow& row, Random& chance) {
  const bool of_the_other = row.other && below(chance, 2) == 0;
  if (row.unit.empty()) return row.usual;
  const double least = of_the_other ? row.other->least : row.least;
  const double most = of_the_other ? row.other->most : row.most;
  const double drawn = chance.uniform(least, most + (row.whole ? 1.0 : 0.0));
  const double value = row.whole ? std::min(std::floor(drawn), most) : drawn;
  const bool negative = row.both_signs && below(chance, 2) == 0;
  return negative ? -value : value;
}

Moment moment_for(Onset onset, std::uint64_t turn) {
  const auto one_of = [turn](Moment first, std::uint64_t count) {
    return static_cast<Moment>(static_cast<std::uint64_t>(first) + turn % count);
  };
  switch (onset) {
    case Onset::Anywhere:
      return one_of(Moment::Idle, MomentCount);
    case Onset::UnderPower:
      return one_of(Moment::RampIn, 6);
    case Onset::InMotion:
      return one_of(Moment::Lifting, 3);
    case Onset::Holding:
      return Moment::Holding;
    case Onset::Lowering:
      return Moment::Lowering;
    case Onset::Lifting:
      return Moment::Lifting;
    default:
      return Moment::Idle;
  }
}

// Some way into the moment, but never beyond it.
Duration into(Moment moment, const rehab::Tempo& tempo, Random& chance) {
  const auto share_of = [&chance](Duration length, double most) {
    return some(chance, 0.0, most * units::in_seconds(length));
  };
  switch (moment) {
    case Moment::RampIn:
      return share_of(rehab::CountIn, 0.9);
    case Moment::Lifting:
      return share_of(tempo.lift, 0.6);
    case Moment::Holding:
      return share_of(tempo.hold, 0.5);
    case Moment::Lowering:
      return share_of(tempo.lower, 0.6);
    case Moment::Resting:
      return share_of(tempo.rest, 0.5);
    case Moment::Unloading:
      return some(chance, 0.0, 0.05);
    default:
      return some(chance, 0.5, 4.0);
  }
}

// A fault of some size, and its moment.
struct Plan {
  Plan(const FaultRow& fault, std::uint64_t turn, Random& chance)
      : row{&fault},
        value{value_for(fault, chance)},
        onset{onset_of(fault, value)},
        moment{moment_for(onset, turn)} {
    // The law asks for no torque any more once the legs are lowered.
    const bool of_the_law = fault.room == Room::Law && fault.kind != FaultKind::CtlNeverRelease;
    if (of_the_law && moment == Moment::Unloading) moment = Moment::Lowering;
  }

  const FaultRow* row;
  double value;
  Onset onset;
  Moment moment;

  // A movement has to show it, which takes its time.
  [[nodiscard]] bool is_slow() const {
    return onset != Onset::Anywhere && onset != Onset::BeforeStart && onset != Onset::Idle;
  }
};

bool any_slow(const std::vector<Plan>& plans) {
  return std::ranges::any_of(plans, &Plan::is_slow);
}

// Half of them steady; the others as they come, but so that the fault's moment does, and the fault is felt.
void choose_model(PatientSetup& patient, const std::vector<Plan>& plans, Random& chance) {
  using enum PatientModel;
  const bool slow = any_slow(plans);
  const bool early = !slow && std::ranges::all_of(plans, [](const Plan& plan) {
    return plan.onset != Onset::Anywhere || plan.moment <= Moment::Lifting;
  });
  const auto fits = [&](PatientModel model) {
    if (model == Hasty) return early;
    return std::ranges::none_of(plans, [model](const Plan& plan) {
      const FaultKind kind = plan.row->kind;
      const bool takes_long =
          kind == FaultKind::LcDrift || kind == FaultKind::PatientFast || plan.moment == Moment::Unloading;
      const bool ends_sets = model == DropsLegs || model == Spasm || model == Leaves ||
                             model == ReleasesGrips || model == Sags || model == Weak;
      return takes_long && ends_sets;
    });
  };
  if (below(chance, 2) == 0) {
    do patient.model = static_cast<PatientModel>(below(chance, PatientModelCount));
    while (!fits(patient.model));
  }
  bool asked_for = false;
  for (const Plan& plan : plans) {
    if (!plan.row->person) continue;
    patient.model = *plan.row->person;
    asked_for = true;
  }
  patient.event_rep = early || asked_for ? 1 : 2;
}

// Faults that a load has to show need one, mostly.
rehab::Phase phase_for(const std::vector<Plan>& plans, Random& chance) {
  const bool shows_under_load = std::ranges::any_of(plans, [](const Plan& plan) {
    const bool machine = plan.row->room == Room::Drive || plan.row->room == Room::Hub;
    return (machine && plan.is_slow()) || plan.row->kind == FaultKind::PatientAsym;
  });
  const std::uint64_t first = shows_under_load && below(chance, 16) != 0 ? 2 : 0;
  return rehab::AllPhases[first + below(chance, rehab::AllPhases.size() - first)];
}

PlannedFault planned(const Plan& plan, PatientModel model, const rehab::PrescriptionDraft& draft,
                     Random& chance) {
  const FaultRow& row = *plan.row;
  PlannedFault fault{.kind = row.kind, .at = milliseconds(1), .lasts = std::nullopt, .value = plan.value};
  if (plan.onset != Onset::BeforeStart) {
    constexpr double DropsAfterS = 0.8;
    const bool before_the_drop = model == PatientModel::DropsLegs && plan.moment == Moment::Lowering;
    Duration after =
        before_the_drop ? some(chance, 0.0, DropsAfterS) : into(plan.moment, draft.tempo, chance);
    if (row.kind == FaultKind::PatientFast) after /= 4;  // a whole stroke of haste
    if (plan.onset == Onset::Idle)
      fault.at = some(chance, 0.5, 2.5);  // before somebody starts
    else if (plan.moment == Moment::Idle)
      fault.at = after;  // around bring-up, reset and start
    else
      fault.at = AtMoment{.rep = 1, .moment = plan.moment, .after = after};
  }
  // What happens once is over by itself, whatever it leaves behind.
  constexpr std::array Events{FaultKind::DriveReboot, FaultKind::DriveLimitsLost, FaultKind::HubReboot,
                              FaultKind::HostStall, FaultKind::Restart};
  const double takes_ms = row.kind == FaultKind::HostStall ? fault.value : 0.0;
  if (std::ranges::find(Events, row.kind) != Events.end())
    fault.lasts = milliseconds(250 + static_cast<std::int64_t>(takes_ms));
  const bool may_pass = (row.room == Room::Bus || row.room == Room::Wires) && plan.onset == Onset::Anywhere;
  if (row.kind == FaultKind::PowerCut)
    fault.lasts = milliseconds(static_cast<std::int64_t>(fault.value));
  else if (may_pass && below(chance, 4) == 0)
    fault.lasts = some(chance, 0.3, 2.0);
  return fault;
}

std::string named(const Scenario& scenario) {
  std::string name;
  for (const PlannedFault& fault : scenario.faults) {
    if (!name.empty()) name += " + ";
    name += name_of(fault.kind);
    if (const auto* at = std::get_if<AtMoment>(&fault.at))
      name += " " + std::string{name_of(at->moment)};
    else
      name += std::holds_alternative<WhenFirstIsFelt>(fault.at) ? " then" : " idle";
  }
  return name + ", " + std::string{name_of(scenario.patient.model)} + ", " +
         std::string{rehab::name_of(scenario.prescription.phase)};
}

Scenario empty_scenario(Duration longest, Random& chance) {
  return {.name = {},
          .duration = longest,
          .patient = somebody(chance),
          .prescription = {},
          .faults = {},
          .expect = {}};
}

}  // namespace

std::uint64_t run_seed(std::uint64_t seed, std::uint64_t index) {
  return chance_of(seed, index, 2).next();
}

RunOptions campaign_options(std::uint64_t seed, std::uint64_t index) {
  return {.seed = run_seed(seed, index), .start_by = StartsBy};
}

Scenario campaign_scenario(std::uint64_t seed, std::uint64_t index, unsigned draw) {
  Random chance = chance_of(seed, index, 1 + 16 * std::uint64_t{draw});
  // Every kind at every moment in turn; what is left to chance is everything else.
  const bool twofold = index % DoubleEvery == DoubleEvery - 1;
  const auto table = fault_table();
  const std::uint64_t turn = index - index / DoubleEvery;
  std::optional<Pair> pair;
  std::vector<Plan> plans;
  if (twofold) {
    pair = draw_pair(index / DoubleEvery, chance);
    constexpr std::uint64_t InASet = 5;  // from ramp-in to resting
    const std::uint64_t moment = chance.next() >> 8U;
    plans.emplace_back(row_of(pair->first), pair->named ? 1 + moment % InASet : moment, chance);
    plans.emplace_back(row_of(pair->second), chance.next() >> 8U, chance);
  } else {
    plans.emplace_back(table[turn % table.size()], turn / table.size(), chance);
  }

  Scenario scenario = empty_scenario(LongestRun, chance);
  choose_model(scenario.patient, plans, chance);
  const rehab::Phase phase = phase_for(plans, chance);
  const bool drifts = plans[0].row->kind == FaultKind::LcDrift;
  const bool again = scenario.patient.event_rep > 1 || any_slow(plans) || below(chance, 4) == 0;
  const int reps = drifts ? 3 : again ? 2 : 1;
  const bool rests = below(chance, 2) == 0 ||
                     std::ranges::any_of(plans, [](const Plan& p) { return p.moment == Moment::Resting; });
  scenario.prescription = prescribed(phase, reps, rests ? 1 : 0, chance);
  fit(scenario.prescription, scenario.patient, chance.uniform(0.6, 1.0));

  for (const Plan& plan : plans)
    scenario.faults.push_back(planned(plan, scenario.patient.model, scenario.prescription, chance));
  if (pair) relate(scenario.faults[0], scenario.faults[1], pair->how, chance);
  scenario.name = named(scenario);
  return scenario;
}

Scenario fault_free_scenario(std::uint64_t seed, std::uint64_t index) {
  constexpr std::array<PatientModel, 4> Models{PatientModel::Steady, PatientModel::Weak, PatientModel::Tremor,
                                               PatientModel::Asymmetric};
  Random chance = chance_of(seed, index, 3);
  Scenario scenario = empty_scenario(milliseconds(600'000), chance);
  const rehab::Phase phase = rehab::AllPhases[below(chance, rehab::AllPhases.size())];
  const int rest_s = static_cast<int>(below(chance, 2));
  scenario.prescription = prescribed(phase, rehab::defaults_of(phase).reps, rest_s, chance);
  scenario.patient.model = Models[index % Models.size()];
  fit(scenario.prescription, scenario.patient, chance.uniform(0.4, 0.9));
  scenario.name = named(scenario);
  return scenario;
}

}  // namespace plinth::simulator
