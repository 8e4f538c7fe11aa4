// Requests on their way through the control cycle: sent once, and brought back exactly once.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "controller/cycle/channels.hpp"

namespace plinth::service {

using ClientId = std::uint64_t;  // never used twice; 0 is the desk itself

// What somebody asked for.
struct Errand {
  ClientId client = 0;
  std::uint64_t command = 0;                          // the client's own number for it
  std::string_view what;                              // for the log: "start"
  std::optional<rehab::Prescription> prescription{};  // the one to be loaded
  bool ends_review = false;                           // a physio has seen to the person
};

// What became of it.
struct Return {
  Errand errand;
  std::optional<rehab::RefusalCode> refused;  // nothing: the control cycle has acted on it
  // Control answered after it had been given up: the asker was told so and is not told again.
  bool late = false;
};

// The single producer of intents and the single consumer of answers. Time is passed in.
class Errands {
 public:
  Errands(cycle::Channels& channels, units::Duration answer_within)
      : channels_{channels}, answer_within_{answer_within} {}

  // False when too much is waiting already: the errand was not taken.
  [[nodiscard]] bool send(const Errand& errand, session::IntentBody body, units::Instant now);

  // Sets the stop lane, always. False when so many stops wait for their answer that this one gets none.
  bool stop(const Errand& errand, units::Instant now);

  // Everything that came back since the last call. `published`: control has published a snapshot since then.
  // An errand without an answer in time comes back as ControlSilent, and once more, late, if control answers
  // after all: its effect is real. (The drive's watchdog stops the machine long before an answer is a second
  // late, so a Start that comes late finds a latched stop.)
  [[nodiscard]] std::vector<Return> collect(bool published, units::Instant now);

  // How many of this client's errands have not come back.
  [[nodiscard]] std::size_t count_of(ClientId client) const;
  // A prescription is on its way.
  [[nodiscard]] bool carries_prescription() const;

 private:
  struct Sent {
    Errand errand;
    units::Instant deadline;
    bool given_up = false;
  };
  // Control takes the lane's flag at the beginning of a cycle and publishes at its end, so a stop has been
  // acted on after the second snapshot that follows: the first may have been on its way already.
  struct SentStop {
    Errand errand;
    units::Instant deadline;
    bool taken = false;
    int published = 0;
  };

  void collect_answers(std::vector<Return>& out);
  void collect_stops(bool published, units::Instant now, std::vector<Return>& out);
  void give_up(units::Instant now, std::vector<Return>& out);

  cycle::Channels& channels_;
  units::Duration answer_within_;
  std::map<std::uint64_t, Sent> sent_;  // by the intent's id
  std::deque<SentStop> stops_;
  std::uint64_t last_id_ = 0;
};

}  // namespace plinth::service
