// Which scenario a campaign's number stands for.
#include <algorithm>
#include <array>
#include <cmath>

#include "simulator/campaign.hpp"
#include "simulator/random.hpp"

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

PatientSetup somebody(Random& chance) {
  PatientSetup person;
  person.mass = units::kilograms(std::round(chance.uniform(50.0, 110.0)));
  person.height = typical_height(person.mass);
  person.strength = chance.uniform(0.9, 1.3);
  return person;
}

rehab::PrescriptionDraft prescribed(rehab::Phase phase, int reps, int rest_s) {
  rehab::PrescriptionDraft draft = rehab::defaults_of(phase);
  draft.sets = 1;
  draft.reps = reps;
  draft.tempo.rest = milliseconds(1000 * rest_s);
  return draft;
}

// Fits load and range to this person: `share` of what a dozen reps may ask of them (70 % of their strength),
// never more than the phase's default, and an upper end at which they can still hold their legs with it.
void fit(rehab::PrescriptionDraft& draft, const PatientSetup& patient, double share) {
  const double fitness = patient.strength * (patient.model == PatientModel::Weak ? 0.5 : 1.0);
  const double strength = units::in_newton_metres(typical_strength(patient.mass, patient.height, fitness));
  const Legs legs = legs_of(patient.mass, patient.height);
  const double weight = units::in_newton_metres(legs.weight_moment);
  const double radius = units::in_metres(legs.cuff_radius);
  constexpr double LastsADozen = 0.7;
  const double most = std::min(units::in_newtons(draft.load), LastsADozen * strength / radius);
  const auto can_hold = [&](units::Angle angle, double load) {
    const double able = (strength + 0.1 * weight + 18.0) * strength_shape(units::in_radians(angle));
    return weight * quick_cosine(units::in_radians(angle)) + load * radius <= LastsADozen * able;
  };
  const auto takes = [&](double load) {
    rehab::PrescriptionDraft wanted = draft;
    wanted.load = units::newtons(std::floor(load));
    constexpr units::Angle Step = units::degrees(1);
    constexpr units::Angle Narrowest = units::degrees(20);
    while (!can_hold(wanted.range_high, load) && wanted.range_high - wanted.range_low > Narrowest + Step)
      wanted.range_high -= Step;
    if (!rehab::Prescription::checked(wanted, {patient.mass, patient.height, std::nullopt})) return false;
    draft = wanted;
    return true;
  };
  for (const double part : {share, 0.75, 1.0})
    if (takes(part * most)) return;
}

double value_for(const FaultRow& row, Random& chance) {
  if (row.unit.empty()) return row.usual;
  const double drawn = chance.uniform(row.least, row.most + (row.whole ? 1.0 : 0.0));
  const double value = row.whole ? std::min(std::floor(drawn), row.most) : drawn;
  // Where both signs are allowed, both are tried.
  const bool negative = row.low < 0.0 && row.least > 0.0 && below(chance, 2) == 0;
  return negative ? -value : value;
}

Moment moment_for(Onset onset, std::uint64_t place) {
  switch (onset) {
    case Onset::Holding:
      return Moment::Holding;
    case Onset::Lowering:
      return Moment::Lowering;
    case Onset::Lifting:
      return Moment::Lifting;
    case Onset::InMotion:
      return static_cast<Moment>(static_cast<std::uint64_t>(Moment::Lifting) + place % 3);
    default:
      return static_cast<Moment>(place % MomentCount);
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
      return some(chance, 0.0, 0.3);
    default:
      return some(chance, 0.5, 4.0);
  }
}

// A fault, and which of its moments it is the turn of.
struct Plan {
  const FaultRow* row;
  std::uint64_t turn;
  [[nodiscard]] Moment moment() const { return moment_for(row->onset, turn); }
};

bool wants(const std::vector<Plan>& plans, Moment moment) {
  return std::ranges::any_of(plans, [moment](const Plan& plan) { return plan.moment() == moment; });
}

// Half of them steady; the others as they come, but so that the fault's moment does.
void choose_model(PatientSetup& patient, const std::vector<Plan>& plans, Random& chance) {
  if (below(chance, 2) == 0) patient.model = static_cast<PatientModel>(below(chance, PatientModelCount));
  for (const Plan& plan : plans)
    if (plan.row->person) patient.model = *plan.row->person;
  const bool early = std::ranges::all_of(plans, [](const Plan& plan) {
    return plan.row->onset == Onset::BeforeStart || plan.moment() <= Moment::Lifting;
  });
  const bool asked_for =
      std::ranges::any_of(plans, [](const Plan& plan) { return plan.row->person.has_value(); });
  patient.event_rep = early || asked_for ? 1 : 2;
  if (!early && patient.model == PatientModel::Hasty) patient.model = PatientModel::Steady;
}

// Faults that a load has to show need one.
rehab::Phase phase_for(const std::vector<Plan>& plans, Random& chance) {
  const bool shows_under_load = std::ranges::any_of(plans, [](const Plan& plan) {
    return (plan.row->room == Room::Drive || plan.row->room == Room::Hub) &&
           plan.row->onset == Onset::InMotion;
  });
  const std::uint64_t first = shows_under_load ? 2 : 0;
  return rehab::AllPhases[first + below(chance, rehab::AllPhases.size() - first)];
}

PlannedFault planned(const Plan& plan, PatientModel model, const rehab::PrescriptionDraft& draft,
                     Random& chance) {
  const FaultRow& row = *plan.row;
  PlannedFault fault{
      .kind = row.kind, .at = milliseconds(1), .lasts = std::nullopt, .value = value_for(row, chance)};
  if (row.onset != Onset::BeforeStart) {
    const Moment moment = plan.moment();
    constexpr double DropsAfterS = 0.8;
    const bool before_the_drop = model == PatientModel::DropsLegs && moment == Moment::Lowering;
    const Duration after =
        before_the_drop ? some(chance, 0.0, DropsAfterS) : into(moment, draft.tempo, chance);
    if (moment == Moment::Idle)
      fault.at = after;  // around bring-up, reset and start
    else
      fault.at = AtMoment{.rep = 1, .moment = moment, .after = after};
  }
  // What happens once is over by itself, whatever it leaves behind.
  constexpr std::array Events{FaultKind::DriveReboot, FaultKind::DriveLimitsLost, FaultKind::HubReboot,
                              FaultKind::HostStall, FaultKind::Restart};
  const double takes_ms = row.kind == FaultKind::HostStall ? fault.value : 0.0;
  if (std::ranges::find(Events, row.kind) != Events.end())
    fault.lasts = milliseconds(250 + static_cast<std::int64_t>(takes_ms));
  const bool may_pass = (row.room == Room::Bus || row.room == Room::Wires) && row.onset == Onset::Anywhere;
  if (row.kind == FaultKind::PowerCut)
    fault.lasts = milliseconds(static_cast<std::int64_t>(fault.value));
  else if (may_pass && below(chance, 4) == 0)
    fault.lasts = some(chance, 0.3, 2.0);
  return fault;
}

// The second fault: with the first, while the first is being answered, or at the tick of the start.
void relate(PlannedFault& second, const PlannedFault& first, Random& chance) {
  const std::uint64_t how = below(chance, 3);
  if (row_of(second.kind).onset == Onset::BeforeStart) return;
  if (how == 2) {
    second.at = AtMoment{.rep = 1, .moment = Moment::RampIn, .after = {}};
    return;
  }
  const Duration after = how == 0 ? Duration{} : some(chance, 0.01, 0.6);
  if (row_of(first.kind).onset == Onset::BeforeStart) return;
  second.at = first.at;
  if (auto* moment = std::get_if<AtMoment>(&second.at))
    moment->after += after;
  else
    second.at = std::get<Duration>(first.at) + after;
}

std::string named(const Scenario& scenario) {
  std::string name;
  for (const PlannedFault& fault : scenario.faults) {
    if (!name.empty()) name += " + ";
    name += name_of(fault.kind);
    if (const auto* at = std::get_if<AtMoment>(&fault.at))
      name += " " + std::string{name_of(at->moment)};
    else
      name += " idle";
  }
  return name + ", " + std::string{name_of(scenario.patient.model)} + ", " +
         std::string{rehab::name_of(scenario.prescription.phase)};
}

}  // namespace

std::uint64_t run_seed(std::uint64_t seed, std::uint64_t index) {
  return chance_of(seed, index, 2).next();
}

RunOptions campaign_options(std::uint64_t seed, std::uint64_t index) {
  return {.seed = run_seed(seed, index), .start_by = StartsBy};
}

Scenario campaign_scenario(std::uint64_t seed, std::uint64_t index) {
  Random chance = chance_of(seed, index, 1);
  // Every kind at every moment in turn; what is left to chance is everything else.
  const bool twofold = index % DoubleEvery == DoubleEvery - 1;
  const auto table = fault_table();
  const std::uint64_t turn = twofold ? below(chance, 1'000'000'007) : index - index / DoubleEvery;
  std::vector<Plan> plans{{&table[turn % table.size()], turn / table.size()}};
  if (twofold) {
    const std::uint64_t other = 1 + below(chance, table.size() - 1);
    plans.push_back({&table[(turn + other) % table.size()], below(chance, MomentCount)});
  }

  Scenario scenario{.name = {},
                    .duration = LongestRun,
                    .patient = somebody(chance),
                    .prescription = {},
                    .faults = {},
                    .expect = {}};
  choose_model(scenario.patient, plans, chance);
  const rehab::Phase phase = phase_for(plans, chance);
  const bool ends_early = scenario.patient.event_rep > 1;
  const int reps = ends_early || below(chance, 4) == 0 ? 2 : 1;
  const bool rests = below(chance, 2) == 0 || wants(plans, Moment::Resting);
  scenario.prescription = prescribed(phase, reps, rests ? 1 : 0);
  fit(scenario.prescription, scenario.patient, chance.uniform(0.6, 1.0));

  for (const Plan& plan : plans)
    scenario.faults.push_back(planned(plan, scenario.patient.model, scenario.prescription, chance));
  if (twofold) relate(scenario.faults[1], scenario.faults[0], chance);
  scenario.name = named(scenario);
  return scenario;
}

Scenario fault_free_scenario(std::uint64_t seed, std::uint64_t index) {
  constexpr std::array<PatientModel, 4> Models{PatientModel::Steady, PatientModel::Weak, PatientModel::Tremor,
                                               PatientModel::Asymmetric};
  Random chance = chance_of(seed, index, 3);
  Scenario scenario{.name = {},
                    .duration = milliseconds(600'000),
                    .patient = somebody(chance),
                    .prescription = {},
                    .faults = {},
                    .expect = {}};
  const rehab::Phase phase = rehab::AllPhases[below(chance, rehab::AllPhases.size())];
  scenario.prescription =
      prescribed(phase, rehab::defaults_of(phase).reps, static_cast<int>(below(chance, 2)));
  scenario.patient.model = Models[index % Models.size()];
  fit(scenario.prescription, scenario.patient, chance.uniform(0.4, 0.9));
  scenario.name = named(scenario);
  return scenario;
}

}  // namespace plinth::simulator
