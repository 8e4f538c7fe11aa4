#include "simulator/faulty_bus.hpp"

#include <algorithm>

namespace plinth::simulator {

namespace {

using enum FaultKind;

constexpr std::uint8_t WriteMultiple = 0x10;

std::size_t place_of(std::uint8_t unit) {
  return unit == 2 ? 1 : 0;
}
bool concerns(const Wrong& wrong, std::uint8_t unit) {
  return wrong && (wrong.value == 0.0 || static_cast<std::uint8_t>(wrong.value) == unit);
}

}  // namespace

std::size_t FaultyBus::copied(std::span<const std::uint8_t> from, std::array<std::uint8_t, MaxPdu>& to) {
  const std::size_t size = std::min(from.size(), to.size());
  std::copy_n(from.begin(), size, to.begin());
  return size;
}

bool FaultyBus::refuses(Wrongs& wrongs, std::uint8_t unit) {
  Wrong& mute = wrongs[BusMute];
  if (!concerns(mute, unit)) return false;
  mute.show();
  return true;
}

bool FaultyBus::exception_instead(Wrongs& wrongs, std::span<const std::uint8_t> request,
                                  std::span<std::uint8_t> reply, std::size_t& length) {
  Wrong& refusal = wrongs[BusException];
  if (!refusal || request.empty()) return false;
  refusal.show();
  length = refuse(request[0], static_cast<ModbusException>(static_cast<std::uint8_t>(refusal.value)), reply);
  return true;
}

bool FaultyBus::other_answers(Wrongs& wrongs) {
  Wrong& slave = wrongs[BusSlave];
  if (slave) slave.show();
  return slave.on;
}

void FaultyBus::flip_in_request(Wrongs& wrongs, std::span<std::uint8_t> request) {
  Wrong& flip = wrongs[BusFlip];
  if (!flip || request.empty() || chance_.uniform() >= 0.5 * flip.value) return;
  const std::uint64_t draw = chance_.next();
  request[(draw >> 8U) % request.size()] ^= static_cast<std::uint8_t>(1U << (draw & 7U));
  flip.show();
}

// Puts the answer away and gives out the one that was kept before.
std::size_t FaultyBus::exchange(Kept& kept, std::span<std::uint8_t> reply, std::size_t length) {
  Kept now;
  now.length = length;
  std::copy_n(reply.begin(), length, now.bytes.begin());
  std::copy_n(kept.bytes.begin(), kept.length, reply.begin());
  const std::size_t out = kept.length;
  kept = now;
  return out;
}

std::size_t FaultyBus::reorder(Wrongs& wrongs, std::uint8_t unit, std::span<std::uint8_t> reply,
                               std::size_t length) {
  if (Wrong& late = wrongs[BusLate]) {
    length = exchange(late_, reply, length);
    late.show(length > 0);
  } else {
    late_.length = 0;
  }
  if (Wrong& swapped = wrongs[BusSwap]) {
    // Each unit's answer is put away, and what the other one said last is given out.
    Kept& own = swapped_.at(place_of(unit));
    const Kept& other = swapped_.at(1 - place_of(unit));
    own.length = length;
    std::copy_n(reply.begin(), length, own.bytes.begin());
    std::copy_n(other.bytes.begin(), other.length, reply.begin());
    length = other.length;
    swapped.show(length > 0);
  }
  const bool writes = length > 0 && reply[0] == WriteMultiple;
  const std::size_t lane = 2 * place_of(unit) + (writes ? 1 : 0);
  if (Wrong& twice = wrongs[BusDup]) {
    Kept& kept = earlier_.at(lane);
    if (again_.at(lane) && kept.length > 0) {
      std::copy_n(kept.bytes.begin(), kept.length, reply.begin());
      length = kept.length;
      twice.show();
    } else {
      kept.length = length;
      std::copy_n(reply.begin(), length, kept.bytes.begin());
    }
    again_.at(lane) = !again_.at(lane);
  }
  return length;
}

// A bit of the data of a read, with the block's own sum put right after it.
void FaultyBus::forge(std::span<std::uint8_t> reply, std::size_t length) {
  const std::uint64_t draw = chance_.next();
  constexpr std::size_t Header = 2;
  const std::size_t words = (length - Header) / 2;
  const std::size_t bits = 16 * (words - 1);
  const std::size_t bit = (draw >> 8U) % bits;
  reply[Header + bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  std::array<Word, MaxPdu / 2> block{};
  for (std::size_t i = 0; i + 1 < words; ++i)
    block.at(i) =
        static_cast<Word>((static_cast<unsigned>(reply[Header + 2 * i]) << 8U) | reply[Header + 2 * i + 1]);
  const Word sum = crc16(std::span{block}.first(words - 1));
  reply[length - 2] = static_cast<std::uint8_t>(sum >> 8U);
  reply[length - 1] = static_cast<std::uint8_t>(sum & 0xFFU);
}

std::size_t FaultyBus::mangle(Wrongs& wrongs, std::span<std::uint8_t> reply, std::size_t length) {
  if (Wrong& flip = wrongs[BusFlip]; flip && chance_.uniform() < 0.5 * flip.value) {
    const std::uint64_t draw = chance_.next();
    reply[(draw >> 8U) % length] ^= static_cast<std::uint8_t>(1U << (draw & 7U));
    flip.show();
  }
  constexpr std::size_t SmallestBlock = 2 + 2 * 8;
  const bool is_block = length >= SmallestBlock && reply[0] == 4;
  if (Wrong& forged = wrongs[BusForge]; forged && is_block && chance_.uniform() < forged.value) {
    forge(reply, length);
    forged.show();
  }
  if (Wrong& function = wrongs[BusFunction]) {
    reply[0] ^= 1U;
    function.show();
  }
  if (Wrong& count = wrongs[BusCount]; count && length > 1) {
    reply[1] = static_cast<std::uint8_t>(reply[1] + 2U);
    count.show();
  }
  if (Wrong& extra = wrongs[BusExtra]; extra && length + 2 <= reply.size()) {
    reply[length] = 0;
    reply[length + 1] = 0;
    length += 2;
    extra.show();
  }
  if (Wrong& truncated = wrongs[BusTruncate]; truncated && length > 3) {
    length -= 3;
    truncated.show();
  }
  return length;
}

std::size_t FaultyBus::bring_back(Wrongs& wrongs, std::uint8_t unit, std::span<std::uint8_t> reply,
                                  std::size_t length) {
  if (Wrong& drip = wrongs[BusDrip]) {
    drip.show();
    return 0;
  }
  length = reorder(wrongs, unit, reply, length);
  return length == 0 ? 0 : mangle(wrongs, reply, length);
}

}  // namespace plinth::simulator
