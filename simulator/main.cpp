// plinth-sim: the machine and its patient, as Modbus devices in real time or in a closed loop in virtual
// time.
#include <csignal>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>

#include "simulator/campaign_command.hpp"
#include "simulator/replay_command.hpp"
#include "simulator/run_command.hpp"
#include "simulator/scenario.hpp"
#include "simulator/serve.hpp"

namespace {

using namespace plinth::simulator;

constexpr int BadInput = 2;

volatile std::sig_atomic_t stop_signal = 0;
extern "C" void note_stop(int signal) {
  stop_signal = signal;
}

struct ServeArguments {
  std::string listen = "tcp:127.0.0.1:1502";
  std::filesystem::path scenario;
  std::filesystem::path report;
  std::uint64_t seed = 1;
};

ServeArguments& add_serve(CLI::App& app) {
  static ServeArguments arguments;
  CLI::App* command = app.add_subcommand("serve", "Serve both units over Modbus TCP, in real time");
  command->footer(
      "Unit 1 is the resistance unit, unit 2 the load-cell hub. Without --scenario a typical person lies on "
      "the bench.\n"
      "With --report the plant's own judge watches; told to end (SIGINT, SIGTERM), it says whether anybody "
      "was at risk.\n"
      "Example: plinth-sim serve --listen tcp:127.0.0.1:0 --scenario patient.toml --seed 7");
  command->add_option("--listen", arguments.listen, "Where to listen: tcp:HOST:PORT, port 0 for a free one")
      ->capture_default_str();
  CLI::Option* scenario =
      command->add_option("--scenario", arguments.scenario, "The patient, their prescription and the faults");
  command->add_option("--report", arguments.report, "Write what was seen of the plant to this JSON file")
      ->needs(scenario);
  command->add_option("--seed", arguments.seed, "Of everything that is left to chance")
      ->capture_default_str();
  return arguments;
}

RunArguments& add_run(CLI::App& app) {
  static RunArguments arguments;
  CLI::App* command =
      app.add_subcommand("run", "Run a scenario against the real control code, in virtual time");
  command->footer(
      "Exit status: 0 as the scenario's file expects, 1 not, 2 bad input.\n"
      "Example: plinth-sim run tests/scenarios/drops_legs.toml --seed 3 --trace drop.csv");
  command->add_option("scenario", arguments.scenario, "The scenario's file")->required();
  command->add_option("--seed", arguments.seed, "Of everything that is left to chance")
      ->capture_default_str();
  command->add_flag("--json", arguments.json, "Report as one JSON object");
  command->add_option("--trace", arguments.trace, "Write every control cycle to this CSV file");
  command->add_option("--record", arguments.record,
                      "Write the fault record of the first trip to this file, as plinthd would");
  return arguments;
}

ReplayArguments& add_replay(CLI::App& app) {
  static ReplayArguments arguments;
  CLI::App* command =
      app.add_subcommand("replay", "Play a fault record through the control code of this version again");
  command->footer(
      "Exit status: 0 every verdict and command came out as recorded, 1 not, 2 the file cannot be replayed.\n"
      "Example: plinth-sim replay records/trip-20261121T195652.123Z-grip_released-4711.plr --trace trip.csv");
  command->add_option("file", arguments.file, "The record")->required();
  command->add_flag("--json", arguments.json, "Report as one JSON object");
  command->add_option("--trace", arguments.trace, "Write every recorded cycle to this CSV file");
  return arguments;
}

CampaignArguments& add_campaign(CLI::App& app) {
  static CampaignArguments arguments;
  CLI::App* command = app.add_subcommand("campaign", "Run seeded fault scenarios and fault-free hours");
  command->footer(
      "Exit status: 0 nothing unsafe, every fault felt, hardly a false stop; 1 otherwise; 2 bad input.\n"
      "The result depends on --scenarios and --seed alone, never on --jobs.\n"
      "Example: plinth-sim campaign --scenarios 10000 --seed 1 --report reactions.txt");
  CampaignSettings& settings = arguments.settings;
  settings.jobs = std::max(1U, std::thread::hardware_concurrency());
  command->add_option("--scenarios", settings.scenarios, "How many")->capture_default_str();
  command->add_option("--seed", settings.seed, "Of everything that is left to chance")->capture_default_str();
  command->add_option("--jobs", settings.jobs, "Threads")->check(CLI::Range(1U, 256U))->capture_default_str();
  command->add_flag("--json", arguments.json, "Report as one JSON object");
  command->add_option("--report", arguments.report, "Write the reaction table to this Markdown file");
  command->add_option("--replay", arguments.replay, "Run this one scenario of the campaign and tell it");
  command->add_option("--draw", arguments.draw, "With --replay: this one of its draws")
      ->check(CLI::Range(0U, MostDraws - 1))
      ->capture_default_str();
  command->add_flag("--fault-free", arguments.fault_free, "With --replay: of the fault-free hours");
  command->add_option("--trace", arguments.trace,
                      "With --replay: write every control cycle to this CSV file");
  return arguments;
}

int run_serve(const ServeArguments& arguments) {
  ServeOptions options{.listen = {}, .setup = {}, .judged_by = {}, .on_listening = {}, .stop_wanted = {}};
  std::string name;
  options.setup.by_heart.emplace();
  if (!arguments.scenario.empty()) {
    const auto scenario = read_scenario(arguments.scenario);
    if (!scenario) {
      for (const Mistake& mistake : scenario.error()) std::cerr << in_words(mistake) << '\n';
      return BadInput;
    }
    options.setup = station_setup(*scenario, arguments.seed);
    options.setup.by_heart = routine_of(*scenario);
    name = scenario->name;
    if (!arguments.report.empty()) options.judged_by = prescription_of(*scenario);
  }
  options.setup.seed = arguments.seed;
  try {
    options.listen = parse_listen(arguments.listen);
  } catch (const std::invalid_argument& wrong) {
    std::cerr << wrong.what() << '\n';
    return BadInput;
  }
  if (!arguments.report.empty() && !std::ofstream{arguments.report}) {
    std::cerr << arguments.report.string() << " cannot be written. Choose a file in a folder that exists.\n";
    return BadInput;
  }
  options.on_listening = [&](std::uint16_t port) {
    std::cout << "listening tcp:" << options.listen.host << ':' << port << '\n' << std::flush;
  };
  options.stop_wanted = [] { return stop_signal != 0; };
  std::signal(SIGINT, note_stop);
  std::signal(SIGTERM, note_stop);
  const auto record = serve(options);
  if (record) write_report(arguments.report, name, arguments.seed, *record);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app{"The simulated station: arm, drive, load-cell hub, and a patient."};
    app.require_subcommand(1);
    const RunArguments& run_arguments = add_run(app);
    const ReplayArguments& replay_arguments = add_replay(app);
    const ServeArguments& serve_arguments = add_serve(app);
    const CampaignArguments& campaign_arguments = add_campaign(app);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : BadInput;
    }
    if (app.got_subcommand("run")) return run_command(run_arguments);
    if (app.got_subcommand("campaign")) return campaign_command(campaign_arguments);
    if (app.got_subcommand("replay")) return replay_command(replay_arguments);
    if (app.got_subcommand("serve")) return run_serve(serve_arguments);
    return BadInput;  // not reached: CLI11 requires one of them
  } catch (const std::exception& error) {
    std::cerr << "plinth-sim: " << error.what() << '\n';
    return 1;
  }
}
