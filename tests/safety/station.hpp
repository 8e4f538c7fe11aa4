// A station for tests: healthy readings that a test bends in one place, a drive that obeys, virtual time.
#pragma once

#include <string_view>

#include "controller/safety/gate.hpp"
#include "controller/safety/supervisor.hpp"

namespace plinth::safety::testing {

// Strength phase, −60…−5°, 120 N, 2-1-4-0, ten reps, a person of 78 kg.
rehab::Prescription strength_prescription();

class Station {
 public:
  static constexpr units::Duration Period = units::milliseconds(10);

  Station();

  // --- what the next cycle will read ---
  sensing::Estimate estimate;
  rehab::Expectation expectation;
  Requests requests;  // of the next cycle only
  std::optional<Limits> limits;
  rehab::DriveDemand demand = rehab::NoDemand{};
  bool drive_follows = true;  // reports the mode, set-point and torque that were commanded
  bool drive_hears = true;    // accepts every heartbeat

  // --- one cycle, or several ---
  const Verdict& cycle();
  const Verdict& run(units::Duration time);

  [[nodiscard]] const Verdict& verdict() const { return verdict_; }
  [[nodiscard]] const ApprovedCommand& command() const { return command_; }
  [[nodiscard]] const WireCommand& wire() const { return command_.drive(); }

  // --- the way to a set ---
  void reset(LatchLevel level = LatchLevel::Therapist);  // after half a second of rest
  void start();
  void squeeze();
  // Boot, reset, start, grips, 400 ms of torque on the legs with the arm in the middle of its range, lifting.
  void train();
  // Places the arm and everything that reads it, without the movement in between.
  void place(units::Angle angle, units::AngularVelocity velocity = units::degrees_per_second(0));
  void expect(rehab::Moment moment, units::Angle target);
  void brake(bool closed);

  sensing::DriveReport& drive() { return *estimate.drive_report; }
  sensing::HubReport& hub() { return *estimate.hub_report; }

  // The constant load of the prescription, at the arm's angle.
  [[nodiscard]] rehab::TorqueDemand load_demand() const;

 private:
  void obey();

  Supervisor supervisor_{Period};
  Gate gate_{Period};
  Verdict verdict_;
  ApprovedCommand command_;
  units::Instant now_{};
  bool told_to_stop_ = false;
};

// In the middle of a lift.
struct Training : Station {
  Training() { train(); }
};

// Bends a training station, runs it for `time` and gives the first cause; None when it goes on.
template <typename Bend>
Cause after(units::Duration time, Bend bend) {
  Training station;
  bend(station);
  station.run(time);
  return station.verdict().first_cause;
}

// "granted"; for readable failures.
inline std::string_view permission(const Station& station) {
  return name_of(station.verdict().permission);
}

}  // namespace plinth::safety::testing
