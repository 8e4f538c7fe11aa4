// What only a drive has: what it can do, what it does when nobody talks to it, its own limits.
#include <algorithm>

#include "drivers/profiles/profile_keys.hpp"

namespace plinth::drivers::profiles {
namespace {

constexpr std::array<std::string_view, 3> Modes{"torque", "velocity", "position"};

Capability capability_in(Table& table) {
  Capability capability;
  const auto modes = table.texts(
      "modes", Need::Must, "a list of: torque, velocity, position; empty for a drive that is only read",
      [&](const std::string& text) { return std::ranges::find(Modes, text) != Modes.end(); });
  for (const std::string& name : modes.value_or(std::vector<std::string>{}))
    capability.modes.push_back(static_cast<Mode>(std::ranges::find(Modes, name) - Modes.begin()));
  const auto flag = [&](std::string_view key) { return table.flag(key, Need::May).value_or(false); };
  capability.torque_limit = flag("torque_limit");
  capability.speed_limit_in_torque_mode = flag("speed_limit_in_torque_mode");
  capability.torque_slew = flag("torque_slew");
  capability.position_limits = flag("position_limits");
  capability.sto_status = flag("sto_status");
  capability.uptime_counter = flag("uptime_counter");
  return capability;
}

WatchdogAction action_in(Table& table) {
  constexpr std::array<std::string_view, 6> Actions{"unknown", "continue",       "stop",
                                                    "damping", "ramp_and_brake", "selectable"};
  return choice_in<WatchdogAction>(table, "action", Need::Must, Actions).value_or(WatchdogAction::Unknown);
}

Watchdog watchdog_in(Table& table) {
  constexpr std::array<std::string_view, 3> Kinds{"none", "native", "parameter"};
  constexpr config::WholeNumbers Times{1, 60'000};
  switch (table.choice("kind", Need::Must, Kinds).value_or(0)) {
    case 1: {
      NativeWatchdog native;
      take(table.whole("min_ms", Need::Must, Times, " ms"), native.min_ms);
      take(table.whole("max_ms", Need::Must, Times, " ms"), native.max_ms);
      if (native.min_ms > native.max_ms && table.holds("max_ms")) {
        table.conflict("max_ms", "no less than min_ms", "Exchange the two, or correct one.");
      }
      native.action = action_in(table);
      return native;
    }
    case 2: {
      ParameterWatchdog parameter;
      take(table.whole("address", Need::Must, Addresses), parameter.address);
      if (const auto unit = table.whole("unit_ms", Need::May, Times, " ms"))
        parameter.unit_ms = static_cast<std::uint32_t>(*unit);
      if (const auto longest = table.whole("max_ms", Need::May, Times, " ms"))
        parameter.max_ms = static_cast<std::uint32_t>(*longest);
      parameter.action = action_in(table);
      return parameter;
    }
    default:
      return NoWatchdog{};
  }
}

Limit limit_in(Table& table, const DriveParts& drive, std::optional<WordOrder> usual) {
  Limit limit;
  limit.name = own_name(table, drive.limits);
  take(table.whole("address", Need::Must, Addresses), limit.address);
  limit.type = type_in(table, false);
  limit.word_order = word_order_in(table, limit.type, usual);
  limit.range = range_in(table, limit.type);
  limit.scale = scale_in(table);
  // Said in the file although it has one value only, so that whoever writes a profile knows that it is done.
  if (table.flag("verify_readback", Need::Must) == false) {
    table.conflict("verify_readback", "true", "A limit that is not read back is not believed; leave it out.");
  }
  return limit;
}

Alarm alarm_in(Table& table) {
  Alarm alarm;
  take(table.whole("code", Need::Must, Words32), alarm.code);
  alarm.canonical = name_in(table, "canonical", Need::Must).value_or("");
  constexpr std::array<std::string_view, 2> Resets{"any_time", "disable_first"};
  alarm.disable_first = table.choice("reset", Need::May, Resets).value_or(0) == 1;
  return alarm;
}

WriteBlock write_block(Table& table, const Profile& profile) {
  WriteBlock block;
  block.name = own_name(table, profile.writes);
  take(table.whole("address", Need::Must, Addresses), block.address);
  block.count = 1;
  take(table.whole("count", Need::Must, {1, profile.link.max_write_registers}), block.count);
  if (block.address + block.count > 0x10000) {
    table.conflict("count", "a block that ends at 0xFFFF", "Shorten it, or correct its address.");
  }
  block.function = 16;
  constexpr std::array<std::string_view, 2> Checksums{"none", "crc16"};
  block.checksum = choice_in<Checksum>(table, "checksum", Need::May, Checksums).value_or(Checksum::None);
  return block;
}

// A set-point stands in a block that is written whole, or has an address and is a block by itself.
void place_setpoint(Table& table, Setpoint& setpoint, Profile& profile) {
  if (!table.holds("address")) {
    setpoint.block = reference(table, "write", Need::Must, profile.writes).value_or(profile.writes.size());
    take(table.whole("offset", Need::Must, {0, 122}), setpoint.offset);
    return;
  }
  WriteBlock own{.name = setpoint.name};
  take(table.whole("address", Need::Must, Addresses), own.address);
  own.count = static_cast<std::uint16_t>(words_of(setpoint.type));
  own.function = profile.link.write_function;
  take(table.whole("write_function", Need::May, {6, 16}), own.function);
  if ((own.function != 6 && own.function != 16) || (own.function == 6 && own.count == 2)) {
    const std::string_view key = table.holds("write_function") ? "write_function" : "type";
    if (table.holds(key)) {
      table.conflict(key, "function 16, or 6 for one register",
                     "Say write_function = 16 unless the device knows only 6.");
    }
    own.function = 16;
  }
  setpoint.block = profile.writes.size();
  profile.writes.push_back(own);
}

Setpoint setpoint_in(Table& table, Reading& reading) {
  Setpoint setpoint;
  setpoint.name = own_name(table, reading.profile.setpoints);
  setpoint.type = type_in(table, false);
  setpoint.word_order = word_order_in(table, setpoint.type, reading.usual_order);
  place_setpoint(table, setpoint, reading.profile);
  setpoint.range = range_in(table, setpoint.type);
  if (setpoint.range.lowest > 0x7FFFFFFF) {
    table.conflict("min", "at most 2147483647", "What is commanded comes as a signed number of 32 bits.");
  }
  setpoint.scale = scale_in(table);
  setpoint.mode = choice_in<Mode>(table, "mode", Need::May, Modes);
  constexpr std::array<std::string_view, 3> Storages{"unknown", "ram", "eeprom"};
  setpoint.storage = choice_in<Storage>(table, "storage", Need::May, Storages).value_or(Storage::Unknown);
  if (setpoint.mode && !reading.profile.drive) {
    table.conflict("mode", "nothing: only a drive moves", "Take it out, or correct profile.kind.");
  }
  return setpoint;
}

// Every register of a block that is written belongs to exactly one set-point, and no two blocks or limits
// write the same register.
void check_writes(Reading& reading, const std::vector<Table*>& blocks, const std::vector<Table*>& setpoints) {
  const Profile& profile = reading.profile;
  for (std::size_t at = 0; at < blocks.size(); ++at) {
    const WriteBlock& block = profile.writes[at];
    const std::size_t words = block.count - (block.checksum == Checksum::None ? 0U : 1U);
    std::vector<Span> spans;
    for (const Setpoint& setpoint : profile.setpoints) {
      if (setpoint.block == at) spans.push_back({setpoint.name, setpoint.offset, words_of(setpoint.type)});
    }
    const auto wrong = outside_or_shared(spans, words);
    const auto gap = first_gap(spans, words);
    if (wrong) {
      blocks[at]->conflict_within("contradicted by its set-points: " + *wrong,
                                  "set-points side by side inside their block", "Correct offset or type.");
    } else if (gap) {
      blocks[at]->conflict_within(
          "a block in which no set-point writes the register at offset " + std::to_string(*gap),
          "blocks without gaps",
          "What is written must be known: describe the register, or shorten the block.");
    }
  }
  std::vector<Span> written;
  written.reserve(profile.writes.size());
  for (const WriteBlock& block : profile.writes) written.push_back({block.name, block.address, block.count});
  if (profile.drive) {
    for (const Limit& limit : profile.drive->limits)
      written.push_back({limit.name, limit.address, words_of(limit.type)});
  }
  const auto shared = outside_or_shared(written, 0x10000);
  Table* const place = !setpoints.empty() ? setpoints.front()
                       : !blocks.empty()  ? blocks.front()
                                          : &reading.file;
  if (shared) {
    place->conflict_within("one of values that contradict each other: " + *shared,
                           "a register of its own for each value that is written",
                           "Correct an address or a type.");
  }
}

}  // namespace

void read_drive(Reading& reading) {
  if (reading.profile.kind != Kind::Drive) return;
  DriveParts drive;
  reading.capability = &reading.file.inner("capability", Need::Must, "modes");
  drive.capability = capability_in(*reading.capability);
  drive.watchdog = watchdog_in(reading.file.inner("watchdog", Need::Must, "kind"));
  for (Table* const limit : reading.file.each("limit"))
    drive.limits.push_back(limit_in(*limit, drive, reading.usual_order));
  for (Table* const alarm : reading.file.each("alarm")) drive.alarms.push_back(alarm_in(*alarm));
  reading.profile.drive = drive;
}

void read_writes(Reading& reading) {
  Profile& profile = reading.profile;
  const auto blocks = reading.file.each("write");
  for (Table* const table : blocks) profile.writes.push_back(write_block(*table, profile));
  const auto setpoints = reading.file.each("setpoint");
  for (Table* const table : setpoints) profile.setpoints.push_back(setpoint_in(*table, reading));
  check_writes(reading, blocks, setpoints);
  if (!profile.drive || profile.trust == Trust::Draft) return;
  for (const Mode mode : profile.drive->capability.modes) {
    if (std::ranges::find(profile.setpoints, std::optional{mode}, &Setpoint::mode) != profile.setpoints.end())
      continue;
    reading.capability->conflict("modes", "modes that a set-point commands",
                                 "Add a [[setpoint]] with that mode, or take the mode out.");
    break;
  }
}

}  // namespace plinth::drivers::profiles
