// The load-cell hub as its host sees it: six force channels, the arm's second angle sensor, wired inputs, and
// the relay that permits the drive.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "simulator/faulty_signals.hpp"
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
  bool pendant_unplugged = false;
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

  explicit LoadCellHub(std::uint64_t seed, Wrongs& wrongs = nothing_wrong())
      : wrongs_{&wrongs}, noise_{seed}, fault_noise_{seed ^ 0x5EEDF00D5EEDF00DULL} {}

  // Every millisecond: the relay's clock. Every SampleEveryMs: a sample.
  void tick() {
    ++ticks_;
    if (permitted_ && ticks_ - last_fresh_ >= PermitMs) permitted_ = false;
    if (wrongs_->any() || powered_down_) fail();
  }
  void sample(const HubInputs& inputs);

  [[nodiscard]] bool relay_closed() const { return permitted_ || welded_; }
  // Restarting, or without power: nobody answers.
  [[nodiscard]] bool silent() const { return powered_down_ || ticks_ < silent_until_; }
  [[nodiscard]] FedGuide& eyes() { return eyes_; }

  ModbusException read(std::uint16_t address, std::span<Word> words) override;
  ModbusException write(std::uint16_t address, std::span<const Word> words, bool single) override;
  void answered(ModbusException /*outcome*/) override {}

 private:
  static constexpr std::size_t InWords = HubInWords;
  static constexpr std::size_t EyesWords = 8;

  [[nodiscard]] std::optional<Word> word(Word address) const;
  void refresh_inputs();
  void fail();
  void power_up();
  ModbusException write_permit(Word address, std::span<const Word> words);
  ModbusException write_eyes(Word address, std::span<const Word> words);
  void carry_out(const Mailbox::Letter& letter);
  void look_after_mail();
  [[nodiscard]] bool steady() const;

  Wrongs* wrongs_;
  Random noise_;
  Random fault_noise_;
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
  Word boots_ = 1;
  bool restarts_ = false;
  bool welded_ = false;
  bool powered_down_ = false;
  std::uint32_t silent_until_ = 0;
};

}  // namespace plinth::simulator
