#include "drivers/pdu.hpp"

#include <gtest/gtest.h>

#include <array>

#include "drivers/checksum.hpp"
#include "tests/drivers/fake_units.hpp"

namespace plinth::drivers {
namespace {

using test::Bytes;
using test::bytes;

// The frames below are the examples of the Modbus Application Protocol Specification 1.1b3, section 6.
TEST(Requests, AreTheBytesOfTheSpecification) {
  std::array<std::uint8_t, MaxPdu> buffer{};
  EXPECT_EQ(bytes(read_request(Function::ReadHolding, 0x006B, 3, buffer)),
            (Bytes{0x03, 0x00, 0x6B, 0x00, 0x03}));
  EXPECT_EQ(bytes(read_request(Function::ReadInput, 0x0008, 1, buffer)),
            (Bytes{0x04, 0x00, 0x08, 0x00, 0x01}));
  EXPECT_EQ(bytes(write_request(0x0001, std::array<std::uint16_t, 2>{0x000A, 0x0102}, buffer)),
            (Bytes{0x10, 0x00, 0x01, 0x00, 0x02, 0x04, 0x00, 0x0A, 0x01, 0x02}));
}

TEST(Requests, BeyondTheProtocolOrTheBufferAreNotMade) {
  std::array<std::uint8_t, MaxPdu> buffer{};
  const std::vector<std::uint16_t> many(MaxWrite + 1);
  EXPECT_TRUE(read_request(Function::ReadInput, 0, 0, buffer).empty());
  EXPECT_TRUE(read_request(Function::ReadInput, 0, MaxRead + 1, buffer).empty());
  EXPECT_TRUE(write_request(0, many, buffer).empty());
  EXPECT_TRUE(write_request(0, {}, buffer).empty());
  EXPECT_FALSE(write_request(0, std::span{many}.first(MaxWrite), buffer).empty());
  EXPECT_TRUE(write_request(0, std::span{many}.first(2), std::span{buffer}.first(9)).empty());
}

TEST(AnswerShapes, FitOnlyTheAnswerOfTheRequest) {
  using Match = AnswerShape::Match;
  std::array<std::uint8_t, MaxPdu> buffer{};
  const AnswerShape read{read_request(Function::ReadInput, 8, 1, buffer)};
  EXPECT_EQ(read.match(Bytes{0x04, 0x02, 0x00, 0x0A}), Match::Answer);
  EXPECT_EQ(read.match(Bytes{0x03, 0x02, 0x00, 0x0A}), Match::Mismatch);              // another function
  EXPECT_EQ(read.match(Bytes{0x04, 0x04, 0x00, 0x0A, 0x00, 0x00}), Match::Mismatch);  // another count
  EXPECT_EQ(read.match(Bytes{0x04, 0x02, 0x00}), Match::Mismatch);                    // cut short
  EXPECT_EQ(read.match(Bytes{0x04, 0x02, 0x00, 0x0A, 0x00}), Match::Mismatch);        // too long
  EXPECT_EQ(read.match(Bytes{0x84, 0x02}), Match::Exception);
  EXPECT_EQ(read.match(Bytes{0x83, 0x02}), Match::Mismatch);
  EXPECT_EQ(read.match(Bytes{0x84}), Match::Mismatch);
  EXPECT_EQ(read.match(Bytes{}), Match::Mismatch);

  const AnswerShape write{write_request(0x0100, std::array<std::uint16_t, 2>{1, 2}, buffer)};
  EXPECT_EQ(write.match(Bytes{0x10, 0x01, 0x00, 0x00, 0x02}), Match::Answer);
  EXPECT_EQ(write.match(Bytes{0x10, 0x01, 0x01, 0x00, 0x02}), Match::Mismatch);  // another address
  EXPECT_EQ(write.match(Bytes{0x10, 0x01, 0x00, 0x00, 0x03}), Match::Mismatch);  // another count
  EXPECT_EQ(AnswerShape{}.match(Bytes{0x10, 0x01, 0x00, 0x00, 0x02}), Match::Mismatch);
}

TEST(Answers, GiveTheirRegistersOnlyWhenThereAreExactlyThatMany) {
  std::array<std::uint16_t, 2> out{7, 7};
  EXPECT_FALSE(registers_of(Bytes{0x04, 0x02, 0x12, 0x34}, out));
  EXPECT_EQ(out, (std::array<std::uint16_t, 2>{7, 7}));
  EXPECT_TRUE(registers_of(Bytes{0x04, 0x04, 0x12, 0x34, 0xFF, 0xFE}, out));
  EXPECT_EQ(out, (std::array<std::uint16_t, 2>{0x1234, 0xFFFE}));
  EXPECT_EQ(exception_of(Bytes{0x84, 0x06}), 6);
  EXPECT_EQ(exception_of(Bytes{0x04, 0x06}), std::nullopt);
}

TEST(Checksums, AreThoseOfTheCatalogue) {
  const Bytes digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  EXPECT_EQ(crc16(digits), 0x4B37);
  EXPECT_EQ(crc32(digits), 0xCBF43926U);
  const std::array<std::uint16_t, 4> words{0x3132, 0x3334, 0x3536, 0x3738};
  EXPECT_EQ(crc16_of_registers(words), crc16(std::span{digits}.first(8)));
  EXPECT_EQ(crc32_of_registers(words), crc32(std::span{digits}.first(8)));
}

}  // namespace
}  // namespace plinth::drivers
