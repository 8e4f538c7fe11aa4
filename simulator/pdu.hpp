// The server side of a Modbus PDU (function code and data, no address, no checksum): FC 03, 04, 06, 16, 23.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "simulator/wire.hpp"

namespace plinth::simulator {

enum class ModbusException : std::uint8_t {
  None = 0,
  IllegalFunction = 1,
  IllegalAddress = 2,
  IllegalValue = 3,
  Busy = 6,
  TargetSilent = 0x0B,  // a gateway's word for "nobody answers under this unit id"
};

inline constexpr std::size_t MaxPdu = 253;

// A device's registers as one address space. Holding and input registers are the same here: the map says
// that FC 03 and FC 04 read the same words.
class Registers {
 public:
  virtual ~Registers() = default;
  // Fills `words` from `address` on, all from one instant. IllegalAddress when one of them is not defined.
  virtual ModbusException read(std::uint16_t address, std::span<Word> words) = 0;
  // Takes the write or refuses it whole. `single` for FC 06.
  virtual ModbusException write(std::uint16_t address, std::span<const Word> words, bool single) = 0;
  // Told of each request's outcome, for the unit's own counters.
  virtual void answered(ModbusException outcome) = 0;
};

// Answers one request. Returns the reply's length (2 for an exception); `reply` must hold MaxPdu bytes. An
// empty request has no answer: 0. FC 23 writes before it reads, as the protocol says.
std::size_t answer(Registers& registers, std::span<const std::uint8_t> request,
                   std::span<std::uint8_t> reply);
// An exception reply: returns 2.
std::size_t refuse(std::uint8_t function, ModbusException why, std::span<std::uint8_t> reply);

}  // namespace plinth::simulator
