// The desk's watch over a running set.
#include <gtest/gtest.h>

#include "tests/service/a_desk.hpp"

namespace plinth::service {
namespace {

class AWatchedSet : public ADesk {};

TEST_F(AWatchedSet, IsStoppedWhenThePatientsScreenVanishes) {
  hello(1, v1::ROLE_PATIENT);
  hello(2, v1::ROLE_CONSOLE);
  control_.train();
  let_pass_hearing({1, 2}, units::milliseconds(5000));
  EXPECT_EQ(control_.stops, 0);
  desk_.left(1);
  let_pass_hearing({2}, units::milliseconds(1500));
  EXPECT_EQ(control_.stops, 0);
  let_pass_hearing({2}, units::milliseconds(750));
  EXPECT_EQ(control_.stops, 1);
  EXPECT_FALSE(control_.in_set());
}

TEST_F(AWatchedSet, IsStoppedWhenThePatientsScreenHangs) {
  hello(1, v1::ROLE_PATIENT);
  hello(2, v1::ROLE_CONSOLE);
  control_.train();
  let_pass_hearing({1, 2}, units::milliseconds(1000));
  let_pass_hearing({2}, units::milliseconds(2250));  // 1 is connected still, but says nothing
  EXPECT_EQ(control_.stops, 1);
}

TEST_F(AWatchedSet, IsStoppedWhenTheOnlyConsoleIsGoneAndAViewerDoesNotCount) {
  hello(1, v1::ROLE_CONSOLE);
  hello(2, v1::ROLE_VIEWER);
  control_.train();
  let_pass_hearing({1, 2}, units::milliseconds(1000));
  desk_.left(1);
  let_pass_hearing({2}, units::milliseconds(2250));
  EXPECT_EQ(control_.stops, 1);
}

// As a monitoring script may do it: connect, ask, leave, every second.
TEST_F(AWatchedSet, IsStoppedWhenConsolesOnlyComeToAskAndGoAgain) {
  control_.train();
  for (ClientId client = 1; client <= 5; ++client) {
    hello(client, v1::ROLE_CONSOLE);
    command(client, 1, [](v1::Command& c) { c.mutable_get_prescription(); });
    let_pass(units::milliseconds(500));
    desk_.left(client);
  }
  EXPECT_EQ(control_.stops, 1);
}

TEST_F(AWatchedSet, LeavesTheMachineAloneWhenScreensComeAndGoOutsideASet) {
  hello(1, v1::ROLE_PATIENT);
  desk_.left(1);
  let_pass(units::milliseconds(10'000));
  EXPECT_EQ(control_.stops, 0);
}

}  // namespace
}  // namespace plinth::service
