// The whole machine and its patient in one value: physics, drive, hub and faults on one virtual clock.
//
// Whoever owns it moves the clock (`advance_to`) and speaks Modbus PDUs to it (`handle`): the closed loop in
// virtual time as fast as the processor allows, `serve` at the pace of the wall clock. Nothing in it reads a
// clock, allocates after construction, or knows the controller. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"
#include "simulator/faults.hpp"
#include "simulator/faulty_bus.hpp"
#include "simulator/guide.hpp"
#include "simulator/load_cell_hub.hpp"
#include "simulator/patient.hpp"
#include "simulator/plant.hpp"
#include "simulator/resistance_unit.hpp"

namespace plinth::simulator {

struct StationSetup {
  PatientSetup patient;
  // With a routine the patient trains it by heart until somebody feeds the eyes; without one the patient
  // waits for the eyes.
  std::optional<Routine> by_heart;
  std::vector<PlannedFault> faults;
  std::uint64_t seed = 1;
  // Faster than this the prescription lets nobody be, lifting and lowering.
  units::AngularVelocity fastest_lift = units::degrees_per_second(40);
  units::AngularVelocity fastest_lowering = units::degrees_per_second(40);
};

// What is, as opposed to what any sensor says. For judges and traces; never for the controller.
struct Truth {
  units::Duration time{};  // since the start
  units::Angle arm_angle{};
  units::Angle leg_angle{};
  units::AngularVelocity arm_speed{};
  units::AngularVelocity leg_speed{};
  units::Force machine_force{};   // on the legs at the cuff, positive pulls down; inertia of the arm included
  units::Force added_load{};      // (motor torque + arm's weight) ÷ radius: what the station calls load
  units::Torque motor_torque{};   // positive pulls down
  units::Torque muscle_torque{};  // of the person, positive lifts
  units::Torque obstacle_torque{};  // of what stands under the arm
  bool brake_closed = true;
  bool torque_on = false;
  bool let_go = false;  // the patient has dropped the legs
};

class VirtualStation {
 public:
  static constexpr units::Duration Tick = units::milliseconds(1);
  static constexpr std::uint8_t DriveUnitId = 1;
  static constexpr std::uint8_t HubUnitId = 2;

  explicit VirtualStation(const StationSetup& setup);

  // Simulates whole ticks until `time` since the start; a time in the past does nothing. After every tick
  // `on_tick` is called with the station, for judges and traces.
  template <typename OnTick>
  void advance_to(units::Duration time, OnTick&& on_tick) {
    while (now_ + Tick <= time) {
      tick();
      on_tick(*this);
    }
  }
  void advance_to(units::Duration time) {
    while (now_ + Tick <= time) tick();
  }
  void tick();
  [[nodiscard]] units::Duration now() const { return now_; }

  // Answers one Modbus PDU (function code first) addressed to `unit`. `reply` must hold MaxPdu (253) bytes.
  // Returns the reply's length; 0 means no answer comes: unit unknown, or muted by a fault.
  std::size_t handle(std::uint8_t unit, std::span<const std::uint8_t> request, std::span<std::uint8_t> reply);

  // Shows the patient the guide, as of now. Once shown, it must be repeated at least every 300 ms: a patient
  // whose screen has gone lets the legs hang and opens the hands.
  void show_guide(const GuideView& view) { hub_.eyes().show(now_, view); }

  [[nodiscard]] Truth truth() const;
  [[nodiscard]] std::span<const FaultRecord> faults() const { return faults_.records(); }
  // What is wrong now. Whoever plays the host or the control law acts out those two rooms.
  [[nodiscard]] Wrongs& wrongs() { return *wrongs_; }
  [[nodiscard]] const Patient& patient() const { return patient_; }
  [[nodiscard]] const Plant& plant() const { return plant_; }
  [[nodiscard]] const Drive& drive() const { return drive_unit_.drive(); }
  [[nodiscard]] const LoadCellHub& hub() const { return hub_; }
  // What the patient is looking at.
  [[nodiscard]] const GuideView& view() const { return view_; }
  [[nodiscard]] Legs legs() const { return legs_; }
  // Where this person's relaxed legs and the arm hang in balance.
  [[nodiscard]] units::Angle rest_angle() const { return units::radians(plant_.rest_angle()); }

 private:
  std::size_t serve(std::uint8_t unit, std::span<const std::uint8_t> request, std::span<std::uint8_t> reply);
  void let_the_patient_think();
  void weigh_the_pads();
  void sample_the_hub();
  void advance_faults();
  void open_circuits();
  void watch_the_pace();
  PlantInput plant_input();

  // On the heap, for the units look at it from wherever the station is moved to.
  std::unique_ptr<Wrongs> wrongs_ = std::make_unique<Wrongs>();
  Legs legs_;
  double mass_kg_;
  double fastest_lift_;  // rad/s
  double fastest_lowering_;
  Plant plant_;
  Patient patient_;
  ResistanceUnit drive_unit_;
  LoadCellHub hub_;
  std::optional<OwnGuide> own_guide_;
  FaultScript faults_;
  GuideView view_;
  units::Duration now_{};
  std::uint32_t ticks_ = 0;
  double muscle_ = 0.0;
  FaultyEncoder encoder_;
  FaultyBus bus_;
  std::optional<double> obstacle_;  // where it stands, rad of the arm
  double braked_at_ = 0.0;          // the arm's angle as the brake shut
  StopCircuits circuits_;
  HubInputs hub_inputs_;
};

}  // namespace plinth::simulator
