// A Modbus TCP server for many clients in one thread: framing and sockets, no registers.
//
// libmodbus opens and accepts. The frames are taken apart here, since its receive call waits inside one frame
// until the peer has sent all of it: a client that dribbles would hold up every other.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace plinth::simulator {

// Answers a request PDU for a unit; returns the reply's length, 0 for silence.
class PduService {
 public:
  virtual ~PduService() = default;
  virtual std::size_t handle(std::uint8_t unit, std::span<const std::uint8_t> request,
                             std::span<std::uint8_t> reply) = 0;
  // Units that exist; any other is answered with exception 0B, as a gateway does.
  [[nodiscard]] virtual bool knows(std::uint8_t unit) const = 0;
};

class ModbusServer {
 public:
  // Listens at once. `port` 0 lets the system choose. Throws std::runtime_error with what to do when the
  // address cannot be had.
  ModbusServer(const std::string& address, std::uint16_t port, PduService& service);
  ~ModbusServer();
  ModbusServer(const ModbusServer&) = delete;
  ModbusServer& operator=(const ModbusServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // Waits at most `timeout_ms` for something to happen and serves it.
  void serve_once(int timeout_ms);
  [[nodiscard]] std::size_t clients() const { return clients_.size(); }

 private:
  static constexpr std::size_t MaxFrame = 260;
  static constexpr std::size_t MaxClients = 32;

  struct Client {
    int socket = -1;
    std::size_t filled = 0;
    std::array<std::uint8_t, 4 * MaxFrame> inbox{};
    std::vector<std::uint8_t> outbox;  // what the peer has not taken yet
    bool lost = false;
  };
  struct ContextCloser {
    void operator()(void* context) const;
  };

  void accept_one();
  void receive(Client& client);
  void take_frames(Client& client);
  void send(Client& client, std::span<const std::uint8_t> frame);
  static void flush(Client& client);

  PduService& service_;
  std::unique_ptr<void, ContextCloser> context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace plinth::simulator
