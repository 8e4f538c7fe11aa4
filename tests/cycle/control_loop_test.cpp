// The loop on a clock that a test moves: with a machine of few words, and with the simulated one.
#include "controller/cycle/control_loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cycle/simulated_station.hpp"

namespace plinth::cycle {
namespace {

using units::Instant;
using units::milliseconds;

constexpr Instant at_ms(std::int64_t ms) {
  return Instant{milliseconds(ms)};
}

// Time passes only in sleep and in the machine.
class TestClock final : public LoopClock {
 public:
  units::Instant now() override { return now_; }
  void sleep_until(Instant deadline) override {
    now_ = std::max(now_, deadline);
    if (woken) woken(now_);
  }
  void pass(units::Duration span) { now_ += span; }
  std::function<void(Instant)> woken;

 private:
  Instant now_{};
};

class FakeMachine final : public safety::MachineIo {
 public:
  explicit FakeMachine(TestClock& clock) : clock_{clock} {}

  sensing::Sample read(Instant now) override {
    reads.push_back(now);
    clock_.pass(cost ? cost(reads.size()) : milliseconds(3));
    return sample ? sample(now) : sensing::Sample{};
  }
  void write(const safety::ApprovedCommand& command) override { written.push_back(command); }
  void install(const safety::InstalledLimits& limits) override { installed.push_back(limits); }
  void compare_limits() override { ++comparisons; }

  std::function<units::Duration(std::size_t)> cost;  // of the n-th read, 1…
  std::function<sensing::Sample(Instant)> sample;
  std::vector<Instant> reads;
  std::vector<safety::ApprovedCommand> written;
  std::vector<safety::InstalledLimits> installed;
  int comparisons = 0;

 private:
  TestClock& clock_;
};

class Loop : public testing::Test {
 protected:
  // Runs until `end`, when the daemon is told to end.
  void run_until(Instant end) {
    clock_.woken = [this, end, before = clock_.woken](Instant now) {
      if (before) before(now);
      if (now >= end) channels_->quit = true;
    };
    ControlLoop{machine_, *channels_, clock_, {.period = Period, .calibration = {}}}.run(true);
  }
  const LoopHealth& health() {
    channels_->health.take(health_);  // keeps the last one when there is none newer
    return health_;
  }
  Snapshot newest() {
    Snapshot snapshot;
    channels_->latest.take(snapshot);
    return snapshot;
  }

  LoopHealth health_{};
  TestClock clock_;
  FakeMachine machine_{clock_};
  std::unique_ptr<Channels> channels_ = std::make_unique<Channels>();
};

TEST_F(Loop, RunsACyclePerPeriodByTheClockHoweverLongACycleTakes) {
  machine_.cost = [](std::size_t n) { return milliseconds(n % 2 == 0 ? 9 : 1); };
  run_until(at_ms(100));
  ASSERT_EQ(machine_.reads.size(), 10U);
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_EQ(machine_.reads[i], at_ms(10 * (static_cast<std::int64_t>(i) + 1)));
  EXPECT_EQ(machine_.written.size(), 10U) << "a command for every sample";
  EXPECT_EQ(health().late_cycles, 0U);
  EXPECT_EQ(health().cycles, 10U);
  EXPECT_TRUE(health().real_time);
}

TEST_F(Loop, LosesSlotsThatHavePassedAndCountsThem) {
  machine_.cost = [](std::size_t n) { return milliseconds(n == 2 ? 35 : 1); };
  run_until(at_ms(90));
  // The cycle of 20 ms lasted until 55: the slots of 30 and 40 are lost, the one of 50 is late, 60 is in
  // time.
  const std::vector<Instant> expected{at_ms(10), at_ms(20), at_ms(55), at_ms(60),
                                      at_ms(70), at_ms(80), at_ms(90)};
  EXPECT_EQ(machine_.reads, expected);
  EXPECT_EQ(health().late_cycles, 1U);
  EXPECT_EQ(health().worst_lateness, milliseconds(25));
}

TEST_F(Loop, LetsNothingQueueAheadOfAStop) {
  clock_.woken = [this](Instant now) {
    if (now != at_ms(50)) return;
    while (channels_->intents.push({.id = 1, .body = session::Start{}})) {
    }
    channels_->stop = true;
  };
  std::optional<std::uint64_t> stopped_in;
  machine_.sample = [&](Instant) {
    const Snapshot snapshot = newest();
    if (!stopped_in && snapshot.verdict.active.test(static_cast<std::size_t>(safety::Cause::ConsoleStop)))
      stopped_in = snapshot.cycle;
    return sensing::Sample{};
  };
  run_until(at_ms(100));
  EXPECT_EQ(stopped_in, 5U) << "the very cycle that began at 50 ms, the fifth";
  EXPECT_FALSE(channels_->stop.load()) << "taken";
  EXPECT_GE(channels_->intents.read_available(), 25U) << "at most one request a cycle";
}

TEST_F(Loop, AnswersEveryRequestAndInstallsTheLimitsOfAChangedPrescription) {
  const auto prescription = prescribed(78, 60, 1, 3);
  clock_.woken = [&](Instant now) {
    if (now == at_ms(30)) channels_->intents.push({.id = 7, .body = session::LoadPrescription{prescription}});
    if (now == at_ms(60)) channels_->intents.push({.id = 8, .body = session::EndSession{}});
  };
  run_until(at_ms(100));
  session::Answer answer;
  ASSERT_TRUE(channels_->answers.pop(answer));
  EXPECT_EQ(answer.id, 7U);
  EXPECT_FALSE(answer.refused.has_value());
  ASSERT_TRUE(channels_->answers.pop(answer));
  EXPECT_EQ(answer.id, 8U);
  EXPECT_EQ(answer.refused, rehab::RefusalCode::NotRunning);
  EXPECT_FALSE(channels_->answers.pop(answer));
  ASSERT_EQ(machine_.installed.size(), 1U) << "once, and not before";
  EXPECT_EQ(machine_.installed.front(), safety::installed_limits(safety::limits_for(prescription), Period));
}

TEST_F(Loop, CountsWhatIsMissingDamagedAndDropped) {
  machine_.sample = [this](Instant) {
    sensing::Sample sample;
    sample.drive.reading =
        machine_.reads.size() % 2 == 0 ? sensing::Reading::Damaged : sensing::Reading::Fresh;
    sample.hub.reading = sensing::Reading::Missing;
    return sample;
  };
  run_until(at_ms(6000));
  EXPECT_EQ(health().cycles, 600U);
  EXPECT_EQ(health().answers_missed, 600U);
  EXPECT_EQ(health().answers_damaged, 300U);
  EXPECT_EQ(health().samples_dropped, 600U - 512U) << "nobody took from the recorder's queue";
}

TEST_F(Loop, LeavesAfterOneMoreCycleWhenTheDriveWasNeverHeard) {
  run_until(at_ms(50));
  EXPECT_EQ(machine_.reads.back(), at_ms(50));
}

// A brake that is reported open, for ever or until an instant.
sensing::Sample with_open_brake(Instant now, bool open) {
  sensing::Sample sample;
  sample.drive.report = sensing::DriveReport{};
  sample.drive.report->brake_released = open;
  sample.drive.report->brake_feedback = open;
  sample.drive.report->sequence = static_cast<std::uint16_t>(units::in_milliseconds(now.time_since_epoch()));
  sample.drive.taken_at = now;
  sample.drive.reading = sensing::Reading::Fresh;
  return sample;
}

TEST_F(Loop, StaysUntilTheBrakeIsSeenShut) {
  machine_.sample = [](Instant now) { return with_open_brake(now, now < at_ms(3000)); };
  run_until(at_ms(50));
  EXPECT_EQ(machine_.reads.back(), at_ms(3000));
}

TEST_F(Loop, LeavesTenSecondsLaterWhateverTheBrakeDoes) {
  machine_.sample = [](Instant now) { return with_open_brake(now, true); };
  run_until(at_ms(50));
  EXPECT_EQ(machine_.reads.back(), at_ms(10'050));
}

TEST_F(Loop, IsNotAtRestWhileADriveThatWasHeardIsSilent) {
  machine_.sample = [](Instant now) {
    auto sample = with_open_brake(std::min(now, at_ms(40)), false);
    if (now > at_ms(40)) sample.drive.reading = sensing::Reading::Missing;
    return sample;
  };
  run_until(at_ms(200));
  EXPECT_GE(machine_.reads.back(), at_ms(10'000));
}

// The same loop before the simulated machine, with a patient who trains.
class TrainedLoop : public testing::Test {
 protected:
  TrainedLoop() {
    (void)machine_.bring_up(safety::installed_limits(std::nullopt, Period), [this](units::Duration span) {
      station_.advance_to(station_.now() + span);
      clock_.pass(span);
    });
    channels_->intents.push({.id = 1, .body = session::LoadPrescription{prescribed(78, 60, 1, 8)}});
    clock_.woken = [this](Instant now) {
      station_.advance_to(now.time_since_epoch());
      Snapshot snapshot;
      if (!channels_->latest.take(snapshot)) return;
      station_.show_guide(screen_of(snapshot));
      if (quitting_) return;
      if (const auto body = physio_.wish(snapshot)) channels_->intents.push({.id = 2, .body = *body});
      if (snapshot.guidance.expectation.moment == rehab::Moment::Holding) quitting_ = channels_->quit = true;
      if (now > at_ms(60'000)) channels_->quit = true;
      at_quit_ = now;
    };
  }

  TestClock clock_;
  simulator::VirtualStation station_{simulator::StationSetup{}};
  SimulatedMachine machine_{StationHandler{&station_}};
  std::unique_ptr<Channels> channels_ = std::make_unique<Channels>();
  Physio physio_;
  bool quitting_ = false;
  Instant at_quit_{};
};

TEST_F(TrainedLoop, ToldToEndInAHoldTakesTheLoadOffAndLowersTheLegsBeforeItLeaves) {
  ControlLoop{machine_, *channels_, clock_, {.period = Period, .calibration = {}}}.run(false);
  ASSERT_TRUE(quitting_) << "a set was trained";
  EXPECT_TRUE(station_.truth().brake_closed);
  EXPECT_FALSE(station_.truth().torque_on);
  EXPECT_LT(units::in_degrees(station_.truth().arm_angle), -55.0);
  EXPECT_GT(clock_.now() - at_quit_, milliseconds(3000)) << "the legs were lowered, not dropped";
  EXPECT_LT(clock_.now() - at_quit_, milliseconds(10'000));
}

TEST_F(TrainedLoop, ComparesTheLimitsInTheDriveBeforeTheStart) {
  clock_.woken = [this, train = clock_.woken](Instant now) {
    train(now);
    // As a drive that was replaced by another while the station stood idle.
    station_.wrongs()[simulator::FaultKind::DriveDefaults].on = now > at_ms(2000);
    station_.wrongs().recount();
    if (now > at_ms(12'000)) channels_->quit = true;
  };
  ControlLoop{machine_, *channels_, clock_, {.period = Period, .calibration = {}}}.run(false);
  EXPECT_FALSE(quitting_) << "no set begins with limits that nobody installed";
}

}  // namespace
}  // namespace plinth::cycle
