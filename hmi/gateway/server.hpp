// The gateway: listens, counts connections, and stops in good order.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "hmi/gateway/settings.hpp"
#include "hmi/gateway/site.hpp"

namespace plinth::gateway {

class Server {
 public:
  using Log = std::function<void(const std::string&)>;

  // Binds at once. Throws std::runtime_error, in words with what to do, when the address cannot be had.
  Server(const Settings& settings, Site site, Log log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it really listens: port 0 has become a number.
  [[nodiscard]] Endpoint endpoint() const;

  // Serves until stop(), on the calling thread.
  void run();

  // Says goodbye to every viewer and ends run() within a second. From any thread.
  void stop();

  // Calls stop() on SIGTERM and SIGINT.
  void stop_on_signals();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace plinth::gateway
