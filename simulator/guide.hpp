// What the patient sees of the training guide: on a screen in the room, or in their own head.
#pragma once

#include <cstdint>
#include <string_view>

#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::simulator {

// The parts of a repetition, as a scenario file and the eyes channel name and number them.
enum class Moment : std::uint8_t { Idle, RampIn, Lifting, Holding, Lowering, Resting, Unloading };
inline constexpr int MomentCount = 7;
std::string_view name_of(Moment moment);

struct GuideView {
  Moment moment = Moment::Idle;
  bool moving = false;      // the guide leads: keep the legs on the target. Otherwise let them hang
  bool hold_grips = false;  // "please hold both grips"
  units::Angle target{};
  units::AngularVelocity target_speed{};
  units::Angle low{};  // of the prescribed range
  units::Angle high{};
  std::uint16_t rep = 0;  // 1 is the first of the set; 0 before it
};

// What a person notices of the machine without any screen.
struct MachineSigns {
  bool carries_torque = false;  // brake released and torque on: one hears the one and feels the other
  units::Angle legs{};
};

// The prescription as the patient knows it.
struct Routine {
  units::Angle low = units::degrees(-60);
  units::Angle high = units::degrees(-5);
  double lift_s = 2.0;
  double hold_s = 1.0;
  double lower_s = 4.0;
  double rest_s = 0.0;
  std::uint16_t reps = 8;
  double count_in_s = 3.0;  // from the machine's coming to life to the first lift
};

// A patient who knows the prescription by heart: holds the grips, waits for the machine to come to life,
// counts in, and goes through the repetitions by an inner clock. Used where no screen can be seen (`serve`
// without eyes).
class OwnGuide {
 public:
  explicit OwnGuide(const Routine& routine) : routine_{routine} {}
  // Call with a time that never goes back.
  GuideView look(units::Duration now, const MachineSigns& signs);

 private:
  [[nodiscard]] GuideView led(double since_start_s) const;

  Routine routine_;
  bool running_ = false;
  units::Duration started_{};
  units::Duration idle_since_{};
  units::Angle from_{};
};

// A patient who watches the guide that somebody feeds: the closed loop every cycle, or another program
// through the eyes registers at about 50 Hz. Between updates the target goes on at its speed. When the feed
// stops for longer than `Patience` the patient lets the legs hang and opens the hands.
class FedGuide {
 public:
  static constexpr units::Duration Patience = units::milliseconds(300);

  void show(units::Duration now, const GuideView& view) {
    view_ = view;
    shown_ = now;
    ever_ = true;
  }
  [[nodiscard]] bool ever_shown() const { return ever_; }
  [[nodiscard]] GuideView look(units::Duration now) const;

 private:
  GuideView view_;
  units::Duration shown_{};
  bool ever_ = false;
};

}  // namespace plinth::simulator
