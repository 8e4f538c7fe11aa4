// The resistance unit's mailbox: orders that take their time, each carried out once.
#include "simulator/resistance_unit.hpp"

namespace plinth::simulator {

namespace {

enum MailCode : Word { ClearFault = 1, SetHome = 2, Save = 3, BrakeTest = 4, Restart = 5, WatchdogTest = 6 };

void count(Word& counter) {
  if (counter < 0xFFFF) ++counter;
}

}  // namespace

void ResistanceUnit::carry_out(const Mailbox::Letter& letter) {
  const MailOutcome wrong_state{MailResult::Rejected, MailReason::WrongState};
  const MailOutcome busy{MailResult::Busy, MailReason::None};
  const bool off = drive_.state() == DriveState::Off;
  switch (letter.code) {
    case ClearFault: {
      const ResetOutcome outcome = drive_.reset_fault();
      const bool done = outcome == ResetOutcome::Cleared || outcome == ResetOutcome::NothingToReset;
      return mailbox_.settle(done ? MailOutcome{} : wrong_state);
    }
    case SetHome:
      return mailbox_.settle(off ? MailOutcome{} : wrong_state);  // absolute encoder: always homed
    case Save:
      if (!off) return mailbox_.settle(wrong_state);
      mail_due_ = drive_.ticks() + 50;  // writing the EEPROM
      return mailbox_.settle(busy);
    case BrakeTest:
      return mailbox_.settle(drive_.start_brake_test() ? busy : wrong_state);
    case Restart:
      if (!off) return mailbox_.settle(wrong_state);
      drive_.restart();
      count(boots_);
      heartbeat_known_ = false;
      ever_accepted_ = false;
      out_ = {};
      return mailbox_.settle({});
    case WatchdogTest:
      return mailbox_.settle(drive_.start_watchdog_test() ? busy : wrong_state);
    default:
      return mailbox_.settle({MailResult::Rejected, MailReason::UnknownCode});
  }
}

void ResistanceUnit::look_after_mail() {
  if (!mailbox_.busy()) return;
  const auto settle_test = [&](Drive::Test test) {
    if (test == Drive::Test::Passed) mailbox_.settle({});
    if (test == Drive::Test::Failed) mailbox_.settle({MailResult::Failed, MailReason::None});
  };
  switch (mailbox_.code()) {
    case Save:
      if (drive_.ticks() < mail_due_) return;
      unsaved_ = false;
      return mailbox_.settle({});
    case BrakeTest:
      return settle_test(drive_.brake_test());
    case WatchdogTest:
      return settle_test(drive_.watchdog_test());
    default:
      return;
  }
}

}  // namespace plinth::simulator
