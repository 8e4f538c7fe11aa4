#include "controller/main_units.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

namespace plinth {
namespace {

using drivers::LinkEvent;
using drivers::StationUnit;

// "late 12, stale 12, opened 2": what has gone wrong on a link since the start.
std::string in_words(const drivers::LinkStats& stats) {
  std::string words;
  for (std::size_t index = 0; index < drivers::LinkEventCount; ++index) {
    const auto event = static_cast<LinkEvent>(index);
    if (event == LinkEvent::Asked || event == LinkEvent::Answered || stats[event] == 0) continue;
    words.append(words.empty() ? "" : ", ").append(drivers::name_of(event)).append(" ");
    words.append(std::to_string(stats[event]));
  }
  return words;
}

std::string in_words(const drivers::UnitFacts& facts) {
  std::string words;
  if (facts.identity) {
    words.append("serial ").append(std::to_string(facts.identity->serial));
    words.append(", firmware ").append(std::to_string(facts.identity->firmware >> 8U)).append(".");
    words.append(std::to_string(facts.identity->firmware & 0xFFU));
    words.append(" build ").append(std::to_string(facts.identity->build));
  }
  if (facts.diagnostics) {
    words.append(", ").append(std::to_string(facts.diagnostics->watchdog_trips)).append(" watchdog trips, ");
    words.append(std::to_string(facts.diagnostics->rejected_commands))
        .append(" commands rejected, last fault ");
    words.append(std::to_string(facts.diagnostics->faults[0]));
  }
  return words;
}

}  // namespace

void UnitWatch::start() {
  look(StationUnit::Drive, "resistance unit", drive_);
  look(StationUnit::Hub, "load-cell hub", hub_);
  service_.tell({.drive = drive_.trouble, .hub = hub_.trouble});
  timer_.expires_after(std::chrono::seconds{1});
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) start();
  });
}

void UnitWatch::look(StationUnit unit, const char* name, Known& known) {
  const auto report = machine_.report(unit);
  const auto stats = machine_.stats(unit);
  const bool first = known.attempts == 0 && report.attempts > 0;
  if (first || report.reason != known.trouble) {
    if (report.reason.empty())
      spdlog::info("The {} is ready: {}.", name, in_words(machine_.facts(unit)));
    else
      spdlog::warn("The {} cannot be used: {}.", name, report.reason);
  }
  if (known.opened > 0 && stats[LinkEvent::Opened] > known.opened)
    spdlog::warn("The {} was connected again: {}.", name, in_words(stats));
  known = {.attempts = report.attempts, .opened = stats[LinkEvent::Opened], .trouble = report.reason};
}

}  // namespace plinth
