#include "drivers/commissioning.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "drivers/pdu.hpp"
#include "tests/drivers/fake_units.hpp"

namespace plinth::drivers {
namespace {

using test::FakeDrive;
using units::milliseconds;

// A drive in virtual time, on a computer that may be slow, with the hub's relay at hand.
class Workbench final : public RegisterPort {
 public:
  Outcome<void> read(std::uint16_t address, std::span<std::uint16_t> out) override {
    const auto answer = ask(read_request(Function::ReadHolding, address, out.size(), request_));
    if (!registers_of(answer, out)) return failed("no answer");
    if (after_read) after_read(address);
    return {};
  }
  Outcome<void> write(std::uint16_t address, std::span<const std::uint16_t> values) override {
    if (ask(write_request(address, values, request_)).size() != 5) return failed("not taken");
    return {};
  }
  units::Instant now() override { return now_; }
  Outcome<void> wait(units::Duration span) override {
    pass(span);
    return {};
  }
  void pass(units::Duration span) {
    now_ += span;
    drive.advance(span);
  }

  Outcome<void> set_up() {
    return set_up_drive(
        *this, limits,
        [this](bool closed) {
          relay.push_back(closed);
          if (relay_works) drive.relay_closed = closed;
        },
        proofs, setup);
  }
  [[nodiscard]] int orders(std::uint8_t code) const {
    int count = 0;
    for (const auto& write : drive.writes)
      if (write.size() > 7 && write[1] == 0x04 && write[2] == 0x00 && write[7] == code) ++count;
    return count;
  }

  FakeDrive drive;
  safety::InstalledLimits limits;
  Proofs proofs;
  sensing::Setup setup;
  std::vector<bool> relay;  // as it was asked for
  bool relay_works = true;
  std::function<void(std::uint16_t address)> after_read;

 private:
  std::span<const std::uint8_t> ask(std::span<const std::uint8_t> request) {
    return std::span{reply_}.first(drive.handle(request, reply_));
  }
  units::Instant now_{};
  std::array<std::uint8_t, MaxPdu> request_{};
  std::array<std::uint8_t, MaxPdu> reply_{};
};

// A drive whose stop circuit is open until the relay closes it, as it is before anybody may train.
struct Commissioning : testing::Test {
  Commissioning() { bench.drive.relay_closed = false; }

  void expect_refusal(const char* words) {
    const auto done = bench.set_up();
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().what.find(words), std::string::npos) << done.error().what;
    EXPECT_FALSE(bench.setup.brake_proven);
  }
  Workbench bench;
};

TEST_F(Commissioning, ProvesWatchdogAndBrakeWithTheRelayClosedForNothingButTheBrake) {
  const auto done = bench.set_up();
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE(bench.setup.watchdog_proven && bench.setup.brake_proven);
  EXPECT_EQ(bench.relay, (std::vector{true, false}));
  EXPECT_EQ(bench.orders(6), 1);
  EXPECT_EQ(bench.orders(4), 1);
  EXPECT_EQ(bench.drive.enables_seen, 0);
}

TEST_F(Commissioning, WritesNothingAgainInTheSameRunOfTheDrive) {
  ASSERT_TRUE(bench.set_up());
  const auto writes = bench.drive.writes.size();
  ASSERT_TRUE(bench.set_up());
  EXPECT_TRUE(bench.setup.watchdog_proven && bench.setup.brake_proven);
  EXPECT_EQ(bench.drive.writes.size(), writes);
}

TEST_F(Commissioning, ProvesBothAgainAfterTheDriveHasRestarted) {
  ASSERT_TRUE(bench.set_up());
  ++bench.drive.boot_counter;
  ASSERT_TRUE(bench.set_up());
  EXPECT_EQ(bench.orders(6), 2);
  EXPECT_EQ(bench.orders(4), 2);
}

TEST_F(Commissioning, TriesABrakeThatSlippedNotOnceMoreBeforeTheDriveIsSwitchedOffAndOn) {
  bench.drive.brake = FakeDrive::Brake::Slips;
  expect_refusal("the brake slipped");
  EXPECT_TRUE(bench.setup.watchdog_proven);
  bench.drive.brake = FakeDrive::Brake::Holds;
  expect_refusal("the brake slipped");
  EXPECT_EQ(bench.drive.brake_tests, 1);
  ++bench.drive.boot_counter;
  ASSERT_TRUE(bench.set_up());
  EXPECT_TRUE(bench.setup.brake_proven);
}

TEST_F(Commissioning, TriesTheBrakeAgainWhenTheDriveRefusedOrBrokeTheTestOff) {
  bench.drive.brake = FakeDrive::Brake::TestRefused;
  expect_refusal("refused order 4");
  bench.drive.brake = FakeDrive::Brake::TestBrokenOff;
  expect_refusal("broke its brake test off");
  bench.drive.brake = FakeDrive::Brake::Holds;
  EXPECT_TRUE(bench.set_up());
  EXPECT_EQ(bench.relay, (std::vector{true, false, true, false, true, false}));
}

TEST_F(Commissioning, DoesNotWaitForEverForTheResultOfABrakeTest) {
  bench.drive.brake = FakeDrive::Brake::TestNeverEnds;
  expect_refusal("did not finish its order within 3000 ms");
  EXPECT_FALSE(bench.relay.back());
}

TEST_F(Commissioning, DoesNotTryTheBrakeUnderRaisedLegs) {
  bench.drive.position_dmrad = -10'000;
  expect_refusal("the arm stands at -57°");
  EXPECT_EQ(bench.drive.brake_tests, 0);
  EXPECT_TRUE(bench.relay.empty());
}

TEST_F(Commissioning, DoesNotTryTheBrakeWhileTheEmergencyStopIsPressed) {
  bench.drive.estop_pressed = true;
  expect_refusal("the emergency stop is pressed");
  EXPECT_TRUE(bench.relay.empty());
}

TEST_F(Commissioning, DoesNotTryTheBrakeWhileTheRelayStaysOpen) {
  bench.relay_works = false;
  expect_refusal("stop circuit stays open");
  EXPECT_EQ(bench.drive.brake_tests, 0);
  EXPECT_EQ(bench.relay, (std::vector{true, false}));
}

// The drive's report is read at 0x0200. The first reads come before the watchdog's self-test; it trips 100 ms
// after the order.
struct SlowComputer : Commissioning {
  // Loses `span` right after the drive was looked at `after` into its self-test.
  void lose(units::Duration span, units::Duration after) {
    bench.after_read = [this, span, after](std::uint16_t address) {
      if (address == map::mailbox::Answer && bench.orders(6) == 1 && !ordered) ordered = bench.now();
      if (address != map::drive_in::Begin || !ordered || bench.now() < *ordered + after || lost) return;
      lost = true;
      bench.pass(span);
    };
  }
  std::optional<units::Instant> ordered;
  bool lost = false;
};

TEST_F(SlowComputer, IsNoReasonToCallTheWatchdogBroken) {
  // Looked at after 90 ms, then away until 130 ms are over: that look was too early to accuse anybody.
  lose(milliseconds(45), milliseconds(90));
  const auto done = bench.set_up();
  EXPECT_TRUE(lost);
  EXPECT_TRUE(done) << done.error().what;
  EXPECT_EQ(bench.orders(6), 2);
}

TEST_F(SlowComputer, ProvesNothingByATripThatItSawTooLate) {
  bench.drive.watchdog_late_ms = 60;
  lose(milliseconds(200), milliseconds(90));
  expect_refusal("did not trip within");
  EXPECT_EQ(bench.orders(6), 2);
  EXPECT_FALSE(bench.setup.watchdog_proven);
}

TEST_F(SlowComputer, ThatNeverLooksInTimeProvesNothing) {
  bench.after_read = [this](std::uint16_t address) {
    if (address == map::drive_in::Begin && bench.orders(6) > 0) bench.pass(milliseconds(60));
  };
  expect_refusal("too busy");
  EXPECT_EQ(bench.orders(6), 5);
}

}  // namespace
}  // namespace plinth::drivers
