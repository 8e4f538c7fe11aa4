#include "drivers/commissioning.hpp"

#include <array>

namespace plinth::drivers {

namespace {

using units::milliseconds;

// The map demands 500 ms of healthy heartbeat before a reset.
constexpr units::Duration HealthyBeforeReset = milliseconds(550);
constexpr units::Duration FeedPeriod = milliseconds(10);
constexpr units::Duration PatienceForReset = milliseconds(300);
constexpr units::Duration PatienceForOrder = milliseconds(200);
// Lowering from the top of the range takes 9 s at 10 °/s; the drive's ramp and brake come on top.
constexpr units::Duration PatienceForRest = milliseconds(12'000);

// Feeds the drive with disabled blocks, each with a new heartbeat.
class Feeder {
 public:
  Feeder(RegisterPort& drive, std::uint16_t last_accepted) : drive_{drive}, heartbeat_{last_accepted} {}

  Outcome<void> feed(bool fault_reset = false) {
    safety::WireCommand disabled;
    disabled.fault_reset = fault_reset;
    return drive_.write(map::drive_out::Begin, drive_block(disabled, ++heartbeat_));
  }
  Outcome<void> feed_for(units::Duration span) {
    const units::Instant end = drive_.now() + span;
    while (drive_.now() < end)
      if (auto fed = feed().and_then([this] { return drive_.wait(FeedPeriod); }); !fed) return fed;
    return {};
  }

 private:
  RegisterPort& drive_;
  std::uint16_t heartbeat_;
};

std::string in_words(const safety::InstalledLimits& limits) {
  return "watchdog " + std::to_string(limits.watchdog_ms) + " ms, action " +
         std::to_string(limits.watchdog_action) + ", ramp " + std::to_string(limits.ramp_ms) +
         " ms, torque " + std::to_string(limits.torque_max_dnm) + " x 0.1 N·m, speed " +
         std::to_string(limits.speed_max_mrad_s) + " mrad/s, range " +
         std::to_string(limits.position_min_dmrad) + " to " + std::to_string(limits.position_max_dmrad) +
         " x 0.1 mrad";
}

// Sends an order to the mailbox and waits until it is acknowledged as accepted.
Outcome<void> order(RegisterPort& drive, map::mailbox::Code code) {
  using map::mailbox::Result;
  std::array<std::uint16_t, map::mailbox::AnswerCount> answer{};
  if (auto read = drive.read(map::mailbox::Answer, answer); !read) return read;
  const auto sequence = static_cast<std::uint16_t>(answer[0] + 1U);
  const std::array<std::uint16_t, map::mailbox::OrderCount> request{static_cast<std::uint16_t>(code),
                                                                    sequence, 0, 0};
  if (auto written = drive.write(map::mailbox::Order, request); !written) return written;

  const units::Instant end = drive.now() + PatienceForOrder;
  for (;;) {
    if (auto read = drive.read(map::mailbox::Answer, answer); !read) return read;
    const auto result = static_cast<Result>(answer[1]);
    if (answer[0] == sequence && (result == Result::Busy || result == Result::Ok)) return {};
    if (answer[0] == sequence && result != Result::Idle)
      return failed("the drive refused order " + std::to_string(request[0]) + ": result " +
                    std::to_string(answer[1]) + ", reason " + std::to_string(answer[2]));
    if (drive.now() >= end)
      return failed("the drive did not acknowledge order " + std::to_string(request[0]) + " within " +
                    std::to_string(units::in_milliseconds(PatienceForOrder)) + " ms");
    if (auto waited = drive.wait(FeedPeriod); !waited) return waited;
  }
}

}  // namespace

Outcome<Identity> identify(RegisterPort& unit, map::UnitClass expected) {
  IdentityBlock block{};
  if (auto read = unit.read(map::identity::Begin, block); !read) return failed(read.error().what);
  std::string why;
  if (const auto identity = identity_of(block, expected, why)) return *identity;
  return failed(std::move(why));
}

Outcome<sensing::DriveReport> look_at_drive(RegisterPort& drive) {
  DriveInBlock block{};
  if (auto read = drive.read(map::drive_in::Begin, block); !read) return failed(read.error().what);
  if (const auto report = drive_report(block)) return *report;
  return failed("the drive's report at 0x0200 is damaged: its checksum is wrong or its angle is invalid");
}

Outcome<std::uint16_t> last_hub_heartbeat(RegisterPort& hub) {
  std::array<std::uint16_t, 1> heartbeat{};
  if (auto read = hub.read(map::hub_out::Begin, heartbeat); !read) return failed(read.error().what);
  return heartbeat[0];
}

Outcome<void> await_rest(RegisterPort& drive, units::Duration patience) {
  const units::Instant end = drive.now() + patience;
  for (;;) {
    const auto report = look_at_drive(drive);
    if (!report) return failed(report.error().what);
    if (!report->torque_on && !report->stopping) return {};
    if (drive.now() >= end)
      return failed("the drive is still driving or stopping after " +
                    std::to_string(units::in_milliseconds(patience)) + " ms; it is not disturbed");
    if (auto waited = drive.wait(milliseconds(20)); !waited) return waited;
  }
}

Outcome<bool> limits_in_force(RegisterPort& drive, const safety::InstalledLimits& limits) {
  LimitsBlock written{};
  if (auto read = drive.read(map::installed::Begin, written); !read) return failed(read.error().what);
  MirrorBlock obeyed{};
  if (auto read = drive.read(map::installed::mirror::Begin, obeyed); !read) return failed(read.error().what);
  return written == limits_block(limits) && obeyed == mirror_of(limits);
}

Outcome<void> install_limits(RegisterPort& drive, const safety::InstalledLimits& limits) {
  const std::array<std::uint16_t, 1> key{map::installed::UnlockValue};
  if (auto unlocked = drive.write(map::installed::UnlockKey, key); !unlocked) return unlocked;
  if (auto written = drive.write(map::installed::Begin, limits_block(limits)); !written) return written;
  const auto same = limits_in_force(drive, limits);
  if (!same) return failed(same.error().what);
  if (!*same)
    return failed(
        "the drive does not obey the limits that were written (" + in_words(limits) +
        "): registers 0x0301-0x030a or their mirror at 0x0320 read something else; is it disabled?");
  return {};
}

Outcome<void> prove_watchdog(RegisterPort& drive, units::Duration watchdog) {
  const auto before = look_at_drive(drive);
  if (!before) return failed(before.error().what);
  if (before->watchdog_tripped)
    return failed("the drive's watchdog has already tripped; nothing can be proven");

  if (auto ordered = order(drive, map::mailbox::Code::WatchdogSelfTest); !ordered) return ordered;
  // Fed all the while: what trips must be the watchdog that ignores the feed, not our silence.
  Feeder feeder{drive, before->heartbeat_echo};
  const units::Instant last = drive.now() + watchdog + 3 * FeedPeriod;
  for (;;) {
    const auto report = look_at_drive(drive);
    if (!report) return failed(report.error().what);
    if (report->watchdog_tripped) return {};
    if (drive.now() >= last)
      return failed("the drive's watchdog did not trip within its " +
                    std::to_string(units::in_milliseconds(watchdog)) +
                    " ms when it was not fed; the drive must not be used");
    if (auto fed = feeder.feed().and_then([&] { return drive.wait(FeedPeriod); }); !fed) return fed;
  }
}

Outcome<void> clear_fault(RegisterPort& drive) {
  auto report = look_at_drive(drive);
  if (!report) return failed(report.error().what);
  if (!report->fault_latched && !report->watchdog_tripped) return {};

  Feeder feeder{drive, report->heartbeat_echo};
  if (auto fed = feeder.feed_for(HealthyBeforeReset); !fed) return fed;
  if (auto reset = feeder.feed(true); !reset) return reset;
  const units::Instant end = drive.now() + PatienceForReset;
  for (;;) {
    if (auto waited = drive.wait(FeedPeriod); !waited) return waited;
    report = look_at_drive(drive);
    if (!report) return failed(report.error().what);
    if (!report->fault_latched && !report->watchdog_tripped) return feeder.feed();
    if (drive.now() >= end)
      return failed("the drive keeps fault " + std::to_string(report->fault_code) + " after a reset");
    if (auto fed = feeder.feed(true); !fed) return fed;
  }
}

Outcome<void> set_up_drive(RegisterPort& drive, const safety::InstalledLimits& limits,
                           std::optional<std::uint16_t>& proven_in_boot, sensing::Setup& setup) {
  const auto blame = [](const Failure& failure) { return Failure{"resistance unit: " + failure.what}; };
  setup.drive_identified = false;
  setup.limits_confirmed = false;
  setup.watchdog_proven = false;
  if (const auto identity = identify(drive, map::UnitClass::ResistanceUnit); !identity)
    return tl::make_unexpected(blame(identity.error()));
  setup.drive_identified = true;

  const auto report = look_at_drive(drive);
  if (!report) return tl::make_unexpected(blame(report.error()));
  setup.watchdog_proven = proven_in_boot == report->boot_counter;

  const auto same = limits_in_force(drive, limits);
  if (!same) return tl::make_unexpected(blame(same.error()));
  setup.limits_confirmed = *same;
  if (setup.limits_confirmed && setup.watchdog_proven) return {};

  const auto install = [&]() -> Outcome<void> {
    if (setup.limits_confirmed) return {};
    return install_limits(drive, limits).map([&] { setup.limits_confirmed = true; });
  };
  const auto prove = [&]() -> Outcome<void> {
    if (setup.watchdog_proven) return {};
    return clear_fault(drive)
        .and_then([&] { return prove_watchdog(drive, milliseconds(limits.watchdog_ms)); })
        .map([&] {
          setup.watchdog_proven = true;
          proven_in_boot = report->boot_counter;
        })
        .and_then([&] { return clear_fault(drive); });
  };
  return await_rest(drive, PatienceForRest).and_then(install).and_then(prove).map_error(blame);
}

Outcome<void> set_up_hub(RegisterPort& hub, sensing::Setup& setup) {
  setup.hub_identified = false;
  if (const auto identity = identify(hub, map::UnitClass::LoadCellHub); !identity)
    return failed("load-cell hub: " + identity.error().what);
  setup.hub_identified = true;
  return {};
}

}  // namespace plinth::drivers
