// The gateway's table of the station file, addresses and origins: nothing makes it listen to the network by
// accident, and no origin is let in that is not spelled out.
#include <string>

#include "hmi/gateway/origins.hpp"
#include "hmi/gateway/settings.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth::gateway;
using plinth::fuzz::Bytes;
using plinth::fuzz::require;

void check_settings(const std::string& text) {
  const auto settings = settings_from(text, "station.toml", "/etc/plinth", {});
  if (!settings) {
    require(!settings.error().empty(), "a refused file has a mistake");
    for (const Mistake& mistake : settings.error()) {
      require(mistake.starts_with("station.toml"), "a mistake says where");
      require(std::ranges::none_of(mistake, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
              "a mistake is one line, fit for a terminal");
    }
    return;
  }
  require(is_loopback(settings->listen) || settings->allow_network, "the network is listened to on purpose");
  require(!settings->socket.empty() && settings->socket.native().size() <= 107, "a socket's path fits");
  require(!settings->web.empty(), "there is a page");
  for (const std::string& origin : settings->origins) require(is_origin(origin), "an origin is one");
}

void check_origins(Bytes& in) {
  const std::string listed{plinth::fuzz::as_text(in.some(in.below(64)))};
  const std::string asked{plinth::fuzz::as_text(in.all())};
  const Endpoint own{.host = "127.0.0.1", .port = 8080};
  const Origins by_default{{}, own};
  require(by_default.allows(asked) == (asked == "http://127.0.0.1:8080" || asked == "http://localhost:8080"),
          "by default the own page is let in, by its two names, and nobody else");
  if (listed.empty()) return;
  const Origins named{{listed}, own};
  require(named.allows(asked) == (!asked.empty() && asked == listed), "a list lets in what it says, exactly");
}

void check_endpoint(const std::string& text) {
  const auto endpoint = endpoint_from(text);
  if (!endpoint) return;
  const bool six = endpoint->host.find(':') != std::string::npos;
  const std::string again =
      (six ? "[" + endpoint->host + "]" : endpoint->host) + ":" + std::to_string(endpoint->port);
  require(endpoint_from(again) == endpoint, "an address is read as it is written");
  require(!is_loopback(*endpoint) || endpoint->host == "::1" || endpoint->host.starts_with("127."),
          "this machine is 127.0.0.0/8 and ::1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in{data, size};
  switch (in.below(3)) {
    case 0:
      check_settings(std::string{plinth::fuzz::as_text(in.all())});
      break;
    case 1:
      check_origins(in);
      break;
    default:
      check_endpoint(std::string{plinth::fuzz::as_text(in.all())});
  }
  return 0;
}
