// plinthctl: the command line client of plinthd's local socket.
#include <cstdlib>
#include <functional>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "hmi/ctl/commands.hpp"
#include "hmi/ctl/prescription_options.hpp"

namespace {

using namespace plinth;  // NOLINT: the program itself

constexpr const char* Examples = R"(Examples:
  plinthctl status
  plinthctl prescription set --phase strength --mass 78 --load 120 --range=-60:-5 --tempo 2-1-4-0
  plinthctl session run --json
  plinthctl --socket /tmp/plinthd.sock watch --count 10

Exit status: 0 done, 1 refused or failed, 2 wrong usage.)";

constexpr const char* PrescriptionExamples =
    R"(What is not given is the phase's default. The station checks every value against phase, machine and person,
and tells everything that is wrong at once.

Example:
  plinthctl prescription set --phase foundation --mass 70 --height 1.68 --load 40 --sets 2 --reps 8)";

std::string default_socket() {
  const char* named = std::getenv("PLINTH_SOCKET");  // NOLINT(concurrency-mt-unsafe): before any thread
  return named != nullptr ? named : "/run/plinth/plinthd.sock";
}

// Makes a reader of the form `tl::expected<void, std::string>(Prescription&, text)` a check of an option.
template <typename Read>
auto reading(v1::Prescription& to, Read read) {
  return [&to, read](const std::string& text) {
    const auto result = read(to, text);
    return result ? std::string{} : result.error();
  };
}

// Options whose text is read by `Read` and given to `set`.
template <typename Read, typename Set>
CLI::Option* option_read_by(CLI::App& app, const std::string& name, const std::string& help, Read read,
                            Set set) {
  static std::string text;  // read through the check
  return app.add_option(name, text, help)->check([read, set](const std::string& typed) {
    const auto value = read(typed);
    if (!value) return value.error();
    set(*value);
    return std::string{};
  });
}
CLI::Option* number_option(CLI::App& app, const std::string& name, const std::string& help,
                           std::function<void(double)> set) {
  return option_read_by(app, name, help, &ctl::number_in, std::move(set));
}
CLI::Option* count_option(CLI::App& app, const std::string& name, const std::string& help,
                          std::function<void(std::uint32_t)> set) {
  return option_read_by(app, name, help, &ctl::count_in, std::move(set));
}

void add_prescription_options(CLI::App& app, v1::Prescription& to) {
  static std::string text;  // the options below read through their checks
  app.add_option("--phase", text, "foundation, strength, integrated or maintenance")
      ->required()
      ->check(reading(to, &ctl::set_phase));
  number_option(app, "--mass", "of the person, kg", [&to](double v) {
    to.mutable_person()->set_mass_kg(v);
  })->required();
  number_option(app, "--height", "of the person, m (typical for the mass if not given)",
                [&to](double v) { to.mutable_person()->set_height_m(v); });
  number_option(app, "--strength", "isometric test of the person, N·m",
                [&to](double v) { to.mutable_person()->set_strength_nm(v); });
  number_option(app, "--load", "added at the strap, both legs, N", [&to](double v) { to.set_load_n(v); });
  app.add_option("--range", text, "low and high end in degrees: --range=-60:-5")
      ->check(reading(to, &ctl::set_range));
  app.add_option("--tempo", text, "lift-hold-lower-rest in seconds: --tempo 2-1-4-0")
      ->check(reading(to, &ctl::set_tempo));
  number_option(app, "--eccentric", "load while lowering ÷ load while lifting",
                [&to](double v) { to.set_eccentric_ratio(v); });
  number_option(app, "--hold-tolerance", "± degrees around the hold",
                [&to](double v) { to.set_hold_tolerance_deg(v); });
  number_option(app, "--lifting-stop-speed", "a faster lift ends the set, °/s",
                [&to](double v) { to.set_lifting_stop_speed_deg_s(v); });
  number_option(app, "--lowering-stop-speed", "a faster lowering ends the set, °/s",
                [&to](double v) { to.set_lowering_stop_speed_deg_s(v); });
  count_option(app, "--sets", "number of sets", [&to](std::uint32_t v) { to.set_sets(v); });
  count_option(app, "--reps", "reps in each set", [&to](std::uint32_t v) { to.set_reps(v); });
  number_option(app, "--rest", "between sets, s", [&to](double v) { to.set_rest_between_sets_s(v); });
  number_option(app, "--leg-support", "share of the legs' weight that the machine carries",
                [&to](double v) { to.set_leg_support(v); });
}

// Wrong usage: what was wrong, the commands there are, and where to read on.
std::string usage_error(const CLI::App* app, const CLI::Error& error) {
  std::string words = std::string{error.what()} + "\nCommands: ";
  for (const CLI::App* command : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (!words.ends_with(": ")) words += ", ";
    words += command->get_name();
  }
  return words + "\nRun with --help for more information.\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Looks at a Plinth station and gives it commands."};
  app.footer(Examples);
  app.require_subcommand(1);
  app.failure_message(usage_error);
  app.set_version_flag("--version", "plinthctl " PLINTH_VERSION);

  ctl::Common common{.socket = default_socket()};
  app.add_option("--socket", common.socket, "of plinthd (or the variable PLINTH_SOCKET)")
      ->capture_default_str();
  app.add_flag("--json", common.json, "for programs: JSON on the standard output");

  int exit_status = ctl::Done;
  const auto does = [&exit_status](CLI::App* command, auto act) {
    command->fallthrough();  // --json and --socket may also stand behind the command
    command->callback([&exit_status, act] { exit_status = act(); });
  };
  const auto asks = [&](CLI::App* command, void (*fill)(v1::Command&), const char* done) {
    does(command, [&common, fill, done] {
      v1::Command body;
      fill(body);
      return ctl::simple_command(common, body, done);
    });
  };

  does(app.add_subcommand("status", "The station now: person, load, safety, units, loop"),
       [&] { return ctl::status(common); });

  int count = 0;
  double every_s = 0.5;
  CLI::App* watch = app.add_subcommand("watch", "A line (with --json: an object) for each new state");
  watch->add_option("--count", count, "end after so many lines")->check(CLI::NonNegativeNumber);
  watch->add_option("--every", every_s, "seconds between lines; 0: all of them")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  does(watch,
       [&] { return ctl::watch(common, count, std::chrono::milliseconds{std::lround(every_s * 1000)}); });

  CLI::App* prescription = app.add_subcommand("prescription", "The prescription of the next session");
  prescription->require_subcommand(1)->fallthrough();
  does(prescription->add_subcommand("show", "What is loaded"),
       [&] { return ctl::prescription_show(common); });
  v1::Prescription wanted;
  CLI::App* set = prescription->add_subcommand("set", "Loads another one, and keeps it for the next start");
  add_prescription_options(*set, wanted);
  set->footer(PrescriptionExamples);
  does(set, [&] { return ctl::prescription_set(common, wanted); });

  CLI::App* session = app.add_subcommand("session", "Start, stop, reset, end, or attend a whole session");
  session->require_subcommand(1)->fallthrough();
  ctl::RunSettings run;
  double patience_s = 30.0;
  bool no_wait = false;
  CLI::App* start = session->add_subcommand("start", "Arms the next set and attends it to its end");
  start->add_flag("--no-wait", no_wait,
                  "only arm: another screen attends the set (none does: it is stopped)");
  does(start, [&] {
    if (no_wait) {
      v1::Command body;
      body.mutable_start();
      return ctl::simple_command(common, body, "Armed for ten seconds: squeeze both grips to start.");
    }
    return ctl::session_run(common, {.reset_after_boot = false,
                                     .one_set = true,
                                     .patience = std::chrono::milliseconds{std::lround(patience_s * 1000)}});
  });
  asks(
      session->add_subcommand("stop", "Ends the set by releasing the load"),
      [](v1::Command& c) { c.mutable_stop(); }, "Stopped.");
  asks(
      session->add_subcommand("reset", "Clears a latched stop; starts nothing"),
      [](v1::Command& c) { c.mutable_reset(); }, "Reset.");
  asks(
      session->add_subcommand("end", "Gives up the remaining sets"),
      [](v1::Command& c) { c.mutable_end_session(); }, "The session is ended.");
  CLI::App* whole = session->add_subcommand(
      "run",
      "Attends a whole session: arms every set, tells each rep, sums up. Exit status 0 only when every "
      "prescribed rep was counted, within all limits. Ctrl-C stops the set");
  whole->add_flag("--reset", run.reset_any,
                  "first clear whatever stop is latched, not only that of the boot");
  whole->add_option("--patience", patience_s, "seconds that the station may take to become ready")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  does(whole, [&] {
    run.patience = std::chrono::milliseconds{std::lround(patience_s * 1000)};
    return ctl::session_run(common, run);
  });

  ctl::Endpoint eyes;
  CLI::App* patient =
      app.add_subcommand("simulate-patient", "Shows the guide to the simulator's patient, who then trains");
  patient->group("Simulation");
  patient
      ->add_option_function<std::string>(
          "--eyes",
          [&eyes](const std::string& text) {
            const auto named = ctl::endpoint_named(text);
            if (!named)
              throw CLI::ValidationError{"--eyes", named.error().what + "; " + named.error().next_step};
            eyes = *named;
          },
          "the simulator's Modbus server, tcp:HOST:PORT")
      ->required();
  does(patient, [&] { return ctl::simulate_patient(common, eyes); });

  ctl::heed_signals();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? ctl::Done : ctl::Misused;
  }
  return exit_status;
}
