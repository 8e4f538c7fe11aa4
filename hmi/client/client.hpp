// A blocking client of plinthd's local socket, for programs that do one thing at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "plinth/v1/plinth.pb.h"
#include "proto/framing.hpp"

namespace plinth::client {

// Why it cannot go on, in words for the person at the terminal.
struct Problem {
  std::string what;
  std::string next_step;
};

class Client {
 public:
  // Connects, introduces itself and waits for the welcome, at most a few seconds altogether.
  [[nodiscard]] static tl::expected<Client, Problem> connect(const std::string& socket_path, v1::Role role,
                                                             const std::string& name);
  Client(Client&& other) noexcept;
  Client& operator=(Client&& other) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  [[nodiscard]] const v1::Welcome& welcome() const { return welcome_; }

  // The next frame that is not a heartbeat; nothing after `patience`. Sends our own heartbeats meanwhile:
  // whoever holds a client calls this at least once a second.
  [[nodiscard]] tl::expected<std::optional<v1::ServerFrame>, Problem> next(
      std::chrono::milliseconds patience);

  // Sends a command; gives its number, which its outcome will bear.
  [[nodiscard]] tl::expected<std::uint64_t, Problem> send(v1::Command command);

  // Sends a command and waits for its outcome; every other frame that comes meanwhile goes to `meanwhile`.
  [[nodiscard]] tl::expected<v1::Outcome, Problem> ask(
      v1::Command command, const std::function<void(const v1::ServerFrame&)>& meanwhile = {});

 private:
  Client(int fd, std::string path);

  [[nodiscard]] tl::expected<void, Problem> write(const v1::ClientFrame& frame);
  [[nodiscard]] tl::expected<void, Problem> beat();
  [[nodiscard]] tl::expected<std::optional<v1::ServerFrame>, Problem> next_of_any_kind(
      std::chrono::steady_clock::time_point until);
  // False when nothing came until then.
  [[nodiscard]] tl::expected<bool, Problem> read_more(std::chrono::steady_clock::time_point until);
  [[nodiscard]] Problem lost() const;

  int fd_ = -1;
  std::string path_;
  proto::FrameReader frames_{proto::LongestFromServer};
  v1::Welcome welcome_;
  std::uint64_t last_command_ = 0;
  std::uint64_t beats_ = 0;
  std::chrono::steady_clock::time_point last_sent_;
};

// One refusal as one line: what, allowed, next step.
[[nodiscard]] std::string in_words(const v1::Refused& refused);

}  // namespace plinth::client
