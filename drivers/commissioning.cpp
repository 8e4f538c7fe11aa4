#include "drivers/commissioning.hpp"

#include <array>
#include <cmath>

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
// How often a busy computer may look away at the moment in which the watchdog must trip.
constexpr int MostTries = 5;
// A few cycles of whoever feeds the hub, and the relay's own time.
constexpr units::Duration PatienceForRelay = milliseconds(500);
// The drive presses against its brake for a second.
constexpr units::Duration PatienceForBrakeTest = milliseconds(3000);
// Legs hang at −65 to −76°, an empty arm lower; whatever stands higher is held up by the brake.
constexpr units::Angle HighestHanging = units::degrees(-60);

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

using map::mailbox::Result;

// Sends an order to the mailbox and waits until it is acknowledged as accepted.
Outcome<void> order(RegisterPort& drive, map::mailbox::Code code) {
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

// The result of the order that was accepted last.
Outcome<Result> await_result(RegisterPort& drive, units::Duration patience) {
  const units::Instant end = drive.now() + patience;
  for (;;) {
    std::array<std::uint16_t, map::mailbox::AnswerCount> answer{};
    if (auto read = drive.read(map::mailbox::Answer, answer); !read) return failed(read.error().what);
    const auto result = static_cast<Result>(answer[1]);
    if (result != Result::Busy) return result;
    if (drive.now() >= end)
      return failed("the drive did not finish its order within " +
                    std::to_string(units::in_milliseconds(patience)) + " ms");
    if (auto waited = drive.wait(FeedPeriod); !waited) return failed(waited.error().what);
  }
}

// The relay is asked for as long as this lives.
class RelayClosed {
 public:
  explicit RelayClosed(const CloseRelay& relay) : relay_{relay} { relay_(true); }
  RelayClosed(const RelayClosed&) = delete;
  RelayClosed& operator=(const RelayClosed&) = delete;
  ~RelayClosed() { relay_(false); }

 private:
  const CloseRelay& relay_;
};

Outcome<void> await_closed_circuit(RegisterPort& drive) {
  const units::Instant end = drive.now() + PatienceForRelay;
  for (;;) {
    const auto report = look_at_drive(drive);
    if (!report) return failed(report.error().what);
    if (report->ready && report->sto_a_ok && report->sto_b_ok) return {};
    if (drive.now() >= end)
      return failed("the brake cannot be tried: the drive's stop circuit stays open; does the hub answer?");
    if (auto waited = drive.wait(FeedPeriod); !waited) return waited;
  }
}

std::string why_the_brake_may_not_be_tried(const sensing::DriveReport& report) {
  if (report.fault_latched) return "the drive has latched fault " + std::to_string(report.fault_code);
  if (!report.estop_a_closed || !report.estop_b_closed) return "the emergency stop is pressed";
  return "the arm stands at " + std::to_string(std::lround(units::in_degrees(report.angle))) +
         "°; let it hang below " + std::to_string(std::lround(units::in_degrees(HighestHanging))) + "°";
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

Outcome<bool> prove_watchdog(RegisterPort& drive, units::Duration watchdog) {
  const auto before = look_at_drive(drive);
  if (!before) return failed(before.error().what);
  if (before->watchdog_tripped)
    return failed("the drive's watchdog has already tripped; nothing can be proven");

  if (auto ordered = order(drive, map::mailbox::Code::WatchdogSelfTest); !ordered)
    return failed(ordered.error().what);
  // Fed all the while: what trips must be the watchdog that ignores the feed, not our silence.
  Feeder feeder{drive, before->heartbeat_echo};
  const units::Instant last = drive.now() + watchdog + 3 * FeedPeriod;
  for (;;) {
    const units::Instant asked = drive.now();
    const auto report = look_at_drive(drive);
    if (!report) return failed(report.error().what);
    const bool in_time = asked <= last;
    if (report->watchdog_tripped) return in_time;
    if (!in_time)
      return failed("the drive's watchdog did not trip within its " +
                    std::to_string(units::in_milliseconds(watchdog)) +
                    " ms when it was not fed; the drive must not be used");
    if (auto fed = feeder.feed().and_then([&] { return drive.wait(FeedPeriod); }); !fed)
      return failed(fed.error().what);
  }
}

bool brake_may_be_tried(const sensing::DriveReport& report) {
  const bool at_rest = !report.enabled && !report.torque_on && !report.stopping;
  return at_rest && !report.fault_latched && report.estop_a_closed && report.estop_b_closed &&
         report.angle <= HighestHanging;
}

Outcome<bool> prove_brake(RegisterPort& drive, const CloseRelay& relay) {
  const RelayClosed closed{relay};
  const auto result = await_closed_circuit(drive)
                          .and_then([&] { return order(drive, map::mailbox::Code::BrakeTest); })
                          .and_then([&] { return await_result(drive, PatienceForBrakeTest); });
  if (!result) return failed(result.error().what);
  if (*result == Result::Ok) return true;
  const auto report = look_at_drive(drive);
  if (!report) return failed(report.error().what);
  if (report->fault_latched) return false;
  return failed("the drive broke its brake test off (result " + std::to_string(static_cast<int>(*result)) +
                "); did its stop circuit open?");
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
                           const CloseRelay& relay, Proofs& proofs, sensing::Setup& setup) {
  const auto blame = [](const Failure& failure) { return Failure{"resistance unit: " + failure.what}; };
  setup.drive_identified = false;
  nothing_proven(setup);
  if (const auto identity = identify(drive, map::UnitClass::ResistanceUnit); !identity)
    return tl::make_unexpected(blame(identity.error()));
  setup.drive_identified = true;

  const auto report = look_at_drive(drive);
  if (!report) return tl::make_unexpected(blame(report.error()));
  if (proofs.boot != report->boot_counter) proofs = {.boot = report->boot_counter};
  setup.watchdog_proven = proofs.watchdog_trips;
  setup.brake_proven = proofs.brake_holds;

  const auto same = limits_in_force(drive, limits);
  if (!same) return tl::make_unexpected(blame(same.error()));
  setup.limits_confirmed = *same;
  if (setup.limits_confirmed && setup.watchdog_proven && setup.brake_proven) return {};

  const auto install = [&]() -> Outcome<void> {
    if (setup.limits_confirmed) return {};
    return install_limits(drive, limits).map([&] { setup.limits_confirmed = true; });
  };
  const auto trip_the_watchdog = [&]() -> Outcome<void> {
    for (int tries = 0; !setup.watchdog_proven && tries < MostTries; ++tries) {
      const auto tripped_in_time = clear_fault(drive).and_then(
          [&] { return prove_watchdog(drive, milliseconds(limits.watchdog_ms)); });
      if (!tripped_in_time) return failed(tripped_in_time.error().what);
      setup.watchdog_proven = proofs.watchdog_trips = *tripped_in_time;
      if (auto cleared = clear_fault(drive); !cleared) return cleared;
    }
    if (setup.watchdog_proven) return {};
    return failed("the drive's watchdog trips, but this computer was too busy to see whether in time");
  };
  const auto try_the_brake = [&]() -> Outcome<void> {
    if (setup.brake_proven) return {};
    if (!proofs.brake_slips) {
      const auto now = look_at_drive(drive);
      if (!now) return failed(now.error().what);
      if (!brake_may_be_tried(*now))
        return failed("the brake is not tried yet: " + why_the_brake_may_not_be_tried(*now));
      const auto held = prove_brake(drive, relay);
      if (!held) return failed(held.error().what);
      setup.brake_proven = proofs.brake_holds = *held;
      proofs.brake_slips = !*held;
    }
    if (proofs.brake_slips)
      return failed(
          "the brake slipped when it was tried; the drive must not be used until the brake is repaired and "
          "the drive switched off and on");
    return {};
  };
  return await_rest(drive, PatienceForRest)
      .and_then(install)
      .and_then(trip_the_watchdog)
      .and_then(try_the_brake)
      .map_error(blame);
}

Outcome<void> set_up_hub(RegisterPort& hub, sensing::Setup& setup) {
  setup.hub_identified = false;
  if (const auto identity = identify(hub, map::UnitClass::LoadCellHub); !identity)
    return failed("load-cell hub: " + identity.error().what);
  setup.hub_identified = true;
  return {};
}

}  // namespace plinth::drivers
