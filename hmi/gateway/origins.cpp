#include "hmi/gateway/origins.hpp"

#include <algorithm>
#include <utility>

namespace plinth::gateway {

bool is_origin(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else {
    return false;
  }
  return !rest.empty() &&
         rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-:[]") == std::string_view::npos;
}

Origins::Origins(std::vector<std::string> listed, const Endpoint& own) : allowed_{std::move(listed)} {
  if (!allowed_.empty()) return;
  const std::string host = own.host.find(':') == std::string::npos ? own.host : "[" + own.host + "]";
  // Browsers leave the scheme's own port out.
  const std::string port = own.port == 80 ? "" : ":" + std::to_string(own.port);
  allowed_.push_back("http://" + host + port);
  if (is_loopback(own)) allowed_.push_back("http://localhost" + port);
}

bool Origins::allows(std::string_view origin) const {
  return !origin.empty() && std::find(allowed_.begin(), allowed_.end(), origin) != allowed_.end();
}

}  // namespace plinth::gateway
