// What every connection shares. One thread runs all of it, so nothing here is locked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "hmi/gateway/origins.hpp"
#include "hmi/gateway/site.hpp"

namespace plinth::gateway {

inline constexpr std::size_t MostConnections = 64;
inline constexpr std::size_t MostViewers = 32;  // of them WebSockets; each holds two descriptors

// One open WebSocket, as the server sees it.
class Viewer {
 public:
  Viewer() = default;
  Viewer(const Viewer&) = delete;
  Viewer& operator=(const Viewer&) = delete;
  virtual ~Viewer() = default;
  // Ends it with a close frame of this code (RFC 6455, section 7.4) and reason.
  virtual void leave(std::uint16_t code, const std::string& reason) = 0;
};

struct Context {
  Site site;
  Origins origins;
  std::filesystem::path socket;  // plinthd's
  std::function<void(const std::string&)> log;
  std::size_t connections = 0;
  std::set<Viewer*> viewers{};
};

}  // namespace plinth::gateway
