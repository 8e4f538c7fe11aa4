#include "controller/config/link.hpp"

#include <algorithm>
#include <charconv>

namespace plinth::config {
namespace {

constexpr std::string_view Scheme = "tcp:";
constexpr std::string_view Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view Digits = "0123456789";
constexpr std::size_t LongestHost = 253;  // RFC 1035

bool is_made_of(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_host_name(std::string_view host) {
  static const std::string allowed = std::string{Letters}.append(Digits).append(".-_");
  return !host.empty() && host.size() <= LongestHost && host.front() != '-' && host.front() != '.' &&
         is_made_of(host, allowed);
}

bool is_ipv6_address(std::string_view host) {
  return host.size() >= 2 && host.size() <= 45 && host.find(':') != std::string_view::npos &&
         is_made_of(host, "0123456789abcdefABCDEF:.");
}

std::string folded(std::string_view host) {
  std::string lower{host};
  std::ranges::transform(lower, lower.begin(), [](char letter) {
    return 'A' <= letter && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return lower == "localhost" ? "127.0.0.1" : lower;
}

}  // namespace

std::optional<TcpLink> tcp_link_from(std::string_view text) {
  if (!text.starts_with(Scheme)) return std::nullopt;
  text.remove_prefix(Scheme.size());
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;

  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (!is_ipv6_address(host)) return std::nullopt;
  } else if (!is_host_name(host)) {
    return std::nullopt;
  }

  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return TcpLink{.host = std::string{host}, .port = port};
}

std::string in_words(const TcpLink& link) {
  const bool ipv6 = link.host.find(':') != std::string::npos;
  return std::string{Scheme} + (ipv6 ? "[" + link.host + "]" : link.host) + ":" + std::to_string(link.port);
}

bool lead_to_the_same_place(const TcpLink& left, const TcpLink& right) {
  return left.port == right.port && folded(left.host) == folded(right.host);
}

}  // namespace plinth::config
