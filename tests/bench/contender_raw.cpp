#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include "drivers/station_protocol.hpp"
#include "tests/bench/contender.hpp"

namespace plinth::bench {
namespace {

constexpr int PatienceMs = 100;

class Stream {
 public:
  Stream(const std::string& port, std::uint8_t unit) : unit_{unit} {
    addrinfo* found = nullptr;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    if (::getaddrinfo("127.0.0.1", port.c_str(), &wanted, &found) != 0)
      throw std::runtime_error("no such address");
    socket_ = ::socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    const bool connected = ::connect(socket_, found->ai_addr, found->ai_addrlen) == 0;
    ::freeaddrinfo(found);
    if (!connected) throw std::runtime_error("the units do not listen");
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Stream() { ::close(socket_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  [[nodiscard]] int descriptor() const { return socket_; }

  void send(std::span<const std::uint8_t> request) {
    std::array<std::uint8_t, 260> frame{};
    frame[1] = ++transaction_;
    frame[5] = static_cast<std::uint8_t>(request.size() + 1);
    frame[6] = unit_;
    std::copy(request.begin(), request.end(), frame.begin() + 7);
    (void)::send(socket_, frame.data(), request.size() + 7, MSG_NOSIGNAL);
    owed_ = true;
  }
  // Takes what has come; true once the answer is whole.
  bool receive() {
    const auto got = ::recv(socket_, buffer_.data() + size_, buffer_.size() - size_, MSG_DONTWAIT);
    if (got > 0) size_ += static_cast<std::size_t>(got);
    if (size_ < 7 || size_ < 6U + buffer_[5]) return false;
    size_ = 0;
    owed_ = false;
    return true;
  }
  [[nodiscard]] bool owed() const { return owed_; }

 private:
  int socket_ = -1;
  std::uint8_t unit_;
  std::uint8_t transaction_ = 0;
  bool owed_ = false;
  std::array<std::uint8_t, 260> buffer_{};
  std::size_t size_ = 0;
};

class RawSockets final : public Contender {
 public:
  explicit RawSockets(const std::string& port) : drive_{port, 1}, hub_{port, 2} {}

  bool cycle() override {
    if (!collect()) return false;  // the answers to the last command, here already
    drive_.send(protocol_.drive_read_request());
    hub_.send(protocol_.hub_read_request());
    if (!collect()) return false;
    const auto command = protocol_.command_requests({});
    drive_.send(command.drive);
    hub_.send(command.hub);
    return true;
  }

 private:
  bool collect() {
    while (drive_.owed() || hub_.owed()) {
      std::array<pollfd, 2> waiting{};
      nfds_t count = 0;
      for (const Stream* stream : {&drive_, &hub_}) {
        if (stream->owed()) waiting[count++] = {stream->descriptor(), POLLIN, 0};
      }
      if (::poll(waiting.data(), count, PatienceMs) <= 0) return false;
      for (Stream* stream : {&drive_, &hub_}) {
        if (stream->owed()) (void)stream->receive();
      }
    }
    return true;
  }

  drivers::StationProtocol protocol_;
  Stream drive_;
  Stream hub_;
};

}  // namespace

std::unique_ptr<Contender> raw_sockets(const std::string& port) {
  return std::make_unique<RawSockets>(port);
}

}  // namespace plinth::bench
