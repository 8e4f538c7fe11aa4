// A Modbus TCP connection to one unit. libmodbus opens it and speaks the requests outside the cycle; the
// cyclic exchange uses its descriptor with our own framing, because the library neither matches the
// transaction of raw answers nor holds an absolute deadline. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "drivers/exchange.hpp"
#include "drivers/link_stats.hpp"
#include "drivers/register_port.hpp"
#include "drivers/time_source.hpp"

extern "C" {
struct _modbus;  // NOLINT(bugprone-reserved-identifier): libmodbus' own name; <modbus.h> stays out of headers
}

namespace plinth::drivers {

struct Endpoint {
  std::string host = "127.0.0.1";  // name or address, IPv4 or IPv6
  std::string port = "502";
  std::uint8_t unit = 1;

  [[nodiscard]] std::string in_words() const { return host + ":" + port + " unit " + std::to_string(unit); }
};

class TcpLink {
 public:
  TcpLink(Endpoint endpoint, const TimeSource& time);

  // Opens the connection afresh; blocks for at most `patience` (name resolution aside). Start-up and keeper
  // threads only.
  Outcome<void> open(units::Duration patience);
  void close();
  [[nodiscard]] bool is_open() const { return context_ != nullptr; }
  // For ppoll; −1 while closed.
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }

  // The cyclic half. None of these waits or allocates.
  //
  // Sends a request; its answer is awaited from now on. False when the connection is no longer any use.
  [[nodiscard]] bool ask(std::span<const std::uint8_t> request);
  // Takes what has arrived, all of it unless that is absurdly much. False when the connection is no longer
  // any use; an answer that came before it ended is still there.
  [[nodiscard]] bool receive();
  // The deadline of the request that is out has passed.
  void give_up();
  [[nodiscard]] const Exchange& exchange() const { return exchange_; }

  [[nodiscard]] LinkCounters& counters() { return counters_; }
  [[nodiscard]] const LinkCounters& counters() const { return counters_; }

 private:
  friend class ModbusPort;
  struct Closer {
    void operator()(_modbus* context) const;
  };

  Endpoint endpoint_;
  const TimeSource& time_;
  std::unique_ptr<_modbus, Closer> context_;
  int descriptor_ = -1;
  Exchange exchange_;
  LinkCounters counters_;
};

// The requests outside the cycle, by libmodbus. No request may be out on the link's exchange.
class ModbusPort : public RegisterPort {
 public:
  // No request takes longer than `per_request`, and none goes on beyond `deadline`.
  ModbusPort(TcpLink& link, units::Duration per_request, units::Instant deadline = units::Instant::max());

  Outcome<void> read(std::uint16_t address, std::span<std::uint16_t> out) override;
  Outcome<void> write(std::uint16_t address, std::span<const std::uint16_t> values) override;
  units::Instant now() override { return link_.time_.now(); }
  Outcome<void> wait(units::Duration span) override;

  // After anything but a clean answer or exception the stream may hold an answer that comes too late for the
  // library to recognise: such a link must be opened afresh.
  [[nodiscard]] bool lost() const { return lost_; }

 private:
  [[nodiscard]] bool limit_next_request();
  Outcome<void> explain(const char* doing, std::uint16_t address, std::size_t count);

  TcpLink& link_;
  units::Duration per_request_;
  units::Instant deadline_;
  bool lost_ = false;
};

}  // namespace plinth::drivers
