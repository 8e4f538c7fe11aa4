#include "drivers/profiles/drive_class.hpp"

#include <algorithm>

namespace plinth::drivers::profiles {
namespace {

// A person is let go within this time at most (the longest watchdog of the station's own drive): one that can
// only be set longer is as good as none.
constexpr std::uint32_t LongestMs = 250;

bool acts(WatchdogAction action) {
  return action != WatchdogAction::Unknown && action != WatchdogAction::Continue;
}

struct IsQuick {
  bool operator()(const NoWatchdog&) const { return false; }
  bool operator()(const NativeWatchdog& watchdog) const {
    return watchdog.min_ms <= LongestMs && acts(watchdog.action);
  }
  bool operator()(const ParameterWatchdog& watchdog) const {
    return watchdog.unit_ms && *watchdog.unit_ms <= LongestMs && acts(watchdog.action);
  }
};

bool offers(const DriveParts& drive, Mode mode) {
  return std::ranges::find(drive.capability.modes, mode) != drive.capability.modes.end();
}

const char* in_words(Mode mode) {
  switch (mode) {
    case Mode::Torque:
      return "torque";
    case Mode::Velocity:
      return "velocity";
    case Mode::Position:
      return "position";
  }
  return "";
}

DriveClass class_of(const DriveParts& drive) {
  if (drive.capability.modes.empty()) return DriveClass::D;
  if (!offers(drive, Mode::Torque)) return DriveClass::C;
  return std::visit(IsQuick{}, drive.watchdog) ? DriveClass::A : DriveClass::B;
}

}  // namespace

std::optional<DriveClass> drive_class(const Profile& profile) {
  if (!profile.drive) return std::nullopt;
  return class_of(*profile.drive);
}

tl::expected<DriveClass, Refusal> may_command(const Profile& profile, Mode mode,
                                              const Installation& installation) {
  using Reason = Refusal::Reason;
  const auto refuse = [&profile](Reason reason, const std::string& words) {
    return tl::unexpected{Refusal{reason, profile.id + " " + words}};
  };
  if (!profile.drive) return refuse(Reason::NotADrive, "is no drive. Name the profile of a drive.");
  const DriveParts& drive = *profile.drive;
  const DriveClass is = class_of(drive);

  if (profile.trust == Trust::Draft && !installation.simulated) {
    return refuse(
        Reason::DraftOnARealPort,
        "is a draft: parts of it are from memory or missing. It may be read, and tried with a simulator; "
        "complete it from the manual before a real drive obeys it.");
  }
  if (is == DriveClass::D) {
    return refuse(Reason::MonitoringOnly, "is only read, never commanded. Take another drive.");
  }
  if (!offers(drive, mode)) {
    return refuse(Reason::ModeNotOffered, std::string{"has no "} + in_words(mode) +
                                              " mode over the bus. Take another mode or drive.");
  }
  if (is == DriveClass::B && !installation.external_watchdog) {
    return refuse(
        Reason::NeedsWatchdog,
        "goes on with its last command when the bus falls silent, or stops only after seconds. It needs an "
        "external hardware watchdog that opens its safe torque off; wire one and declare it in the station "
        "file.");
  }
  if (is == DriveClass::C && !drive.capability.torque_limit) {
    return refuse(
        Reason::NeedsTorqueLimit,
        "moves by speed or position, and has no torque limit that could be set. Take another drive.");
  }
  for (const Setpoint& setpoint : profile.setpoints) {
    if (setpoint.mode != mode) continue;
    if (std::ranges::find(profile.unverified, setpoint.name) != profile.unverified.end()) {
      return refuse(Reason::NotVerified, "has a set-point that nobody has verified, " + setpoint.name +
                                             ". Try it on the bench, then take it off the profile's list.");
    }
    if (setpoint.storage != Storage::Ram && !installation.simulated) {
      return refuse(
          Reason::MayWearItsMemoryOut,
          "may keep " + setpoint.name +
              " in a memory that wears out when it is written every cycle. Find out on the bench, then "
              "say storage = \"ram\" in its profile.");
    }
  }
  return is;
}

}  // namespace plinth::drivers::profiles
