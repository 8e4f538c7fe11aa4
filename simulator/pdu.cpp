#include "simulator/pdu.hpp"

#include <array>

namespace plinth::simulator {

namespace {

constexpr std::size_t MaxRead = 125;
constexpr std::size_t MaxWrite = 123;
constexpr std::size_t MaxWriteOfBoth = 121;  // FC 23

using Request = std::span<const std::uint8_t>;
using Reply = std::span<std::uint8_t>;

Word word_at(Request bytes, std::size_t place) {
  return static_cast<Word>(static_cast<unsigned>(bytes[place] << 8U) | bytes[place + 1]);
}
void put_word(Reply bytes, std::size_t place, Word word) {
  bytes[place] = static_cast<std::uint8_t>(word >> 8U);
  bytes[place + 1] = static_cast<std::uint8_t>(word & 0xFFU);
}
bool leaves_the_space(Word address, std::size_t count) {
  return address + count > 0x10000U;
}

struct Outcome {
  ModbusException why = ModbusException::None;
  std::size_t length = 0;
};
Outcome refused(ModbusException why) {
  return {why, 0};
}

Outcome read_into(Registers& registers, Word address, std::size_t count, Request request, Reply reply) {
  if (count < 1 || count > MaxRead) return refused(ModbusException::IllegalValue);
  if (leaves_the_space(address, count)) return refused(ModbusException::IllegalAddress);
  std::array<Word, MaxRead> words{};
  const ModbusException why = registers.read(address, std::span{words}.first(count));
  if (why != ModbusException::None) return refused(why);
  reply[0] = request[0];
  reply[1] = static_cast<std::uint8_t>(2 * count);
  for (std::size_t i = 0; i < count; ++i) put_word(reply, 2 + 2 * i, words[i]);
  return {ModbusException::None, 2 + 2 * count};
}

// The words of a write of `count` from `place` on, after a byte count at place − 1.
ModbusException write_from(Registers& registers, Word address, std::size_t count, std::size_t most,
                           Request request, std::size_t place) {
  if (count < 1 || count > most || request.size() != place + 2 * count || request[place - 1] != 2 * count)
    return ModbusException::IllegalValue;
  if (leaves_the_space(address, count)) return ModbusException::IllegalAddress;
  std::array<Word, MaxWrite> words{};
  for (std::size_t i = 0; i < count; ++i) words[i] = word_at(request, place + 2 * i);
  return registers.write(address, std::span{words}.first(count), false);
}

Outcome echo(Request request, Reply reply) {  // FC 06 and FC 16 repeat the first five bytes
  for (std::size_t i = 0; i < 5; ++i) reply[i] = request[i];
  return {ModbusException::None, 5};
}

Outcome serve(Registers& registers, Request request, Reply reply) {
  switch (request[0]) {
    case 0x03:
    case 0x04:
      if (request.size() != 5) return refused(ModbusException::IllegalValue);
      return read_into(registers, word_at(request, 1), word_at(request, 3), request, reply);
    case 0x06: {
      if (request.size() != 5) return refused(ModbusException::IllegalValue);
      const std::array<Word, 1> word{word_at(request, 3)};
      const ModbusException why = registers.write(word_at(request, 1), word, true);
      return why == ModbusException::None ? echo(request, reply) : refused(why);
    }
    case 0x10: {
      if (request.size() < 8) return refused(ModbusException::IllegalValue);
      const ModbusException why =
          write_from(registers, word_at(request, 1), word_at(request, 3), MaxWrite, request, 6);
      return why == ModbusException::None ? echo(request, reply) : refused(why);
    }
    case 0x17: {
      if (request.size() < 12) return refused(ModbusException::IllegalValue);
      const std::size_t to_read = word_at(request, 3);
      if (to_read < 1 || to_read > MaxRead) return refused(ModbusException::IllegalValue);
      const ModbusException why =
          write_from(registers, word_at(request, 5), word_at(request, 7), MaxWriteOfBoth, request, 10);
      if (why != ModbusException::None) return refused(why);
      return read_into(registers, word_at(request, 1), to_read, request, reply);
    }
    default:
      return refused(ModbusException::IllegalFunction);
  }
}

}  // namespace

std::size_t refuse(std::uint8_t function, ModbusException why, std::span<std::uint8_t> reply) {
  reply[0] = static_cast<std::uint8_t>(function | 0x80U);
  reply[1] = static_cast<std::uint8_t>(why);
  return 2;
}

std::size_t answer(Registers& registers, std::span<const std::uint8_t> request,
                   std::span<std::uint8_t> reply) {
  if (request.empty()) return 0;
  const Outcome outcome = serve(registers, request, reply);
  registers.answered(outcome.why);
  return outcome.why == ModbusException::None ? outcome.length : refuse(request[0], outcome.why, reply);
}

}  // namespace plinth::simulator
