#include "hmi/ctl/commands.hpp"

#include <csignal>
#include <cstdio>
#include <optional>
#include <thread>

#include "hmi/ctl/text.hpp"

namespace plinth::ctl {
namespace {

using client::Client;
using client::Problem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr const char* Name = "plinthctl " PLINTH_VERSION;

// The station shows 40 states a second while its control runs.
constexpr auto LongestGap = std::chrono::seconds{5};

volatile std::sig_atomic_t interrupted = 0;

void say(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}
void say_line(const std::string& text) {
  say(text + "\n");
}
void tell(const std::string& line) {
  std::fprintf(stderr, "%s\n", line.c_str());
}

int fail(const Problem& problem) {
  tell("plinthctl: " + problem.what);
  if (!problem.next_step.empty()) tell("           " + problem.next_step);
  return Failed;
}

void tell(const v1::Refused& refused) {
  if (refused.details().empty()) tell("refused (" + refused.code() + "): " + client::in_words(refused));
  for (const v1::Refused& detail : refused.details()) {
    tell("refused (" + detail.code() + "): " + client::in_words(detail));
  }
}

// With no more rights than the command needs: everybody may look and stop.
v1::Role role_for(const v1::Command& command) {
  return command.has_get_prescription() || command.has_stop() ? v1::ROLE_VIEWER : v1::ROLE_CONSOLE;
}

// For commands that ask once: `print` says what was applied.
template <typename Print>
int ask_once(const Common& common, const v1::Command& command, Print print) {
  auto station = Client::connect(common.socket, role_for(command), Name);
  if (!station) return fail(station.error());
  const auto outcome = station->ask(command);
  if (!outcome) return fail(outcome.error());
  if (common.json) say_line(json_of(*outcome));
  if (outcome->has_refused()) {
    if (!common.json) tell(outcome->refused());
    return Failed;
  }
  if (!common.json) print(outcome->applied());
  return Done;
}

v1::Command command_for(SessionRun::Wish wish) {
  v1::Command command;
  if (wish == SessionRun::Wish::Reset) command.mutable_reset();
  if (wish == SessionRun::Wish::Start) command.mutable_start();
  return command;
}

// Whoever attends a session and leaves it ends the set: by asking, not by letting the station find out.
void stop_and_leave(Client& station) {
  v1::Command command;
  command.mutable_stop();
  const auto outcome = station.ask(command);
  tell(outcome && outcome->has_applied()
           ? "Stopped: the load is released and the legs are lowered to their rest."
           : "The station did not confirm the stop.");
}

}  // namespace

void heed_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

int status(const Common& common) {
  const auto station = Client::connect(common.socket, v1::ROLE_VIEWER, Name);
  if (!station) return fail(station.error());
  say(common.json ? json_of(station->welcome()) + "\n" : status_text(station->welcome()));
  return Done;
}

int watch(const Common& common, int count, milliseconds every) {
  auto station = Client::connect(common.socket, v1::ROLE_VIEWER, Name);
  if (!station) return fail(station.error());
  auto due = Clock::now();
  for (int shown = 0; (count == 0 || shown < count) && interrupted == 0;) {
    const auto frame = station->next(milliseconds{100});
    if (!frame) return fail(frame.error());
    if (!*frame || !(*frame)->has_telemetry() || Clock::now() < due) continue;
    due = Clock::now() + every;
    ++shown;
    say_line(common.json ? json_of((*frame)->telemetry()) : watch_line((*frame)->telemetry()));
  }
  return Done;
}

int prescription_show(const Common& common) {
  v1::Command command;
  command.mutable_get_prescription();
  return ask_once(common, command,
                  [](const v1::Applied& applied) { say(prescription_text(applied.prescription())); });
}

int prescription_set(const Common& common, const v1::Prescription& prescription) {
  v1::Command command;
  *command.mutable_set_prescription()->mutable_prescription() = prescription;
  return ask_once(common, command,
                  [](const v1::Applied& applied) { say(prescription_text(applied.prescription())); });
}

int simple_command(const Common& common, const v1::Command& command, const std::string& done) {
  return ask_once(common, command, [&](const v1::Applied&) { say_line(done); });
}

int session_run(const Common& common, const RunSettings& settings) {
  auto station = Client::connect(common.socket, v1::ROLE_CONSOLE, Name);
  if (!station) return fail(station.error());
  v1::Telemetry newest = station->welcome().telemetry();
  SessionRun run{station->welcome().prescription(), settings, Clock::now()};
  std::uint64_t asked = 0;  // the number of the command whose outcome is awaited; 0: none
  auto last_picture = Clock::now();
  while (!run.is_over()) {
    if (interrupted != 0) {
      stop_and_leave(*station);
      return Interrupted;
    }
    const auto frame = station->next(milliseconds{100});
    if (!frame) {
      run.give_up(frame.error().what + ": " + frame.error().next_step);
      break;
    }
    if (*frame && (*frame)->has_outcome() && (*frame)->outcome().id() == asked) {
      run.answered((*frame)->outcome(), Clock::now());
      asked = 0;
    }
    if (*frame && (*frame)->has_telemetry()) {
      const auto text = progress_text(newest, (*frame)->telemetry());
      if (!text.empty()) tell(text);
      newest = (*frame)->telemetry();
      last_picture = Clock::now();
    }
    if (Clock::now() - last_picture > LongestGap) {
      run.give_up(
          "The control of the machine is silent. Press the emergency stop and look at plinthd's log.");
      break;
    }
    if (asked != 0) continue;
    const auto wish = run.look(newest, Clock::now());
    if (wish == SessionRun::Wish::None) continue;
    const auto sent = station->send(command_for(wish));
    if (!sent) return fail(sent.error());
    asked = *sent;
  }
  const Summary& summary = run.summary();
  say(common.json ? json_of(summary) + "\n" : summary_text(summary));
  return summary.complete ? Done : Failed;
}

int simulate_patient(const Common& common, const Endpoint& eyes) {
  constexpr milliseconds Every{20};  // 50 a second
  constexpr milliseconds Patience{500};
  constexpr milliseconds StandsStill{200};
  EyesLink link{eyes};
  std::optional<Client> station;
  v1::Telemetry newest;
  auto newest_at = Clock::now();
  std::uint16_t sequence = 0;
  std::string trouble;
  const auto note = [&](const std::string& what) {
    if (what != trouble && !what.empty()) tell("plinthctl: " + what);
    trouble = what;
  };
  // A daemon or a simulator that restarts is waited for: whoever runs this ends it with Ctrl-C.
  while (interrupted == 0) {
    if (!station) {
      auto connected =
          Client::connect(common.socket, v1::ROLE_VIEWER, std::string{Name} + " simulate-patient");
      if (!connected) {
        note(connected.error().what);
        std::this_thread::sleep_for(Patience);
        continue;
      }
      newest = connected->welcome().telemetry();
      newest_at = Clock::now();
      station = std::move(*connected);
    }
    const auto due = Clock::now() + Every;
    while (station && Clock::now() < due) {
      const auto left = std::chrono::ceil<milliseconds>(due - Clock::now());
      auto frame = station->next(left);
      if (!frame) {
        // Without a picture the patient lets go, as a real one would.
        note(frame.error().what);
        station.reset();
      } else if (*frame && (*frame)->has_telemetry()) {
        newest = (*frame)->telemetry();
        newest_at = Clock::now();
      }
    }
    // A picture that stands still is no picture: a frozen daemon keeps its connections.
    if (!station || Clock::now() - newest_at > StandsStill) continue;
    const auto shown = link.show(eyes_for(newest, ++sequence));
    note(shown ? "" : shown.error().what);
    if (!shown) std::this_thread::sleep_for(Patience);
  }
  return Done;
}

}  // namespace plinth::ctl
