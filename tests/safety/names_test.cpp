// What records, screens and the rule table call things.
#include <gtest/gtest.h>

#include "controller/safety/rules.hpp"
#include "controller/safety/verdict.hpp"

namespace plinth::safety {
namespace {

TEST(Names, AreThoseOfTheRecords) {
  EXPECT_EQ(name_of(Action::Allow), "allow");
  EXPECT_EQ(name_of(Action::Limit), "limit");
  EXPECT_EQ(name_of(Action::Release), "release");
  EXPECT_EQ(name_of(Action::DriveStop), "drive_stop");
  EXPECT_EQ(name_of(Action::TorqueOff), "torque_off");
  EXPECT_EQ(name_of(LatchLevel::None), "none");
  EXPECT_EQ(name_of(LatchLevel::Patient), "patient");
  EXPECT_EQ(name_of(LatchLevel::Therapist), "therapist");
  EXPECT_EQ(name_of(LatchLevel::Service), "service");
  EXPECT_EQ(name_of(Permission::Latched), "latched");
  EXPECT_EQ(name_of(Permission::Ready), "ready");
  EXPECT_EQ(name_of(Permission::Armed), "armed");
  EXPECT_EQ(name_of(Permission::Granted), "granted");
  EXPECT_EQ(name_of(Scope::Always), "always");
  EXPECT_EQ(name_of(Scope::InASet), "in_a_set");
  EXPECT_EQ(name_of(Scope::UnderWay), "under_way");
  EXPECT_EQ(name_of(Scope::Stopping), "stopping");
}

TEST(Names, OfANumberThatIsNoneAreTheStrictest) {
  EXPECT_EQ(name_of(static_cast<Action>(99)), "torque_off");
  EXPECT_EQ(name_of(static_cast<LatchLevel>(99)), "service");
  EXPECT_EQ(name_of(static_cast<Permission>(99)), "latched");
  EXPECT_EQ(name_of(static_cast<Scope>(99)), "always");
}

}  // namespace
}  // namespace plinth::safety
