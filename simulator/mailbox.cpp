#include "simulator/mailbox.hpp"

#include <algorithm>

namespace plinth::simulator {

ModbusException Mailbox::write(Word address, std::span<const Word> words, std::optional<Letter>& letter) {
  letter.reset();
  if (address != First || words.size() != written_.size()) return ModbusException::IllegalValue;
  if (busy()) return ModbusException::Busy;
  std::copy(words.begin(), words.end(), written_.begin());
  if (written_[1] == acknowledged_) return ModbusException::None;  // once for each new sequence
  acknowledged_ = written_[1];
  letter = Letter{written_[0], written_[1], written_[2]};
  return ModbusException::None;
}

std::optional<Word> Mailbox::word(Word address) const {
  const unsigned place = address - unsigned{First};
  if (place < written_.size()) return written_[place];
  switch (place) {
    case 8:
      return acknowledged_;
    case 9:
      return static_cast<Word>(outcome_.result);
    case 10:
      return static_cast<Word>(outcome_.reason);
    default:
      return std::nullopt;
  }
}

}  // namespace plinth::simulator
