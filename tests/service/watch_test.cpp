#include "controller/service/watch.hpp"

#include <gtest/gtest.h>

namespace plinth::service {
namespace {

units::Instant at(double seconds) {
  return units::Instant{units::seconds_long(seconds)};
}

TEST(TheWatch, LeavesASetAloneWhileThePatientsScreenIsHeard) {
  Watch watch;
  for (double t = 0.0; t < 60.0; t += 0.25) {
    watch.heard_patient_screen(at(t));
    EXPECT_EQ(watch.look(true, at(t)), std::nullopt);
  }
}

TEST(TheWatch, EndsTheSetTwoSecondsAfterThePatientsScreenFellSilent) {
  Watch watch;
  watch.heard_patient_screen(at(10.0));
  watch.heard_console(at(11.9));  // a console does not stand in for the screen the patient follows
  EXPECT_EQ(watch.look(true, at(10.0)), std::nullopt);
  EXPECT_EQ(watch.look(true, at(11.99)), std::nullopt);
  EXPECT_EQ(watch.look(true, at(12.0)), Unwatched::PatientScreenLost);
}

TEST(TheWatch, CountsAScreenThatLeftJustBeforeTheSet) {
  Watch watch;
  watch.heard_patient_screen(at(9.0));
  watch.heard_console(at(10.9));
  EXPECT_EQ(watch.look(true, at(10.0)), std::nullopt);
  EXPECT_EQ(watch.look(true, at(11.0)), Unwatched::PatientScreenLost);
}

TEST(TheWatch, DoesNotAskForAScreenThatWasNeverThereInThisSet) {
  Watch watch;
  watch.heard_patient_screen(at(1.0));  // an hour ago
  for (double t = 3600.0; t < 3660.0; t += 0.25) {
    watch.heard_console(at(t));
    EXPECT_EQ(watch.look(true, at(t)), std::nullopt);
  }
}

TEST(TheWatch, LetsAScreenLoadAgain) {
  Watch watch;
  watch.heard_patient_screen(at(10.0));
  EXPECT_EQ(watch.look(true, at(11.9)), std::nullopt);
  watch.heard_patient_screen(at(11.95));
  EXPECT_EQ(watch.look(true, at(12.5)), std::nullopt);
}

TEST(TheWatch, EndsASetThatNobodyWatches) {
  Watch watch;
  EXPECT_EQ(watch.look(true, at(100.0)), std::nullopt);
  EXPECT_EQ(watch.look(true, at(101.99)), std::nullopt);
  EXPECT_EQ(watch.look(true, at(102.0)), Unwatched::NobodyThere);
}

TEST(TheWatch, HasNothingToSayWhileNoSetRuns) {
  Watch watch;
  EXPECT_EQ(watch.look(false, at(1000.0)), std::nullopt);
  EXPECT_EQ(watch.look(true, at(1001.0)), std::nullopt);
}

}  // namespace
}  // namespace plinth::service
