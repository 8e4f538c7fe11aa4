// The load-cell hub as its host sees it: six force channels, the arm's second angle sensor, wired inputs, and
// the relay that permits the drive.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "simulator/guide.hpp"
#include "simulator/mailbox.hpp"
#include "simulator/pdu.hpp"
#include "simulator/random.hpp"

namespace plinth::simulator {

// Channels: 0 cuff left, 1 cuff right, 2 pad front left, 3 front right, 4 rear left, 5 rear right.
inline constexpr std::size_t ChannelCount = 6;

// What hangs on the hub's terminals at one instant.
struct HubInputs {
  std::array<double, ChannelCount> force{};  // N; the cuff's positive when the machine pulls the legs down
  double arm_angle = 0.0;                    // rad
  bool chain_a_closed = true;
  bool chain_b_closed = true;
  bool pendant_pressed = false;
  bool guard_closed = true;
  bool bench_latched = true;
  bool left_grip = false;
  bool right_grip = false;
  bool service_key = false;
};

class LoadCellHub final : public Registers {
 public:
  static constexpr int SampleEveryMs = 2;  // 500 samples a second
  static constexpr Word SampleRateHz = 500;
  static constexpr std::uint32_t PermitMs = 100;  // the relay outlives the last fresh heartbeat by so long

  explicit LoadCellHub(std::uint64_t seed) : noise_{seed} {}

  // Every millisecond: the relay's clock. Every SampleEveryMs: a sample.
  void tick() {
    ++ticks_;
    if (permitted_ && ticks_ - last_fresh_ >= PermitMs) permitted_ = false;
  }
  void sample(const HubInputs& inputs);

  [[nodiscard]] bool relay_closed() const { return permitted_; }
  [[nodiscard]] FedGuide& eyes() { return eyes_; }

  ModbusException read(std::uint16_t address, std::span<Word> words) override;
  ModbusException write(std::uint16_t address, std::span<const Word> words, bool single) override;
  void answered(ModbusException /*outcome*/) override {}

  // Faults. Frozen: the sampling has stopped, sequence and all. Stuck: it counts on, with the values of
  // before.
  void freeze(bool on) { frozen_ = on; }
  void stick(bool on) { stuck_ = on; }
  // Answers so far in which a fault showed: old values under an old or a new number.
  [[nodiscard]] std::uint32_t false_answers() const { return false_answers_; }

 private:
  static constexpr std::size_t InWords = 32;  // 0200–021F
  static constexpr std::size_t EyesWords = 8;

  [[nodiscard]] std::optional<Word> word(Word address) const;
  void refresh_inputs();
  ModbusException write_permit(Word address, std::span<const Word> words);
  ModbusException write_eyes(Word address, std::span<const Word> words);
  void carry_out(const Mailbox::Letter& letter);
  void look_after_mail();
  [[nodiscard]] bool steady() const;

  Random noise_;
  HubInputs now_;
  std::array<double, ChannelCount> smooth_{};  // after the anti-aliasing filter
  std::array<double, ChannelCount> slow_{};    // what a steady signal would be
  bool warmed_ = false;
  std::uint32_t ticks_ = 0;
  std::uint32_t samples_ = 0;
  std::uint32_t sampled_at_ = 0;
  std::optional<std::uint32_t> in_sample_;
  std::array<Word, InWords> in_{};
  std::array<double, ChannelCount> zero_{};
  std::array<double, ChannelCount> tare_{};
  unsigned tared_ = 0;
  bool shunt_ = false;
  Mailbox mailbox_;
  std::uint32_t mail_due_ = 0;
  std::array<Word, 3> out_{};
  bool heartbeat_known_ = false;
  bool permitted_ = false;
  std::uint32_t last_fresh_ = 0;
  FedGuide eyes_;
  std::array<Word, EyesWords> eyes_words_{};
  bool eyes_known_ = false;
  bool frozen_ = false;
  bool stuck_ = false;
  std::uint32_t false_answers_ = 0;
  std::array<Word, ChannelCount> last_net_{};
  std::array<Word, ChannelCount> last_gross_{};
  Word last_angle_ = 0;
};

}  // namespace plinth::simulator
