// Latch and gate together under everything that can come at them: seeded random traces with values at and
// beside every boundary, and the invariants that must hold in each step.
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "controller/safety/gate_core.hpp"
#include "controller/safety/latch.hpp"

namespace plinth::safety {
namespace {

using sensing::DriveMode;
using Want = GateInput::Want;

// Dense at the edges, sparse elsewhere.
constexpr std::array Torques{-32767, -2501, -2500, -600, -341, -340, -311, -310, -1,   0,    1,    39,
                             40,     41,    310,   699,  700,  701,  1299, 1300, 1301, 2000, 32767};
constexpr std::array<unsigned, 10> LimitWords{0, 1, 700, 1299, 1300, 1301, 1999, 2000, 2001, 65535};
constexpr std::array Trips{Cause::ComfortStop,    Cause::GripReleased, Cause::EStopOpen,
                           Cause::DriveIgnores,   Cause::Sag,          Cause::OverForce,
                           Cause::StopUnverified, Cause::ConsoleStop};

class Trace {
 public:
  explicit Trace(std::uint32_t seed) : random_{seed} {}

  void steps(int count) {
    for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) step();
  }
  [[nodiscard]] int grants() const { return grants_; }
  [[nodiscard]] int trips() const { return trips_; }
  [[nodiscard]] int resets() const { return resets_; }

 private:
  bool chance(int percent) { return static_cast<int>(random_() % 100U) < percent; }
  template <typename Array>
  auto any(const Array& values) {
    return values.at(random_() % values.size());
  }

  // Mostly a plausible station, so that sets do run; now and then nonsense.
  LatchEvents draw_events() {
    LatchEvents events;
    events.elapsed_ms = chance(98) ? 10 : static_cast<std::uint16_t>(random_() % 65536U);
    if (chance(1)) events.trip = any(Trips);
    events.cause_present = events.trip.has_value() || chance(1);
    events.at_rest = brake_ == Brake::Closed && chance(97);
    if (chance(3)) events.reset = static_cast<LatchLevel>(random_() % 4U);
    events.start = chance(5);
    events.left_grip = chance(60);
    events.right_grip = chance(60);
    events.set_finished = chance(1);
    if (chance(2)) events.obstacle = rehab::RefusalCode::PatientAbsent;
    events.drive_ready = chance(95);
    return events;
  }

  GateInput draw_input(const Latch::Answer& answer) {
    GateInput in;
    in.caps = {.torque_dnm = 1300,
               .resisting_limit_dnm = 2000,
               .supporting_limit_dnm = 2500,
               .lowering_support_dnm = 1900,
               .arm_dnm = 310,
               .carried_legs_dnm = 300,
               .lifting_speed_mrad_s = 1300,
               .lowering_speed_mrad_s = 800,
               .slew_nm_s = 4000,
               .wall_high_dmrad = -900};
    in.elapsed_ms = chance(95) ? 10 : static_cast<std::uint16_t>(random_() % 2000U);
    in.granted = latch_.permission() == Permission::Granted;
    in.action = latch_.action();
    if (in.granted && chance(10)) in.action = Action::Limit;
    in.want = chance(90) ? Want::Torque : static_cast<Want>(random_() % 3U);
    in.torque.torque_dnm = static_cast<std::int16_t>(any(Torques));
    in.torque.resisting_limit_dnm = static_cast<std::uint16_t>(any(LimitWords));
    in.torque.supporting_limit_dnm = static_cast<std::uint16_t>(any(LimitWords));
    in.torque.lifting_speed_limit_mrad_s = static_cast<std::uint16_t>(any(LimitWords));
    in.torque.lowering_speed_limit_mrad_s = static_cast<std::uint16_t>(any(LimitWords));
    in.torque.enable = chance(50);  // what a demand may not decide
    in.torque.fault_reset = chance(50);
    in.torque.mode = static_cast<DriveMode>(random_() % 6U);
    in.no_upward_torque = chance(10);
    in.no_downward_torque = chance(10);
    in.rising = chance(50);
    in.falling = chance(5);
    in.sinking = chance(10);
    in.angle_doubted = chance(5);
    in.brake = brake_;
    in.gravity_permille = static_cast<int>(random_() % 1201U) - 100;
    in.rest_dmrad = -12000;
    in.latch_cleared = answer.cleared_now;
    return in;
  }

  void step() {
    const Permission before = latch_.permission();
    const Cause first_before = latch_.first_cause();
    const Action action_before = latch_.action();
    const LatchEvents events = draw_events();
    const Latch::Answer answer = latch_.step(events);
    const Permission now = latch_.permission();

    // A stop is always honoured, from every state.
    if (events.trip) {
      ++trips_;
      ASSERT_EQ(now, Permission::Latched);
      ASSERT_GE(latch_.action(), rule_of(*events.trip).action);
    }
    // A latch is left only by an edge of a reset of sufficient level, at rest, the cause gone; and to Ready
    // only.
    if (before == Permission::Latched && now != Permission::Latched) {
      ++resets_;
      ASSERT_EQ(now, Permission::Ready);
      ASSERT_TRUE(answer.cleared_now && events.reset && !reset_before_ && events.at_rest);
      ASSERT_FALSE(events.trip || events.cause_present);
    }
    // A reset never starts; torque needs both acts of two people.
    if (now == Permission::Granted && before != Permission::Granted) {
      ++grants_;
      ASSERT_EQ(before, Permission::Armed);
      ASSERT_TRUE(events.left_grip && events.right_grip && !events.obstacle && events.drive_ready);
    }
    if (now == Permission::Armed && before != Permission::Armed) {
      ASSERT_TRUE(events.start && !start_before_);
    }
    // The first cause is kept, and nothing becomes milder while latched.
    if (before == Permission::Latched && now == Permission::Latched) {
      ASSERT_EQ(latch_.first_cause(), first_before);
      ASSERT_GE(latch_.action(), action_before);
    }
    ASSERT_LE(latch_.armed_left_ms(), Latch::ArmedMs);
    reset_before_ = events.reset.has_value();
    start_before_ = events.start;

    check_command(draw_input(answer));
    move_brake();
  }

  void check_command(const GateInput& in) {
    const GateCore::Phase was = gate_.phase();
    const WireCommand command = gate_.step(in);
    const bool may = in.granted && in.action <= Action::Limit;
    // Without a permission no torque is begun; what is left of a load only falls.
    if (!may) {
      if (last_.mode != DriveMode::Torque) {
        ASSERT_NE(command.mode, DriveMode::Torque);
      }
      if (command.mode == DriveMode::Torque) {
        ASSERT_LE(command.torque_dnm, last_.torque_dnm);
      }
      ASSERT_LE(std::max<int>(command.torque_dnm, 0), std::max<int>(last_.torque_dnm, 0));
      // The drive may resist no more than before; from torque on, no more than that torque.
      const int had = was == GateCore::Phase::Torque ? std::max<int>(last_.torque_dnm, 0)
                                                     : static_cast<int>(last_.resisting_limit_dnm);
      ASSERT_LE(static_cast<int>(command.resisting_limit_dnm), had);
    }
    // Every cap, on the wire.
    ASSERT_LE(command.torque_dnm, in.caps.torque_dnm);
    ASSERT_LE(static_cast<int>(command.resisting_limit_dnm), in.caps.resisting_limit_dnm);
    ASSERT_LE(static_cast<int>(command.supporting_limit_dnm), in.caps.supporting_limit_dnm);
    ASSERT_LE(command.torque_dnm, static_cast<int>(command.resisting_limit_dnm));
    ASSERT_GE(command.torque_dnm, -static_cast<int>(command.supporting_limit_dnm));
    ASSERT_LE(static_cast<int>(command.lifting_speed_limit_mrad_s), in.caps.lifting_speed_mrad_s);
    ASSERT_LE(static_cast<int>(command.lowering_speed_limit_mrad_s), in.caps.lowering_speed_mrad_s);
    if (gate_.phase() == GateCore::Phase::Torque) {
      ASSERT_TRUE(may);
      const int from = last_.mode == DriveMode::Torque ? last_.torque_dnm : 0;
      const int lowest = -(310 + 300 + 30);
      ASSERT_GE(command.torque_dnm, lowest);  // support never pushes
      if (from >= lowest * std::clamp(in.gravity_permille, 0, 1000) / 1000) {
        ASSERT_LE(command.torque_dnm, std::max(from + 40, 0));
      }
      if (in.action == Action::Limit && from >= 0) {
        ASSERT_LE(command.torque_dnm, from);
      }
      if (in.no_downward_torque) {
        ASSERT_LE(command.torque_dnm, 0);
      }
    }
    if (command.mode != DriveMode::Torque) {
      ASSERT_EQ(command.torque_dnm, 0);
    }
    if (!command.enable) {
      ASSERT_FALSE(command.run);
    }
    if (command.fault_reset) {
      ASSERT_FALSE(command.enable);
    }
    if (in.action == Action::TorqueOff) {
      ASSERT_FALSE(command.enable);
    }
    if (in.action == Action::DriveStop) {
      ASSERT_FALSE(command.run);
    }
    ASSERT_FALSE(command.hold_position);
    ASSERT_EQ(command.position_dmrad, in.rest_dmrad);
    last_ = command;
  }

  void move_brake() {
    if (last_.run && last_.mode == DriveMode::Torque)
      brake_ = Brake::Open;
    else if (!last_.enable)
      brake_ = Brake::Closed;
    else if (chance(2))
      brake_ = Brake::Closed;
    if (chance(1)) brake_ = static_cast<Brake>(random_() % 3U);
  }

  std::mt19937 random_;
  Latch latch_;
  GateCore gate_{10};
  WireCommand last_{};
  Brake brake_ = Brake::Closed;
  bool reset_before_ = true;
  bool start_before_ = true;
  int grants_ = 0;
  int trips_ = 0;
  int resets_ = 0;
};

TEST(LatchAndGate, KeepTheirInvariantsInAMillionRandomSteps) {
  int grants = 0;
  int trips = 0;
  int resets = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Trace trace{seed};
    trace.steps(50'000);
    if (HasFailure()) return;
    grants += trace.grants();
    trips += trace.trips();
    resets += trace.resets();
  }
  // The traces did go everywhere.
  EXPECT_GT(grants, 200);
  EXPECT_GT(trips, 5'000);
  EXPECT_GT(resets, 200);
}

// From every torque and every phase of a release: a stop is followed to its end within a bounded time.
TEST(LatchAndGate, UnloadFromEveryTorqueWithin300MsWhateverTheArmDoes) {
  for (int torque = -640; torque <= 1300; ++torque) {
    for (const bool rising : {false, true}) {
      GateCore gate{10};
      GateInput in;
      in.caps = {.torque_dnm = 1300,
                 .resisting_limit_dnm = 2000,
                 .supporting_limit_dnm = 2500,
                 .lowering_support_dnm = 1900,
                 .arm_dnm = 310,
                 .carried_legs_dnm = 300,
                 .lifting_speed_mrad_s = 1300,
                 .lowering_speed_mrad_s = 800,
                 .slew_nm_s = 4000,
                 .wall_high_dmrad = -900};
      in.granted = true;
      in.action = Action::Allow;
      in.brake = Brake::Open;
      in.gravity_permille = 1000;
      in.want = Want::Torque;
      in.torque.torque_dnm = static_cast<std::int16_t>(torque);
      in.torque.resisting_limit_dnm = 2000;
      in.torque.supporting_limit_dnm = 2500;
      GateInput at_rest = in;
      at_rest.brake = Brake::Closed;
      at_rest.granted = false;
      gate.step(at_rest);
      for (int i = 0; i < 40; ++i) gate.step(in);
      in.granted = false;
      in.action = Action::Release;
      in.rising = rising;
      WireCommand command;
      int before = torque;
      for (int ms = 10; ms <= 250; ms += 10) {
        command = gate.step(in);
        const int load = command.mode == DriveMode::Torque ? command.torque_dnm : std::min(before, -310);
        ASSERT_LE(load, before);
        before = load;
      }
      ASSERT_LE(before, -310) << torque;  // a weightless arm: nothing is added any more
      for (int ms = 260; ms <= 500; ms += 10) command = gate.step(in);
      ASSERT_EQ(command.mode, DriveMode::Lowering) << torque;
      ASSERT_EQ(command.resisting_limit_dnm, 0);
    }
  }
}

}  // namespace
}  // namespace plinth::safety
