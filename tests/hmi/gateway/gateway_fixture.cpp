#include "tests/hmi/gateway/gateway_fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "hmi/gateway/framing.hpp"

namespace plinth::gateway {
namespace {

void check(bool good, const char* what) {
  if (!good) throw std::runtime_error{std::string{what} + ": " + std::strerror(errno)};
}

template <typename Address>
const sockaddr* as_sockaddr(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

sockaddr_un unix_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

Descriptor connected(const Endpoint& gateway, int receive_buffer) {
  Descriptor socket{::socket(AF_INET, SOCK_STREAM, 0)};
  // Set before connecting, so that the window is small from the start.
  if (receive_buffer > 0) {
    setsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(gateway.port);
  inet_pton(AF_INET, gateway.host.c_str(), &address.sin_addr);
  check(::connect(socket.number(), as_sockaddr(address), sizeof address) == 0, "connect");
  return socket;
}

}  // namespace

void Descriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

void Descriptor::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(number_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the other side has gone; the test sees it on reading
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Descriptor::receive(std::size_t most, std::chrono::milliseconds wait) const {
  pollfd readable{number_, POLLIN, 0};
  if (::poll(&readable, 1, static_cast<int>(wait.count())) <= 0) return {};
  std::string bytes(most, '\0');
  const auto got = ::recv(number_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

void DaemonSide::send_frame(const std::string& message) const {
  socket_.send(length_prefix(message.size()) + message);
}

std::optional<std::string> DaemonSide::receive_frame() {
  for (;;) {
    std::size_t size = 0;
    for (std::size_t at = 0; at < pending_.size(); ++at) {
      const auto byte = static_cast<unsigned char>(pending_[at]);
      size |= std::size_t{byte & 0x7FU} << (7 * at);
      if ((byte & 0x80U) != 0) continue;
      if (pending_.size() < at + 1 + size) break;
      std::string message = pending_.substr(at + 1, size);
      pending_.erase(0, at + 1 + size);
      return message;
    }
    const std::string more = socket_.receive();
    if (more.empty()) return std::nullopt;
    pending_ += more;
  }
}

FakeDaemon::FakeDaemon(const std::filesystem::path& path) : listener_{::socket(AF_UNIX, SOCK_STREAM, 0)} {
  const auto address = unix_address(path);
  check(::bind(listener_.number(), as_sockaddr(address), sizeof address) == 0, "bind");
  check(::listen(listener_.number(), 64) == 0, "listen");
}

std::unique_ptr<DaemonSide> FakeDaemon::accept() {
  pollfd readable{listener_.number(), POLLIN, 0};
  if (::poll(&readable, 1, 5000) <= 0) return nullptr;
  return std::make_unique<DaemonSide>(Descriptor{::accept(listener_.number(), nullptr, nullptr)});
}

std::uint16_t Message::close_code() const {
  if (opcode != 8 || payload.size() < 2) return 0;
  const auto high = static_cast<unsigned char>(payload[0]);
  const auto low = static_cast<unsigned char>(payload[1]);
  return static_cast<std::uint16_t>(high * 256U + low);
}

Browser::Browser(const Endpoint& gateway, int receive_buffer) : socket_{connected(gateway, receive_buffer)} {}

bool Browser::fill() {
  const std::string more = socket_.receive();
  pending_ += more;
  return !more.empty();
}

HttpAnswer Browser::request(const std::string& text, bool with_body) {
  socket_.send(text);
  std::size_t end = std::string::npos;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  HttpAnswer answer;
  const std::string head = pending_.substr(0, end);
  pending_.erase(0, end + 4);
  answer.status = std::stoi(head.substr(9, 3));
  for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
    const std::size_t colon = head.find(": ", at);
    std::string name = head.substr(at + 2, colon - at - 2);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    answer.headers[name] = head.substr(colon + 2, head.find("\r\n", colon) - colon - 2);
  }
  if (with_body && answer.headers.contains("content-length")) {
    const std::size_t size = std::stoul(answer.headers["content-length"]);
    while (pending_.size() < size && fill()) {
    }
    answer.body = pending_.substr(0, size);
    pending_.erase(0, size);
  }
  return answer;
}

HttpAnswer Browser::get(const std::string& path, const std::string& more_headers) {
  return request("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + more_headers + "\r\n");
}

HttpAnswer Browser::open(const std::string& origin, const std::string& protocol, const std::string& path) {
  std::string headers =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate\r\n";
  if (!origin.empty()) headers += "Origin: " + origin + "\r\n";
  if (!protocol.empty()) headers += "Sec-WebSocket-Protocol: " + protocol + "\r\n";
  return get(path, headers);
}

void Browser::send(const std::string& payload, std::uint8_t opcode, bool masked) {
  std::string frame(1, static_cast<char>(0x80U | opcode));
  const unsigned mask_bit = masked ? 0x80U : 0U;
  const std::size_t size = payload.size();
  if (size < 126) {
    frame += static_cast<char>(mask_bit | size);
  } else if (size < 65536) {
    frame += static_cast<char>(mask_bit | 126U);
    frame += static_cast<char>(size >> 8U);
    frame += static_cast<char>(size & 0xFFU);
  } else {
    frame += static_cast<char>(mask_bit | 127U);
    for (int shift = 56; shift >= 0; shift -= 8)
      frame += static_cast<char>((size >> static_cast<unsigned>(shift)) & 0xFFU);
  }
  constexpr std::array<unsigned char, 4> Mask{0x37, 0xFA, 0x21, 0x3D};
  if (masked) {
    for (const unsigned char byte : Mask) frame += static_cast<char>(byte);
  }
  for (std::size_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(payload[i]);
    frame += static_cast<char>(masked ? byte ^ Mask.at(i % 4) : byte);
  }
  socket_.send(frame);
}

std::optional<Message> Browser::receive() {
  const auto have = [this](std::size_t size) {
    while (pending_.size() < size) {
      if (!fill()) return false;
    }
    return true;
  };
  const auto byte = [this](std::size_t at) { return std::size_t{static_cast<unsigned char>(pending_[at])}; };
  for (;;) {
    if (!have(2)) return std::nullopt;
    const auto opcode = static_cast<std::uint8_t>(byte(0) & 0x0FU);
    std::size_t size = byte(1) & 0x7FU;  // a server never masks
    std::size_t head = 2;
    if (size >= 126) {
      const std::size_t width = size == 126 ? 2 : 8;
      if (!have(head + width)) return std::nullopt;
      size = 0;
      for (std::size_t i = 0; i < width; ++i) size = size * 256 + byte(head + i);
      head += width;
    }
    if (!have(head + size)) return std::nullopt;
    Message message{opcode, pending_.substr(head, size)};
    pending_.erase(0, head + size);
    if (opcode != 9) return message;
  }
}

bool Browser::is_over() {
  while (fill()) {
  }
  pollfd state{socket_.number(), POLLIN, 0};
  std::array<char, 1> one{};
  return ::poll(&state, 1, 0) > 0 && ::recv(socket_.number(), one.data(), 1, MSG_PEEK) <= 0;
}

GatewayTest::GatewayTest()
    : folder_{std::filesystem::temp_directory_path() /
              ("plinth-gateway-" + std::to_string(::getpid()) + "-" +
               testing::UnitTest::GetInstance()->current_test_info()->name())} {
  std::filesystem::create_directories(folder_ / "web" / "assets");
  std::ofstream{folder_ / "web" / "index.html"} << "<!doctype html><title>Plinth</title>";
  std::ofstream{folder_ / "web" / "assets" / "page-1.js"} << "export {};";
  daemon_.emplace(folder_ / "d.sock");
  Settings settings;
  settings.listen = {"127.0.0.1", 0};
  settings.socket = folder_ / "d.sock";
  server_ =
      std::make_unique<Server>(settings, Site::read(folder_ / "web").value(), [](const std::string&) {});
  endpoint_ = server_->endpoint();
  thread_ = std::thread{[this] { server_->run(); }};
}

GatewayTest::~GatewayTest() {
  stop_gateway();
  std::filesystem::remove_all(folder_);
}

void GatewayTest::stop_gateway() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

std::pair<Browser, std::unique_ptr<DaemonSide>> GatewayTest::viewer(int receive_buffer) {
  Browser page = browser(receive_buffer);
  EXPECT_EQ(page.open(origin()).status, 101);
  auto side = daemon_->accept();
  EXPECT_NE(side, nullptr);
  return {std::move(page), std::move(side)};
}

}  // namespace plinth::gateway
