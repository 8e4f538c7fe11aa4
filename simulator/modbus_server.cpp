#include "simulator/modbus_server.hpp"

#include <fcntl.h>
#include <modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include "simulator/pdu.hpp"

namespace plinth::simulator {

namespace {

constexpr std::size_t HeaderBytes = 7;         // transaction, protocol, length, unit
constexpr std::size_t MostUnsent = 64 * 1024;  // a peer that takes nothing is given up

unsigned word_at(const std::uint8_t* bytes) {
  return (unsigned{bytes[0]} << 8U) | bytes[1];
}

modbus_t* as_context(void* context) {
  return static_cast<modbus_t*>(context);
}

std::uint16_t port_of(int listener) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  if (getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
  return ntohs(address.sin_port);
}

}  // namespace

void ModbusServer::ContextCloser::operator()(void* context) const {
  modbus_free(as_context(context));
}

ModbusServer::ModbusServer(const std::string& address, std::uint16_t port, PduService& service)
    : service_{service}, context_{modbus_new_tcp(address.c_str(), port)} {
  if (context_ != nullptr) listener_ = modbus_tcp_listen(as_context(context_.get()), 8);
  if (listener_ < 0)
    throw std::runtime_error("cannot listen on tcp:" + address + ":" + std::to_string(port) + ": " +
                             modbus_strerror(errno) +
                             ". Choose another address or port; port 0 takes a free one.");
  fcntl(listener_, F_SETFL, fcntl(listener_, F_GETFL) | O_NONBLOCK);
  port_ = port_of(listener_);
}

ModbusServer::~ModbusServer() {
  for (const auto& client : clients_) close(client->socket);
  if (listener_ >= 0) close(listener_);
}

void ModbusServer::serve_once(int timeout_ms) {
  std::vector<pollfd> waiting;
  waiting.reserve(clients_.size() + 1);
  waiting.push_back({listener_, static_cast<short>(clients_.size() < MaxClients ? POLLIN : 0), 0});
  for (const auto& client : clients_)
    waiting.push_back(
        {client->socket, static_cast<short>(client->outbox.empty() ? POLLIN : POLLIN | POLLOUT), 0});
  if (poll(waiting.data(), waiting.size(), timeout_ms) <= 0) return;

  for (std::size_t i = 0; i < clients_.size(); ++i) {
    const auto happened = static_cast<unsigned>(waiting[i + 1].revents);
    if ((happened & POLLOUT) != 0) flush(*clients_[i]);
    if ((happened & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) != 0) receive(*clients_[i]);
  }
  std::erase_if(clients_, [](const std::unique_ptr<Client>& client) {
    if (client->lost) close(client->socket);
    return client->lost;
  });
  if ((static_cast<unsigned>(waiting[0].revents) & POLLIN) != 0) accept_one();
}

void ModbusServer::accept_one() {
  int listener = listener_;
  const int accepted = modbus_tcp_accept(as_context(context_.get()), &listener);
  if (accepted < 0) return;
  fcntl(accepted, F_SETFL, fcntl(accepted, F_GETFL) | O_NONBLOCK);
  const int on = 1;  // answers are small and awaited: none may wait for another
  setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto client = std::make_unique<Client>();
  client->socket = accepted;
  clients_.push_back(std::move(client));
}

void ModbusServer::receive(Client& client) {
  const ssize_t got =
      recv(client.socket, client.inbox.data() + client.filled, client.inbox.size() - client.filled, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    client.lost = true;
    return;
  }
  client.filled += static_cast<std::size_t>(got);
  take_frames(client);
}

void ModbusServer::take_frames(Client& client) {
  std::size_t at = 0;
  while (client.filled - at >= HeaderBytes && !client.lost) {
    const std::uint8_t* header = client.inbox.data() + at;
    const unsigned length = word_at(header + 4);  // of unit and PDU
    // Not Modbus, or no frame that may be: there is no telling where the next one would begin.
    if (word_at(header + 2) != 0 || length < 2 || length > MaxPdu + 1) {
      client.lost = true;
      return;
    }
    const std::size_t whole = 6 + length;
    if (client.filled - at < whole) break;
    const std::uint8_t unit = header[6];
    const std::span<const std::uint8_t> request{header + HeaderBytes, length - 1};
    std::array<std::uint8_t, MaxFrame> frame{};
    const std::span<std::uint8_t> reply = std::span{frame}.subspan(HeaderBytes, MaxPdu);
    const std::size_t size = service_.knows(unit) ? service_.handle(unit, request, reply)
                                                  : refuse(request[0], ModbusException::TargetSilent, reply);
    if (size > 0) {
      std::copy_n(header, 4, frame.begin());  // transaction and protocol come back as they came
      frame[4] = static_cast<std::uint8_t>((size + 1) >> 8U);
      frame[5] = static_cast<std::uint8_t>((size + 1) & 0xFFU);
      frame[6] = unit;
      send(client, std::span{frame}.first(HeaderBytes + size));
    }
    at += whole;
  }
  std::copy(client.inbox.begin() + static_cast<std::ptrdiff_t>(at),
            client.inbox.begin() + static_cast<std::ptrdiff_t>(client.filled), client.inbox.begin());
  client.filled -= at;
}

void ModbusServer::send(Client& client, std::span<const std::uint8_t> frame) {
  client.outbox.insert(client.outbox.end(), frame.begin(), frame.end());
  flush(client);
  if (client.outbox.size() > MostUnsent) client.lost = true;
}

void ModbusServer::flush(Client& client) {
  const ssize_t sent = ::send(client.socket, client.outbox.data(), client.outbox.size(), MSG_NOSIGNAL);
  if (sent > 0)
    client.outbox.erase(client.outbox.begin(), client.outbox.begin() + sent);
  else if (sent < 0 && errno != EAGAIN && errno != EINTR)
    client.lost = true;
}

}  // namespace plinth::simulator
