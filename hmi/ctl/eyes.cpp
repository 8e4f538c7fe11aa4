#include "hmi/ctl/eyes.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <utility>

namespace plinth::ctl {
namespace {

constexpr double RadiansPerDegree = std::numbers::pi / 180.0;
constexpr double AnglesPerRadian = 1e4;  // 0.1 mrad
constexpr double SpeedsPerRadian = 1e3;  // 1 mrad/s
constexpr std::uint16_t HoldGrips = 1;
constexpr std::uint16_t FollowTarget = 2;

constexpr std::uint8_t WriteRegisters = 16;
constexpr std::size_t HeaderBytes = 7;  // transaction, protocol, length, unit
constexpr timeval StepWithin{.tv_sec = 0, .tv_usec = 200'000};

std::uint16_t as_word(double degrees, double per_radian) {
  if (std::isnan(degrees)) return 0;  // what is no number has no place between the ends
  const double scaled = std::round(degrees * RadiansPerDegree * per_radian);
  const double held = std::clamp<double>(scaled, std::numeric_limits<std::int16_t>::min(),
                                         std::numeric_limits<std::int16_t>::max());
  return static_cast<std::uint16_t>(static_cast<std::int16_t>(held));
}

void append(std::vector<std::uint8_t>& bytes, std::uint16_t word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8U));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
}

// A person holds on from "squeeze both grips" until the legs are down again.
bool holds_grips(v1::Stage stage) {
  return stage == v1::STAGE_ARMED || stage == v1::STAGE_COUNT_IN || stage == v1::STAGE_TRAINING ||
         stage == v1::STAGE_UNLOADING;
}

std::uint16_t number_of(v1::Moment moment) {
  return moment == v1::MOMENT_UNSPECIFIED ? 0 : static_cast<std::uint16_t>(moment - v1::MOMENT_IDLE);
}

}  // namespace

Eyes eyes_for(const v1::Telemetry& telemetry, std::uint16_t sequence) {
  const v1::SessionState& session = telemetry.session();
  std::uint16_t flags = 0;
  if (holds_grips(session.stage())) flags |= HoldGrips;
  if (session.stage() == v1::STAGE_TRAINING && session.has_target_deg()) flags |= FollowTarget;
  return {as_word(session.target_deg(), AnglesPerRadian),
          as_word(session.target_velocity_deg_s(), SpeedsPerRadian),
          number_of(session.moment()),
          static_cast<std::uint16_t>(std::min<std::uint32_t>(session.rep(), 0xFFFF)),
          sequence,
          flags,
          as_word(session.range_low_deg(), AnglesPerRadian),
          as_word(session.range_high_deg(), AnglesPerRadian)};
}

tl::expected<Endpoint, client::Problem> endpoint_named(std::string_view text) {
  constexpr std::string_view Scheme = "tcp:";
  const auto colon = text.rfind(':');
  if (text.starts_with(Scheme) && colon > Scheme.size() && colon + 1 < text.size()) {
    return Endpoint{std::string{text.substr(Scheme.size(), colon - Scheme.size())},
                    std::string{text.substr(colon + 1)}};
  }
  return tl::unexpected{client::Problem{"'" + std::string{text} + "' names no Modbus server",
                                        "write it as tcp:HOST:PORT, such as tcp:127.0.0.1:1502"}};
}

std::vector<std::uint8_t> write_request(std::uint16_t transaction, const Eyes& eyes) {
  std::vector<std::uint8_t> bytes;
  append(bytes, transaction);
  append(bytes, 0);                  // protocol: Modbus
  append(bytes, 7 + 2 * EyesWords);  // unit, function, first, count, size, registers
  bytes.push_back(HubUnit);
  bytes.push_back(WriteRegisters);
  append(bytes, EyesFirst);
  append(bytes, EyesWords);
  bytes.push_back(2 * EyesWords);
  for (const std::uint16_t word : eyes) append(bytes, word);
  return bytes;
}

bool confirms(const std::vector<std::uint8_t>& answer, std::uint16_t transaction) {
  std::vector<std::uint8_t> expected;
  append(expected, transaction);
  append(expected, 0);
  append(expected, WriteAnswerBytes - HeaderBytes + 1);
  expected.push_back(HubUnit);
  expected.push_back(WriteRegisters);
  append(expected, EyesFirst);
  append(expected, EyesWords);
  return answer == expected;
}

EyesLink::~EyesLink() {
  close();
}

void EyesLink::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

bool EyesLink::connect() {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(endpoint_.host.c_str(), endpoint_.port.c_str(), &wanted, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, &::freeaddrinfo};
  for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
    fd_ = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) continue;
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &StepWithin, sizeof(StepWithin));  // also of connect()
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &StepWithin, sizeof(StepWithin));
    if (::connect(fd_, address->ai_addr, address->ai_addrlen) == 0) return true;
    close();
  }
  return false;
}

bool EyesLink::exchange(const Eyes& eyes) {
  const auto request = write_request(++transaction_, eyes);
  if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    return false;
  }
  std::vector<std::uint8_t> answer(WriteAnswerBytes);
  return ::recv(fd_, answer.data(), answer.size(), MSG_WAITALL) == static_cast<ssize_t>(answer.size()) &&
         confirms(answer, transaction_);
}

tl::expected<void, client::Problem> EyesLink::show(const Eyes& eyes) {
  const std::string where = "tcp:" + endpoint_.host + ":" + endpoint_.port;
  if (fd_ < 0 && !connect()) {
    return tl::unexpected{
        client::Problem{"cannot reach the simulator at " + where, "start plinth-sim serve"}};
  }
  if (exchange(eyes)) return {};
  close();
  return tl::unexpected{client::Problem{"the simulator at " + where + " did not take the eyes registers",
                                        "look whether it is plinth-sim of the same version"}};
}

}  // namespace plinth::ctl
