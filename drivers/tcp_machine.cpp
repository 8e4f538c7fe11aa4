#include "drivers/tcp_machine.hpp"

#include <poll.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace plinth::drivers {

namespace {

timespec as_timespec(units::Duration span) {
  const auto ns = std::max<std::int64_t>(span.count(), 0);
  return {ns / 1'000'000'000, ns % 1'000'000'000};
}

}  // namespace

TcpMachine::TcpMachine(TcpMachineConfig config, const TimeSource& time)
    : config_{std::move(config)},
      time_{time},
      drive_data_{{}, config_.limits, {}},
      drive_keeper_{config_.drive, time, config_.patience,
                    [this](RegisterPort& port) { return set_up_drive_unit(port); }},
      hub_keeper_{config_.hub, time, config_.patience,
                  [this](RegisterPort& port) { return set_up_hub_unit(port); }},
      drive_lane_{drive_keeper_},
      hub_lane_{hub_keeper_},
      wanted_{config_.limits} {}

TcpMachine::~TcpMachine() = default;

void TcpMachine::start() {
  drive_keeper_.start();
  hub_keeper_.start();
}

LinkKeeper::SetUp TcpMachine::set_up_drive_unit(RegisterPort& port) {
  UnitFacts found;
  const auto done = set_up_drive(
                        port, drive_data_.wanted, [this](bool closed) { brake_is_tried_ = closed; },
                        drive_data_.proofs, drive_data_.setup)
                        .map([&] {
                          // A unit that keeps no such counts is none the worse for it.
                          if (const auto identity = identify(port, map::UnitClass::ResistanceUnit))
                            found.identity = *identity;
                          if (const auto counts = diagnostics_of(port)) found.diagnostics = *counts;
                        });
  publish(drive_facts_, found);
  return {drive_data_.setup.drive_identified, done ? std::string{} : done.error().what};
}

LinkKeeper::SetUp TcpMachine::set_up_hub_unit(RegisterPort& port) {
  UnitFacts found;
  const auto done = set_up_hub(port, hub_data_.setup)
                        .and_then([&] { return last_hub_heartbeat(port); })
                        .map([&](std::uint16_t last) {
                          hub_data_.heartbeat = last;
                          if (const auto identity = identify(port, map::UnitClass::LoadCellHub))
                            found.identity = *identity;
                        });
  publish(hub_facts_, found);
  return {hub_data_.setup.hub_identified, done ? std::string{} : done.error().what};
}

void TcpMachine::publish(UnitFacts& of_unit, const UnitFacts& found) {
  const std::lock_guard lock{facts_mutex_};
  of_unit = found;
}

sensing::Sample TcpMachine::read(units::Instant now) {
  adopt();
  protocol_.begin_cycle();
  begin_reading(drive_lane_);
  begin_reading(hub_lane_);
  await_answers(now + config_.answers_within);
  finish_reading(drive_lane_);
  finish_reading(hub_lane_);
  look_after_setup(now);
  return {protocol_.drive(), protocol_.hub(), setup_, protocol_.drive_registers(), protocol_.hub_registers()};
}

// Takes over what the keepers have made ready.
void TcpMachine::adopt() {
  if (drive_lane_.stage == Stage::Closed && drive_keeper_.handed_over()) {
    drive_lane_.stage = Stage::Idle;
    drive_lane_.misses = 0;
    protocol_.forget_drive_heartbeat();
    setup_.drive_identified = drive_data_.setup.drive_identified;
    setup_.limits_confirmed = drive_data_.setup.limits_confirmed && drive_data_.wanted == wanted_;
    setup_.watchdog_proven = drive_data_.setup.watchdog_proven;
    setup_.brake_proven = drive_data_.setup.brake_proven;
    // Other limits were asked for while the keeper was busy with the old ones.
    due_ = drive_data_.wanted != wanted_ ? Due::Install : Due::Nothing;
    set_up_again_at_ = time_.now() + config_.set_up_again_after;
  }
  if (hub_lane_.stage == Stage::Closed && hub_keeper_.handed_over()) {
    hub_lane_.stage = Stage::Idle;
    hub_lane_.misses = 0;
    protocol_.continue_hub_heartbeat_from(hub_data_.heartbeat);
    setup_.hub_identified = hub_data_.setup.hub_identified;
  }
}

// The answer to the last command is collected before the next request goes out; usually it is already there.
void TcpMachine::begin_reading(Lane& lane) {
  if (lane.stage == Stage::Closed) return;
  if (lane.stage == Stage::AwaitingWrite)
    serve(lane);
  else
    ask_read(lane);
}

void TcpMachine::ask_read(Lane& lane) {
  lane.asked_at = time_.now();
  lane.stage = Stage::AwaitingRead;
  const auto request = is_drive(lane) ? protocol_.drive_read_request() : protocol_.hub_read_request();
  if (!lane.keeper.link().ask(request)) retire(lane, true);
}

// Takes what has come on a lane and goes on to its next stage.
void TcpMachine::serve(Lane& lane) {
  TcpLink& link = lane.keeper.link();
  const bool usable = link.receive();

  if (lane.stage == Stage::AwaitingRead && !link.exchange().pending()) {
    lane.stage = Stage::Idle;
    lane.misses = 0;
    if (link.exchange().progress() == Progress::Done && is_drive(lane)) {
      protocol_.accept_drive_answer(link.exchange().answer(), lane.asked_at);
    } else if (link.exchange().progress() == Progress::Done) {
      protocol_.accept_hub_answer(link.exchange().answer(), lane.asked_at);
    } else if (is_drive(lane)) {
      protocol_.drive_answer_damaged();
    } else {
      protocol_.hub_answer_damaged();
    }
    const auto reading = is_drive(lane) ? protocol_.drive().reading : protocol_.hub().reading;
    if (link.exchange().progress() == Progress::Done && reading == sensing::Reading::Damaged)
      link.counters().count(LinkEvent::DamagedBlock);
  }
  if (!usable) return retire(lane, true);

  if (lane.stage == Stage::AwaitingWrite) {
    if (link.exchange().pending() && time_.now() < lane.write_deadline) return;
    link.give_up();
    ask_read(lane);
  }
}

// One wait for both links, until both reads are answered or the deadline has passed. However slowly a peer
// dribbles, the deadline is absolute.
void TcpMachine::await_answers(units::Instant deadline) {
  for (;;) {
    std::array<pollfd, 2> waiting{};
    std::array<Lane*, 2> lanes{};
    nfds_t count = 0;
    units::Instant wake = deadline;
    for (Lane* lane : {&drive_lane_, &hub_lane_}) {
      if (lane->stage != Stage::AwaitingWrite && lane->stage != Stage::AwaitingRead) continue;
      if (lane->stage == Stage::AwaitingWrite) wake = std::min(wake, lane->write_deadline);
      waiting[count] = {lane->keeper.link().descriptor(), POLLIN, 0};
      lanes[count] = lane;
      ++count;
    }
    if (count == 0) return;

    const units::Instant now = time_.now();
    const timespec left = as_timespec(wake - now);
    const int ready = ::ppoll(waiting.data(), count, &left, nullptr);
    for (nfds_t index = 0; index < count; ++index) {
      const bool overdue = lanes[index]->stage == Stage::AwaitingWrite && now >= lanes[index]->write_deadline;
      if ((ready > 0 && waiting[index].revents != 0) || overdue) serve(*lanes[index]);
    }
    // What had arrived by the deadline has been taken, even if we were the late ones.
    if (now >= deadline) return;
  }
}

void TcpMachine::finish_reading(Lane& lane) {
  if (lane.stage != Stage::AwaitingRead && lane.stage != Stage::AwaitingWrite) return;
  lane.keeper.link().give_up();
  lane.stage = Stage::Idle;
  if (++lane.misses >= config_.misses_before_reopening) retire(lane, true);
}

void TcpMachine::write(const safety::ApprovedCommand& command) {
  // The relay alone moves nothing: while the brake is tried the drive gets no command but the test.
  const bool relay_too = brake_is_tried_ && command.action() < safety::Action::TorqueOff;
  const auto requests = protocol_.command_requests(command, relay_too);
  const units::Instant deadline = time_.now() + config_.answers_within;
  send(drive_lane_, requests.drive, deadline);
  send(hub_lane_, requests.hub, deadline);
}

void TcpMachine::send(Lane& lane, std::span<const std::uint8_t> request, units::Instant deadline) {
  if (lane.stage == Stage::Closed) return;
  lane.stage = Stage::AwaitingWrite;
  lane.write_deadline = deadline;
  if (!lane.keeper.link().ask(request)) retire(lane, true);
}

// Gives the link back to its keeper. What had been established through it no longer holds, but for the
// proofs of watchdog and brake, which the keeper checks against the drive's boot counter.
void TcpMachine::retire(Lane& lane, bool open_again) {
  lane.stage = Stage::Closed;
  if (is_drive(lane)) {
    setup_.drive_identified = false;
    setup_.limits_confirmed = false;
    drive_data_.wanted = wanted_;
    due_ = Due::Nothing;
  } else {
    setup_.hub_identified = false;
  }
  lane.keeper.give_back(open_again);
}

void TcpMachine::look_after_setup(units::Instant now) {
  if (drive_lane_.stage == Stage::Closed) return;
  if (is_another_run(protocol_.drive().report, drive_data_.proofs)) nothing_proven(setup_);
  if (!drive_disabled()) return;
  if (due_ != Due::Nothing) return settle_limits();
  const bool proven = setup_.limits_confirmed && setup_.watchdog_proven;
  // Not before it can be: a drive that is set up is a drive that the cycle does not hear.
  const bool brake_waits = !setup_.brake_proven && !drive_data_.proofs.brake_slips &&
                           hub_lane_.stage != Stage::Closed && brake_may_be_tried(*protocol_.drive().report);
  if ((!proven || brake_waits) && now >= set_up_again_at_) retire(drive_lane_, false);
}

void TcpMachine::install(const safety::InstalledLimits& limits) {
  wanted_ = limits;
  setup_.limits_confirmed = false;
  if (drive_lane_.stage == Stage::Closed) return;  // the keeper's, once it hands over
  due_ = Due::Install;
  if (drive_disabled()) settle_limits();
}

void TcpMachine::compare_limits() {
  if (drive_lane_.stage == Stage::Closed || due_ != Due::Nothing) return;
  due_ = Due::Compare;
  if (drive_disabled()) settle_limits();
}

void TcpMachine::settle_limits() {
  TcpLink& link = drive_lane_.keeper.link();
  const units::Instant deadline = time_.now() + config_.install_within;
  // Nothing else may be on the stream while the library speaks.
  if (drive_lane_.stage == Stage::AwaitingWrite) {
    const timespec left = as_timespec(drive_lane_.write_deadline - time_.now());
    pollfd waiting{link.descriptor(), POLLIN, 0};
    ::ppoll(&waiting, 1, &left, nullptr);
    if (!link.receive()) return retire(drive_lane_, true);
    if (link.exchange().pending()) return;  // in the next cycle, then
    drive_lane_.stage = Stage::Idle;
  }
  ModbusPort port{link, config_.install_within, deadline};
  setup_.limits_confirmed = due_ == Due::Install
                                ? install_limits(port, wanted_).has_value()
                                : setup_.limits_confirmed && limits_in_force(port, wanted_).value_or(false);
  due_ = Due::Nothing;
  if (setup_.limits_confirmed) return;
  link.counters().count(LinkEvent::InstallFailed);
  set_up_again_at_ = time_.now() + config_.set_up_again_after;
  if (port.lost()) retire(drive_lane_, true);
}

// By the newest report, and only while that is of this cycle or the last.
bool TcpMachine::drive_disabled() const {
  const auto& report = protocol_.drive().report;
  return protocol_.drive().reading == sensing::Reading::Fresh && report && !report->enabled &&
         !report->torque_on && !report->stopping;
}

LinkStats TcpMachine::stats(StationUnit unit) const {
  return (unit == StationUnit::Drive ? drive_keeper_ : hub_keeper_).stats();
}

UnitFacts TcpMachine::facts(StationUnit unit) const {
  const std::lock_guard lock{facts_mutex_};
  return unit == StationUnit::Drive ? drive_facts_ : hub_facts_;
}

LinkKeeper::Report TcpMachine::report(StationUnit unit) const {
  return (unit == StationUnit::Drive ? drive_keeper_ : hub_keeper_).report();
}

}  // namespace plinth::drivers
