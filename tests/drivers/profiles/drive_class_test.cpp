#include "drivers/profiles/drive_class.hpp"

#include <gmock/gmock.h>

#include "tests/drivers/profiles/shipped.hpp"

namespace plinth::drivers::profiles {
namespace {

using testing::HasSubstr;
using Reason = Refusal::Reason;

constexpr Installation OnARealPort{};
constexpr Installation Watched{.external_watchdog = true};
constexpr Installation Simulated{.simulated = true};
constexpr Installation SimulatedAndWatched{.simulated = true, .external_watchdog = true};

Profile drive(std::vector<Mode> modes, Watchdog watchdog) {
  Profile profile;
  profile.id = "some-drive";
  profile.kind = Kind::Drive;
  profile.trust = Trust::Bench;
  for (const Mode mode : modes)
    profile.setpoints.push_back({.name = "command", .mode = mode, .storage = Storage::Ram});
  profile.drive =
      DriveParts{.capability = {.modes = std::move(modes), .torque_limit = true}, .watchdog = watchdog};
  return profile;
}
constexpr ParameterWatchdog Milliseconds{.unit_ms = 1, .max_ms = 10'000, .action = WatchdogAction::Damping};

std::optional<Reason> refused(const Profile& profile, Mode mode, const Installation& installation) {
  const auto allowed = may_command(profile, mode, installation);
  if (allowed) return std::nullopt;
  EXPECT_THAT(allowed.error().words, HasSubstr(profile.id)) << "a refusal names the device";
  EXPECT_EQ(allowed.error().words.back(), '.') << "and says it in whole sentences";
  return allowed.error().reason;
}

TEST(DriveClass, IsAWithATimeOutOfMillisecondsAndAnActionThatIsKnown) {
  EXPECT_EQ(drive_class(drive({Mode::Torque}, Milliseconds)), DriveClass::A);
  EXPECT_EQ(drive_class(drive({Mode::Torque}, NativeWatchdog{20, 500, WatchdogAction::RampAndBrake})),
            DriveClass::A);
}

TEST(DriveClass, IsBWithoutATimeOutOrWithOneThatNobodyCanCountOn) {
  ParameterWatchdog seconds = Milliseconds;
  seconds.unit_ms = 1000;
  ParameterWatchdog of_unknown_unit = Milliseconds;
  of_unknown_unit.unit_ms.reset();
  ParameterWatchdog goes_on = Milliseconds;
  goes_on.action = WatchdogAction::Continue;
  ParameterWatchdog unknown = Milliseconds;
  unknown.action = WatchdogAction::Unknown;
  const NativeWatchdog slow{1000, 5000, WatchdogAction::Stop};
  for (const Watchdog& watchdog : {Watchdog{NoWatchdog{}}, Watchdog{seconds}, Watchdog{of_unknown_unit},
                                   Watchdog{goes_on}, Watchdog{unknown}, Watchdog{slow}})
    EXPECT_EQ(drive_class(drive({Mode::Torque}, watchdog)), DriveClass::B);
}

TEST(DriveClass, IsCWithoutTorqueAndDWithoutAnyCommand) {
  EXPECT_EQ(drive_class(drive({Mode::Velocity, Mode::Position}, Milliseconds)), DriveClass::C);
  EXPECT_EQ(drive_class(drive({}, Milliseconds)), DriveClass::D);
}

TEST(DriveClass, IsNothingForADeviceThatIsNoDrive) {
  const Profile profile = test::shipped("laumas-tlb");
  EXPECT_EQ(drive_class(profile), std::nullopt);
  EXPECT_EQ(refused(profile, Mode::Torque, Watched), Reason::NotADrive);
}

TEST(MayCommand, ADriveOfClassAMayGiveTorque) {
  EXPECT_EQ(refused(drive({Mode::Torque}, Milliseconds), Mode::Torque, OnARealPort), std::nullopt);
}

TEST(MayCommand, ADriveOfClassBNeedsItsDeclaredExternalWatchdogEvenWhenSimulated) {
  const Profile profile = drive({Mode::Torque}, NoWatchdog{});
  EXPECT_EQ(refused(profile, Mode::Torque, OnARealPort), Reason::NeedsWatchdog);
  EXPECT_EQ(refused(profile, Mode::Torque, Simulated), Reason::NeedsWatchdog);
  EXPECT_EQ(refused(profile, Mode::Torque, Watched), std::nullopt);
  EXPECT_THAT(may_command(profile, Mode::Torque, OnARealPort).error().words,
              HasSubstr("external hardware watchdog that opens its safe torque off"));
}

TEST(MayCommand, ADriveOfClassBNeedsItsWatchdogInEveryMode) {
  const Profile profile = drive({Mode::Torque, Mode::Velocity}, NoWatchdog{});
  EXPECT_EQ(refused(profile, Mode::Velocity, OnARealPort), Reason::NeedsWatchdog);
}

TEST(MayCommand, ADriveOfClassCMovesBySpeedUnderATorqueLimitOfItsOwn) {
  Profile profile = drive({Mode::Velocity}, NoWatchdog{});
  EXPECT_EQ(refused(profile, Mode::Velocity, OnARealPort), std::nullopt);
  EXPECT_EQ(refused(profile, Mode::Torque, Watched), Reason::ModeNotOffered);
  EXPECT_EQ(refused(profile, Mode::Position, Watched), Reason::ModeNotOffered);
  profile.drive->capability.torque_limit = false;
  EXPECT_EQ(refused(profile, Mode::Velocity, OnARealPort), Reason::NeedsTorqueLimit);
}

TEST(MayCommand, ADriveOfClassDIsNeverCommanded) {
  for (const Mode mode : {Mode::Torque, Mode::Velocity, Mode::Position}) {
    EXPECT_EQ(refused(drive({}, Milliseconds), mode, SimulatedAndWatched), Reason::MonitoringOnly);
  }
}

TEST(MayCommand, ADraftMovesNothingOnARealPort) {
  Profile profile = drive({Mode::Torque}, Milliseconds);
  profile.trust = Trust::Draft;
  EXPECT_EQ(refused(profile, Mode::Torque, Watched), Reason::DraftOnARealPort);
  EXPECT_EQ(refused(profile, Mode::Torque, Simulated), std::nullopt);
}

TEST(MayCommand, ASetPointThatMayWearAMemoryOutIsNotWrittenEveryCycleOnARealPort) {
  for (const Storage storage : {Storage::Unknown, Storage::Eeprom}) {
    Profile profile = drive({Mode::Torque}, Milliseconds);
    profile.setpoints.front().storage = storage;
    EXPECT_EQ(refused(profile, Mode::Torque, OnARealPort), Reason::MayWearItsMemoryOut);
    EXPECT_EQ(refused(profile, Mode::Torque, Simulated), std::nullopt);
  }
}

TEST(MayCommand, ASetPointThatNobodyHasVerifiedIsNotUsed) {
  Profile profile = drive({Mode::Torque}, Milliseconds);
  profile.unverified = {"command"};
  EXPECT_EQ(refused(profile, Mode::Torque, Simulated), Reason::NotVerified);
}

TEST(MayCommand, TheShippedDrivesAreHeldToTheirClasses) {
  const auto of = [](const char* id, const Installation& installation) {
    return refused(test::shipped(id), Mode::Torque, installation);
  };
  EXPECT_EQ(of("native-resistance-unit", OnARealPort), std::nullopt);
  EXPECT_EQ(of("applied-motion-mdx", Simulated), Reason::NeedsWatchdog);
  EXPECT_EQ(of("applied-motion-mdx", SimulatedAndWatched), std::nullopt);
  EXPECT_EQ(of("applied-motion-mdx", Watched), Reason::MayWearItsMemoryOut) << "nobody has looked yet";
  EXPECT_EQ(of("leadshine-isv2", SimulatedAndWatched), Reason::ModeNotOffered);
  EXPECT_EQ(of("kollmorgen-akd", SimulatedAndWatched), Reason::MonitoringOnly);
  for (const char* const draft :
       {"delta-asda", "lichuan", "inovance-sv660p", "zlac8015d", "schneider-lxm32m"})
    EXPECT_EQ(of(draft, Watched), Reason::DraftOnARealPort) << draft;
}

}  // namespace
}  // namespace plinth::drivers::profiles
