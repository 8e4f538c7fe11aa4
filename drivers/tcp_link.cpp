#include "drivers/tcp_link.hpp"

#include <fcntl.h>
#include <modbus.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <utility>

namespace plinth::drivers {

namespace {

struct Timeout {
  std::uint32_t seconds;
  std::uint32_t microseconds;
};
Timeout timeout_of(units::Duration span) {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(span).count();
  // The library refuses a timeout of nothing.
  const auto whole = static_cast<std::uint64_t>(us < 1 ? 1 : us);
  return {static_cast<std::uint32_t>(whole / 1'000'000), static_cast<std::uint32_t>(whole % 1'000'000)};
}

std::string hex(std::uint16_t value) {
  std::string text = "0x0000";
  for (unsigned digit = 0; digit < 4; ++digit)
    text[5 - digit] = "0123456789abcdef"[(unsigned{value} >> (4U * digit)) & 0xFU];
  return text;
}

// libmodbus waits with select(), which aborts the process on a descriptor beyond FD_SETSIZE. The next socket
// gets the lowest free number, so a probe shows what it would be.
bool descriptors_left() {
  const int probe = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (probe < 0) return false;
  ::close(probe);
  return probe < FD_SETSIZE - 1;
}

}  // namespace

void TcpLink::Closer::operator()(_modbus* context) const {
  modbus_close(context);
  modbus_free(context);
}

TcpLink::TcpLink(Endpoint endpoint, const TimeSource& time) : endpoint_{std::move(endpoint)}, time_{time} {}

Outcome<void> TcpLink::open(units::Duration patience) {
  close();
  if (!descriptors_left())
    return failed("no file descriptor below " + std::to_string(FD_SETSIZE) +
                  " is free for the connection to " + endpoint_.in_words());
  std::unique_ptr<_modbus, Closer> context{modbus_new_tcp_pi(endpoint_.host.c_str(), endpoint_.port.c_str())};
  if (!context)
    return failed("cannot make a connection to " + endpoint_.in_words() + ": " + modbus_strerror(errno));
  const Timeout timeout = timeout_of(patience);
  modbus_set_slave(context.get(), endpoint_.unit);
  modbus_set_error_recovery(context.get(), MODBUS_ERROR_RECOVERY_NONE);
  modbus_set_response_timeout(context.get(), timeout.seconds, timeout.microseconds);
  // Without it the response timeout starts again with every byte of a dribbling peer.
  modbus_set_byte_timeout(context.get(), 0, 0);
  if (modbus_connect(context.get()) != 0)
    return failed("cannot connect to " + endpoint_.in_words() + ": " + modbus_strerror(errno));

  const int descriptor = modbus_get_socket(context.get());
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  context_ = std::move(context);
  descriptor_ = descriptor;
  exchange_.restart();
  counters_.count(LinkEvent::Opened);
  return {};
}

void TcpLink::close() {
  context_.reset();
  descriptor_ = -1;
  exchange_.restart();
}

bool TcpLink::ask(std::span<const std::uint8_t> request) {
  const auto frame = exchange_.ask(endpoint_.unit, request);
  ssize_t sent = 0;
  do sent = ::send(descriptor_, frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent == static_cast<ssize_t>(frame.size())) {
    counters_.count(LinkEvent::Asked);
    return true;
  }
  // Part of a frame cannot be taken back, and a full buffer means that the peer has long stopped reading.
  const bool full = sent >= 0 || errno == EAGAIN;
  counters_.count(full ? LinkEvent::NotSent : LinkEvent::ClosedByPeer);
  exchange_.give_up();
  return false;
}

bool TcpLink::receive() {
  // Far more than five late answers. A peer that sends faster than it is read would keep us here for ever.
  constexpr int MostReads = 16;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): recv fills it, and only that part is read
  std::array<std::uint8_t, 2 * MaxAdu> buffer;
  const bool was_pending = exchange_.pending();
  const std::uint64_t stale_before = exchange_.stale();
  bool usable = true;
  for (int reads = 0; exchange_.progress() != Progress::Broken; ++reads) {
    if (reads == MostReads) {
      counters_.count(LinkEvent::Flooded);
      usable = false;
      break;
    }
    const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      exchange_.feed(std::span{buffer}.first(static_cast<std::size_t>(got)));
      if (static_cast<std::size_t>(got) < buffer.size()) break;  // there was no more
      continue;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    counters_.count(LinkEvent::ClosedByPeer);
    usable = false;
    break;
  }

  if (exchange_.stale() != stale_before) counters_.count(LinkEvent::Stale, exchange_.stale() - stale_before);
  if (exchange_.progress() == Progress::Broken) {
    counters_.count(LinkEvent::FramingLost);
    return false;
  }
  if (was_pending) {
    switch (exchange_.progress()) {
      case Progress::Done:
        counters_.count(LinkEvent::Answered);
        break;
      case Progress::Exception:
        counters_.count(LinkEvent::Refused);
        break;
      case Progress::Mismatch:
        counters_.count(LinkEvent::Mismatched);
        break;
      default:
        break;
    }
  }
  return usable;
}

void TcpLink::give_up() {
  if (exchange_.pending()) counters_.count(LinkEvent::Late);
  exchange_.give_up();
}

ModbusPort::ModbusPort(TcpLink& link, units::Duration per_request, units::Instant deadline)
    : link_{link}, per_request_{per_request}, deadline_{deadline} {}

bool ModbusPort::limit_next_request() {
  const units::Duration left = deadline_ - now();
  if (left <= units::Duration::zero() || !link_.is_open() || lost_) return false;
  const Timeout timeout = timeout_of(std::min(left, per_request_));
  return modbus_set_response_timeout(link_.context_.get(), timeout.seconds, timeout.microseconds) == 0;
}

Outcome<void> ModbusPort::explain(const char* doing, std::uint16_t address, std::size_t count) {
  const bool exception = errno > MODBUS_ENOBASE && errno < EMBBADCRC;
  lost_ = lost_ || !exception;
  return failed(std::string{doing} + " " + std::to_string(count) + " registers at " + hex(address) + " of " +
                link_.endpoint().in_words() + ": " + modbus_strerror(errno));
}

Outcome<void> ModbusPort::read(std::uint16_t address, std::span<std::uint16_t> out) {
  errno = ETIMEDOUT;
  if (limit_next_request() &&
      modbus_read_registers(link_.context_.get(), address, static_cast<int>(out.size()), out.data()) ==
          static_cast<int>(out.size()))
    return {};
  return explain("reading", address, out.size());
}

Outcome<void> ModbusPort::write(std::uint16_t address, std::span<const std::uint16_t> values) {
  errno = ETIMEDOUT;
  if (limit_next_request() &&
      modbus_write_registers(link_.context_.get(), address, static_cast<int>(values.size()), values.data()) ==
          static_cast<int>(values.size()))
    return {};
  return explain("writing", address, values.size());
}

Outcome<void> ModbusPort::wait(units::Duration span) {
  std::this_thread::sleep_for(span);
  return {};
}

}  // namespace plinth::drivers
