// Cycles of a station that never was: rest, a set, a trip. Only what a black box looks at is filled in.
#pragma once

#include "controller/record/black_box.hpp"

namespace plinth::record {

inline constexpr units::Duration Period = units::milliseconds(10);

class Story {
 public:
  explicit Story(BlackBox& box) : box_{box} {}

  Story& rests(units::Duration span, safety::Permission permission = safety::Permission::Ready) {
    const bool latched = permission == safety::Permission::Latched;
    return goes_on(span, permission, safety::Brake::Closed,
                   latched ? safety::Cause::Boot : safety::Cause::None,
                   latched ? safety::Action::DriveStop : safety::Action::Allow);
  }
  Story& trains(units::Duration span) {
    goes_on(units::milliseconds(500), safety::Permission::Armed, safety::Brake::Closed, safety::Cause::None,
            safety::Action::Allow);
    return goes_on(span - units::milliseconds(500), safety::Permission::Granted, safety::Brake::Open,
                   safety::Cause::None, safety::Action::Allow);
  }
  // The legs go down for as long as `span`.
  Story& trips(units::Duration span, safety::Cause cause = safety::Cause::GripReleased,
               safety::Action action = safety::Action::Release) {
    return goes_on(span, safety::Permission::Latched, safety::Brake::Open, cause, action);
  }
  Story& prescribed(const rehab::Prescription& prescription) {
    prescription_ = prescription;
    return *this;
  }

  [[nodiscard]] units::Instant now() const { return now_; }
  [[nodiscard]] std::uint64_t cycle() const { return cycle_; }

 private:
  Story& goes_on(units::Duration span, safety::Permission permission, safety::Brake brake,
                 safety::Cause cause, safety::Action action) {
    for (const auto end = now_ + span; now_ < end;) {
      now_ += Period;
      cycle::Record record;
      record.frame.cycle = ++cycle_;
      record.frame.now = now_;
      record.frame.outcome.permission = permission;
      record.frame.outcome.brake = brake;
      record.frame.outcome.cause = cause;
      record.frame.outcome.first_cause = cause;
      record.frame.outcome.action = action;
      record.prescription = prescription_;
      box_.add(record);
    }
    return *this;
  }

  BlackBox& box_;
  units::Instant now_{units::milliseconds(1'000'000)};
  std::uint64_t cycle_ = 0;
  std::optional<rehab::Prescription> prescription_;
};

inline Source a_source() {
  return {.plinth = "1.2.3", .station = "Room 3", .period = Period};
}

inline rehab::Prescription a_prescription(rehab::Phase phase = rehab::Phase::Foundation) {
  return *rehab::Prescription::checked(rehab::defaults_of(phase),
                                       rehab::typical_person(units::kilograms(78)));
}

}  // namespace plinth::record
