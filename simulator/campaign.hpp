// The fault campaign: thousands of seeded scenarios of the real control code against the simulated machine,
// each judged by the plant, and fault-free hours that must not stop for nothing.
//
// Scenario `i` of seed `s` is always the same, whoever runs it and in whatever order.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "simulator/closed_loop.hpp"

namespace plinth::simulator {

struct CampaignSettings {
  std::uint64_t scenarios = 1000;
  std::uint64_t seed = 1;
  unsigned jobs = 1;
};

// Fault-free training that goes with so many scenarios, and what may end otherwise than completed in it: a
// machine that trips for nothing gets its limits loosened, so at most one false trip in ten hours.
inline constexpr double NuisanceHoursPerScenario = 200.0 / 10'000.0;
inline constexpr double HoursPerNuisance = 10.0;

// A scenario whose fault was not felt proves nothing and is drawn again from the same seed, so many times at
// most. What it did is judged all the same, and a fault that takes it too often fails the campaign.
inline constexpr unsigned MostDraws = 5;
inline constexpr double RedrawnAtMost = 0.2;  // of a fault's scenarios
// A fault that has a bound must have met a set in so many of its scenarios.
inline constexpr double InASetAtLeast = 0.2;

// One fault in three of four scenarios, two in the fourth: at the same instant, the second while the first is
// still being answered, or one of them at the very tick in which the set starts.
Scenario campaign_scenario(std::uint64_t seed, std::uint64_t index, unsigned draw = 0);
// Steady, weak, trembling and uneven people with prescriptions that fit them, and nothing wrong.
Scenario fault_free_scenario(std::uint64_t seed, std::uint64_t index);
// Of the scenario's own chance.
std::uint64_t run_seed(std::uint64_t seed, std::uint64_t index);
RunOptions campaign_options(std::uint64_t seed, std::uint64_t index);

// What a row of the reaction table adds up, over scenarios in which the fault was alone.
struct ReactionRow {
  std::uint64_t runs = 0;
  std::uint64_t redrawn = 0;
  std::uint64_t in_a_set = 0;
  std::map<std::string, std::uint64_t> detected_by;
  double worst_detect_ms = 0.0;
  double worst_stop_ms = 0.0;
  double worst_excess_n = 0.0;
  double worst_excess_deg = 0.0;
};

struct CampaignFailure {
  std::uint64_t index = 0;
  unsigned draw = 0;
  std::string scenario;
  std::vector<std::string> what;
};

struct CampaignReport {
  CampaignSettings settings;
  std::uint64_t doubles = 0;
  std::uint64_t unsafe = 0;
  std::uint64_t not_felt = 0;
  std::uint64_t redrawn = 0;  // scenarios, one and two faults
  std::uint64_t doubles_redrawn = 0;
  double simulated_h = 0.0;
  std::vector<ReactionRow> faults;        // by FaultKind
  std::vector<CampaignFailure> failures;  // unsafe or not felt, by index
  struct {
    double hours = 0.0;
    std::uint64_t sets = 0;
    std::uint64_t otherwise = 0;  // ended otherwise than completed
    std::uint64_t bound = 0;
    std::map<std::string, std::uint64_t> by_end;
    std::vector<CampaignFailure> ends;
  } nuisance;
  double wall_s = 0.0;

  std::vector<std::string> weak;  // what this campaign proves too little of, in words

  [[nodiscard]] bool passed() const {
    return unsafe == 0 && not_felt == 0 && weak.empty() && nuisance.otherwise <= nuisance.bound;
  }
};

CampaignReport run_campaign(const CampaignSettings& settings);

// For the terminal, for a program, and the page with the reaction table.
std::string as_text(const CampaignReport& report);
std::string as_json(const CampaignReport& report);
std::string as_markdown(const CampaignReport& report);
// What to type to see one scenario again.
std::string replay_command(std::uint64_t seed, std::uint64_t index, unsigned draw = 0);

}  // namespace plinth::simulator
