// The resistance unit as its host sees it: the drive behind its register map.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "simulator/drive.hpp"
#include "simulator/faulty_signals.hpp"
#include "simulator/mailbox.hpp"
#include "simulator/pdu.hpp"

namespace plinth::simulator {

// Why a write to the cyclic block or to the installed limits was answered but not carried out (register
// 0211).
enum class RejectReason : std::uint8_t {
  None = 0,
  PartialBlock = 1,
  BadCrc = 2,
  HeartbeatUnchanged = 3,
  LimitsLocked = 4,     // no unlock key within the last 30 s
  LoosenedEnabled = 5,  // limits may only tighten while the unit is enabled
};

// State of the wired circuits that end in this unit's terminals.
struct StopCircuits {
  bool relay_closed = false;   // the hub's enable relay
  bool chain_a_closed = true;  // emergency stop, both channels
  bool chain_b_closed = true;
  bool pendant_released = true;
  bool guard_closed = true;
};

class ResistanceUnit final : public Registers {
 public:
  explicit ResistanceUnit(std::uint64_t seed, Wrongs& wrongs = nothing_wrong());

  // One millisecond of the drive.
  void tick(double shaft_angle, const StopCircuits& circuits) {
    circuits_ = circuits;
    if (wrongs_->any() || powered_down_) fail();
    drive_.tick(shaft_angle, circuits.relay_closed && circuits.chain_a_closed && circuits.chain_b_closed);
    remembered_ = wrongs_->any() ? remembered_ + 1 : 0;
    remembered_ = std::min(remembered_, Remembers);
    if (remembered_ > 0) angles_.at(drive_.ticks() % angles_.size()) = drive_.angle();
  }
  [[nodiscard]] const Drive& drive() const { return drive_; }

  ModbusException read(std::uint16_t address, std::span<Word> words) override;
  ModbusException write(std::uint16_t address, std::span<const Word> words, bool single) override;
  void answered(ModbusException outcome) override;

  // Restarting, or without power: nobody answers.
  [[nodiscard]] bool silent() const { return powered_down_ || drive_.ticks() < silent_until_; }

 private:
  static constexpr std::size_t OutWords = 17;  // 0100–0110
  static constexpr std::size_t InWords = DriveInWords;
  static constexpr std::size_t LimitWords = 10;  // 0301–030A

  [[nodiscard]] std::optional<Word> word(Word address);
  [[nodiscard]] Word mirrored_limit(std::size_t place) const;
  [[nodiscard]] std::optional<Word> diagnostic(Word address) const;
  void refresh_inputs();
  void fail();
  void power_up();
  [[nodiscard]] bool is_ignored(std::span<const Word> block) const;
  ModbusException write_cyclic(Word address, std::span<const Word> words);
  ModbusException apply_block(std::span<const Word> words);
  ModbusException write_limits(Word address, std::span<const Word> words);
  void carry_out(const Mailbox::Letter& letter);
  void look_after_mail();
  [[nodiscard]] double told_angle();
  void reject(RejectReason reason);
  void note_fault();

  Wrongs* wrongs_;
  Drive drive_;
  Random noise_;
  StopCircuits circuits_;
  Mailbox mailbox_;
  std::array<Word, OutWords> out_{};
  std::array<Word, InWords> in_{};
  std::array<Word, LimitWords> installed_;
  std::optional<std::uint32_t> in_tick_;  // the tick the inputs are from
  static constexpr std::uint32_t Remembers = 256;
  std::array<double, Remembers> angles_{};  // measured, by tick, while something is wrong
  std::uint32_t remembered_ = 0;
  bool heartbeat_known_ = false;
  Word accepted_heartbeat_ = 0;
  std::uint32_t accepted_tick_ = 0;
  bool ever_accepted_ = false;
  bool restarts_ = false;
  bool replaced_ = false;
  bool powered_down_ = false;
  std::uint32_t silent_until_ = 0;
  std::uint32_t unlocked_until_ = 0;
  bool limits_refused_ = false;
  bool unsaved_ = false;
  RejectReason reject_ = RejectReason::None;
  std::uint32_t mail_due_ = 0;
  Word boots_ = 1;
  std::uint32_t frames_ok_ = 0;
  Word block_crc_errors_ = 0;
  Word exceptions_ = 0;
  Word rejected_ = 0;
  DriveFault noted_fault_ = DriveFault::None;
  std::array<Word, 8> fault_history_{};
};

}  // namespace plinth::simulator
