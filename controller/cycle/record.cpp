#include "controller/cycle/record.hpp"

#include <type_traits>
#include <variant>

namespace plinth::cycle {

namespace {

static_assert(std::is_trivially_copyable_v<Frame>);

Asked asked_by(const session::Intent& intent) {
  struct Name {
    Asked operator()(const session::LoadPrescription&) const { return Asked::LoadPrescription; }
    Asked operator()(const session::Start&) const { return Asked::Start; }
    Asked operator()(const session::Stop&) const { return Asked::Stop; }
    Asked operator()(const session::Reset&) const { return Asked::Reset; }
    Asked operator()(const session::EndSession&) const { return Asked::EndSession; }
  };
  return std::visit(Name{}, intent.body);
}

}  // namespace

Outcome outcome_of(const Snapshot& snapshot) {
  const safety::Verdict& verdict = snapshot.verdict;
  return {.permission = verdict.permission,
          .action = verdict.action,
          .cause = verdict.cause,
          .first_cause = verdict.first_cause,
          .latch = verdict.latch,
          .brake = verdict.brake,
          .active = verdict.active,
          .command = snapshot.command.drive(),
          .permit = snapshot.command.permit()};
}

Record record_of(const CycleInput& in, const Snapshot& snapshot) {
  Record record;
  Frame& frame = record.frame;
  frame.cycle = snapshot.cycle;
  frame.now = in.now;
  frame.drive_heard = in.sample.drive.report.has_value();
  frame.hub_heard = in.sample.hub.report.has_value();
  frame.drive_reading = in.sample.drive.reading;
  frame.hub_reading = in.sample.hub.reading;
  frame.drive_taken_at = in.sample.drive.taken_at;
  frame.hub_taken_at = in.sample.hub.taken_at;
  frame.drive = in.sample.drive_registers;
  frame.hub = in.sample.hub_registers;
  frame.setup = in.sample.setup;
  frame.stop = in.stop;
  if (in.intent) {
    frame.asked = asked_by(*in.intent);
    if (const auto* reset = std::get_if<session::Reset>(&in.intent->body)) frame.reset_level = reset->level;
  }
  frame.outcome = outcome_of(snapshot);
  frame.moment = snapshot.guidance.expectation.moment;
  frame.set = snapshot.guidance.set;
  frame.rep = snapshot.guidance.rep;
  record.prescription = snapshot.prescription;
  return record;
}

}  // namespace plinth::cycle
