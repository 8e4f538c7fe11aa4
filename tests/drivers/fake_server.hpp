// The fake units behind a real socket on 127.0.0.1, with a delivery that a test may spoil.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/drivers/fake_units.hpp"

namespace plinth::drivers::test {

using Bytes = std::vector<std::uint8_t>;

class FakeServer {
 public:
  // Puts an answer (header included) on the wire; the default sends it whole and at once. Called from the
  // connection's thread, without the lock.
  using Deliver = std::function<void(int socket, Bytes answer)>;

  explicit FakeServer(std::uint16_t port = 0);  // 0: any free one
  ~FakeServer();
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string service() const { return std::to_string(port_); }
  // Runs with the station locked against the serving threads.
  template <typename F>
  auto with_station(F use) {
    const std::lock_guard lock{mutex_};
    return use(station_);
  }
  // How answers of this unit are delivered from now on; nothing: as they should.
  void deliver(std::uint8_t unit, Deliver how);
  // Told of every request before it is answered.
  void on_request(std::function<void(std::uint8_t unit, std::uint8_t function)> told);
  void drop_connections();
  [[nodiscard]] int connections_made() const { return connections_made_; }

  static void send_all(int socket, const Bytes& bytes);

 private:
  void accept_connections();
  void serve(int socket);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  FakeStation station_;
  Deliver deliver_[3];
  std::function<void(std::uint8_t, std::uint8_t)> on_request_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::atomic<int> connections_made_{0};
  std::chrono::steady_clock::time_point last_advance_ = std::chrono::steady_clock::now();
  std::thread acceptor_;
};

}  // namespace plinth::drivers::test
