// Watches the way down: is the load seen to go, are the legs seen to be lowered? After every set, however it
// ended, and after a start of the program that finds the brake open. A copyable value.
#pragma once

#include <optional>

#include "controller/safety/dwell.hpp"
#include "controller/safety/scene.hpp"

namespace plinth::safety {

// A drive that lowers goes at 10 °/s: legs that sink faster than this are more than it can brake.
inline constexpr units::AngularVelocity FastestLowering = units::degrees_per_second(15);

class StopWatch {
 public:
  // The way down begins. The load that must go is the one that acts now.
  void begin(const Scene& scene);
  // The brake is seen shut, or a set runs.
  void end() { stop_.reset(); }
  [[nodiscard]] bool watching() const { return stop_.has_value(); }
  // Legs that sink faster than the drive lowers, and by 10 °/s faster than when the way down began: somebody
  // has let go of them with the load.
  [[nodiscard]] bool falls(const Scene& scene) const;

  struct Findings {
    bool release_unverified = false;  // load is left, or the drive pushes up
    bool lowering_amiss = false;      // unseen, too fast, or not at all
    // Told to stop, the drive still gives load, or not what it means to; or it lowers by an angle that is
    // wrong.
    bool stop_unverified = false;
  };
  // What is known of the witnesses.
  struct Witnesses {
    bool cells_doubted = false;          // the strap cells stopped the set: they do not say what remains
    bool torque_strays = false;          // the drive's torque is beside its own set-point
    bool torque_opposes = false;         // it is against its own set-point
    bool angle_doubted = false;          // the arm's two sensors stopped the set
    std::optional<units::Angle> rest{};  // where the legs hung before the set
  };
  // `action`: of the latch. Call once a cycle.
  Findings watch(const Scene& scene, Action action, const Witnesses& witnesses);

 private:
  struct Stop {
    units::Instant began;
    std::optional<units::Instant> drive_stop_began;
    units::Force load;
    units::AngularVelocity velocity;
    rehab::LegMeasures legs;
  };
  [[nodiscard]] units::Force machine(const Scene& scene) const;
  [[nodiscard]] units::Force allowed(const Scene& scene) const;
  [[nodiscard]] bool load_remains(const Scene& scene, bool cells_doubted) const;
  [[nodiscard]] bool pushes_up(const Scene& scene) const;
  [[nodiscard]] bool stands(const Scene& scene) const;
  // The drive lowers by a sensor that is in doubt, and the other one says: too fast, or no further.
  bool lowers_by_a_wrong_angle(const Scene& scene, const Witnesses& witnesses);

  std::optional<Stop> stop_;
  Dwell unreleased_;
  Dwell amiss_;
  Dwell standing_;
  Dwell uncontrolled_;
  Dwell straying_;
  Dwell racing_;
  Dwell arrived_;
};

}  // namespace plinth::safety
