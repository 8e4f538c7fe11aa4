#include "tests/simulator/host.hpp"

namespace plinth::simulator {
namespace {

using testing::Deg;
using testing::Host;
using testing::LoadLaw;
using testing::Tempo;

struct Statistics {
  double lifting_peak = 0.0;  // ÷ that of the guide
  double lowering_peak = 0.0;
  double rms_deg = 0.0;
};

Statistics train(double mass_kg, std::uint64_t seed, PatientModel model = PatientModel::Steady) {
  StationSetup setup;
  setup.patient.mass = units::kilograms(mass_kg);
  setup.patient.height = typical_height(setup.patient.mass);
  setup.patient.model = model;
  setup.seed = seed;
  VirtualStation station{setup};
  Host host{station};
  Host::Block block;
  block.position_rad = station.plant().rest_angle();
  Tempo tempo;
  tempo.high = -15 * Deg;
  const double lifting_peak = std::numbers::pi * (tempo.high - tempo.low) / (2 * tempo.lift_s);
  const double lowering_peak = std::numbers::pi * (tempo.high - tempo.low) / (2 * tempo.lower_s);
  const LoadLaw law{.load_n = 60,
                    .ceiling_lifting = std::max(1.35 * lifting_peak, lifting_peak + 8 * Deg),
                    .ceiling_lowering = std::max(1.5 * lowering_peak, lowering_peak + 8 * Deg)};
  host.start(block);
  const double began = units::in_seconds(station.now());
  Statistics result;
  double squares = 0.0;
  int samples = 0;
  host.run(
      3.0 + 8 * 7.0, block,
      [&](Host::Block& out) {
        const double t = units::in_seconds(station.now()) - began;
        station.show_guide(tempo.at(t));
        out.torque_nm = law.torque(station, std::min(1.0, t / 2.0));
      },
      [&](const VirtualStation& now) {
        const double t = units::in_seconds(now.now()) - began;
        if (t < 3.0) return;
        const GuideView guide = tempo.at(t);
        const double speed = now.plant().state().arm_speed;
        const double error = (now.plant().state().arm_angle - units::in_radians(guide.target)) / Deg;
        if (guide.moment == Moment::Lifting)
          result.lifting_peak = std::max(result.lifting_peak, speed / lifting_peak);
        if (guide.moment == Moment::Lowering)
          result.lowering_peak = std::max(result.lowering_peak, -speed / lowering_peak);
        squares += error * error;
        ++samples;
      });
  result.rms_deg = std::sqrt(squares / samples);
  return result;
}

TEST(SteadyPatient, FollowsTheGuideAsPeopleDoInThirtySets) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Statistics set = train(78, seed);
    EXPECT_LE(set.lifting_peak, 1.40) << seed;
    EXPECT_LE(set.lowering_peak, 1.72) << seed;
    EXPECT_GE(set.rms_deg, 1.0) << seed;
    EXPECT_LE(set.rms_deg, 6.0) << seed;
  }
}

TEST(HastyPatient, IsFarFasterThanTheGuide) {
  EXPECT_GT(train(78, 1, PatientModel::Hasty).lifting_peak, 1.6);
}

TEST(Patient, IsTheSameForTheSameSeed) {
  const Statistics first = train(78, 5);
  const Statistics second = train(78, 5);
  EXPECT_EQ(first.rms_deg, second.rms_deg);
  EXPECT_NE(first.rms_deg, train(78, 6).rms_deg);
}

TEST(Patient, TiresWithWorkAndIsStrongerInFlexion) {
  Patient patient{PatientSetup{}, 1};
  EXPECT_NEAR(units::in_newton_metres(patient.strength()), 160, 1);
  EXPECT_GT(patient.capacity(-60 * Deg, 0), 1.9 * patient.capacity(0, 0));
  EXPECT_LT(patient.capacity(0, 1), patient.capacity(0, -1));
}

TEST(Patient, SqueezesBothGripsWithinASecondOfBeingAskedAndOpensThemWhenTheFeedStops) {
  VirtualStation station{StationSetup{}};
  GuideView ask;
  ask.hold_grips = true;
  for (int i = 0; i < 110; ++i) {
    station.show_guide(ask);
    station.advance_to(station.now() + units::milliseconds(10));
  }
  EXPECT_TRUE(station.patient().left_grip());
  EXPECT_TRUE(station.patient().right_grip());
  station.advance_to(station.now() + units::milliseconds(900));
  EXPECT_FALSE(station.patient().left_grip());
}

}  // namespace
}  // namespace plinth::simulator
