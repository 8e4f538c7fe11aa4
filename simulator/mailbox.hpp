// The acyclic command box of both units: 0400 code, 0401 sequence, 0402–0403 arguments, written as one;
// 0408 acknowledged sequence, 0409 result, 040A reason.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "simulator/pdu.hpp"

namespace plinth::simulator {

enum class MailResult : std::uint8_t { Idle = 0, Busy = 1, Ok = 2, Rejected = 3, Failed = 4, TimedOut = 5 };

enum class MailReason : std::uint8_t {
  None = 0,
  Unstable = 1,
  OutOfRange = 2,
  NotCalibrated = 3,
  WrongState = 4,  // enabled, braked, faulted …: the command does not fit the present state
  UnknownCode = 5,
};

struct MailOutcome {
  MailResult result = MailResult::Ok;
  MailReason reason = MailReason::None;
};

class Mailbox {
 public:
  static constexpr Word First = 0x0400;
  static constexpr Word Last = 0x040A;

  struct Letter {
    Word code = 0;
    Word sequence = 0;
    Word argument = 0;
  };

  // A write into the box. On success `letter` holds a command to carry out, or nothing when its sequence is
  // not new. Busy while one is being carried out; IllegalValue when the four words do not come as one.
  ModbusException write(Word address, std::span<const Word> words, std::optional<Letter>& letter);
  // The word at an address of the box, or nothing where none is defined.
  [[nodiscard]] std::optional<Word> word(Word address) const;

  void settle(MailOutcome outcome) { outcome_ = outcome; }
  [[nodiscard]] bool busy() const { return outcome_.result == MailResult::Busy; }
  [[nodiscard]] Word code() const { return written_[0]; }

 private:
  std::array<Word, 4> written_{};
  Word acknowledged_ = 0;
  MailOutcome outcome_{MailResult::Idle, MailReason::None};
};

}  // namespace plinth::simulator
