// Tells what is wrong with the two units: the log when it changes, and whoever looks at the station.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "controller/service/service.hpp"
#include "drivers/tcp_machine.hpp"

namespace plinth {

// On the io thread, once a second. What it is given must outlive it.
class UnitWatch {
 public:
  UnitWatch(boost::asio::io_context& io, const drivers::TcpMachine& machine, service::Service& service)
      : machine_{machine}, service_{service}, timer_{io} {}

  void start();
  void stop() { timer_.cancel(); }

 private:
  struct Known {
    std::uint64_t attempts = 0;
    std::uint64_t opened = 0;
    std::string trouble;
  };
  void look(drivers::StationUnit unit, const char* name, Known& known);

  const drivers::TcpMachine& machine_;
  service::Service& service_;
  boost::asio::steady_timer timer_;
  Known drive_;
  Known hub_;
};

}  // namespace plinth
