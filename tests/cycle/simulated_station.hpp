// The control loop before the simulated machine and its patient, on a clock that a test moves.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "controller/cycle/control_loop.hpp"
#include "drivers/direct_machine.hpp"
#include "simulator/virtual_station.hpp"

namespace plinth::cycle {

inline constexpr units::Duration Period = units::milliseconds(10);

inline rehab::Prescription prescribed(double mass_kg, double load_n, int sets, int reps) {
  auto draft = rehab::defaults_of(rehab::Phase::Strength);
  draft.load = units::newtons(load_n);
  draft.sets = sets;
  draft.reps = reps;
  return rehab::Prescription::checked(draft, rehab::typical_person(units::kilograms(mass_kg))).value();
}

// What the patient's screen shows.
inline simulator::GuideView screen_of(const Snapshot& snapshot) {
  simulator::GuideView view;
  const auto permission = snapshot.verdict.permission;
  view.hold_grips = permission == safety::Permission::Armed || permission == safety::Permission::Granted;
  view.moving = snapshot.guidance.stage == session::Stage::Training;
  view.target = snapshot.guidance.expectation.target;
  view.target_speed = snapshot.guidance.expectation.target_speed;
  view.rep = snapshot.guidance.rep;
  return view;
}

struct StationHandler {
  simulator::VirtualStation* station;
  std::size_t operator()(std::uint8_t unit, std::span<const std::uint8_t> request,
                         std::span<std::uint8_t> reply) const {
    return station->handle(unit, request, reply);
  }
};
using SimulatedMachine = drivers::DirectMachine<StationHandler>;

// The physio: clears a latch, presses Start when the station is ready. Nothing more than once a second.
class Physio {
 public:
  std::optional<session::IntentBody> wish(const Snapshot& snapshot) {
    if (snapshot.at < not_before_) return std::nullopt;
    std::optional<session::IntentBody> body;
    if (snapshot.guidance.stage == session::Stage::NoPrescription) return std::nullopt;
    if (snapshot.verdict.permission == safety::Permission::Latched)
      body = session::Reset{safety::LatchLevel::Therapist};
    else if (snapshot.guidance.stage == session::Stage::Ready)
      body = session::Start{};
    if (body) not_before_ = snapshot.at + units::milliseconds(1000);
    return body;
  }

 private:
  units::Instant not_before_{};
};

}  // namespace plinth::cycle
