#include "drivers/tcp_machine.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <memory>
#include <thread>

#include "controller/safety/gate.hpp"
#include "tests/drivers/allocation_count.hpp"
#include "tests/drivers/fake_server.hpp"

namespace plinth::drivers {
namespace {

using sensing::Reading;
using test::Bytes;
using test::FakeServer;
using units::milliseconds;

// Machines under test must not be slowed by a busy computer into failing: deadlines here are generous, and
// what is asserted is an order or a count.
constexpr units::Duration Budget = milliseconds(60);

safety::InstalledLimits tightest() {
  safety::InstalledLimits limits;
  limits.torque_max_dnm = 600;
  limits.speed_max_mrad_s = 200;
  limits.position_min_dmrad = -15'000;
  limits.position_max_dmrad = 500;
  limits.slew_max_nm_s = 2000;
  return limits;
}

class TcpStation : public testing::Test {
 protected:
  TcpMachineConfig config() const {
    TcpMachineConfig config;
    config.drive = {"127.0.0.1", server->service(), 1};
    config.hub = {"127.0.0.1", server->service(), 2};
    config.limits = tightest();
    config.answers_within = Budget;
    config.install_within = milliseconds(500);
    config.patience.longest_pause = milliseconds(50);
    return config;
  }
  void bring_up() { bring_up(config()); }
  void bring_up(TcpMachineConfig with) { EXPECT_EQ(try_to_bring_up(std::move(with)), ""); }
  // Waits until both units have been tried once; what was missing then.
  std::string try_to_bring_up(TcpMachineConfig with) {
    machine = std::make_unique<TcpMachine>(std::move(with), time);
    machine->start();
    std::string missing;
    const units::Instant end = time.now() + milliseconds(10'000);
    for (const StationUnit unit : {StationUnit::Drive, StationUnit::Hub}) {
      while (machine->report(unit).attempts == 0 && time.now() < end)
        std::this_thread::sleep_for(milliseconds(1));
      missing += machine->report(unit).reason;
    }
    return missing;
  }
  sensing::Sample read() { return machine->read(time.now()); }
  // Reads until `good` says so, for at most ten seconds.
  template <typename Good>
  ::testing::AssertionResult read_until(Good good) {
    const units::Instant end = time.now() + milliseconds(10'000);
    while (time.now() < end) {
      if (good(read())) return ::testing::AssertionSuccess();
      std::this_thread::sleep_for(milliseconds(1));
    }
    return ::testing::AssertionFailure() << "not within ten seconds";
  }
  std::uint64_t counted(LinkEvent event, StationUnit unit = StationUnit::Drive) const {
    return machine->stats(unit)[event];
  }
  int self_tests() {
    return server->with_station([](test::FakeStation& station) {
      int count = 0;
      for (const Bytes& write : station.drive.writes)
        if (write.size() > 7 && write[1] == 0x04 && write[2] == 0x00 && write[7] == 6) ++count;
      return count;
    });
  }

  MonotonicTime time;
  std::unique_ptr<FakeServer> server = std::make_unique<FakeServer>();
  std::unique_ptr<TcpMachine> machine;
};

TEST_F(TcpStation, IsBroughtUpWithEverythingEstablished) {
  bring_up();
  const sensing::Sample sample = read();
  EXPECT_TRUE(sample.setup.drive_identified && sample.setup.hub_identified && sample.setup.limits_confirmed &&
              sample.setup.watchdog_proven && sample.setup.brake_proven);
  EXPECT_EQ(sample.drive.reading, Reading::Fresh);
  EXPECT_EQ(sample.hub.reading, Reading::Fresh);
  EXPECT_EQ(self_tests(), 1);
  EXPECT_EQ(server->with_station([](auto& station) { return station.drive.enables_seen; }), 0);
}

TEST_F(TcpStation, TellsWhoTheUnitsAreAndWhatTheDriveRemembers) {
  bring_up();
  const UnitFacts drive = machine->facts(StationUnit::Drive);
  ASSERT_TRUE(drive.identity && drive.diagnostics);
  EXPECT_EQ(drive.identity->serial, 7U);
  EXPECT_EQ(drive.diagnostics->uptime_s, 0x10002U);
  EXPECT_EQ(drive.diagnostics->watchdog_trips, 7);
  EXPECT_EQ(drive.diagnostics->watchdog_closest_ms, 8);
  EXPECT_EQ(drive.diagnostics->faults[0], 15);
  ASSERT_TRUE(machine->facts(StationUnit::Hub).identity);
  EXPECT_EQ(machine->facts(StationUnit::Hub).identity->unit_class, map::UnitClass::LoadCellHub);
}

TEST_F(TcpStation, CarriesEachCommandWithANewHeartbeatToBothUnits) {
  bring_up();
  read();
  const int before = server->with_station([](auto& station) { return station.drive.accepted_blocks; });
  for (int cycle = 0; cycle < 20; ++cycle) {
    machine->write({});
    read();
  }
  server->with_station([&](test::FakeStation& station) {
    EXPECT_EQ(station.drive.accepted_blocks, before + 20);
    EXPECT_EQ(station.drive.rejected_blocks, 0);
    EXPECT_EQ(station.hub.heartbeat, 20);
  });
  EXPECT_EQ(counted(LinkEvent::Late), 0U);
}

TEST_F(TcpStation, AsksBothUnitsBeforeEitherAnswers) {
  bring_up();
  read();
  // Each unit holds its answer back until the other has been asked too.
  std::atomic<int> asked{0};
  server->on_request([&](std::uint8_t, std::uint8_t) { ++asked; });
  const auto hold = [&](int socket, Bytes answer) {
    const auto end = std::chrono::steady_clock::now() + Budget;
    while (asked < 2 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    if (asked >= 2) FakeServer::send_all(socket, answer);
  };
  server->deliver(1, hold);
  server->deliver(2, hold);
  const sensing::Sample sample = read();
  EXPECT_EQ(sample.drive.reading, Reading::Fresh);
  EXPECT_EQ(sample.hub.reading, Reading::Fresh);
  server->on_request({});
}

TEST_F(TcpStation, NeverTakesALateAnswerForTheNextValue) {
  auto quick = config();
  quick.answers_within = milliseconds(8);
  bring_up(quick);
  read();
  // Every third answer of the drive comes after its deadline. What it says is marked by its sequence number.
  int answers = 0;
  server->deliver(1, [&](int socket, Bytes answer) {
    if (++answers % 3 == 0) std::this_thread::sleep_for(milliseconds(12));
    FakeServer::send_all(socket, answer);
  });
  int missing = 0;
  std::uint16_t last = 0;
  for (int cycle = 0; cycle < 60; ++cycle) {
    const auto sample = read();
    if (sample.drive.reading == Reading::Missing) {
      ++missing;
      // Let the late one arrive, so that it lies ready when the next request goes out.
      std::this_thread::sleep_for(milliseconds(12));
      continue;
    }
    // The unit counts every read it serves: an answer of an earlier request would be behind.
    const auto newest =
        server->with_station([](test::FakeStation& station) { return station.drive.registers[0x200]; });
    ASSERT_EQ(sample.drive.report->sequence, newest);
    ASSERT_GT(sample.drive.report->sequence, last);
    last = sample.drive.report->sequence;
  }
  EXPECT_GE(missing, 10);
  EXPECT_GE(counted(LinkEvent::Stale), 10U);
  EXPECT_EQ(counted(LinkEvent::Opened), 1U);
  server->deliver(1, {});
}

TEST_F(TcpStation, BoundsADribblingPeerByTheDeadline) {
  auto quick = config();
  quick.answers_within = milliseconds(20);
  bring_up(quick);
  read();
  server->deliver(1, [](int socket, Bytes answer) {
    for (const std::uint8_t byte : answer) {
      FakeServer::send_all(socket, {byte});
      std::this_thread::sleep_for(milliseconds(5));
    }
  });
  const units::Instant start = time.now();
  const sensing::Sample sample = read();
  EXPECT_LT(time.now() - start, milliseconds(100));  // the whole answer takes 245 ms
  EXPECT_EQ(sample.drive.reading, Reading::Missing);
  EXPECT_EQ(sample.hub.reading, Reading::Fresh);
  server->deliver(1, {});
}

TEST_F(TcpStation, LeavesAPeerThatSendsFasterThanItIsAsked) {
  auto quick = config();
  quick.answers_within = milliseconds(20);
  bring_up(quick);
  read();
  std::atomic<bool> flooding{true};
  server->deliver(1, [&flooding, this](int socket, Bytes answer) {
    answer[0] ^= 0x40U;  // answers of a request that nobody has made
    Bytes many;
    for (int times = 0; times < 1000; ++times) many.insert(many.end(), answer.begin(), answer.end());
    const units::Instant end = time.now() + milliseconds(2000);
    while (flooding && time.now() < end)
      if (::send(socket, many.data(), many.size(), MSG_NOSIGNAL) <= 0) return;
  });
  const units::Instant start = time.now();
  for (int cycle = 0; cycle < 3; ++cycle) read();
  EXPECT_LT(time.now() - start, milliseconds(500));
  EXPECT_EQ(counted(LinkEvent::Flooded), 1U);
  flooding = false;
  server->deliver(1, {});
  EXPECT_TRUE(read_until([](const auto& sample) { return sample.drive.reading == Reading::Fresh; }));
}

TEST_F(TcpStation, PutsSplitAnswersTogether) {
  bring_up();
  server->deliver(1, [](int socket, Bytes answer) {
    for (const auto& [from, to] : {std::pair{0, 3}, {3, 7}, {7, 20}, {20, static_cast<int>(answer.size())}}) {
      FakeServer::send_all(socket, {answer.begin() + from, answer.begin() + to});
      std::this_thread::sleep_for(milliseconds(1));
    }
  });
  for (int cycle = 0; cycle < 5; ++cycle) EXPECT_EQ(read().drive.reading, Reading::Fresh);
  server->deliver(1, {});
}

TEST_F(TcpStation, TakesTheRightOneOfMergedAnswers) {
  bring_up();
  server->deliver(1, [](int socket, Bytes answer) {
    Bytes stranger = answer;
    stranger[0] ^= 0x40U;  // another transaction, with a believable value inside
    stranger.insert(stranger.end(), answer.begin(), answer.end());
    stranger.insert(stranger.end(), answer.begin(), answer.end());  // and the right one twice
    FakeServer::send_all(socket, stranger);
  });
  for (int cycle = 0; cycle < 5; ++cycle) EXPECT_EQ(read().drive.reading, Reading::Fresh);
  EXPECT_GE(counted(LinkEvent::Stale), 5U);
  server->deliver(1, {});
}

TEST_F(TcpStation, CallsAnAnswerOfAnotherUnitFunctionOrCountDamaged) {
  bring_up();
  read();
  for (const auto& spoil : std::vector<std::function<void(Bytes&)>>{
           [](Bytes& answer) { answer[6] = 2; }, [](Bytes& answer) { answer[7] = 3; },
           [](Bytes& answer) { answer[8] = static_cast<std::uint8_t>(answer[8] - 2); }}) {
    server->deliver(1, [&spoil](int socket, Bytes answer) {
      spoil(answer);
      FakeServer::send_all(socket, answer);
    });
    EXPECT_EQ(read().drive.reading, Reading::Damaged);
  }
  EXPECT_EQ(counted(LinkEvent::Mismatched), 3U);
  server->deliver(1, {});
  EXPECT_EQ(read().drive.reading, Reading::Fresh);
  EXPECT_EQ(counted(LinkEvent::Opened), 1U);
}

TEST_F(TcpStation, CallsAnExceptionAndAWrongChecksumDamaged) {
  bring_up();
  const units::Instant good = read().drive.taken_at;
  server->with_station([](auto& station) {
    station.drive.corrupt_checksum = true;
    station.hub.refuse_with = 6;
  });
  const sensing::Sample sample = read();
  EXPECT_EQ(sample.drive.reading, Reading::Damaged);
  EXPECT_EQ(sample.drive.taken_at, good);
  EXPECT_EQ(sample.hub.reading, Reading::Damaged);
  EXPECT_EQ(counted(LinkEvent::DamagedBlock), 1U);
  EXPECT_EQ(counted(LinkEvent::Refused, StationUnit::Hub), 1U);
}

TEST_F(TcpStation, StillSendsTheStopWhenOnlyTheAnswersAreLost) {
  auto quick = config();
  quick.answers_within = milliseconds(5);
  bring_up(quick);
  read();
  server->deliver(1, [](int, const Bytes&) {});
  const int before = server->with_station([](auto& station) { return station.drive.accepted_blocks; });
  for (int cycle = 0; cycle < 4; ++cycle) {
    EXPECT_EQ(read().drive.reading, Reading::Missing);
    machine->write({});
  }
  const units::Instant end = time.now() + milliseconds(5000);
  int accepted = before;
  while (accepted < before + 4 && time.now() < end)
    accepted = server->with_station([](auto& station) { return station.drive.accepted_blocks; });
  EXPECT_EQ(accepted, before + 4);
  server->deliver(1, {});
}

TEST_F(TcpStation, OpensALinkAgainOffTheLoopAndProvesNothingTwice) {
  bring_up();
  ASSERT_TRUE(read_until([](const auto& sample) { return sample.drive.reading == Reading::Fresh; }));
  const auto writes = server->with_station([](auto& station) { return station.drive.writes.size(); });
  server->drop_connections();
  ASSERT_TRUE(read_until([](const auto& sample) { return sample.drive.reading == Reading::Missing; }));
  ASSERT_TRUE(read_until([](const auto& sample) {
    return sample.drive.reading == Reading::Fresh && sample.hub.reading == Reading::Fresh &&
           sample.setup.drive_identified && sample.setup.hub_identified && sample.setup.limits_confirmed &&
           sample.setup.watchdog_proven && sample.setup.brake_proven;
  }));
  EXPECT_GE(counted(LinkEvent::ClosedByPeer), 1U);
  EXPECT_EQ(counted(LinkEvent::Opened), 2U);
  EXPECT_EQ(server->with_station([](auto& station) { return station.drive.writes.size(); }), writes);
}

TEST_F(TcpStation, ProvesTheWatchdogAgainAfterTheDriveHasRestarted) {
  bring_up();
  read();
  server->with_station([](auto& station) { ++station.drive.boot_counter; });
  server->drop_connections();
  ASSERT_TRUE(read_until([](const auto& sample) { return !sample.setup.drive_identified; }));
  ASSERT_TRUE(read_until([](const auto& sample) {
    return sample.drive.reading == Reading::Fresh && sample.setup.watchdog_proven &&
           sample.setup.limits_confirmed;
  }));
  EXPECT_EQ(self_tests(), 2);
}

// What a latched station commands: everything off, the relay open.
safety::ApprovedCommand nothing_permitted() {
  safety::Verdict latched;
  latched.brake = safety::Brake::Closed;
  return safety::Gate{milliseconds(10)}.approve({}, latched, std::nullopt);
}

TEST_F(TcpStation, ClosesTheRelayWhileTheBrakeIsTriedAndOnlyThen) {
  server->with_station([](auto& station) {
    station.relay_is_wired = true;
    station.drive.relay_closed = false;
  });
  machine = std::make_unique<TcpMachine>(config(), time);
  machine->start();
  const auto command = nothing_permitted();
  ASSERT_FALSE(command.permit());
  bool permitted = false;
  ASSERT_TRUE(read_until([&](const auto& sample) {
    machine->write(command);
    permitted = permitted || server->with_station([](auto& station) { return station.hub.permit == 1; });
    return sample.setup.brake_proven;
  })) << machine->report(StationUnit::Drive).reason;
  EXPECT_TRUE(permitted);
  EXPECT_TRUE(read_until([&](const auto&) {
    machine->write(command);
    return server->with_station([](auto& station) { return station.hub.permit == 0; });
  }));
}

TEST_F(TcpStation, TriesTheBrakeOnceTheArmHangs) {
  auto quick = config();
  quick.set_up_again_after = milliseconds(50);
  server->with_station([](auto& station) { station.drive.position_dmrad = -5000; });
  machine = std::make_unique<TcpMachine>(quick, time);
  machine->start();
  ASSERT_TRUE(read_until([](const auto& sample) {
    return sample.setup.watchdog_proven && sample.setup.limits_confirmed && sample.setup.hub_identified;
  }));
  // It is heard all the while: nothing is tried that cannot be.
  for (int cycle = 0; cycle < 100; ++cycle) {
    ASSERT_EQ(read().drive.reading, Reading::Fresh);
    std::this_thread::sleep_for(milliseconds(1));
  }
  EXPECT_EQ(server->with_station([](auto& station) { return station.drive.brake_tests; }), 0);
  server->with_station([](auto& station) { station.drive.position_dmrad = -12'000; });
  EXPECT_TRUE(read_until([](const auto& sample) { return sample.setup.brake_proven; }));
}

TEST_F(TcpStation, GivesUpAMutePeerAndComesBackWhenItSpeaks) {
  auto quick = config();
  quick.answers_within = milliseconds(3);
  quick.patience.request = milliseconds(50);
  bring_up(quick);
  read();
  server->with_station([](auto& station) { station.drive.mute = true; });
  ASSERT_TRUE(read_until([](const auto& sample) { return !sample.setup.drive_identified; }));
  EXPECT_GE(counted(LinkEvent::Late), 5U);
  server->with_station([](auto& station) { station.drive.mute = false; });
  ASSERT_TRUE(read_until([](const auto& sample) {
    return sample.drive.reading == Reading::Fresh && sample.setup.limits_confirmed;
  }));
}

TEST_F(TcpStation, LosesNoCycleToALinkThatIsDown) {
  auto quick = config();
  quick.answers_within = milliseconds(20);
  bring_up(quick);
  server.reset();
  ASSERT_TRUE(read_until(
      [](const auto& sample) { return !sample.setup.drive_identified && !sample.setup.hub_identified; }));
  const units::Instant start = time.now();
  for (int cycle = 0; cycle < 1000; ++cycle) {
    const auto sample = read();
    ASSERT_EQ(sample.drive.reading, Reading::Missing);
    machine->write({});
  }
  EXPECT_LT(time.now() - start, milliseconds(1000));
}

TEST_F(TcpStation, StartsWithoutItsUnitsAndFindsThemLater) {
  const auto late = config();
  const std::uint16_t port = server->port();
  server.reset();
  const std::string missing = try_to_bring_up(late);
  EXPECT_NE(missing.find("cannot connect to 127.0.0.1:" + std::to_string(port)), std::string::npos)
      << missing;
  EXPECT_EQ(read().drive.reading, Reading::Missing);
  server = std::make_unique<FakeServer>(port);
  EXPECT_TRUE(read_until([](const auto& sample) {
    return sample.setup.watchdog_proven && sample.setup.hub_identified &&
           sample.drive.reading == Reading::Fresh;
  }));
}

TEST_F(TcpStation, SendsNothingToAUnitOfTheWrongClass) {
  auto swapped = config();
  std::swap(swapped.drive.unit, swapped.hub.unit);
  const std::string missing = try_to_bring_up(swapped);
  EXPECT_NE(missing.find("swapped"), std::string::npos) << missing;
  for (int cycle = 0; cycle < 20; ++cycle) {
    EXPECT_EQ(read().drive.reading, Reading::Missing);
    machine->write({});
  }
  server->with_station([](test::FakeStation& station) {
    EXPECT_TRUE(station.drive.writes.empty());
    EXPECT_TRUE(station.hub.writes.empty());
  });
}

TEST_F(TcpStation, InstallsLimitsOnceTheDriveIsDisabled) {
  bring_up();
  read();
  auto wider = tightest();
  wider.torque_max_dnm = 1500;
  machine->install(wider);
  EXPECT_TRUE(read().setup.limits_confirmed);
  EXPECT_EQ(server->with_station([](auto& station) { return station.drive.registers[0x0320]; }), 1500);

  server->with_station([](auto& station) { station.drive.status |= 0x0002U; });  // enabled
  read();
  wider.torque_max_dnm = 1600;
  machine->install(wider);
  EXPECT_FALSE(read().setup.limits_confirmed);
  EXPECT_EQ(server->with_station([](auto& station) { return station.drive.registers[0x0320]; }), 1500);
  server->with_station([](auto& station) { station.drive.status &= 0xFFFDU; });
  read();
  EXPECT_TRUE(read().setup.limits_confirmed);
  EXPECT_EQ(server->with_station([](auto& station) { return station.drive.registers[0x0320]; }), 1600);
}

TEST_F(TcpStation, InstallsBetweenACommandAndItsAnswer) {
  bring_up();
  for (std::uint16_t torque = 700; torque < 720; ++torque) {
    read();
    machine->write({});
    auto limits = tightest();
    limits.torque_max_dnm = torque;
    machine->install(limits);
    ASSERT_TRUE(read().setup.limits_confirmed);
    ASSERT_EQ(server->with_station([](auto& station) { return station.drive.registers[0x0320]; }), torque);
  }
  EXPECT_EQ(counted(LinkEvent::Opened), 1U);
}

TEST_F(TcpStation, ReportsLimitsThatTheDriveDoesNotObey) {
  bring_up();
  read();
  server->with_station([](auto& station) { station.drive.obeys_limits = false; });
  auto wider = tightest();
  wider.torque_max_dnm = 1500;
  machine->install(wider);
  EXPECT_FALSE(read().setup.limits_confirmed);
  EXPECT_EQ(counted(LinkEvent::InstallFailed), 1U);
}

TEST_F(TcpStation, AllocatesNothingInACycle) {
  bring_up();
  read();
  machine->write({});
  const std::uint64_t before = test::allocations_of_this_thread();
  for (int cycle = 0; cycle < 200; ++cycle) {
    read();
    machine->write({});
  }
  // Nor while a unit is silent and its link is given up.
  server->with_station([](auto& station) { station.hub.mute = true; });
  for (int cycle = 0; cycle < 8; ++cycle) {
    read();
    machine->write({});
  }
  EXPECT_EQ(test::allocations_of_this_thread(), before);
  EXPECT_GE(counted(LinkEvent::Late, StationUnit::Hub), 5U);
}

TEST_F(TcpStation, EndsAtOnceWhileStillTrying) {
  server->with_station([](auto& station) { station.drive.status |= 0x0026U; });  // lowering, for ever
  machine = std::make_unique<TcpMachine>(config(), time);
  machine->start();
  while (server->connections_made() < 2) std::this_thread::sleep_for(milliseconds(1));
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(machine->report(StationUnit::Drive).attempts, 0U);
  const units::Instant start = time.now();
  machine.reset();
  EXPECT_LT(time.now() - start, milliseconds(1000));
}

}  // namespace
}  // namespace plinth::drivers
