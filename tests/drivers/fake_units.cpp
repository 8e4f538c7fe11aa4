#include "tests/drivers/fake_units.hpp"

#include <algorithm>

namespace plinth::drivers::test {

namespace {

std::uint32_t slow_crc32(std::span<const std::uint16_t> registers) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint16_t word : registers) {
    for (const unsigned byte : {unsigned{word} >> 8U, word & 0xFFU}) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xEDB88320U : crc >> 1U;
    }
  }
  return ~crc;
}

}  // namespace

std::uint16_t slow_crc16(std::span<const std::uint16_t> registers) {
  unsigned crc = 0xFFFF;
  for (const std::uint16_t word : registers) {
    for (const unsigned byte : {unsigned{word} >> 8U, word & 0xFFU}) {
      crc ^= byte;
      for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xA001U : crc >> 1U;
    }
  }
  return static_cast<std::uint16_t>(crc);
}

std::size_t FakeUnit::handle(std::span<const std::uint8_t> request, std::span<std::uint8_t> reply) {
  if (mute || request.size() < 5) return 0;
  const auto word = [&](std::size_t at) {
    return static_cast<std::uint16_t>((request[at] << 8U) | request[at + 1]);
  };
  const auto exception = [&](std::uint8_t code) -> std::size_t {
    reply[0] = static_cast<std::uint8_t>(request[0] | 0x80U);
    reply[1] = code;
    return 2;
  };
  if (refuse_with) return exception(*refuse_with);
  const std::uint16_t address = word(1);
  switch (request[0]) {
    case 3:
    case 4: {
      before_read();
      const std::uint16_t count = word(3);
      reply[0] = request[0];
      reply[1] = static_cast<std::uint8_t>(2 * count);
      for (std::uint16_t index = 0; index < count; ++index) {
        const auto found = registers.find(static_cast<std::uint16_t>(address + index));
        if (found == registers.end()) return exception(2);
        reply[2U + 2U * index] = static_cast<std::uint8_t>(found->second >> 8U);
        reply[3U + 2U * index] = static_cast<std::uint8_t>(found->second & 0xFFU);
      }
      return 2U + 2U * count;
    }
    case 16: {
      writes.emplace_back(request.begin(), request.end());
      std::vector<std::uint16_t> values;
      for (std::size_t at = 6; at + 1 < request.size(); at += 2) values.push_back(word(at));
      if (accept(address, values))
        for (std::size_t index = 0; index < values.size(); ++index)
          registers[static_cast<std::uint16_t>(address + index)] = values[index];
      std::copy_n(request.begin(), 5, reply.begin());
      return 5;
    }
    default:
      return exception(1);
  }
}

bool FakeUnit::accept(std::uint16_t, std::span<const std::uint16_t>) {
  return true;
}

void FakeUnit::put(std::uint16_t address, std::initializer_list<std::uint16_t> values) {
  for (const std::uint16_t value : values) registers[address++] = value;
}

void FakeUnit::put_identity(std::uint16_t unit_class) {
  put(0x0000, {0x5248, 0x5831, 0x0100, unit_class, 0, 7, 0x0100, 1, 0, 0x7F, 2250, 2094, 0xAAAA, 0x5555,
               0x1234, 0x0102, 0x0304, 0x42F7, 0x0000});
}

FakeDrive::FakeDrive() {
  put_identity(1);
  for (std::uint16_t at = 0x0100; at <= 0x0110; ++at) registers[at] = 0;
  put(0x0300, {0, 100, 1, 250, 0, 4000, 5000, 0xDEAD, 0x2000, 3000, 1});
  put(0x0400, {0, 0, 0, 0});
  put(0x0408, {0, 0, 0});
  put(0x0500, {0x0001, 0x0002, 0x0003, 0x0004, 5, 6, 7, 8, 9});
  put(0x0510, {15, 7, 0, 0, 0, 0, 0, 0});
  mirror();
}

void FakeDrive::mirror() {
  std::vector<std::uint16_t> limits;
  for (std::uint16_t at = 0x0301; at <= 0x030A; ++at) limits.push_back(registers[at]);
  const std::uint32_t crc = slow_crc32(limits);
  put(0x0320,
      {limits[4], limits[4], limits[5], limits[6], limits[7], limits[8], limits[0], limits[1], limits[2],
       limits[3], static_cast<std::uint16_t>(crc >> 16U), static_cast<std::uint16_t>(crc & 0xFFFFU)});
}

void FakeDrive::before_read() {
  ++sequence_;
  const bool ready = relay_closed && !estop_pressed && fault_code == 0;
  const auto shown = static_cast<std::uint16_t>(ready ? status | 0x0001U : status & ~0x0001U);
  const auto circuits =
      static_cast<std::uint16_t>((relay_closed ? 0x0003U : 0U) | (estop_pressed ? 0U : 0x0018U));
  put(0x0200,
      {sequence_, 0, static_cast<std::uint16_t>(sequence_ * 1000U), heartbeat_echo, shown, 0, 0, fault_code,
       circuits, static_cast<std::uint16_t>(position_dmrad), 0, 0, 0, 312, 298, 480, 100, 0, boot_counter});
  std::vector<std::uint16_t> block;
  for (std::uint16_t at = 0x0200; at <= 0x0212; ++at) block.push_back(registers[at]);
  registers[0x0213] = static_cast<std::uint16_t>(slow_crc16(block) ^ (corrupt_checksum ? 1U : 0U));
}

bool FakeDrive::accept(std::uint16_t address, std::span<const std::uint16_t> values) {
  if (address == 0x0100) {
    cyclic(values);
    return true;
  }
  if (address == 0x0300) {
    unlocked_ = values[0] == 0x5AFE;
    return false;
  }
  if (address >= 0x0301 && address <= 0x030A) {
    const bool allowed = unlocked_ && (status & 0x0002U) == 0 && obeys_limits;
    if (!allowed) return false;
    for (std::size_t index = 0; index < values.size(); ++index)
      registers[static_cast<std::uint16_t>(address + index)] = values[index];
    mirror();
    return true;
  }
  if (address == 0x0400 && values.size() == 4 && values[1] != registers[0x0408]) {
    order(values[0], values[1]);
  }
  return true;
}

void FakeDrive::order(std::uint16_t code, std::uint16_t sequence) {
  enum : std::uint16_t { Busy = 1, Rejected = 3 };
  std::uint16_t result = Rejected;
  if (code == 6) {
    self_test_ = now_;
    result = Busy;
  }
  if (code == 4) {
    ++brake_tests;
    if (relay_closed && brake != Brake::TestRefused) {
      brake_test_ = now_;
      status |= 0x0004U;
      result = Busy;
    }
  }
  put(0x0408, {sequence, result, static_cast<std::uint16_t>(result == Rejected ? 4 : 0)});
}

void FakeDrive::cyclic(std::span<const std::uint16_t> block) {
  const bool whole = block.size() == 17 && slow_crc16(block.first(16)) == block[16];
  if (!whole || block[0] == heartbeat_echo) {
    ++rejected_blocks;
    return;
  }
  ++accepted_blocks;
  heartbeat_echo = block[0];
  if ((block[1] & 1U) != 0) ++enables_seen;
  status = static_cast<std::uint16_t>((block[1] & 1U) != 0 ? status | 0x0002U : status & ~0x0002U);
  const bool reset = (block[1] & 8U) != 0;
  if (reset && !reset_bit_ && now_ - healthy_since_ >= units::milliseconds(500)) {
    status = static_cast<std::uint16_t>(status & ~0x0408U);
    fault_code = 0;
  }
  reset_bit_ = reset;
}

void FakeDrive::advance(units::Duration span) {
  now_ += span;
  const auto limit = units::milliseconds(registers[0x0301] + watchdog_late_ms);
  if (watchdog_works && self_test_ && now_ - *self_test_ >= limit) {
    self_test_.reset();
    status = static_cast<std::uint16_t>(status | 0x0408U);
    fault_code = 15;
    healthy_since_ = now_;
    registers[0x0409] = 2;
  }
  if (brake_test_ && brake != Brake::TestNeverEnds && now_ - *brake_test_ >= units::milliseconds(50)) {
    brake_test_.reset();
    status = static_cast<std::uint16_t>(status & ~0x0004U);
    registers[0x0409] = brake == Brake::Holds ? 2 : 4;
    if (brake == Brake::Slips) {
      status = static_cast<std::uint16_t>(status | 0x0008U);
      fault_code = 14;
    }
  }
}

FakeHub::FakeHub() {
  put_identity(2);
  put(0x0100, {0, 0, 0});
  for (std::uint16_t at = 0x0200; at <= 0x021F; ++at) registers[at] = 0;
  put(0x0203, {0x0001, 0x003F});
  for (std::uint16_t channel = 0; channel < 6; ++channel)
    registers[static_cast<std::uint16_t>(0x020B + channel)] = 0x0081;
  registers[0x0219] = 1;
  registers[0x021B] = 0x0037;  // chains closed, pendant at rest, guard and latch closed, grips open
  registers[0x021E] = 1;
}

void FakeHub::before_read() {
  registers[0x0200] = ++sequence_;
  std::vector<std::uint16_t> block;
  for (std::uint16_t at = 0x0200; at <= 0x021E; ++at) block.push_back(registers[at]);
  registers[0x021F] = static_cast<std::uint16_t>(slow_crc16(block) ^ (corrupt_checksum ? 1U : 0U));
}

bool FakeHub::accept(std::uint16_t address, std::span<const std::uint16_t> values) {
  if (address != 0x0100) return true;
  if (values.size() != 3 || slow_crc16(values.first(2)) != values[2]) return false;
  heartbeat = values[0];
  permit = values[1];
  return true;
}

}  // namespace plinth::drivers::test
