#include "simulator/resistance_unit.hpp"

#include <algorithm>
#include <cmath>

#include "simulator/identity.hpp"

namespace plinth::simulator {

namespace {

constexpr Word OutFirst = 0x0100;
constexpr Word ControlRegister = 0x0101;
constexpr Word InFirst = 0x0200;
constexpr Word UnlockRegister = 0x0300;
constexpr Word LimitFirst = 0x0301;
constexpr Word MirrorFirst = 0x0320;
constexpr std::size_t MirrorWords = 12;
constexpr Word UnlockKey = 0x5AFE;
constexpr std::uint32_t UnlockedMs = 30000;
constexpr Word EnableBit = 1U << 0U;
constexpr Word ControlledStopBit = 1U << 2U;
constexpr Word HighestMode = 5;

// Places in the installed limits (0301 …).
enum Limit : std::size_t {
  WatchdogMs,
  Action,
  RampMs,
  TripDamping,
  TorqueMax,
  SpeedMax,
  PositionMin,
  PositionMax,
  SlewMax,
  Polarity
};

// What no configuration may go beyond: the hardware's own numbers.
struct HardRange {
  int low;
  int high;
};
constexpr std::array<HardRange, 10> HardRanges{{{20, 500},
                                                {1, 3},
                                                {50, 1000},
                                                {0, 0},  // lowering follows a speed, not a damping
                                                {0, 4000},
                                                {0, 2094},
                                                {-16581, 6109},
                                                {-16581, 6109},
                                                {100, 60000},
                                                {1, 1}}};

constexpr bool is_signed(std::size_t limit) {
  return limit == PositionMin || limit == PositionMax || limit == Polarity;
}
int number(std::size_t limit, Word word) {
  return is_signed(limit) ? as_signed(word) : word;
}

// Is `to` at least as tight as `from`? A change that has no tighter side is never a tightening.
bool not_looser(std::size_t limit, Word from, Word to) {
  if (from == to) return true;
  switch (limit) {
    case WatchdogMs:
    case RampMs:
    case TorqueMax:
    case SpeedMax:
    case SlewMax:
    case PositionMax:
      return number(limit, to) <= number(limit, from);
    case PositionMin:
      return number(limit, to) >= number(limit, from);
    default:
      return false;
  }
}

constexpr std::array<Word, 10> Factory{100, 1, 180, 0, 4000, 2094, static_cast<Word>(-16581), 6109, 20000, 1};

DriveLimits limits_from(const std::array<Word, 10>& words) {
  return {.watchdog_ms = words[WatchdogMs],
          .action = static_cast<WatchdogAction>(words[Action]),
          .ramp_ms = words[RampMs],
          .torque_max = words[TorqueMax] * TorqueUnit,
          .speed_max = words[SpeedMax] * SpeedUnit,
          .position_min = as_signed(words[PositionMin]) * AngleUnit,
          .position_max = as_signed(words[PositionMax]) * AngleUnit,
          .slew_max = static_cast<double>(words[SlewMax])};
}

DriveCommand command_from(std::span<const Word> block) {
  const Word control = block[1];
  const auto bit = [control](unsigned place) { return ((unsigned{control} >> place) & 1U) != 0; };
  return {.enable = bit(0),
          .run = bit(1),
          .controlled_stop = bit(2),
          .fault_reset = bit(3),
          .hold = bit(4),
          .mode = static_cast<DriveMode>(block[2]),
          .torque = as_signed(block[3]) * TorqueUnit,
          .velocity = as_signed(block[4]) * SpeedUnit,
          .position = as_signed(block[5]) * AngleUnit,
          .torque_plus = block[6] * TorqueUnit,
          .torque_minus = block[7] * TorqueUnit,
          .speed_lifting = block[8] * SpeedUnit,
          .slew = static_cast<double>(block[9]),
          .damping_lifting = block[10] * DampingUnit,
          .damping_lowering = block[11] * DampingUnit,
          .speed_lowering = block[12] * SpeedUnit,
          .wall_low = as_signed(block[13]) * AngleUnit,
          .wall_high = as_signed(block[14]) * AngleUnit,
          .wall_stiffness = static_cast<double>(block[15])};
}

// torque, velocity, position, spring-damper, lowering, brake, STO read-back, watchdog, walls, directional
// limits
constexpr std::uint32_t Capabilities = 0x000003FF;
constexpr std::uint32_t Serial = 26110001;

void count(Word& counter) {
  if (counter < 0xFFFF) ++counter;
}

}  // namespace

ResistanceUnit::ResistanceUnit(std::uint64_t seed, Wrongs& wrongs)
    : wrongs_{&wrongs},
      drive_{limits_from(Factory), seed, wrongs},
      noise_{seed ^ 0xD1B54A32D192ED03ULL},
      installed_{Factory} {}

void ResistanceUnit::power_up() {
  drive_.restart();
  count(boots_);
  heartbeat_known_ = false;
  ever_accepted_ = false;
  out_ = {};
  unlocked_until_ = 0;
  constexpr std::uint32_t StartsUpMs = 200;
  silent_until_ = drive_.ticks() + StartsUpMs;
}

// Restarts, power and lost settings, each as it comes.
void ResistanceUnit::fail() {
  using enum FaultKind;
  Wrongs& wrongs = *wrongs_;
  const bool restarts = wrongs[DriveReboot] || wrongs[DriveLimitsLost];
  if (restarts && !restarts_) power_up();
  const bool replaced = wrongs[DriveLimitsLost] || wrongs[DriveDefaults];
  if (replaced && !replaced_) {
    // As a drive comes out of its box: a watchdog of half a second, and torque off as its action.
    constexpr std::array<Word, LimitWords> OutOfTheBox{
        500, 3, 50, 0, 4000, 2094, static_cast<Word>(-16581), 6109, 60000, 1};
    wrongs[DriveDefaults].show(wrongs[DriveDefaults].on && installed_ != OutOfTheBox);
    installed_ = OutOfTheBox;
    drive_.set_limits(limits_from(installed_));
  }
  const bool dark = wrongs[PowerCut].on;
  if (dark != powered_down_) power_up();
  restarts_ = restarts;
  replaced_ = replaced;
  powered_down_ = dark;
}

// What the encoder says by the time that somebody hears it.
double ResistanceUnit::told_angle() {
  Wrong& lag = (*wrongs_)[FaultKind::EncLag];
  if (!lag || lag.value < LatestInTheLoops || remembered_ == 0) return drive_.angle();
  // 2°, and what lies between two samples 10 ms apart at 50 °/s.
  constexpr double Felt = 2.5 * 0.017453292519943295;
  const auto ago = std::min(static_cast<std::uint32_t>(lag.value), remembered_ - 1);
  const double told = angles_.at((drive_.ticks() - ago) % angles_.size());
  lag.show(std::abs(told - drive_.angle()) > Felt);
  return told;
}

void ResistanceUnit::reject(RejectReason reason) {
  reject_ = reason;
  count(rejected_);
}

void ResistanceUnit::answered(ModbusException outcome) {
  if (outcome == ModbusException::None)
    ++frames_ok_;
  else
    count(exceptions_);
}

// --- Reading
// ------------------------------------------------------------------------------------------------------

ModbusException ResistanceUnit::read(std::uint16_t address, std::span<Word> words) {
  look_after_mail();
  note_fault();
  if (address < InFirst + InWords && address + words.size() > InFirst) refresh_inputs();
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

std::optional<Word> ResistanceUnit::word(Word address) {
  if (address >= InFirst && address < InFirst + InWords) return in_[address - unsigned{InFirst}];
  if (address >= OutFirst && address < OutFirst + OutWords) return out_[address - unsigned{OutFirst}];
  if (address < IdentityWords) {
    auto identity = identity_words({UnitClass::ResistanceUnit, Serial, Capabilities, Factory[TorqueMax],
                                    Factory[SpeedMax], crc32(installed_)});
    if (Wrong& firmware = (*wrongs_)[FaultKind::DriveFirmware]) {
      constexpr std::size_t MapVersion = 2;
      constexpr std::size_t Build = 7;
      if (firmware.value < 0.5)
        identity[Build] = 99;
      else
        identity[MapVersion] = 0x0200;
      firmware.show();
    }
    return identity[address];
  }
  if (address == UnlockRegister) return Word{0};  // the key is never read back
  if (address >= LimitFirst && address < LimitFirst + LimitWords)
    return installed_[address - unsigned{LimitFirst}];
  if (address >= MirrorFirst && address < MirrorFirst + MirrorWords)
    return mirrored_limit(address - unsigned{MirrorFirst});
  if (address >= Mailbox::First && address <= Mailbox::Last) return mailbox_.word(address);
  return diagnostic(address);
}

Word ResistanceUnit::mirrored_limit(std::size_t place) const {
  const DriveLimits& limits = drive_.limits();  // from what the drive works with, not from what was written
  switch (place) {
    case 0:
    case 1:
      return to_unsigned_word(limits.torque_max, TorqueUnit);
    case 2:
      return to_unsigned_word(limits.speed_max, SpeedUnit);
    case 3:
      return to_signed_word(limits.position_min, AngleUnit);
    case 4:
      return to_signed_word(limits.position_max, AngleUnit);
    case 5:
      return to_unsigned_word(limits.slew_max, 1.0);
    case 6:
      return static_cast<Word>(limits.watchdog_ms);
    case 7:
      return static_cast<Word>(limits.action);
    case 8:
      return static_cast<Word>(limits.ramp_ms);
    case 9:
      return installed_[TripDamping];
    case 10:
      return high_word(crc32(installed_));
    default:
      return low_word(crc32(installed_));
  }
}

std::optional<Word> ResistanceUnit::diagnostic(Word address) const {
  const std::uint32_t uptime_s = drive_.ticks() / 1000;
  const auto encoder =
      static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(drive_.angle() / 1.2e-6)));
  if (address >= 0x0510 && address <= 0x0517) return fault_history_[address - 0x0510U];
  switch (address) {
    case 0x0500:
      return high_word(uptime_s);
    case 0x0501:
      return low_word(uptime_s);
    case 0x0502:
      return high_word(frames_ok_);
    case 0x0503:
      return low_word(frames_ok_);
    case 0x0504:
      return block_crc_errors_;
    case 0x0505:
      return exceptions_;
    case 0x0506:
      return static_cast<Word>(drive_.watchdog_trips());
    case 0x0507:
      return static_cast<Word>(drive_.watchdog_min_margin_ms());
    case 0x0508:
      return rejected_;
    case 0x0520:
      return high_word(encoder);
    case 0x0521:
      return low_word(encoder);
    case 0x0522:
      return to_signed_word(drive_.motor_torque() * 0.02, 0.001);  // 20 mA for a N·m
    default:
      return std::nullopt;
  }
}

void ResistanceUnit::note_fault() {
  if (drive_.fault() == noted_fault_) return;
  noted_fault_ = drive_.fault();
  if (noted_fault_ == DriveFault::None) return;
  std::rotate(fault_history_.rbegin(), fault_history_.rbegin() + 1, fault_history_.rend());
  fault_history_[0] = static_cast<Word>(noted_fault_);  // newest first
}

void ResistanceUnit::refresh_inputs() {
  const std::uint32_t tick = drive_.ticks();
  const std::uint32_t micros = tick * 1000U;
  const auto before = in_;
  const bool fresh = in_tick_ != tick;
  const bool unlocked = tick < unlocked_until_;
  const bool cyclic_ok =
      ever_accepted_ && static_cast<int>(tick - accepted_tick_) <= drive_.limits().watchdog_ms;

  unsigned status = drive_.status_bits();
  if (cyclic_ok) status |= 1U << 11U;
  if (!unlocked) status |= 1U << 12U;
  if (unsaved_) status |= 1U << 13U;
  unsigned limiting = drive_.limiting_bits();
  if (limits_refused_) limiting |= 1U << 9U;
  unsigned safety = 0;
  if (drive_.sto_closed()) safety |= 0b11U;
  if (circuits_.chain_a_closed) safety |= 1U << 3U;
  if (circuits_.chain_b_closed) safety |= 1U << 4U;
  if (circuits_.guard_closed) safety |= 1U << 5U;
  if (circuits_.pendant_released) safety |= 1U << 6U;
  if (!drive_.brake_closed()) safety |= 1U << 7U;
  if (drive_.ss1_active()) safety |= 1U << 8U;

  in_[0] = static_cast<Word>(tick & 0xFFFFU);
  in_[1] = high_word(micros);
  in_[2] = low_word(micros);
  in_[3] = accepted_heartbeat_;
  in_[4] = static_cast<Word>(status);
  in_[5] = static_cast<Word>(drive_.active_mode());
  in_[6] = static_cast<Word>(limiting);
  in_[7] = static_cast<Word>(drive_.fault());
  in_[8] = static_cast<Word>(safety);
  if (fresh) {  // one tick has one measurement, however often it is read
    in_[9] = to_signed_word(told_angle() + 3e-5 * noise_.bell(), AngleUnit);
    in_[10] = to_signed_word(drive_.speed() + 1e-3 * noise_.bell(), SpeedUnit);
    in_[11] = to_signed_word(drive_.measured_torque() + 0.15 * noise_.bell(), TorqueUnit);
    in_[15] = to_unsigned_word(325.0 + 0.3 * noise_.bell(), 0.1);
  }
  in_[12] = to_signed_word(drive_.setpoint(), TorqueUnit);
  in_[13] = to_signed_word(drive_.motor_celsius(), 0.1);
  in_[14] = to_signed_word(0.7 * drive_.motor_celsius() + 12.0, 0.1);
  in_[16] = static_cast<Word>(drive_.watchdog_left_ms());
  in_[17] = static_cast<Word>(reject_);
  in_[18] = boots_;
  in_[19] = crc16(std::span{in_}.first<InWords - 1>());
  if (wrongs_->any()) spoil_drive_block(*wrongs_, before, in_);
  in_tick_ = tick;
}

// --- Writing
// ------------------------------------------------------------------------------------------------------

ModbusException ResistanceUnit::write(std::uint16_t address, std::span<const Word> words, bool /*single*/) {
  look_after_mail();
  note_fault();
  const std::size_t end = address + words.size();
  if (address >= OutFirst && end <= OutFirst + OutWords) return write_cyclic(address, words);
  if (address >= UnlockRegister && end <= LimitFirst + LimitWords) return write_limits(address, words);
  if (address >= Mailbox::First && end <= Mailbox::Last + 1U) {
    std::optional<Mailbox::Letter> letter;
    const ModbusException why = mailbox_.write(address, words, letter);
    if (letter) carry_out(*letter);
    return why;
  }
  return ModbusException::IllegalAddress;
}

ModbusException ResistanceUnit::write_cyclic(Word address, std::span<const Word> words) {
  if (address == ControlRegister && words.size() == 1 && (words[0] & EnableBit) == 0) {
    drive_.disable();  // stopping is never refused
    out_[1] = words[0];
    return ModbusException::None;
  }
  if (words.size() != OutWords) {
    reject(RejectReason::PartialBlock);
    return ModbusException::None;
  }
  return apply_block(words);
}

ModbusException ResistanceUnit::apply_block(std::span<const Word> words) {
  if (crc16(words.first(OutWords - 1)) != words[OutWords - 1]) {
    count(block_crc_errors_);
    reject(RejectReason::BadCrc);
    return ModbusException::None;
  }
  const bool sound = words[2] <= HighestMode && as_signed(words[13]) <= as_signed(words[14]);
  if (!sound) {
    count(rejected_);
    return ModbusException::IllegalValue;
  }
  if (heartbeat_known_ && words[0] == accepted_heartbeat_) {
    // A repeated block is an old one: it neither feeds nor commands, but it may stop.
    reject(RejectReason::HeartbeatUnchanged);
    if ((words[1] & EnableBit) == 0) drive_.disable();
    if ((words[1] & ControlledStopBit) != 0) {
      DriveCommand stop = drive_.command();
      stop.controlled_stop = true;
      drive_.accept(stop, false);
    }
    return ModbusException::None;
  }
  heartbeat_known_ = true;
  accepted_heartbeat_ = words[0];
  accepted_tick_ = drive_.ticks();
  ever_accepted_ = true;
  if (Wrong& ignoring = (*wrongs_)[FaultKind::DriveIgnore]) {
    ignoring.show(is_ignored(words));
    drive_.accept(drive_.command(), true);
    return ModbusException::None;
  }
  std::copy(words.begin(), words.end(), out_.begin());
  drive_.accept(command_from(words), true);
  return ModbusException::None;
}

// Does the block ask for something else than what is in force?
bool ResistanceUnit::is_ignored(std::span<const Word> block) const {
  constexpr int Noticeable = 10;  // 0.1 N·m
  const bool torque = std::abs(as_signed(block[3]) - as_signed(out_[3])) > Noticeable;
  return torque || block[1] != out_[1] || block[2] != out_[2];
}

ModbusException ResistanceUnit::write_limits(Word address, std::span<const Word> words) {
  std::array<Word, LimitWords> wanted = installed_;
  bool unlock = drive_.ticks() < unlocked_until_;
  const bool has_key = address == UnlockRegister;
  if (has_key) unlock = words[0] == UnlockKey;
  const std::span<const Word> values = has_key ? words.subspan(1) : words;
  const std::size_t first = has_key ? 0 : address - unsigned{LimitFirst};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const HardRange range = HardRanges.at(first + i);
    const int value = number(first + i, values[i]);
    if (value < range.low || value > range.high) return ModbusException::IllegalValue;
    wanted.at(first + i) = values[i];
  }
  if (as_signed(wanted[PositionMin]) >= as_signed(wanted[PositionMax])) return ModbusException::IllegalValue;

  if (has_key) unlocked_until_ = unlock ? drive_.ticks() + UnlockedMs : 0;
  if (values.empty()) return ModbusException::None;
  if (!unlock) {
    limits_refused_ = true;
    reject(RejectReason::LimitsLocked);
    return ModbusException::None;
  }
  bool tighter = true;
  for (std::size_t i = 0; i < LimitWords; ++i) tighter = tighter && not_looser(i, installed_[i], wanted[i]);
  if (!tighter && drive_.state() != DriveState::Off) {
    limits_refused_ = true;
    reject(RejectReason::LoosenedEnabled);
    return ModbusException::None;
  }
  limits_refused_ = false;
  unsaved_ = unsaved_ || wanted != installed_;
  installed_ = wanted;
  if (Wrong& deaf = (*wrongs_)[FaultKind::DriveLimitsDeaf]) {
    deaf.show(limits_from(installed_) != drive_.limits());
    return ModbusException::None;
  }
  drive_.set_limits(limits_from(installed_));
  (*wrongs_)[FaultKind::DriveDefaults].mended = true;
  return ModbusException::None;
}

}  // namespace plinth::simulator
