#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "simulator/modbus_server.hpp"
#include "simulator/pdu.hpp"
#include "simulator/serve.hpp"

namespace plinth::simulator {
namespace {

// Answers each request with its own bytes; unit 2 is mute.
class Echo final : public PduService {
 public:
  std::size_t handle(std::uint8_t unit, std::span<const std::uint8_t> request,
                     std::span<std::uint8_t> reply) override {
    if (unit == 2) return 0;
    std::copy(request.begin(), request.end(), reply.begin());
    return request.size();
  }
  [[nodiscard]] bool knows(std::uint8_t unit) const override { return unit <= 2; }
};

using Bytes = std::vector<std::uint8_t>;

class Peer {
 public:
  explicit Peer(std::uint16_t port) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Peer() { close(socket_); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  [[nodiscard]] bool connected() const { return connected_; }
  void send(const Bytes& bytes) const { ::send(socket_, bytes.data(), bytes.size(), 0); }
  // What has arrived; empty when nothing has; one byte 0xFF… is never sent alone, so {} and closed differ by
  // `closed`.
  Bytes take() {
    Bytes bytes(600);
    const ssize_t got = recv(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    closed_ = got == 0;
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  int socket_;
  bool connected_ = false;
  bool closed_ = false;
};

struct Loopback {
  Echo echo;
  ModbusServer server{"127.0.0.1", 0, echo};
  void settle() {
    for (int i = 0; i < 6; ++i) server.serve_once(2);
  }
};

TEST(ModbusServer, AnswersWithTheTransactionItWasAskedUnder) {
  Loopback loopback;
  Peer peer{loopback.server.port()};
  ASSERT_TRUE(peer.connected());
  peer.send({0x12, 0x34, 0, 0, 0, 3, 1, 0x04, 0x55});
  loopback.settle();
  EXPECT_EQ(peer.take(), (Bytes{0x12, 0x34, 0, 0, 0, 3, 1, 0x04, 0x55}));
}

TEST(ModbusServer, ServesOneClientWhileAnotherDribbles) {
  Loopback loopback;
  Peer slow{loopback.server.port()};
  Peer quick{loopback.server.port()};
  slow.send({0, 1, 0, 0});
  quick.send({0, 2, 0, 0, 0, 2, 1, 0x03});
  loopback.settle();
  EXPECT_EQ(quick.take().size(), 8U);
  EXPECT_TRUE(slow.take().empty());
  slow.send({0, 2, 1, 0x03});
  loopback.settle();
  EXPECT_EQ(slow.take().size(), 8U);
}

TEST(ModbusServer, AnswersTwoRequestsOfOneSegmentInTheirOrder) {
  Loopback loopback;
  Peer peer{loopback.server.port()};
  peer.send({0, 1, 0, 0, 0, 2, 1, 0x03, 0, 2, 0, 0, 0, 2, 1, 0x04});
  loopback.settle();
  EXPECT_EQ(peer.take(), (Bytes{0, 1, 0, 0, 0, 2, 1, 0x03, 0, 2, 0, 0, 0, 2, 1, 0x04}));
}

TEST(ModbusServer, SaysThatAnUnknownUnitIsSilentAndKeepsSilentForAMutedOne) {
  Loopback loopback;
  Peer peer{loopback.server.port()};
  peer.send({0, 1, 0, 0, 0, 2, 9, 0x03, 0, 2, 0, 0, 0, 2, 2, 0x03});
  loopback.settle();
  EXPECT_EQ(peer.take(), (Bytes{0, 1, 0, 0, 0, 3, 9, 0x83, 0x0B}));
}

TEST(ModbusServer, ClosesAConnectionThatIsNotModbus) {
  Loopback loopback;
  Peer peer{loopback.server.port()};
  peer.send({'G', 'E', 'T', ' ', '/', ' ', 'H', 'T'});
  loopback.settle();
  peer.take();
  EXPECT_TRUE(peer.closed());
  EXPECT_EQ(loopback.server.clients(), 0U);
}

TEST(ListenAddress, IsReadOrRefusedWithTheFormExpected) {
  EXPECT_EQ(parse_listen("tcp:127.0.0.1:0").port, 0);
  EXPECT_EQ(parse_listen("tcp:127.0.0.1:1502").host, "127.0.0.1");
  for (const char* wrong :
       {"127.0.0.1:1502", "tcp:127.0.0.1", "tcp::1502", "tcp:127.0.0.1:70000", "tcp:127.0.0.1:"})
    EXPECT_THROW(parse_listen(wrong), std::invalid_argument) << wrong;
}

}  // namespace
}  // namespace plinth::simulator
