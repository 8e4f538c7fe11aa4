#include "hmi/client/client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace plinth::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t ProtocolVersion = 1;
constexpr auto HeartbeatEvery = std::chrono::milliseconds{250};
constexpr auto WelcomeWithin = std::chrono::seconds{5};
// The station itself answers within one second.
constexpr auto OutcomeWithin = std::chrono::seconds{3};
constexpr std::size_t ReadAtOnce = std::size_t{16} * 1024;

tl::unexpected<Problem> cannot_connect(const std::string& path, const std::string& why) {
  return tl::unexpected{Problem{"cannot reach plinthd at " + path + ": " + why,
                                "start plinthd, or name its socket with --socket PATH"}};
}

}  // namespace

Client::Client(int fd, std::string path) : fd_{fd}, path_{std::move(path)}, last_sent_{Clock::now()} {}

Client::Client(Client&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)},
      path_{std::move(other.path_)},
      frames_{std::move(other.frames_)},
      welcome_{std::move(other.welcome_)},
      last_command_{other.last_command_},
      beats_{other.beats_},
      last_sent_{other.last_sent_} {}

Client& Client::operator=(Client&& other) noexcept {
  std::swap(fd_, other.fd_);
  path_ = std::move(other.path_);
  frames_ = std::move(other.frames_);
  welcome_ = std::move(other.welcome_);
  last_command_ = other.last_command_;
  beats_ = other.beats_;
  last_sent_ = other.last_sent_;
  return *this;
}

Client::~Client() {
  if (fd_ >= 0) ::close(fd_);
}

tl::expected<Client, Problem> Client::connect(const std::string& socket_path, v1::Role role,
                                              const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path.empty() || socket_path.size() >= sizeof(address.sun_path)) {
    return cannot_connect(socket_path, "a socket's path has 1 to 107 characters");
  }
  std::memcpy(address.sun_path, socket_path.data(), socket_path.size());
  Client client{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), socket_path};
  if (client.fd_ < 0 ||
      ::connect(client.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return cannot_connect(socket_path, std::system_category().message(errno));
  }
  v1::ClientFrame frame;
  frame.mutable_hello()->set_protocol_version(ProtocolVersion);
  frame.mutable_hello()->set_client(name);
  frame.mutable_hello()->set_role(role);
  if (auto sent = client.write(frame); !sent) return tl::unexpected{sent.error()};
  auto first = client.next_of_any_kind(Clock::now() + WelcomeWithin);
  if (!first) return tl::unexpected{first.error()};
  if (!*first || !(*first)->has_welcome()) return cannot_connect(socket_path, "it gives no welcome");
  client.welcome_ = std::move(*(*first)->mutable_welcome());
  return client;
}

tl::expected<std::optional<v1::ServerFrame>, Problem> Client::next(std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (true) {
    if (auto beaten = beat(); !beaten) return tl::unexpected{beaten.error()};
    auto frame = next_of_any_kind(std::min(until, last_sent_ + HeartbeatEvery));
    if (!frame) return frame;
    if (*frame && !(*frame)->has_heartbeat()) return frame;
    if (Clock::now() >= until) return std::nullopt;
  }
}

tl::expected<std::uint64_t, Problem> Client::send(v1::Command command) {
  command.set_id(++last_command_);
  v1::ClientFrame frame;
  *frame.mutable_command() = std::move(command);
  if (auto written = write(frame); !written) return tl::unexpected{written.error()};
  return last_command_;
}

tl::expected<v1::Outcome, Problem> Client::ask(v1::Command command,
                                               const std::function<void(const v1::ServerFrame&)>& meanwhile) {
  const auto id = send(std::move(command));
  if (!id) return tl::unexpected{id.error()};
  for (const auto until = Clock::now() + OutcomeWithin; Clock::now() < until;) {
    auto frame = next(std::chrono::milliseconds{100});
    if (!frame) return tl::unexpected{frame.error()};
    if (!*frame) continue;
    if ((*frame)->has_outcome() && (*frame)->outcome().id() == *id) return (*frame)->outcome();
    if (meanwhile) meanwhile(**frame);
  }
  return tl::unexpected{
      Problem{"plinthd gave no answer", "look at its log; press the emergency stop if the machine moves"}};
}

tl::expected<void, Problem> Client::beat() {
  if (Clock::now() - last_sent_ < HeartbeatEvery) return {};
  v1::ClientFrame frame;
  frame.mutable_heartbeat()->set_sequence(++beats_);
  return write(frame);
}

tl::expected<void, Problem> Client::write(const v1::ClientFrame& frame) {
  std::string bytes;
  proto::append_frame(bytes, frame.SerializeAsString());
  std::string_view rest{bytes};
  while (!rest.empty()) {
    const ssize_t sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    // A server that has hung up has said why: that is still to be read.
    if (sent < 0 && errno == EPIPE) break;
    if (sent < 0) return tl::unexpected{lost()};
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  last_sent_ = Clock::now();
  return {};
}

tl::expected<std::optional<v1::ServerFrame>, Problem> Client::next_of_any_kind(Clock::time_point until) {
  while (true) {
    const auto body = frames_.next();
    v1::ServerFrame frame;
    if (!body || (*body && !frame.ParseFromArray((*body)->data(), static_cast<int>((*body)->size())))) {
      return tl::unexpected{
          Problem{"what plinthd sent cannot be read", "bring plinthctl and plinthd to the same version"}};
    }
    if (*body && frame.has_goodbye()) {
      const v1::Refused& reason = frame.goodbye().reason();
      return tl::unexpected{Problem{"plinthd ended the connection: " + reason.why(), reason.next_step()}};
    }
    if (*body) return frame;
    const auto more = read_more(until);
    if (!more) return tl::unexpected{more.error()};
    if (!*more) return std::nullopt;
  }
}

tl::expected<bool, Problem> Client::read_more(Clock::time_point until) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
  pollfd readable{.fd = fd_, .events = POLLIN, .revents = 0};
  if (::poll(&readable, 1, static_cast<int>(std::max<std::int64_t>(0, left.count()))) <= 0) return false;
  std::array<char, ReadAtOnce> buffer{};
  const ssize_t size = ::recv(fd_, buffer.data(), buffer.size(), 0);
  if (size < 0 && errno == EINTR) return false;
  if (size <= 0) return tl::unexpected{lost()};
  frames_.feed({buffer.data(), static_cast<std::size_t>(size)});
  return true;
}

Problem Client::lost() const {
  return {"the connection to plinthd at " + path_ + " was lost", "look at its log, and start it again"};
}

std::string in_words(const v1::Refused& refused) {
  std::string words = refused.field().empty() ? "" : refused.field() + ": ";
  words += refused.why();
  if (!refused.allowed().empty()) words += " Allowed: " + refused.allowed() + ".";
  if (!refused.next_step().empty()) words += " " + refused.next_step();
  return words;
}

}  // namespace plinth::client
