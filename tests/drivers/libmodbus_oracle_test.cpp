// libmodbus as the second opinion: our frames are byte for byte what it sends, and it understands them.
#include <gtest/gtest.h>
#include <modbus.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "drivers/exchange.hpp"
#include "drivers/register_map.hpp"
#include "tests/drivers/fake_units.hpp"

namespace plinth::drivers {
namespace {

using test::Bytes;
using test::bytes;

// A libmodbus client on one end of a socket pair; the other end is ours.
class Oracle {
 public:
  Oracle() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    modbus_set_socket(context_, ends_[0]);
    modbus_set_response_timeout(context_, 0, 1000);
  }
  ~Oracle() {
    modbus_free(context_);
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  modbus_t* context() { return context_; }
  void unit(int number) { modbus_set_slave(context_, number); }
  Bytes sent() {
    std::array<std::uint8_t, 512> buffer{};
    const ssize_t got = ::recv(ends_[1], buffer.data(), buffer.size(), MSG_DONTWAIT);
    return {buffer.begin(), buffer.begin() + std::max<ssize_t>(got, 0)};
  }
  void give(std::span<const std::uint8_t> bytes) {
    EXPECT_EQ(::send(ends_[1], bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }

 private:
  modbus_t* context_ = modbus_new_tcp("127.0.0.1", 1502);
  std::array<int, 2> ends_{};
};

TEST(Frames, AreByteForByteThoseOfLibmodbus) {
  Oracle oracle;
  Exchange exchange;
  std::array<std::uint8_t, MaxPdu> buffer{};
  std::array<std::uint16_t, 125> words{};
  for (std::size_t index = 0; index < words.size(); ++index)
    words[index] = static_cast<std::uint16_t>(0x8F03U + 257U * index);
  std::array<std::uint16_t, 125> read{};

  // Both count their transactions from 1, so even those are the same.
  oracle.unit(1);
  modbus_read_input_registers(oracle.context(), map::drive_in::Begin, map::drive_in::Count, read.data());
  EXPECT_EQ(bytes(exchange.ask(
                1, read_request(Function::ReadInput, map::drive_in::Begin, map::drive_in::Count, buffer))),
            oracle.sent());
  oracle.unit(2);
  modbus_read_registers(oracle.context(), map::hub_in::Begin, map::hub_in::Count, read.data());
  EXPECT_EQ(bytes(exchange.ask(
                2, read_request(Function::ReadHolding, map::hub_in::Begin, map::hub_in::Count, buffer))),
            oracle.sent());
  oracle.unit(1);
  modbus_write_registers(oracle.context(), map::drive_out::Begin, map::drive_out::Count, words.data());
  EXPECT_EQ(bytes(exchange.ask(1, write_request(map::drive_out::Begin,
                                                std::span{words}.first(map::drive_out::Count), buffer))),
            oracle.sent());
  modbus_write_registers(oracle.context(), 0, MaxWrite, words.data());
  EXPECT_EQ(bytes(exchange.ask(1, write_request(0, std::span{words}.first(MaxWrite), buffer))),
            oracle.sent());
}

TEST(Frames, AreUnderstoodByALibmodbusServerAndItsAnswersByUs) {
  Oracle server;  // the same context serves
  modbus_mapping_t* registers = modbus_mapping_new(0, 0, 0x400, 0x400);
  for (int index = 0; index < 0x400; ++index) {
    registers->tab_registers[index] = static_cast<std::uint16_t>(0x1000 + index);
    registers->tab_input_registers[index] = static_cast<std::uint16_t>(0x2000 + index);
  }
  Exchange exchange;
  std::array<std::uint8_t, MaxPdu> buffer{};
  const auto transact = [&](std::span<const std::uint8_t> request) {
    server.give(exchange.ask(1, request));
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> query{};
    const int size = modbus_receive(server.context(), query.data());
    EXPECT_GT(size, 0);
    modbus_reply(server.context(), query.data(), size, registers);
    return exchange.feed(server.sent());
  };

  ASSERT_EQ(transact(read_request(Function::ReadInput, 0x0200, 0x14, buffer)), Progress::Done);
  std::array<std::uint16_t, 0x14> in{};
  ASSERT_TRUE(registers_of(exchange.answer(), in));
  EXPECT_EQ(in[0x13], 0x2213);

  const std::array<std::uint16_t, 3> out{0xBEEF, 0x8000, 0x0001};
  ASSERT_EQ(transact(write_request(0x0100, out, buffer)), Progress::Done);
  EXPECT_EQ(registers->tab_registers[0x0100], 0xBEEF);
  EXPECT_EQ(registers->tab_registers[0x0101], 0x8000);

  std::array<std::uint16_t, 3> back{};
  ASSERT_EQ(transact(read_request(Function::ReadHolding, 0x0100, 3, buffer)), Progress::Done);
  ASSERT_TRUE(registers_of(exchange.answer(), back));
  EXPECT_EQ(back, out);

  EXPECT_EQ(transact(read_request(Function::ReadInput, 0x03FF, 2, buffer)), Progress::Exception);
  EXPECT_EQ(exception_of(exchange.answer()), 2);
  modbus_mapping_free(registers);
}

}  // namespace
}  // namespace plinth::drivers
