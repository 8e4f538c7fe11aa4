#include "simulator/faulty_law.hpp"

#include <cmath>
#include <limits>

namespace plinth::simulator {

namespace {

using enum FaultKind;
using rehab::TorqueDemand;

constexpr units::Torque Most = units::newton_metres(3276.7);
constexpr units::AngularVelocity Fastest = units::radians_per_second(30.0);
constexpr double WiderBy = 10.0;
constexpr double SwingHz = 5.0;
constexpr units::Torque Noticeable = units::newton_metres(1);

void without_walls(TorqueDemand& demand) {
  demand.wall_stiffness = {};
  demand.walls = {units::degrees(-180), units::degrees(180)};
}

}  // namespace

rehab::DriveDemand FaultyLaw::corrupted(Wrongs& wrongs, const rehab::DriveDemand& honest) {
  const auto* torque = std::get_if<TorqueDemand>(&honest);
  if (torque != nullptr && !wrongs[CtlNeverRelease]) last_torque_ = *torque;

  if (Wrong& never = wrongs[CtlNeverRelease]; never && last_torque_) {
    never.show(honest != rehab::DriveDemand{*last_torque_});
    return *last_torque_;
  }
  if (torque == nullptr) return honest;
  TorqueDemand demand = *torque;
  if (Wrong& most = wrongs[CtlTorque]) {
    demand.torque = Most;
    demand.resisting_limit = Most;
    demand.supporting_limit = Most;
    demand.lifting_speed_limit = Fastest;
    demand.lowering_speed_limit = Fastest;
    without_walls(demand);
    most.show(demand != *torque);
  }
  if (Wrong& sign = wrongs[CtlSign]) {
    demand.torque = -demand.torque;
    sign.show(units::magnitude(torque->torque) > Noticeable);
  }
  if (Wrong& swing = wrongs[CtlOscillate]) {
    const bool up = std::fmod(wrongs.seconds_of(CtlOscillate) * SwingHz, 1.0) < 0.5;
    demand.torque = up ? 2.0 * demand.torque : units::Torque{};
    swing.show(units::magnitude(demand.torque - torque->torque) > Noticeable);
  }
  if (Wrong& loose = wrongs[CtlLoosen]) {
    demand.resisting_limit = WiderBy * demand.resisting_limit;
    demand.supporting_limit = WiderBy * demand.supporting_limit;
    demand.lifting_speed_limit = WiderBy * demand.lifting_speed_limit;
    demand.lowering_speed_limit = WiderBy * demand.lowering_speed_limit;
    without_walls(demand);
    loose.show(demand != *torque);
  }
  if (Wrong& nonsense = wrongs[CtlNan]) {
    demand.torque = units::newton_metres(std::numeric_limits<double>::quiet_NaN());
    nonsense.show();
  }
  return demand;
}

}  // namespace plinth::simulator
