#include "simulator/load_cell_hub.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "simulator/identity.hpp"

namespace plinth::simulator {

namespace {

constexpr Word OutFirst = 0x0100;
constexpr Word PermitRegister = 0x0101;
constexpr std::size_t OutWords = 3;
constexpr Word InFirst = 0x0200;
constexpr Word RawFirst = 0x0240;
constexpr Word GainFirst = 0x0260;
constexpr Word CalibrationCrcFirst = 0x026C;
constexpr Word FilterFirst = 0x0270;
constexpr Word EyesFirst = 0x0600;
constexpr std::size_t EyesSequence = 4;

constexpr double FullScale = 2000.0;   // N a channel
constexpr double ForceNoise = 0.25;    // N
constexpr double AngleNoise = 1.5e-4;  // rad: a magnetic sensor on the shaft
constexpr double AngleOffset = 4e-4;   // rad: two sensors never agree quite
constexpr Word FilterHz = 40;
constexpr double FilterShare = 0.395;  // 1 − e^(−2π · 40 Hz · 2 ms)
constexpr double SlowShare = 0.005;    // 0.4 s
constexpr double SteadyForce = 4.0;    // N
constexpr double TareRange = 600.0;    // N
constexpr double ZeroRange = 60.0;     // N

constexpr std::uint32_t Serial = 26110002;
constexpr std::uint32_t Capabilities = 0x0000001F;  // forces, angle, wired inputs, enable relay, tare

enum MailCode : Word { Zero = 16, Tare = 17, ClearTare = 18, ShuntCalibration = 19, Save = 20 };
constexpr double ShuntForce = 500.0;  // N shown while the shunt resistor is on

constexpr std::uint32_t Gain = 0x3F800000;  // 1.0f
constexpr std::array<Word, 2 * ChannelCount> gain_words() {
  std::array<Word, 2 * ChannelCount> words{};
  for (std::size_t i = 0; i < ChannelCount; ++i) {
    words[2 * i] = high_word(Gain);
    words[2 * i + 1] = low_word(Gain);
  }
  return words;
}
constexpr auto GainWords = gain_words();

}  // namespace

void LoadCellHub::sample(const HubInputs& inputs) {
  now_ = inputs;
  for (std::size_t i = 0; i < ChannelCount; ++i) {
    smooth_[i] = warmed_ ? smooth_[i] + FilterShare * (inputs.force[i] - smooth_[i]) : inputs.force[i];
    slow_[i] = warmed_ ? slow_[i] + SlowShare * (inputs.force[i] - slow_[i]) : inputs.force[i];
  }
  warmed_ = true;
  ++samples_;
  sampled_at_ = ticks_;
}

void LoadCellHub::power_up() {
  ++boots_;
  permitted_ = false;
  heartbeat_known_ = false;
  samples_ = 0;
  out_ = {};
  tare_ = {};
  tared_ = 0;
  constexpr std::uint32_t StartsUpMs = 200;
  silent_until_ = ticks_ + StartsUpMs;
}

// Restarts, power, and the relay's contact.
void LoadCellHub::fail() {
  using enum FaultKind;
  Wrongs& wrongs = *wrongs_;
  const bool restarts = wrongs[HubReboot].on;
  if (restarts && !restarts_) power_up();
  const bool dark = wrongs[PowerCut].on;
  if (dark != powered_down_) power_up();
  restarts_ = restarts;
  powered_down_ = dark;
  Wrong& welded = wrongs[HubRelayStuck];
  welded_ = welded.on;
  if (welded) welded.show(!permitted_);
}

bool LoadCellHub::steady() const {
  for (std::size_t i = 0; i < ChannelCount; ++i)
    if (std::abs(smooth_[i] - slow_[i]) > SteadyForce) return false;
  return true;
}

ModbusException LoadCellHub::read(std::uint16_t address, std::span<Word> words) {
  look_after_mail();
  if (address < RawFirst && address + words.size() > InFirst) {
    if (in_sample_ != samples_) refresh_inputs();
  }
  if (address == InFirst && words.size() == InWords) {  // what a host asks for a hundred times a second
    std::copy(in_.begin(), in_.end(), words.begin());
    return ModbusException::None;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::optional<Word> value = word(static_cast<Word>(address + i));
    if (!value) return ModbusException::IllegalAddress;
    words[i] = *value;
  }
  return ModbusException::None;
}

std::optional<Word> LoadCellHub::word(Word address) const {
  const auto in = [address](Word first, std::size_t count) {
    return address >= first && address < first + count;
  };
  if (in(InFirst, InWords)) return in_[address - unsigned{InFirst}];
  if (in(OutFirst, OutWords)) return out_[address - unsigned{OutFirst}];
  if (address < IdentityWords)
    return identity_words({UnitClass::LoadCellHub, Serial, Capabilities, Word{ChannelCount}, SampleRateHz,
                           crc32(GainWords)})[address];
  if (in(RawFirst, 2 * ChannelCount)) {
    const unsigned place = address - unsigned{RawFirst};
    const auto raw =
        static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(smooth_.at(place / 2) * 1000.0)));
    return place % 2 == 0 ? high_word(raw) : low_word(raw);
  }
  if (in(GainFirst, GainWords.size())) return GainWords.at(address - unsigned{GainFirst});
  if (address == CalibrationCrcFirst) return high_word(crc32(GainWords));
  if (address == CalibrationCrcFirst + 1) return low_word(crc32(GainWords));
  if (in(FilterFirst, ChannelCount)) return FilterHz;
  if (in(EyesFirst, EyesWords)) return eyes_words_.at(address - unsigned{EyesFirst});
  return mailbox_.word(address);
}

void LoadCellHub::refresh_inputs() {
  const std::uint32_t micros = sampled_at_ * 1000U;
  const auto before = in_;
  in_sample_ = samples_;
  in_[0] = static_cast<Word>(samples_ & 0xFFFFU);
  in_[1] = high_word(micros);
  in_[2] = low_word(micros);
  in_[3] = 1;  // bit 0: ok. A hub whose registers are still all nought must not pass for a healthy one
  double pads = 0.0;
  unsigned valid = 0;
  const bool stable = steady();
  for (std::size_t i = 0; i < ChannelCount; ++i) {
    const double force = (shunt_ ? ShuntForce : smooth_[i]) + ForceNoise * noise_.bell();
    const double gross = force - zero_[i];
    const double net = gross - tare_[i];
    const bool overload = std::abs(force) > FullScale;
    in_[5 + i] = overload ? InvalidReading : to_signed_word(net, ForceUnit);
    in_[17 + i] = overload ? InvalidReading : to_signed_word(gross, ForceUnit);
    unsigned status = 0;
    if (!overload) {
      valid |= 1U << i;
      status |= 1U;
    } else {
      status |= (force > 0.0 ? 1U << 1U : 1U << 2U) | (1U << 6U);
    }
    if (stable) status |= 1U << 7U;
    if (((tared_ >> i) & 1U) != 0) status |= 1U << 8U;
    if (std::abs(net) < 1.0) status |= 1U << 11U;
    in_[11 + i] = static_cast<Word>(status);
    if (i >= 2 && !overload) pads += as_signed(in_[5 + i]) * ForceUnit;
  }
  in_[4] = static_cast<Word>(valid);
  in_[23] = to_unsigned_word(pads, ForceUnit);
  in_[24] = to_signed_word(now_.arm_angle + AngleOffset + AngleNoise * noise_.bell(), AngleUnit);
  in_[25] = 1;  // valid
  in_[26] = SampleRateHz;
  unsigned inputs = 0;
  const auto set = [&inputs](unsigned bit, bool on) { inputs |= on ? 1U << bit : 0U; };
  set(0, now_.chain_a_closed);
  set(1, now_.chain_b_closed);
  set(2, !now_.pendant_pressed && !now_.pendant_unplugged);  // normally closed contact
  set(3, now_.pendant_pressed);                              // normally open contact
  set(4, now_.guard_closed);
  set(5, now_.bench_latched);
  set(6, now_.left_grip);
  set(7, now_.right_grip);
  set(8, now_.service_key);
  in_[27] = static_cast<Word>(inputs);
  in_[28] = 5000;  // mV of excitation
  in_[29] = 312;   // 31.2 °C
  in_[30] = boots_;
  in_[31] = crc16(std::span{in_}.first<InWords - 1>());
  if (wrongs_->any()) spoil_hub_block(*wrongs_, fault_noise_, before, in_);
}

ModbusException LoadCellHub::write(std::uint16_t address, std::span<const Word> words, bool /*single*/) {
  look_after_mail();
  const std::size_t end = address + words.size();
  if (address >= OutFirst && end <= OutFirst + OutWords) return write_permit(address, words);
  if (address >= EyesFirst && end <= EyesFirst + EyesWords) return write_eyes(address, words);
  if (address >= Mailbox::First && end <= Mailbox::Last + 1U) {
    std::optional<Mailbox::Letter> letter;
    const ModbusException why = mailbox_.write(address, words, letter);
    if (letter) carry_out(*letter);
    return why;
  }
  return ModbusException::IllegalAddress;
}

ModbusException LoadCellHub::write_permit(Word address, std::span<const Word> words) {
  if (address == PermitRegister && words.size() == 1 && (words[0] & 1U) == 0) {
    permitted_ = false;  // taking the permit away is never refused
    out_[1] = words[0];
    return ModbusException::None;
  }
  if (words.size() != OutWords || crc16(words.first(OutWords - 1)) != words[OutWords - 1])
    return ModbusException::None;
  if (heartbeat_known_ && words[0] == out_[0]) {
    if ((words[1] & 1U) == 0) permitted_ = false;
    return ModbusException::None;
  }
  heartbeat_known_ = true;
  std::copy(words.begin(), words.end(), out_.begin());
  last_fresh_ = ticks_;
  permitted_ = (words[1] & 1U) != 0;
  return ModbusException::None;
}

// The patient's eyes, a vendor block of the simulator that no real hub has: 0600 target 0.1 mrad, 0601 its
// speed mrad/s, 0602 moment (0 idle … 6 unloading), 0603 repetition, 0604 sequence, 0605 flags (bit 0 hold
// both grips, bit 1 follow the target), 0606/0607 low and high end of the range 0.1 mrad. Counts only whole,
// and only with a new sequence.
ModbusException LoadCellHub::write_eyes(Word address, std::span<const Word> words) {
  if (address != EyesFirst || words.size() != EyesWords || words[2] >= MomentCount ||
      as_signed(words[6]) > as_signed(words[7]))
    return ModbusException::IllegalValue;
  if (eyes_known_ && words[EyesSequence] == eyes_words_[EyesSequence]) return ModbusException::None;
  eyes_known_ = true;
  std::copy(words.begin(), words.end(), eyes_words_.begin());
  const auto angle = [&words](std::size_t place) {
    return units::radians(as_signed(words[place]) * AngleUnit);
  };
  eyes_.show(units::milliseconds(ticks_),
             {.moment = static_cast<Moment>(words[2]),
              .moving = (words[5] & 2U) != 0,
              .hold_grips = (words[5] & 1U) != 0,
              .target = angle(0),
              .target_speed = units::radians_per_second(as_signed(words[1]) * SpeedUnit),
              .low = angle(6),
              .high = angle(7),
              .rep = words[3]});
  return ModbusException::None;
}

void LoadCellHub::carry_out(const Mailbox::Letter& letter) {
  const auto refuse_with = [this](MailReason why) { mailbox_.settle({MailResult::Rejected, why}); };
  constexpr unsigned AllChannels = (1U << ChannelCount) - 1U;
  const unsigned mask = letter.argument;
  const auto chosen = [mask](std::size_t channel) { return ((mask >> channel) & 1U) != 0; };
  const auto apply = [&](double range, std::array<double, ChannelCount>& to, auto value) {
    if (mask == 0 || mask > AllChannels) return refuse_with(MailReason::OutOfRange);
    if (!steady()) return refuse_with(MailReason::Unstable);
    for (std::size_t i = 0; i < ChannelCount; ++i)
      if (chosen(i) && std::abs(value(i)) > range) return refuse_with(MailReason::OutOfRange);
    for (std::size_t i = 0; i < ChannelCount; ++i)
      if (chosen(i)) to[i] = value(i);
    if (&to == &tare_) tared_ |= mask;
    mailbox_.settle({});
  };
  switch (letter.code) {
    case Zero:
      return apply(ZeroRange, zero_, [this](std::size_t i) { return slow_[i]; });
    case Tare:
      return apply(TareRange, tare_, [this](std::size_t i) { return slow_[i] - zero_[i]; });
    case ClearTare:
      if (mask == 0 || mask > AllChannels) return refuse_with(MailReason::OutOfRange);
      for (std::size_t i = 0; i < ChannelCount; ++i)
        if (chosen(i)) tare_[i] = 0.0;
      tared_ &= ~mask;
      return mailbox_.settle({});
    case ShuntCalibration:
      shunt_ = letter.argument != 0;
      return mailbox_.settle({});
    case Save:
      mail_due_ = ticks_ + 50;
      return mailbox_.settle({MailResult::Busy, MailReason::None});
    default:
      return refuse_with(MailReason::UnknownCode);
  }
}

void LoadCellHub::look_after_mail() {
  if (mailbox_.busy() && ticks_ >= mail_due_) mailbox_.settle({});
}

}  // namespace plinth::simulator
