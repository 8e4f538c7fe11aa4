// The tempo guide: where the legs should be at any time of a rep, and how far from there they may be.
#pragma once

#include "controller/rehab/moment.hpp"
#include "controller/rehab/movement.hpp"
#include "controller/rehab/prescription.hpp"

namespace plinth::session {

struct Reference {
  units::Angle angle{};
  units::AngularVelocity speed{};
};

// A movement from one angle to another along a raised cosine: still at both ends, fastest in the middle, so
// that lift, hold, lowering and rest join in angle and speed.
struct Stroke {
  units::Angle from{};
  units::Angle to{};
  units::Duration length{};

  // Before its start it stands at `from`, after its end at `to`.
  [[nodiscard]] Reference at(units::Duration elapsed) const;
};

// The course of one rep, frozen when the rep begins.
struct RepPath {
  Stroke lift;
  units::Duration hold{};
  Stroke lower;
  units::Duration rest{};
};

// The rep that a prescription asks for in this working range: from `start` (where the legs are, or where the
// guide turned) up to the upper turn and down to the lower one. A longer way than from turn to turn takes
// longer in proportion, so that its speed is the prescribed one.
RepPath rep_path(const rehab::Tempo& tempo, const units::Interval<units::Angle>& working, units::Angle start);

// A lowering from `from`, at the speed of `planned`, to the same end.
Stroke lowering_from(const Stroke& planned, units::Angle from);

// One point of the guide.
struct GuidePoint {
  rehab::Moment moment = rehab::Moment::Idle;
  Reference reference{};
  units::Angle tolerance{};  // half width of the tube here
  units::Duration in_moment{};
  units::Duration moment_length{};
};

// The guide `in_moment` of its own time after this moment of the rep began.
GuidePoint point_in(const RepPath& path, rehab::Moment moment, units::Duration in_moment);

// The guide at any time of a rep that keeps its tempo exactly: what a screen that draws the tube ahead and
// behind is tested against. Before the rep it waits at its start, after it rests at its end.
GuidePoint point_at(const RepPath& path, units::Duration since_start);

}  // namespace plinth::session
