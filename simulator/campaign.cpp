#include "simulator/campaign.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <thread>

namespace plinth::simulator {

namespace {

// What is kept of a run; the rest can be had again by its number.
struct Kept {
  std::string scenario;
  double simulated_s = 0.0;
  bool felt = false;
  bool effective = false;
  std::vector<FaultOutcome> faults;
  double worst_excess_n = 0.0;
  double worst_excess_deg = 0.0;
  std::vector<std::string> unsafe;
  std::string end;
};

// All draws of a scenario, the last one felt (or the last there is).
using Draws = std::vector<Kept>;

Kept kept_of(RunResult&& result) {
  const bool effective =
      std::ranges::any_of(result.faults, [](const FaultOutcome& fault) { return fault.effective; });
  return {.scenario = std::move(result.scenario),
          .simulated_s = result.simulated_s,
          .felt = result.fault_felt,
          .effective = effective,
          .faults = std::move(result.faults),
          .worst_excess_n = result.worst_excess_n,
          .worst_excess_deg = result.worst_excess_deg,
          .unsafe = std::move(result.unsafe_reasons),
          .end = std::move(result.set_end_reason)};
}

// Runs `work(i)` for every i below `count` on `jobs` threads. Each index is done by one of them, and results
// are put where their index says, so that the outcome does not depend on who was faster.
template <typename Work>
void share_out(std::uint64_t count, unsigned jobs, const Work& work) {
  std::atomic<std::uint64_t> next{0};
  const auto worker = [&] {
    for (std::uint64_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < std::max(1U, jobs); ++i) others.emplace_back(worker);
  worker();
  for (std::thread& other : others) other.join();
}

void add_to_table(ReactionRow& row, const Kept& run, const FaultOutcome& fault) {
  ++row.runs;
  row.worst_excess_n = std::max(row.worst_excess_n, run.worst_excess_n);
  row.worst_excess_deg = std::max(row.worst_excess_deg, run.worst_excess_deg);
  if (!fault.in_a_set) return;
  ++row.in_a_set;
  if (!fault.cause.empty()) ++row.detected_by[fault.cause];
  if (fault.detect_ms) row.worst_detect_ms = std::max(row.worst_detect_ms, *fault.detect_ms);
  if (fault.stop_ms) row.worst_stop_ms = std::max(row.worst_stop_ms, *fault.stop_ms);
}

Draws draw_until_felt(std::uint64_t seed, std::uint64_t index) {
  Draws draws;
  do {
    const Scenario scenario = campaign_scenario(seed, index, static_cast<unsigned>(draws.size()));
    draws.push_back(kept_of(run_closed_loop(scenario, campaign_options(seed, index))));
  } while (!draws.back().felt && draws.size() < MostDraws);
  return draws;
}

void add_scenario(CampaignReport& report, std::uint64_t index, const Draws& draws) {
  const Kept& last = draws.back();
  const bool redrawn = draws.size() > 1;
  if (redrawn) ++report.redrawn;
  if (last.faults.size() > 1) {
    ++report.doubles;
    if (redrawn) ++report.doubles_redrawn;
  } else {
    ReactionRow& row = report.faults.at(static_cast<std::size_t>(last.faults[0].kind));
    add_to_table(row, last, last.faults[0]);
    if (redrawn) ++row.redrawn;
  }
  for (std::size_t draw = 0; draw < draws.size(); ++draw) {
    const Kept& run = draws[draw];
    report.simulated_h += run.simulated_s / 3600.0;
    CampaignFailure failure{
        .index = index, .draw = static_cast<unsigned>(draw), .scenario = run.scenario, .what = run.unsafe};
    if (!run.unsafe.empty()) ++report.unsafe;
    if (!run.felt && &run == &last) {
      ++report.not_felt;
      failure.what.emplace_back(run.effective ? "a fault was not felt by any signal"
                                              : "the fault's moment never came");
    }
    if (!failure.what.empty()) report.failures.push_back(std::move(failure));
  }
}

// A table that says nothing of a fault says it as if it were well.
void note_what_is_weak(CampaignReport& report) {
  constexpr std::uint64_t Enough = 10;  // scenarios, to speak of shares
  const auto too_many = [](std::uint64_t redrawn, std::uint64_t of) {
    return of >= Enough && static_cast<double>(redrawn) > RedrawnAtMost * static_cast<double>(of);
  };
  for (const FaultRow& fault : fault_table()) {
    const ReactionRow& row = report.faults.at(static_cast<std::size_t>(fault.kind));
    const std::string name{fault.name};
    if (too_many(row.redrawn, row.runs))
      report.weak.push_back(name + ": " + std::to_string(row.redrawn) + " of " + std::to_string(row.runs) +
                            " scenarios were drawn again");
    const auto bound = [](const Response& response) {
      return !response.forbids_start && (response.wire_ms > 0 || response.stop_ms > 0);
    };
    const bool has_bound = bound(fault.response) || (fault.other && bound(fault.other->response));
    const double least = InASetAtLeast * static_cast<double>(row.runs);
    if (has_bound && row.runs >= Enough && static_cast<double>(row.in_a_set) < least)
      report.weak.push_back(name + ": met a set in " + std::to_string(row.in_a_set) + " of " +
                            std::to_string(row.runs) + " scenarios only");
  }
  if (too_many(report.doubles_redrawn, report.doubles))
    report.weak.push_back("two faults: " + std::to_string(report.doubles_redrawn) + " of " +
                          std::to_string(report.doubles) + " scenarios were drawn again");
}

void run_fault_free(CampaignReport& report, const CampaignSettings& settings) {
  auto& nuisance = report.nuisance;
  const double wanted_h = NuisanceHoursPerScenario * static_cast<double>(settings.scenarios);
  nuisance.bound = static_cast<std::uint64_t>(std::floor(wanted_h / HoursPerNuisance));
  // In batches of a fixed size until the hours are full, so that their number does not depend on the threads.
  constexpr std::uint64_t Batch = 64;
  for (std::uint64_t first = 0; nuisance.hours < wanted_h; first += Batch) {
    std::vector<Kept> runs(Batch);
    share_out(Batch, settings.jobs, [&](std::uint64_t i) {
      const Scenario scenario = fault_free_scenario(settings.seed, first + i);
      runs[i] = kept_of(run_closed_loop(scenario, {.seed = run_seed(settings.seed, first + i)}));
    });
    for (std::uint64_t i = 0; i < Batch; ++i) {
      const Kept& run = runs[i];
      nuisance.hours += run.simulated_s / 3600.0;
      ++nuisance.sets;
      const std::string end = run.end.empty() ? "not at all" : run.end;
      ++nuisance.by_end[end];
      if (end == "completed" && run.unsafe.empty()) continue;
      if (end != "completed") ++nuisance.otherwise;
      if (!run.unsafe.empty()) ++report.unsafe;
      CampaignFailure failure{.index = first + i, .draw = 0, .scenario = run.scenario, .what = run.unsafe};
      failure.what.push_back("ended " + end);
      nuisance.ends.push_back(std::move(failure));
    }
  }
}

}  // namespace

CampaignReport run_campaign(const CampaignSettings& settings) {
  const auto began = std::chrono::steady_clock::now();
  CampaignReport report;
  report.settings = settings;
  report.faults.resize(FaultKindCount);
  std::vector<Draws> runs(settings.scenarios);
  share_out(settings.scenarios, settings.jobs,
            [&](std::uint64_t index) { runs[index] = draw_until_felt(settings.seed, index); });
  for (std::uint64_t index = 0; index < settings.scenarios; ++index) add_scenario(report, index, runs[index]);
  note_what_is_weak(report);
  run_fault_free(report, settings);
  report.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return report;
}

}  // namespace plinth::simulator
