// The local socket: lets people see and ask, on the io thread, and never makes the control thread wait.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "controller/cycle/channels.hpp"
#include "controller/service/picture.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): the name is Asio's
}

namespace plinth::service {

struct Settings {
  std::filesystem::path socket;             // at most 107 characters, a limit of Unix sockets
  std::filesystem::path prescription_file;  // its folder must exist
  std::string server = "plinthd";           // with its version, as clients see it
  bool simulation = false;                  // the units are simulated: every view says so
};

// All calls, and the io_context's run(), on one thread. `channels` must outlive the io_context.
class Service {
 public:
  Service(boost::asio::io_context& io, const Settings& settings, cycle::Channels& channels);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();  // as stop()

  // Listens, and takes the kept prescription to control. Throws std::runtime_error, in words for whoever
  // starts the daemon, when the socket cannot be had: most of all when another daemon answers there.
  void start();

  // What keeps the units from being used, for everybody who looks.
  void tell(UnitTroubles troubles);

  // Says goodbye to every client, closes and removes the socket. The io_context runs out of our work within
  // a second. May be called more than once.
  void stop();

 private:
  class Server;
  std::shared_ptr<Server> server_;  // shared with the coroutines that are still ending
};

}  // namespace plinth::service
