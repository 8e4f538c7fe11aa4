// The spotter: notices when a lift has stalled, takes load off, and says when it is enough.
#pragma once

#include "controller/units/quantities.hpp"
#include "controller/units/time.hpp"

namespace plinth::session {

// A value that lives as long as its set: within a set the load only ever goes down.
//
// It watches the lift alone. A hold, a rest and a lowering are never a stall, however slow; nor is a slow
// lift that keeps up with its guide.
class Spotter {
 public:
  // A lift that gains less than this …
  static constexpr units::Angle Progress = units::degrees(2);
  // … in this time, with the person out of the tube behind the guide, has stalled.
  static constexpr units::Duration Patience = units::milliseconds(1500);
  // Then the load loses a tenth of the prescribed every half second, as far as half; another half second
  // without progress and the set is over.
  static constexpr units::Duration StepTime = units::milliseconds(500);
  static constexpr double Step = 0.1;
  static constexpr double Least = 0.5;
  // Legs that come down this far from the highest point of their lift have sagged.
  static constexpr units::Angle Sagging = units::degrees(5);

  // Call when a lift begins, with the angle it begins at.
  void lift_begins(units::Angle angle);
  // Call in every cycle of a lift. `trails`: the person is behind the guide and out of its tube.
  // True in a cycle in which the load was reduced.
  bool watch(units::Angle angle, bool trails, units::Duration elapsed);

  // Share of the prescribed load that is left, Least … 1.
  [[nodiscard]] double share() const { return 1.0 - Step * steps_; }
  // Even half of the load did not get up.
  [[nodiscard]] bool gave_up() const { return gave_up_; }
  // In this lift the legs have sunk again by more than a stall explains: control is lost, not only strength.
  [[nodiscard]] bool sank() const { return sank_; }

 private:
  void progress_at(units::Angle angle);

  static constexpr int MostSteps = static_cast<int>((1.0 - Least) / Step + 0.5);

  int steps_ = 0;
  bool gave_up_ = false;
  bool stalled_ = false;
  bool sank_ = false;
  units::Angle highest_{};        // in this lift
  units::Angle mark_{};           // where progress was last seen
  units::Duration since_mark_{};  // without progress
  units::Duration since_step_{};
};

}  // namespace plinth::session
