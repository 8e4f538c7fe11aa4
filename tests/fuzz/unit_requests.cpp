// Whatever a host may send to the simulated units: the answer is one that Modbus knows, and what was refused
// has changed nothing.
#include <optional>

#include "simulator/load_cell_hub.hpp"
#include "simulator/resistance_unit.hpp"
#include "simulator/wire.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth::simulator;
using plinth::fuzz::Bytes;
using plinth::fuzz::require;
using Octets = std::vector<std::uint8_t>;

unsigned word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  return bytes[at] * 256U + bytes[at + 1];
}
void append(Octets& bytes, unsigned word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8U & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFFU));
}

// The reply in memory of exactly the size that the interface promises.
Octets asked(Registers& unit, const Octets& request) {
  Octets reply(MaxPdu);
  const std::size_t size = answer(unit, request, reply);
  require(size <= MaxPdu, "a reply fits into a PDU");
  reply.resize(size);
  return reply;
}

void check_form(const Octets& request, const Octets& reply) {
  if (request.empty()) {
    require(reply.empty(), "nothing asked, nothing answered");
    return;
  }
  require(reply.size() >= 2, "every request is answered");
  if (reply[0] == (request[0] | 0x80U)) {
    const unsigned code = reply[1];
    require(reply.size() == 2 && ((code >= 1 && code <= 3) || code == 6), "an exception has a known code");
    return;
  }
  require(reply[0] == request[0] && request[0] < 0x80, "an answer has its request's function");
  switch (request[0]) {
    case 3:
    case 4:
    case 0x17: {
      const unsigned count = word_at(request, 3);
      require(count >= 1 && count <= 125 && reply.size() == 2 + 2 * count && reply[1] == 2 * count,
              "a read gives what was asked for");
      break;
    }
    case 6:
    case 0x10:
      require(reply.size() == 5 && std::equal(reply.begin(), reply.end(), request.begin()),
              "a write is echoed");
      break;
    default:
      require(false, "other functions are refused");
  }
}

// What a host has set in a unit: the command block and the installed limits.
Octets settings_of(Registers& unit) {
  Octets all;
  for (const unsigned first : {0x0100U, 0x0301U}) {
    Octets request{3};
    append(request, first);
    append(request, first == 0x0100U ? 3 : 10);
    const Octets reply = asked(unit, request);
    all.insert(all.end(), reply.begin(), reply.end());
  }
  return all;
}

Octets request_from(Bytes& in) {
  constexpr std::array<unsigned, 12> Places{0x0000, 0x0100, 0x0110, 0x0200, 0x0300, 0x0301,
                                            0x0320, 0x0400, 0x0408, 0x0500, 0x0510, 0x0600};
  if (in.below(4) == 0) return in.some(in.byte());
  const unsigned first = Places.at(in.below(Places.size())) + in.below(4);
  const unsigned how = in.below(6);
  Octets request;
  if (how == 0) {
    request = {static_cast<std::uint8_t>(in.flip() ? 3 : 4)};
    append(request, first);
    append(request, in.below(130));
  } else if (how == 1) {
    request = {6};
    append(request, first);
    append(request, in.word());
  } else if (how == 2) {  // a whole block under a right sum, as a host that means it would send it
    const bool drive = in.flip();
    std::vector<Word> block(drive ? 16 : 2);
    for (Word& word : block) word = in.word();
    request = {0x10};
    append(request, 0x0100);
    append(request, static_cast<unsigned>(block.size() + 1));
    request.push_back(static_cast<std::uint8_t>(2 * (block.size() + 1)));
    for (const Word word : block) append(request, word);
    append(request, crc16(block));
  } else if (how == 3) {
    request = {6};
    append(request, 0x0300);
    append(request, 0x5AFE);
  } else {
    const unsigned count = 1 + in.below(how == 4 ? 12 : 125);
    request = {0x10};
    append(request, first);
    append(request, count);
    request.push_back(static_cast<std::uint8_t>(2 * count));
    for (unsigned i = 0; i < count; ++i) append(request, in.word());
  }
  return request;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in{data, size};
  ResistanceUnit drive{1};
  LoadCellHub hub{2};
  double angle = -1.3;
  while (!in.empty()) {
    const unsigned what = in.below(8);
    if (what == 0) {  // time passes, and the arm is moved
      const unsigned ticks = in.below(50);
      const StopCircuits circuits{.relay_closed = hub.relay_closed(), .chain_a_closed = !in.flip()};
      HubInputs inputs;
      inputs.force.fill(static_cast<std::int16_t>(in.word()));
      angle += (in.byte() - 127.5) * 1e-4;
      inputs.arm_angle = angle;
      for (unsigned i = 0; i < ticks; ++i) {
        drive.tick(angle, circuits);
        hub.tick();
        if (i % 2 == 0) hub.sample(inputs);
      }
      continue;
    }
    Registers& unit = what % 2 == 0 ? static_cast<Registers&>(drive) : static_cast<Registers&>(hub);
    const Octets request = request_from(in);
    const Octets before = settings_of(unit);
    const Octets reply = asked(unit, request);
    check_form(request, reply);
    const bool refused = reply.empty() || (reply[0] & 0x80U) != 0;
    // FC 23 writes before it reads: its exception may be the reading's.
    if (refused && (request.empty() || request[0] != 0x17)) {
      require(settings_of(unit) == before, "what was refused has changed nothing");
    }
    if (!refused && (request[0] == 3 || request[0] == 4)) {
      Octets twin = request;
      twin[0] = static_cast<std::uint8_t>(7 - request[0]);
      Octets other = asked(unit, twin);
      require(std::equal(reply.begin() + 1, reply.end(), other.begin() + 1, other.end()) ||
                  word_at(request, 1) + word_at(request, 3) > 0x0500,
              "FC 03 and FC 04 read the same words, counters of requests aside");
    }
  }
  return 0;
}
