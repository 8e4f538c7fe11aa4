#include "controller/service/journal.hpp"

#include <spdlog/spdlog.h>

#include "controller/safety/rules.hpp"

namespace plinth::service {

bool runs_a_set(session::Stage stage) {
  return stage == session::Stage::CountIn || stage == session::Stage::Training;
}

namespace {

void note_stage(const session::Guidance& before, const session::Guidance& after) {
  if (after.stage == before.stage) return;
  spdlog::info("stage from={} to={} set={}/{} reps_counted={}/{}", name_of(before.stage),
               name_of(after.stage), after.set, after.sets, after.score.reps_counted, after.reps);
  if (runs_a_set(before.stage) && !runs_a_set(after.stage) && after.last_set_end) {
    spdlog::info("set_end set={} reason={} in_tube={:.2f}", after.set, name_of(*after.last_set_end),
                 after.score.in_tube);
  }
}

void note_verdict(const safety::Verdict& before, const safety::Verdict& after) {
  if (after.first_cause != before.first_cause) {
    if (after.first_cause == safety::Cause::None) {
      spdlog::info("latch_cleared cause={}", safety::rule_of(before.first_cause).name);
    } else {
      spdlog::warn("trip cause={} action={} latch={}", safety::rule_of(after.first_cause).name,
                   name_of(after.action), name_of(after.latch));
    }
  } else if (after.action != before.action && after.action > safety::Action::Limit) {
    spdlog::warn("action from={} to={} cause={}", name_of(before.action), name_of(after.action),
                 safety::rule_of(after.cause).name);
  }
}

}  // namespace

void note_changes(const cycle::Snapshot& before, const cycle::Snapshot& after) {
  note_stage(before.guidance, after.guidance);
  note_verdict(before.verdict, after.verdict);
}

}  // namespace plinth::service
