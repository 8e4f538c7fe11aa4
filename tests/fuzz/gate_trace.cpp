// Latch and gate under a trace of events and demands written by the fuzzer. The invariants are those of the
// room (controller/safety/README.md); nothing that is asked for may break one.
#include <array>
#include <optional>

#include "controller/safety/gate_core.hpp"
#include "controller/safety/latch.hpp"
#include "controller/safety/rules.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth::safety;
using plinth::fuzz::Bytes;
using plinth::fuzz::require;
using plinth::sensing::DriveMode;

// An added load is gone so long after it may not be there any more.
constexpr int UnloadedMs = 300;

WireCaps caps_from(Bytes& in) {
  const auto number = [&in](unsigned most) { return static_cast<int>(in.word() % (most + 1)); };
  return {.torque_dnm = number(2000),
          .resisting_limit_dnm = number(2500),
          .supporting_limit_dnm = number(2500),
          .lowering_support_dnm = number(2500),
          .arm_dnm = number(400),
          .carried_legs_dnm = number(1000),
          .lifting_speed_mrad_s = number(2500),
          .lowering_speed_mrad_s = number(2500),
          .slew_nm_s = number(5000)};
}

LatchEvents events_from(Bytes& in, std::uint16_t period_ms) {
  LatchEvents events;
  const unsigned what = in.byte();
  events.elapsed_ms = what == 0x7F ? std::uint16_t{600} : period_ms;  // a cause is gone sooner
  if (what >= 0xF0) events.trip = static_cast<Cause>(1 + in.below(CauseCount - 1));
  if (what >= 0xE0 && what < 0xF0) events.reset = static_cast<LatchLevel>(in.below(4));
  events.cause_present = events.trip.has_value() || what == 0xE5;
  events.at_rest = (what & 1U) == 0;
  events.start = (what & 2U) != 0;
  events.left_grip = (what & 4U) != 0;
  events.right_grip = (what & 8U) != 0;
  events.set_finished = what == 0x7C;
  if (what == 0x7D) events.obstacle = plinth::rehab::RefusalCode::PatientAbsent;
  events.drive_ready = what != 0x7E;
  return events;
}

GateInput input_from(Bytes& in, const WireCaps& caps) {
  GateInput input;
  input.caps = caps;
  const unsigned how = in.byte();
  input.want = how < 0xC0 ? GateInput::Want::Torque : static_cast<GateInput::Want>(how % 3);
  input.torque.torque_dnm = static_cast<std::int16_t>(in.word());
  if ((how & 1U) != 0) {  // else no limits are asked for but the largest
    input.torque.resisting_limit_dnm = in.word();
    input.torque.supporting_limit_dnm = in.word();
    input.torque.lifting_speed_limit_mrad_s = in.word();
    input.torque.lowering_speed_limit_mrad_s = in.word();
  } else {
    input.torque.resisting_limit_dnm = 0xFFFF;
    input.torque.supporting_limit_dnm = 0xFFFF;
    input.torque.lifting_speed_limit_mrad_s = 0xFFFF;
    input.torque.lowering_speed_limit_mrad_s = 0xFFFF;
  }
  // What no demand may decide.
  input.torque.enable = true;
  input.torque.run = true;
  input.torque.fault_reset = true;
  input.torque.hold_position = true;
  input.torque.mode = DriveMode::Position;
  input.torque.slew_nm_s = 0xFFFF;
  input.torque.position_dmrad = 12345;
  const unsigned seen = in.byte();
  input.no_upward_torque = (seen & 1U) != 0;
  input.no_downward_torque = (seen & 2U) != 0;
  input.rising = (seen & 4U) != 0;
  input.falling = (seen & 0xF8U) == 0xF8U;
  input.gravity_permille = static_cast<int>(in.byte()) * 5 - 100;
  return input;
}

class Story {
 public:
  explicit Story(Bytes& in)
      : in_{in},
        period_ms_{static_cast<std::uint16_t>(2 + in.below(49))},
        caps_{caps_from(in)},
        gate_{period_ms_} {}

  void step() {
    const Latch::Answer answer = step_latch();
    GateInput input = input_from(in_, caps_);
    input.granted = latch_.permission() == Permission::Granted;
    input.action = latch_.action();
    if (input.granted && in_.below(8) == 0) input.action = Action::Limit;
    input.latch_cleared = answer.cleared_now;
    input.brake = brake_;
    input.rest_dmrad = -12000;
    const GateCore::Phase was = gate_.phase();
    const WireCommand command = gate_.step(input);
    check_caps(input, command);
    check_way_down(input, was, command);
    check_torque(input, command);
    last_ = command;
    move_brake();
  }

 private:
  Latch::Answer step_latch() {
    const Permission before = latch_.permission();
    const Cause first = latch_.first_cause();
    const Action action = latch_.action();
    const LatchEvents events = events_from(in_, period_ms_);
    const Latch::Answer answer = latch_.step(events);
    const Permission now = latch_.permission();
    if (events.trip) {
      require(now == Permission::Latched && latch_.action() >= rule_of(*events.trip).action,
              "a stop is honoured from every state");
    }
    if (before == Permission::Latched && now != Permission::Latched) {
      require(now == Permission::Ready && answer.cleared_now && events.reset && !reset_before_ &&
                  events.at_rest && !events.cause_present,
              "a latch is left by a reset's edge, at rest, the cause gone, and never beyond Ready");
    }
    if (now == Permission::Granted && before != Permission::Granted) {
      require(before == Permission::Armed && events.left_grip && events.right_grip && !events.obstacle &&
                  events.drive_ready,
              "torque needs the console's Start and both grips");
    }
    if (now == Permission::Armed && before != Permission::Armed) {
      require(before == Permission::Ready && events.start && !start_before_, "only Start's edge arms");
    }
    if (before == Permission::Latched && now == Permission::Latched) {
      require(latch_.first_cause() == first && latch_.action() >= action,
              "the first cause is kept and nothing grows milder");
    }
    reset_before_ = events.reset.has_value();
    start_before_ = events.start;
    return answer;
  }

  static void check_caps(const GateInput& in, const WireCommand& out) {
    const WireCaps& caps = in.caps;
    require(out.torque_dnm <= caps.torque_dnm, "torque is within its cap");
    require(out.resisting_limit_dnm <= caps.resisting_limit_dnm, "the resisting limit is within its cap");
    require(out.supporting_limit_dnm <=
                std::max({caps.supporting_limit_dnm, caps.lowering_support_dnm, caps.arm_dnm}),
            "the supporting limit is within its caps");
    require(out.torque_dnm <= static_cast<int>(out.resisting_limit_dnm) &&
                -out.torque_dnm <= static_cast<int>(out.supporting_limit_dnm),
            "torque is within its own limits");
    require(out.lifting_speed_limit_mrad_s <= caps.lifting_speed_mrad_s, "lifting speed is within its cap");
    require(out.lowering_speed_limit_mrad_s <= std::max(caps.lowering_speed_mrad_s, 174),
            "lowering speed is within its cap, or the 10 °/s of every way down");
    require(out.slew_nm_s <= caps.slew_nm_s, "the slew is within its cap");
    require(out.mode == DriveMode::Torque || out.torque_dnm == 0, "torque goes with torque mode");
    require(out.enable || !out.run, "nothing runs that is not enabled");
    require(!out.fault_reset || !out.enable, "faults are reset while disabled");
    require(!out.hold_position, "legs are never held up by position");
    require(out.velocity_mrad_s <= 0, "nothing is ever driven upward");
    require(out.position_dmrad == in.rest_dmrad, "the rest is the one that was measured");
    require(in.action != Action::TorqueOff || !out.enable, "torque off is off");
    require(in.action != Action::DriveStop || !out.run, "a drive stop lets the drive do it");
  }

  // The added load, as the legs feel it beyond the weight of arm and legs.
  void check_way_down(const GateInput& in, GateCore::Phase was, const WireCommand& out) {
    const bool may = in.granted && in.action <= Action::Limit;
    if (may) {
      forbidden_ms_ = 0;
      return;
    }
    require(out.mode != DriveMode::Torque ||
                (last_.mode == DriveMode::Torque && out.torque_dnm <= last_.torque_dnm),
            "without a permission no torque begins, and what is left only falls");
    const int had = was == GateCore::Phase::Torque ? std::max<int>(last_.torque_dnm, 0)
                                                   : static_cast<int>(last_.resisting_limit_dnm);
    require(out.resisting_limit_dnm <= had, "nor may the drive resist more than it did");
    forbidden_ms_ += period_ms_;
    if (forbidden_ms_ > UnloadedMs + period_ms_) {
      require(out.mode != DriveMode::Torque || out.torque_dnm <= 0, "after the way down there is no load");
    }
    if (forbidden_ms_ > 500 + period_ms_) {
      require(out.mode != DriveMode::Torque && out.resisting_limit_dnm == 0,
              "after it the drive lowers, and resists nothing");
    }
  }

  void check_torque(const GateInput& in, const WireCommand& out) const {
    if (gate_.phase() != GateCore::Phase::Torque) return;
    require(in.granted && in.action <= Action::Limit, "only a permission lets torque flow");
    const int share = std::clamp(in.gravity_permille, 0, 1000);
    const int weight = (in.caps.arm_dnm * share) / 1000 + (in.caps.carried_legs_dnm * share) / 1000;
    require(-out.torque_dnm <= weight + 30, "support carries weight and never pushes");
    const int before = last_.mode == DriveMode::Torque ? last_.torque_dnm : 0;
    require(out.torque_dnm <= std::max(before + 4 * period_ms_, 0), "a load comes slowly");
    require(in.action != Action::Limit || out.torque_dnm <= std::max(before, 0), "a limit lets nothing rise");
    require(!in.no_downward_torque || out.torque_dnm <= 0, "no torque drives the arm further down");
    require(!in.no_upward_torque || -out.torque_dnm <= (in.caps.arm_dnm * share) / 1000,
            "nor further up, beyond the arm's own weight");
  }

  void move_brake() {
    const unsigned chance = in_.byte();
    if (last_.run && last_.mode == DriveMode::Torque) {
      brake_ = Brake::Open;
    } else if (!last_.enable || chance < 8) {
      brake_ = Brake::Closed;
    }
    if (chance == 0xFF) brake_ = static_cast<Brake>(in_.below(3));
  }

  Bytes& in_;
  std::uint16_t period_ms_;
  WireCaps caps_;
  Latch latch_;
  GateCore gate_;
  WireCommand last_{};
  Brake brake_ = Brake::Closed;
  bool reset_before_ = true;
  bool start_before_ = true;
  int forbidden_ms_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in{data, size};
  Story story{in};
  while (!in.empty()) story.step();
  return 0;
}
