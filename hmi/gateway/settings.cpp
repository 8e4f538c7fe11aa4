#include "hmi/gateway/settings.hpp"

#include <toml++/toml.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "hmi/gateway/origins.hpp"

namespace plinth::gateway {
namespace {

constexpr std::string_view ListenForm =
    "allowed: \"ADDRESS:PORT\" with a numeric address, e.g. \"127.0.0.1:8080\"";

// Fit for a terminal, whatever stands in the file.
std::string one_line(std::string words) {
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return words;
}

// Collects mistakes with their place in the file.
class Reader {
 public:
  Reader(const toml::table& table, std::string name) : table_{table}, name_{std::move(name)} {}

  void mistake(const toml::node* node, const std::string& words) {
    std::string place = name_;
    if (node != nullptr && node->source().begin.line != 0) {
      place += ":" + std::to_string(node->source().begin.line);
    }
    mistakes.push_back(one_line(place + ": " + words));
  }

  std::optional<std::string> text(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (const auto value = node->value<std::string>(); value && !value->empty()) return value;
    mistake(node, "hmi." + std::string{key} + " must be a text that is not empty");
    return std::nullopt;
  }

  std::optional<bool> flag(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (node->is_boolean()) return node->value<bool>();
    mistake(node, "hmi." + std::string{key} + " must be true or false");
    return std::nullopt;
  }

  std::vector<std::string> origins() {
    const toml::node* node = table_.get("origins");
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr) {
      mistake(node, "hmi.origins must be a list, e.g. [\"http://127.0.0.1:8080\"]");
      return {};
    }
    std::vector<std::string> found;
    for (const toml::node& item : *list) {
      const auto value = item.value<std::string>();
      if (value && is_origin(*value)) {
        found.push_back(*value);
      } else {
        mistake(&item,
                "an entry of hmi.origins is no origin; allowed: scheme, host and port as the browser sends "
                "them, in lower case and without a path, e.g. \"http://127.0.0.1:8080\"");
      }
    }
    return found;
  }

  void refuse_unknown_keys() {
    constexpr std::string_view Known[] = {"listen", "allow_network", "socket", "web", "origins"};
    for (const auto& [key, node] : table_) {
      bool known = false;
      for (const auto name : Known) known = known || key.str() == name;
      if (!known) {
        mistake(&node, "hmi." + std::string{key.str()} +
                           " is not known; allowed: listen, allow_network, socket, web, origins");
      }
    }
  }

  std::vector<Mistake> mistakes;

 private:
  const toml::table& table_;
  std::string name_;
};

std::filesystem::path resolved(const std::filesystem::path& base, const std::string& path) {
  return std::filesystem::path{path}.is_absolute() ? std::filesystem::path{path} : base / path;
}

}  // namespace

std::optional<Endpoint> endpoint_from(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
  Endpoint endpoint;
  endpoint.host = text.substr(0, colon);
  if (endpoint.host.starts_with('[') && endpoint.host.ends_with(']')) {
    endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  } else if (endpoint.host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  if (endpoint.host.empty() ||
      endpoint.host.find_first_not_of("0123456789abcdefABCDEF.:") != std::string::npos) {
    return std::nullopt;
  }
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return endpoint;
}

bool is_every_address(const Endpoint& endpoint) {
  return endpoint.host.find_first_not_of("0.:") == std::string::npos;
}

bool is_loopback(const Endpoint& endpoint) {
  return endpoint.host.starts_with("127.") || endpoint.host == "::1";
}

tl::expected<Settings, std::vector<Mistake>> settings_from(const std::string& text, const std::string& name,
                                                           const std::filesystem::path& base,
                                                           const Overrides& overrides) {
  toml::table file;
  try {
    file = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return tl::unexpected{std::vector<Mistake>{one_line(
        name + ":" + std::to_string(error.source().begin.line) + ": " + std::string{error.description()})}};
  }
  static const toml::table nothing;
  const toml::node* const node = file.get("hmi");
  const toml::table* const table = node == nullptr ? &nothing : node->as_table();
  if (table == nullptr) {
    return tl::unexpected{std::vector<Mistake>{name + ": hmi must be a table: [hmi]"}};
  }

  Reader reader{*table, name};
  reader.refuse_unknown_keys();
  Settings settings;

  const auto listen = overrides.listen ? overrides.listen : reader.text("listen");
  const toml::node* const listen_node = overrides.listen ? nullptr : table->get("listen");
  if (listen) {
    if (const auto endpoint = endpoint_from(*listen)) {
      settings.listen = *endpoint;
    } else {
      reader.mistake(listen_node, "listen is \"" + *listen + "\"; " + std::string{ListenForm});
    }
  }
  settings.allow_network = reader.flag("allow_network").value_or(false);
  if (!is_loopback(settings.listen) && !settings.allow_network) {
    reader.mistake(
        listen_node,
        "listen is \"" + settings.listen.host +
            "\", which other machines can reach, and there is no sign-in yet; listen on 127.0.0.1, or "
            "say hmi.allow_network = true and put a proxy with sign-in in front");
  }

  const auto path = [&](const std::optional<std::string>& flag,
                        std::string_view key) -> std::filesystem::path {
    if (flag) return *flag;  // relative to where the program was called
    if (const auto value = reader.text(key)) return resolved(base, *value);
    if (table->get(key) == nullptr) {
      reader.mistake(nullptr,
                     "hmi." + std::string{key} + " is missing; give it in [hmi] or as --" + std::string{key});
    }
    return {};
  };
  settings.socket = path(overrides.socket, "socket");
  settings.web = path(overrides.web, "web");
  // sockaddr_un has room for 107 characters and the closing zero.
  if (settings.socket.native().size() > 107) {
    reader.mistake(table->get("socket"),
                   "hmi.socket is longer than the 107 characters a Unix socket's path may have");
  }
  settings.origins = reader.origins();
  if (is_every_address(settings.listen) && settings.allow_network && table->get("origins") == nullptr) {
    reader.mistake(listen_node,
                   "listen is \"" + settings.listen.host +
                       "\", every address of this machine, so no page has it as its origin and every "
                       "browser would be refused; list hmi.origins, e.g. "
                       "[\"https://bench.clinic.example\"]");
  }

  if (!reader.mistakes.empty()) return tl::unexpected{std::move(reader.mistakes)};
  return settings;
}

}  // namespace plinth::gateway
