#include "controller/config/link.hpp"

#include <gtest/gtest.h>

namespace plinth::config {
namespace {

TEST(TcpLink, IsAHostAndAPort) {
  EXPECT_EQ(tcp_link_from("tcp:127.0.0.1:1502"), (TcpLink{"127.0.0.1", 1502}));
  EXPECT_EQ(tcp_link_from("tcp:drive-3.station.local:502"), (TcpLink{"drive-3.station.local", 502}));
  EXPECT_EQ(tcp_link_from("tcp:[::1]:65535"), (TcpLink{"::1", 65535}));
}

TEST(TcpLink, IsNothingElse) {
  for (const char* const text : {"",
                                 "tcp:",
                                 "tcp::502",
                                 "tcp:host",
                                 "tcp:host:",
                                 "tcp:host:0",
                                 "tcp:host:65536",
                                 "tcp:host:5o2",
                                 "tcp:host:-1",
                                 "tcp:host:+1",
                                 "tcp:host: 502",
                                 "tcp: host:502",
                                 "tcp:host:502 ",
                                 "TCP:host:502",
                                 "127.0.0.1:502",
                                 "rtu:/dev/ttyUSB0,115200,8N1",
                                 "tcp:::1:502",
                                 "tcp:[]:502",
                                 "tcp:[host]:502",
                                 "tcp:-host:502",
                                 "tcp:ho/st:502",
                                 "tcp:host:99999999999999999999"}) {
    EXPECT_EQ(tcp_link_from(text), std::nullopt) << text;
  }
}

TEST(TcpLink, ReadsItsOwnWords) {
  for (const char* const text : {"tcp:127.0.0.1:1502", "tcp:[fe80::1]:502", "tcp:drive:502"}) {
    EXPECT_EQ(in_words(*tcp_link_from(text)), text);
  }
}

TEST(TcpLink, LeadsToTheSamePlaceUnderLocalhostAndInCapitals) {
  EXPECT_TRUE(lead_to_the_same_place({"localhost", 502}, {"127.0.0.1", 502}));
  EXPECT_TRUE(lead_to_the_same_place({"Drive", 502}, {"drive", 502}));
  EXPECT_FALSE(lead_to_the_same_place({"drive", 502}, {"drive", 503}));
  EXPECT_FALSE(lead_to_the_same_place({"drive", 502}, {"hub", 502}));
}

}  // namespace
}  // namespace plinth::config
