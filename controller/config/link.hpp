// The name of a Modbus TCP connection: "tcp:HOST:PORT".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plinth::config {

struct TcpLink {
  std::string host;  // numeric address or name; IPv6 without its brackets
  std::uint16_t port = 502;

  friend bool operator==(const TcpLink&, const TcpLink&) = default;
};

// "tcp:127.0.0.1:502", "tcp:drive-3.local:502", "tcp:[::1]:502". Nothing when it is none of these.
std::optional<TcpLink> tcp_link_from(std::string_view text);
std::string in_words(const TcpLink& link);

// Whether two links lead to the same place, as far as their names tell: letters in either case, and
// "localhost" is 127.0.0.1. Two names of one machine are not recognised.
bool lead_to_the_same_place(const TcpLink& left, const TcpLink& right);

}  // namespace plinth::config
