// A campaign in words, as JSON, and as the page with the reaction table.
#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "simulator/campaign.hpp"

namespace plinth::simulator {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t MostFailuresTold = 20;

std::string rounded(double value, int decimals) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

// Most often first.
std::vector<std::pair<std::string, std::uint64_t>> by_count(
    const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

std::string told(const ReactionRow& row) {
  std::string text;
  for (const auto& [cause, count] : by_count(row.detected_by)) {
    if (!text.empty()) text += ", ";
    text += cause;
    if (row.detected_by.size() > 1) text += " " + std::to_string(count);
  }
  return text.empty() ? "—" : text;
}

std::string asked(const Response& response) {
  if (response.forbids_start) return "no start";
  if (response.wire_ms == 0 && response.stop_ms == 0) return "stays safe";
  const auto told_of = [](int bound_ms) { return bound_ms > 0 ? std::to_string(bound_ms) : "–"; };
  return told_of(response.wire_ms) + " / " + told_of(response.stop_ms);
}

std::string asked(const FaultRow& row) {
  const std::string first = asked(row.response);
  if (!row.other || asked(row.other->response) == first) return first;
  return first + "; " + asked(row.other->response);
}

Json as_object(const CampaignFailure& failure, std::uint64_t seed) {
  return {{"index", failure.index},
          {"scenario", failure.scenario},
          {"replay", replay_command(seed, failure.index, failure.draw)},
          {"what", failure.what}};
}

std::string verdict_line(const CampaignReport& report) {
  return std::to_string(report.settings.scenarios) + " scenarios of seed " +
         std::to_string(report.settings.seed) + " (" + std::to_string(report.doubles) + " with two faults, " +
         rounded(report.simulated_h, 1) + " simulated hours): " + std::to_string(report.unsafe) +
         " unsafe, " + std::to_string(report.not_felt) + " not felt, " + std::to_string(report.redrawn) +
         " drawn again. Fault-free: " + rounded(report.nuisance.hours, 1) + " h, " +
         std::to_string(report.nuisance.sets) + " sets, " + std::to_string(report.nuisance.otherwise) +
         " ended otherwise than completed (at most " + std::to_string(report.nuisance.bound) + ").";
}

}  // namespace

std::string replay_command(std::uint64_t seed, std::uint64_t index, unsigned draw) {
  const std::string again = draw > 0 ? " --draw " + std::to_string(draw) : std::string{};
  return "plinth-sim campaign --seed " + std::to_string(seed) + " --replay " + std::to_string(index) + again;
}

std::string as_text(const CampaignReport& report) {
  std::string text = verdict_line(report) + "\n";
  const auto list = [&](const std::vector<CampaignFailure>& failures, const std::string& flag) {
    for (std::size_t i = 0; i < std::min(failures.size(), MostFailuresTold); ++i) {
      const CampaignFailure& failure = failures[i];
      text += "  " + replay_command(report.settings.seed, failure.index, failure.draw) + flag + "   # " +
              failure.scenario + "\n";
      for (const std::string& what : failure.what) text += "      " + what + "\n";
    }
    if (failures.size() > MostFailuresTold)
      text += "  … and " + std::to_string(failures.size() - MostFailuresTold) + " more (--json lists all)\n";
  };
  list(report.failures, "");
  list(report.nuisance.ends, " --fault-free");
  for (const std::string& what : report.weak) text += "  " + what + "\n";
  text += rounded(report.wall_s, 1) + " s on " + std::to_string(report.settings.jobs) +
          " threads: " + (report.passed() ? "passed" : "FAILED") + "\n";
  return text;
}

std::string as_json(const CampaignReport& report) {
  Json faults = Json::array();
  for (const FaultRow& fault : fault_table()) {
    const ReactionRow& row = report.faults.at(static_cast<std::size_t>(fault.kind));
    faults.push_back({{"fault", fault.name},
                      {"n", row.runs},
                      {"redrawn", row.redrawn},
                      {"in_a_set", row.in_a_set},
                      {"detected_by", row.detected_by},
                      {"worst_detection_ms", row.worst_detect_ms},
                      {"worst_stop_ms", row.worst_stop_ms},
                      {"worst_excess_n", row.worst_excess_n},
                      {"worst_excess_deg", row.worst_excess_deg}});
  }
  Json failures = Json::array();
  for (const auto& failure : report.failures) failures.push_back(as_object(failure, report.settings.seed));
  Json ends = Json::array();
  for (const auto& end : report.nuisance.ends) ends.push_back(as_object(end, report.settings.seed));
  const Json whole{{"scenarios", report.settings.scenarios},
                   {"seed", report.settings.seed},
                   {"passed", report.passed()},
                   {"double_faults", report.doubles},
                   {"unsafe", report.unsafe},
                   {"not_felt", report.not_felt},
                   {"redrawn", report.redrawn},
                   {"double_faults_redrawn", report.doubles_redrawn},
                   {"proves_too_little", report.weak},
                   {"simulated_h", report.simulated_h},
                   {"nuisance",
                    {{"hours", report.nuisance.hours},
                     {"sets", report.nuisance.sets},
                     {"ended_otherwise", report.nuisance.otherwise},
                     {"bound", report.nuisance.bound},
                     {"by_end", report.nuisance.by_end},
                     {"ends", std::move(ends)}}},
                   {"faults", std::move(faults)},
                   {"failures", std::move(failures)},
                   {"jobs", report.settings.jobs},
                   {"wall_s", report.wall_s}};
  return whole.dump(2) + "\n";
}

std::string as_markdown(const CampaignReport& report) {
  std::string text =
      "# Reaction table\n\nWritten by `plinth-sim campaign`; not edited by hand. " + verdict_line(report) +
      "\n\nTimes run from the first sign of the fault in anything that somebody reads; *asked* is the bound "
      "to the stop telegram and to a load that is gone. Excess is the plant's force beyond the force limit "
      "and "
      "the angle that the machine drove the legs beyond their range. Two faults at a time are judged too, "
      "but "
      "not listed.\n\n"
      "| fault | what it does | asked, ms | detected by | worst detection, ms | worst stop, ms | worst "
      "excess | n | in a set |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const FaultRow& fault : fault_table()) {
    const ReactionRow& row = report.faults.at(static_cast<std::size_t>(fault.kind));
    const bool answered = !row.detected_by.empty();
    text += "| `" + std::string{fault.name} + "` | " + std::string{fault.does} + " | " + asked(fault) +
            " | " + told(row) + " | " + (answered ? rounded(row.worst_detect_ms, 0) : "—") + " | " +
            (answered ? rounded(row.worst_stop_ms, 0) : "—") + " | " + rounded(row.worst_excess_n, 0) +
            " N, " + rounded(row.worst_excess_deg, 1) + "° | " + std::to_string(row.runs) + " | " +
            std::to_string(row.in_a_set) + " |\n";
  }
  return text;
}

}  // namespace plinth::simulator
