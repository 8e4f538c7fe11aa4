// From quantities to the integers of the wire.
#include "controller/safety/wire.hpp"

#include <gtest/gtest.h>

#include "tests/safety/station.hpp"

namespace plinth::safety::testing {
namespace {

TEST(Registers, CarryEachQuantityOfTheDemandAndRoundNoLimitUp) {
  auto demand = Station{}.load_demand();
  demand.torque = units::newton_metres(12.36);
  demand.resisting_limit = units::newton_metres(150.19);
  demand.supporting_limit = units::newton_metres(200.29);
  demand.lifting_speed_limit = units::radians_per_second(1.2349);
  demand.lowering_speed_limit = units::radians_per_second(0.6789);
  demand.lifting_damping = units::newton_metre_seconds_per_radian(12.39);
  demand.lowering_damping = units::newton_metre_seconds_per_radian(34.59);
  demand.walls = {units::radians(-1.00006), units::radians(-0.12344)};
  demand.wall_stiffness = units::newton_metres_per_radian(2000.9);
  const WireCommand command = torque_registers(demand).value();
  EXPECT_EQ(command.torque_dnm, 124);
  EXPECT_EQ(command.resisting_limit_dnm, 1501);
  EXPECT_EQ(command.supporting_limit_dnm, 2002);
  EXPECT_EQ(command.lifting_speed_limit_mrad_s, 1234);
  EXPECT_EQ(command.lowering_speed_limit_mrad_s, 678);
  EXPECT_EQ(command.lifting_damping_dnms, 123);
  EXPECT_EQ(command.lowering_damping_dnms, 345);
  EXPECT_EQ(command.wall_low_dmrad, -10'001);
  EXPECT_EQ(command.wall_high_dmrad, -1234);
  EXPECT_EQ(command.wall_stiffness_nm_rad, 2000);
}

TEST(Registers, NeverWrap) {
  auto demand = Station{}.load_demand();
  demand.resisting_limit = units::newton_metres(1e6);
  demand.supporting_limit = units::newton_metres(-1);
  const WireCommand command = torque_registers(demand).value();
  EXPECT_EQ(command.resisting_limit_dnm, 65'535);
  EXPECT_EQ(command.supporting_limit_dnm, 0);
}

TEST(WireCaps, SupportTheHeaviestWithoutAPrescription) {
  const WireCaps caps = wire_caps(std::nullopt, std::nullopt);
  EXPECT_EQ(caps.lowering_support_dnm,
            10 * units::in_newton_metres(rehab::machine_limits().supporting_torque.value));
  EXPECT_EQ(caps.supporting_limit_dnm, caps.lowering_support_dnm);
  EXPECT_EQ(caps.weight_dnm, 0) << "whose weight hangs there nobody knows";
}

TEST(WireCaps, KnowWhatOfTheSupportIsTheWeightOfArmAndLegs) {
  const Limits limits = limits_for(strength_prescription());
  const WireCaps caps = wire_caps(limits, std::nullopt);
  EXPECT_EQ(caps.weight_dnm,
            static_cast<int>(10 * (31 + units::in_newton_metres(limits.legs.gravity_moment))));
  EXPECT_NEAR(0.1 * (caps.supporting_limit_dnm - caps.weight_dnm),
              200 * units::in_metres(limits.legs.cuff_radius), 0.2);
}

}  // namespace
}  // namespace plinth::safety::testing
