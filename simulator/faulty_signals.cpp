#include "simulator/faulty_signals.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "controller/units/quantities.hpp"

namespace plinth::simulator {

namespace {

using enum FaultKind;

constexpr double Deg = units::RadiansPerDegree;
// 2°, and what lies between two samples 10 ms apart at 50 °/s.
constexpr double FeltAngle = 2.5 * Deg;

// Places in the hub's block.
constexpr std::size_t Status = 3;
constexpr std::size_t ValidMask = 4;
constexpr std::size_t Net = 5;
constexpr std::size_t ChannelStatus = 11;
constexpr std::size_t Gross = 17;
constexpr std::size_t PadSum = 23;
constexpr std::size_t ArmAngle = 24;
constexpr std::size_t Excitation = 28;
constexpr std::size_t Straps = 2;
constexpr std::size_t Channels = 6;

using HubBlock = std::array<Word, HubInWords>;

double force(const HubBlock& block, std::size_t channel) {
  return as_signed(block.at(Net + channel)) * ForceUnit;
}
void tell_force(HubBlock& block, std::size_t channel, double newtons) {
  block.at(Net + channel) = to_signed_word(newtons, ForceUnit);
  block.at(Gross + channel) = to_signed_word(newtons, ForceUnit);
}
template <typename Change>
void change_straps(HubBlock& block, Change change) {
  for (std::size_t i = 0; i < Straps; ++i) tell_force(block, i, change(force(block, i)));
}
void keep(HubBlock& block, const HubBlock& before, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i) block.at(i) = before.at(i);
}
double angle_apart(const HubBlock& a, const HubBlock& b) {
  return std::abs(as_signed(a[ArmAngle]) - as_signed(b[ArmAngle])) * AngleUnit;
}
double strap_sum(const HubBlock& block) {
  return force(block, 0) + force(block, 1);
}
// A sum that is off by more than a tenth of what it should be, and by more than 30 N.
bool sum_is_off(const HubBlock& block, const HubBlock& honest) {
  const double should = strap_sum(honest);
  return std::abs(strap_sum(block) - should) > std::max(30.0, 0.1 * std::abs(should));
}
double strap_apart(const HubBlock& a, const HubBlock& b) {
  return std::max(std::abs(force(a, 0) - force(b, 0)), std::abs(force(a, 1) - force(b, 1)));
}

void spoil_straps(Wrongs& wrongs, Random& chance, HubBlock& block) {
  const HubBlock honest = block;
  if (Wrong& drift = wrongs[LcDrift]) {
    const double off = drift.value * wrongs.seconds_of(LcDrift);
    change_straps(block, [off](double newtons) { return newtons + 0.5 * off; });
    drift.show(std::abs(off) > 30.0);
  }
  if (Wrong& bias = wrongs[LcBias]) {
    change_straps(block, [&bias](double newtons) { return newtons + 0.5 * bias.value; });
    bias.show(bias.value != 0.0);
  }
  if (Wrong& gain = wrongs[LcGain]) {
    change_straps(block, [&gain](double newtons) { return newtons * gain.value; });
    gain.show(sum_is_off(block, honest));
  }
  if (Wrong& apart = wrongs[LcAMinusB]) {
    tell_force(block, 0, force(block, 0) + apart.value);
    apart.show(apart.value != 0.0);
  }
  if (Wrong& invert = wrongs[LcInvert]) {
    change_straps(block, [](double newtons) { return -newtons; });
    invert.show(sum_is_off(block, honest));
  }
  if (Wrong& zeros = wrongs[LcZeros]) {
    change_straps(block, [](double) { return 0.0; });
    zeros.show(sum_is_off(block, honest));
  }
  if (Wrong& noise = wrongs[LcNoise]) {
    change_straps(
        block, [&](double newtons) { return newtons + 0.5 * noise.value * (2.0 * chance.uniform() - 1.0); });
    noise.show(noise.value != 0.0);
  }
  if (Wrong& swapped = wrongs[LcSwap]) {
    const double left = force(block, 0);
    swapped.show(std::abs(left - force(block, 1)) > 2.0);
    tell_force(block, 0, force(block, 1));
    tell_force(block, 1, left);
  }
  if (Wrong& rail = wrongs[LcRail]) {
    block.at(Net + static_cast<std::size_t>(rail.value)) = 0x7FFF;
    block.at(Gross + static_cast<std::size_t>(rail.value)) = 0x7FFF;
    rail.show();
  }
  if (Wrong& open = wrongs[LcOpen]) {
    const auto channel = static_cast<std::size_t>(open.value);
    block.at(Net + channel) = InvalidReading;
    block.at(Gross + channel) = InvalidReading;
    block[ValidMask] = static_cast<Word>(block[ValidMask] & ~(1U << channel));
    constexpr unsigned BridgeOpen = 1U << 3U;
    block.at(ChannelStatus + channel) =
        static_cast<Word>((block.at(ChannelStatus + channel) & ~1U) | BridgeOpen);
    open.show();
  }
}

void spoil_pads(Wrongs& wrongs, HubBlock& block) {
  if (Wrong& dead = wrongs[PadDead]) {
    // A pad with less than three tenths of the weight moves its centre by less than the 6 cm that tell a
    // slide: a front one is only seen to be nought.
    const std::size_t channel = Straps + static_cast<std::size_t>(dead.value);
    double all = 0.0;
    for (std::size_t i = Straps; i < Channels; ++i) all += force(block, i);
    const double bears = force(block, channel);
    dead.show(bears > (dead.value < 1.5 ? 15.0 : std::max(15.0, 0.3 * all)));
    tell_force(block, channel, 0.0);
  }
  if (Wrong& swapped = wrongs[PadSwap]) {
    for (const std::size_t left : {std::size_t{2}, std::size_t{4}}) {
      const double newtons = force(block, left);
      swapped.show(std::abs(newtons - force(block, left + 1)) > 2.0);
      tell_force(block, left, force(block, left + 1));
      tell_force(block, left + 1, newtons);
    }
  }
  if (Wrong& low = wrongs[LcExcitation]) {
    for (std::size_t i = 0; i < Channels; ++i) tell_force(block, i, force(block, i) * low.value / 5000.0);
    block[Excitation] = static_cast<Word>(low.value);
    block[Status] = static_cast<Word>((block[Status] & ~1U) | (1U << 2U));
    low.show(low.value < 5000.0);
  }
  double pads = 0.0;
  for (std::size_t i = Straps; i < Channels; ++i) pads += force(block, i);
  block[PadSum] = to_unsigned_word(pads, ForceUnit);
}

}  // namespace

void spoil_hub_block(Wrongs& wrongs, Random& chance, const HubBlock& before, HubBlock& block) {
  const HubBlock honest = block;
  spoil_straps(wrongs, chance, block);
  spoil_pads(wrongs, block);
  if (Wrong& offset = wrongs[HubAngleOffset]) {
    block[ArmAngle] = to_signed_word(as_signed(block[ArmAngle]) * AngleUnit + offset.value * Deg, AngleUnit);
    offset.show(offset.value != 0.0);
  }
  if (Wrong& stuck = wrongs[HubAngleStuck]) {
    block[ArmAngle] = before[ArmAngle];
    stuck.show(angle_apart(block, honest) > FeltAngle);
  }
  if (Wrong& stuck = wrongs[LcStuck]) {
    keep(block, before, Net, Channels);
    keep(block, before, Gross, Channels);
    block[ArmAngle] = before[ArmAngle];
    stuck.show(strap_apart(block, honest) > 15.0 || angle_apart(block, honest) > 2.0 * Deg);
  }
  if (Wrong& stands = wrongs[LcSequence]) {
    keep(block, before, 0, 3);
    stands.show(block[0] != honest[0]);
  }
  if (Wrong& frozen = wrongs[LcFreeze]) {
    block = before;
    frozen.show(block[0] != honest[0]);
  }
  block[HubInWords - 1] = crc16(std::span{block}.first<HubInWords - 1>());
}

void spoil_drive_block(Wrongs& wrongs, const std::array<Word, DriveInWords>& before,
                       std::array<Word, DriveInWords>& block) {
  const auto honest = block;
  if (Wrong& echo = wrongs[DriveEchoStuck]) {
    block[3] = before[3];
    echo.show(block[3] != honest[3]);
  }
  if (Wrong& hot = wrongs[DriveTemp]) {
    block[13] = to_signed_word(hot.value, 0.1);
    hot.show();
  }
  if (Wrong& voltage = wrongs[DriveVoltage]) {
    block[15] = to_unsigned_word(voltage.value, 0.1);
    voltage.show();
  }
  if (Wrong& channel = wrongs[DriveStoOne]) {
    const unsigned open = channel.value < 0.5 ? 1U << 0U : 1U << 1U;
    constexpr unsigned Discrepancy = 1U << 2U;
    block[8] = static_cast<Word>((block[8] & ~open) | Discrepancy);
    channel.show();
  }
  if (Wrong& stands = wrongs[DriveSequence]) {
    for (std::size_t i = 0; i < 3; ++i) block.at(i) = before.at(i);
    stands.show(block[0] != honest[0]);
  }
  if (Wrong& frozen = wrongs[DriveFreeze]) {
    block = before;
    frozen.show(block[0] != honest[0]);
  }
  block[DriveInWords - 1] = crc16(std::span{block}.first<DriveInWords - 1>());
}

double FaultyEncoder::falsify(Wrongs& wrongs, double angle) {
  newest_ = (newest_ + 1) % Memory;
  past_.at(newest_) = angle;
  kept_ = std::min(kept_ + 1, Memory);
  const double moved = angle - last_;
  last_ = angle;

  double told = angle;
  if (Wrong& lag = wrongs[EncLag]) {
    // The lowering loop, 390 N·m·s/rad on 6.2 kg·m², loses its phase margin at about 17 ms: nothing that a
    // host commands can steady it. What comes later than that is late on its way to the host only.
    if (lag.value < LatestInTheLoops) {
      const auto ago = std::min(static_cast<std::size_t>(lag.value), kept_ - 1);
      told = past_.at((newest_ + Memory - ago) % Memory);
      lag.show(std::abs(told - angle) > 0.3 * Deg);
    }
  }
  if (Wrong& slip = wrongs[EncSlip]) {
    missed_ += slip.value * moved;
    slip.show(std::abs(missed_) > FeltAngle);
  }
  told -= missed_;
  const auto shift = [&](FaultKind kind, double degrees_each) {
    Wrong& wrong = wrongs[kind];
    if (!wrong) return;
    told += wrong.value * degrees_each * Deg;
    wrong.show(wrong.value != 0.0);
  };
  shift(EncJump, 1.0);
  shift(EncOffset, 1.0);
  constexpr double Turn = 360.0 / 40.0;  // of the motor, behind a gear of 40 : 1
  shift(EncWrap, Turn);
  return told;
}

}  // namespace plinth::simulator
