// A gateway on a free port, a stand-in for plinthd behind it, and a browser written from RFC 6455 alone: it
// shares no code with the gateway, and can do wrong what a real browser would not.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "hmi/gateway/server.hpp"

namespace plinth::gateway {

// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_{number} {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  [[nodiscard]] int number() const { return number_; }
  void close();

  void send(std::string_view bytes) const;
  // Up to `most` bytes that arrive within `wait`; empty when none did or the peer has closed.
  [[nodiscard]] std::string receive(std::size_t most = 65536,
                                    std::chrono::milliseconds wait = std::chrono::seconds{5}) const;

 private:
  int number_;
};

// One connection that the gateway made to plinthd.
class DaemonSide {
 public:
  explicit DaemonSide(Descriptor socket) : socket_{std::move(socket)} {}
  void send_frame(const std::string& message) const;
  // The next whole message from the viewer; nothing when the connection ended or none came.
  std::optional<std::string> receive_frame();
  void close() { socket_.close(); }
  [[nodiscard]] const Descriptor& socket() const { return socket_; }

 private:
  Descriptor socket_;
  std::string pending_;
};

// The socket on which plinthd would listen.
class FakeDaemon {
 public:
  explicit FakeDaemon(const std::filesystem::path& path);
  // The next connection of the gateway.
  std::unique_ptr<DaemonSide> accept();

 private:
  Descriptor listener_;
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct Message {
  std::uint8_t opcode = 0;  // 1 text, 2 binary, 8 close
  std::string payload;
  [[nodiscard]] std::uint16_t close_code() const;
  [[nodiscard]] std::string close_reason() const { return payload.size() > 2 ? payload.substr(2) : ""; }
};

class Browser {
 public:
  explicit Browser(const Endpoint& gateway, int receive_buffer = 0);

  // Sends a request as it stands and reads one answer.
  HttpAnswer request(const std::string& text, bool with_body = true);
  HttpAnswer get(const std::string& path, const std::string& more_headers = "");
  // The upgrade of a page of this origin. Status 101 when it was taken.
  HttpAnswer open(const std::string& origin, const std::string& protocol = "plinth.v1",
                  const std::string& path = "/ws");

  void send(const std::string& payload, std::uint8_t opcode = 2, bool masked = true);
  // The next message; pings are skipped, parts are not expected. Nothing when the connection ended.
  std::optional<Message> receive();
  // True when the gateway has ended the connection.
  bool is_over();
  [[nodiscard]] const Descriptor& socket() const { return socket_; }

 private:
  bool fill();
  Descriptor socket_;
  std::string pending_;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest();
  ~GatewayTest() override;

  [[nodiscard]] std::string origin() const { return "http://127.0.0.1:" + std::to_string(endpoint_.port); }
  Browser browser(int receive_buffer = 0) const { return Browser{endpoint_, receive_buffer}; }
  // A page that is connected through to the daemon.
  std::pair<Browser, std::unique_ptr<DaemonSide>> viewer(int receive_buffer = 0);
  void stop_gateway();
  void stop_daemon() { daemon_.reset(); }

  std::filesystem::path folder_;
  std::optional<FakeDaemon> daemon_;
  std::unique_ptr<Server> server_;
  Endpoint endpoint_;
  std::thread thread_;
};

}  // namespace plinth::gateway
