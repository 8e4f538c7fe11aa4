// Which pages may open a WebSocket. Browsers let any page try (there is no same-origin policy for
// WebSockets), so the gateway compares the Origin header with an exact list: RFC 6455, section 10.2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hmi/gateway/settings.hpp"

namespace plinth::gateway {

// True for "http://host", "https://host:port" as a browser serialises an origin: lower case, no path,
// no trailing slash, no user.
bool is_origin(std::string_view text);

class Origins {
 public:
  // `listed` when there are any, else the gateway's own address under its names on this machine.
  Origins(std::vector<std::string> listed, const Endpoint& own);

  // Compared byte by byte. An absent header (an empty text) and "null" are never allowed.
  [[nodiscard]] bool allows(std::string_view origin) const;

  [[nodiscard]] const std::vector<std::string>& list() const { return allowed_; }

 private:
  std::vector<std::string> allowed_;
};

}  // namespace plinth::gateway
