// What the gateway is told: the [hmi] table of the station file, and the flags that override it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace plinth::gateway {

// An address to listen on. `host` is a numeric address; port 0 lets the system choose.
struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "127.0.0.1:8080" or "[::1]:8080"; nothing when it is neither.
std::optional<Endpoint> endpoint_from(const std::string& text);
// True for 0.0.0.0 and ::, however written.
bool is_every_address(const Endpoint& endpoint);
// True for 127.0.0.0/8 and ::1.
bool is_loopback(const Endpoint& endpoint);

struct Settings {
  Endpoint listen;
  // Whoever reaches the console's page may do everything a console may; so listening beyond this machine
  // takes a word of its own, and belongs behind a proxy that signs people in.
  bool allow_network = false;
  std::filesystem::path socket;  // plinthd's socket
  std::filesystem::path web;     // folder of the built page
  // Origins that may open a WebSocket, compared byte by byte. Empty: the gateway's own address. Needed when
  // that is every address of this machine, since no browser calls the page by it.
  std::vector<std::string> origins;
};

// What the command line may say instead of the file.
struct Overrides {
  std::optional<std::string> listen;
  std::optional<std::string> socket;
  std::optional<std::string> web;
};

// A mistake in the configuration: where it is, what is wrong, what would be right.
using Mistake = std::string;

// Reads the [hmi] table of the TOML text `text`; `name` is the file's name for messages. An empty text means
// defaults. Relative paths are relative to `base`. Gives every mistake at once.
tl::expected<Settings, std::vector<Mistake>> settings_from(const std::string& text, const std::string& name,
                                                           const std::filesystem::path& base,
                                                           const Overrides& overrides);

}  // namespace plinth::gateway
