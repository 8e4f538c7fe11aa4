#include "tests/drivers/fake_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace plinth::drivers::test {

FakeServer::FakeServer(std::uint16_t port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0)
    throw std::runtime_error("the test's server cannot listen");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread{[this] { accept_connections(); }};
}

FakeServer::~FakeServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  drop_connections();
  for (std::thread& thread : threads_) thread.join();
  for (const int socket : sockets_) ::close(socket);
}

void FakeServer::deliver(std::uint8_t unit, Deliver how) {
  const std::lock_guard lock{mutex_};
  deliver_[unit] = std::move(how);
}

void FakeServer::on_request(std::function<void(std::uint8_t, std::uint8_t)> told) {
  const std::lock_guard lock{mutex_};
  on_request_ = std::move(told);
}

void FakeServer::drop_connections() {
  const std::lock_guard lock{mutex_};
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

void FakeServer::send_all(int socket, const Bytes& bytes) {
  (void)::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void FakeServer::accept_connections() {
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const std::lock_guard lock{mutex_};
    sockets_.push_back(socket);
    ++connections_made_;
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void FakeServer::serve(int socket) {
  std::array<std::uint8_t, 260> frame{};
  const auto receive = [&](std::size_t from, std::size_t count) {
    return ::recv(socket, frame.data() + from, count, MSG_WAITALL) == static_cast<ssize_t>(count);
  };
  while (receive(0, 7)) {
    const std::size_t length = static_cast<std::size_t>((frame[4] << 8U) | frame[5]) - 1;
    if (length > 253 || !receive(7, length)) return;
    const std::uint8_t unit = frame[6];
    Bytes answer(frame.begin(), frame.begin() + 7);
    Deliver how;
    std::function<void(std::uint8_t, std::uint8_t)> told;
    {
      const std::lock_guard lock{mutex_};
      const auto now = std::chrono::steady_clock::now();
      station_.drive.advance(now - last_advance_);
      last_advance_ = now;
      std::array<std::uint8_t, 253> reply{};
      const std::size_t size = station_.handle(unit, std::span{frame}.subspan(7, length), reply);
      answer.insert(answer.end(), reply.begin(), reply.begin() + static_cast<std::ptrdiff_t>(size));
      answer[4] = 0;
      answer[5] = static_cast<std::uint8_t>(size + 1);
      if (unit < 3) how = deliver_[unit];
      told = on_request_;
    }
    if (told) told(unit, frame[7]);
    if (answer.size() == 7) continue;
    if (how)
      how(socket, std::move(answer));
    else
      send_all(socket, answer);
  }
}

}  // namespace plinth::drivers::test
