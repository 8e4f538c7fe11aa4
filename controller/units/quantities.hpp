// Physical quantities with their dimension in the type. Adding a force to a torque does not compile.
//
// Inside Plinth every quantity is one of these types, in SI units. Raw numbers exist only at the edges
// (registers, files, screens), and there the name carries the unit. The factories (`degrees(12)`) and
// readers (`in_degrees(angle)`) below are the only doors between the two.
#pragma once

#include <cmath>
#include <numbers>

#include <boost/units/quantity.hpp>
#include <boost/units/systems/si/angular_velocity.hpp>
#include <boost/units/systems/si/base.hpp>
#include <boost/units/systems/si/force.hpp>
#include <boost/units/systems/si/length.hpp>
#include <boost/units/systems/si/mass.hpp>
#include <boost/units/systems/si/moment_of_inertia.hpp>
#include <boost/units/systems/si/plane_angle.hpp>
#include <boost/units/systems/si/time.hpp>
#include <boost/units/systems/si/torque.hpp>

namespace plinth::units {

namespace detail {
namespace bu = boost::units;
namespace si = boost::units::si;
using AngularDampingDimension = bu::divide_typeof_helper<si::torque, si::angular_velocity>::type;
using AngularStiffnessDimension = bu::divide_typeof_helper<si::torque, si::plane_angle>::type;
using TorqueRateDimension = bu::divide_typeof_helper<si::torque, si::time>::type;
}  // namespace detail

using Angle = boost::units::quantity<boost::units::si::plane_angle>;
using AngularVelocity = boost::units::quantity<boost::units::si::angular_velocity>;
using Force = boost::units::quantity<boost::units::si::force>;
using Length = boost::units::quantity<boost::units::si::length>;
using Mass = boost::units::quantity<boost::units::si::mass>;
using TimeSpan = boost::units::quantity<boost::units::si::time>;  // a duration that takes part in physics
using Torque = boost::units::quantity<boost::units::si::torque>;
using MomentOfInertia = boost::units::quantity<boost::units::si::moment_of_inertia>;
using AngularDamping = boost::units::quantity<detail::AngularDampingDimension>;      // N·m·s/rad
using AngularStiffness = boost::units::quantity<detail::AngularStiffnessDimension>;  // N·m/rad
using TorqueRate = boost::units::quantity<detail::TorqueRateDimension>;              // N·m/s

inline constexpr double RadiansPerDegree = std::numbers::pi / 180.0;

constexpr Angle radians(double value) {
  return Angle::from_value(value);
}
constexpr Angle degrees(double value) {
  return Angle::from_value(value * RadiansPerDegree);
}
constexpr AngularVelocity radians_per_second(double value) {
  return AngularVelocity::from_value(value);
}
constexpr AngularVelocity degrees_per_second(double value) {
  return AngularVelocity::from_value(value * RadiansPerDegree);
}
constexpr Force newtons(double value) {
  return Force::from_value(value);
}
constexpr Length metres(double value) {
  return Length::from_value(value);
}
constexpr Mass kilograms(double value) {
  return Mass::from_value(value);
}
constexpr TimeSpan seconds(double value) {
  return TimeSpan::from_value(value);
}
constexpr Torque newton_metres(double value) {
  return Torque::from_value(value);
}
constexpr AngularDamping newton_metre_seconds_per_radian(double value) {
  return AngularDamping::from_value(value);
}
constexpr AngularStiffness newton_metres_per_radian(double value) {
  return AngularStiffness::from_value(value);
}
constexpr TorqueRate newton_metres_per_second(double value) {
  return TorqueRate::from_value(value);
}

constexpr double in_radians(Angle angle) {
  return angle.value();
}
constexpr double in_degrees(Angle angle) {
  return angle.value() / RadiansPerDegree;
}
constexpr double in_radians_per_second(AngularVelocity speed) {
  return speed.value();
}
constexpr double in_degrees_per_second(AngularVelocity speed) {
  return speed.value() / RadiansPerDegree;
}
constexpr double in_newtons(Force force) {
  return force.value();
}
constexpr double in_metres(Length length) {
  return length.value();
}
constexpr double in_kilograms(Mass mass) {
  return mass.value();
}
constexpr double in_seconds(TimeSpan span) {
  return span.value();
}
constexpr double in_newton_metres(Torque torque) {
  return torque.value();
}
constexpr double in_newton_metre_seconds_per_radian(AngularDamping damping) {
  return damping.value();
}
constexpr double in_newton_metres_per_radian(AngularStiffness stiffness) {
  return stiffness.value();
}
constexpr double in_newton_metres_per_second(TorqueRate rate) {
  return rate.value();
}

// The torque of a force acting perpendicular to a lever. Torque is force × length ÷ radian, so that it
// cannot be mistaken for work.
constexpr Torque moment(Force force, Length lever) {
  return Torque::from_value(force.value() * lever.value());
}
// The force at the end of a lever that gives this torque. The lever must not be zero.
constexpr Force force_at(Torque torque, Length lever) {
  return Force::from_value(torque.value() / lever.value());
}

inline double cosine(Angle angle) {
  return std::cos(angle.value());
}

template <typename Unit>
constexpr boost::units::quantity<Unit> magnitude(boost::units::quantity<Unit> value) {
  return value.value() < 0.0 ? -value : value;
}
template <typename Unit>
constexpr bool is_finite(boost::units::quantity<Unit> value) {
  return value.value() - value.value() ==
         0.0;  // false for infinities and not-a-number, and constexpr in C++20
}

}  // namespace plinth::units
