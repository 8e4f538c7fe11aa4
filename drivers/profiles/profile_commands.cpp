// Orders that are given once, and settings that must be so.
#include <algorithm>

#include "drivers/profiles/profile_keys.hpp"

namespace plinth::drivers::profiles {
namespace {

std::optional<CommandStep> write_step(Table& table, std::uint8_t usual_function) {
  WriteWords step;
  take(table.whole("address", Need::Must, Addresses), step.address);
  step.function = usual_function;
  take(table.whole("function", Need::May, {6, 16}), step.function);
  const auto values = table.wholes("values", Need::Must, Words16);
  if (!values) return std::nullopt;
  if (values->empty() || values->size() > 16) {
    table.conflict("values", "1 to 16 numbers", "Write what goes into the registers from that address on.");
  }
  if ((step.function != 6 && step.function != 16) || (step.function == 6 && values->size() > 1)) {
    table.conflict(table.holds("function") ? "function" : "values", "function 16, or 6 for one register",
                   "Say function = 16 when several registers are written.");
  }
  for (const std::int64_t value : *values) step.values.push_back(static_cast<std::uint16_t>(value));
  return step;
}

std::optional<CommandStep> coil_step(Table& table) {
  WriteCoil step;
  take(table.whole("address", Need::Must, Addresses), step.address);
  step.on = table.flag("on", Need::Must).value_or(false);
  return step;
}

std::optional<CommandStep> wait_step(Table& table, const Profile& profile) {
  WaitForRest step;
  const auto field = reference(table, "field", Need::Must, profile.fields);
  take(table.whole("abs_below_raw", Need::Must, {1, 0x7FFFFFFF}), step.abs_below_raw);
  take(table.whole("timeout_ms", Need::Must, {1, 60'000}, " ms"), step.timeout_ms);
  if (!field) return std::nullopt;
  step.field = *field;
  return step;
}

std::optional<CommandStep> step_in(Table& table, const Profile& profile) {
  const auto kinds = table.names();
  if (kinds.size() > 1) {
    table.conflict_within("more than one thing at once", "write, coil or wait",
                          "Make each a step of its own.");
  }
  if (table.holds("coil")) return coil_step(table.inner("coil", Need::May));
  if (table.holds("wait")) return wait_step(table.inner("wait", Need::May), profile);
  return write_step(table.inner("write", Need::Must, "write, coil or wait"), profile.link.write_function);
}

Command command_in(Table& table, const std::string& name, const Profile& profile) {
  Command command;
  command.name = name;
  const auto steps = table.each("steps");
  for (Table* const step : steps) {
    if (const auto read = step_in(*step, profile)) command.steps.push_back(*read);
  }
  command.requires_flags = references(table, "requires", profile.flags);
  command.forbids_flags = references(table, "forbids", profile.flags);
  command.persistent = table.flag("persistent", Need::May).value_or(false);
  take(table.whole("min_interval_s", Need::May, {1, 86'400}, " s"), command.min_interval_s);
  if (steps.empty()) {
    table.conflict_within("an order without a step", "at least one step",
                          "Say what is written, or take it out.");
  }
  return command;
}

RequiredSetting setting_in(Table& table) {
  RequiredSetting setting;
  setting.name = name_in(table, "name", Need::Must).value_or("");
  const bool available = table.flag("available", Need::May).value_or(true);
  if (available) {
    setting.address = 0;
    take(table.whole("address", Need::Must, Addresses), *setting.address);
  } else if (table.holds("address")) {
    table.conflict("available", "true where there is an address", "Take one of the two out.");
    table.whole("address", Need::May, Addresses);
  }
  take(table.whole("expect", Need::Must, Words16), setting.expect);
  return setting;
}

// The station's own drive is stopped and reset within its cyclic block.
bool may_lack_orders(const Profile& profile) {
  return !profile.drive || std::holds_alternative<NativeWatchdog>(profile.drive->watchdog) ||
         profile.trust == Trust::Draft || profile.drive->capability.modes.empty();
}

}  // namespace

void read_commands(Reading& reading) {
  Profile& profile = reading.profile;
  Table& orders = reading.file.inner("commands", Need::May);
  for (const std::string& name : orders.names()) {
    if (!is_name(name)) {
      orders.conflict(name, "a name: small letters, digits and _, at most 40", "Begin it with a letter.");
    }
    profile.commands.push_back(command_in(orders.inner(name, Need::May), name, profile));
  }
  for (const std::string_view needed : {"stop", "fault_reset"}) {
    if (may_lack_orders(profile) || orders.holds(needed)) continue;
    const std::string key = "[commands." + std::string{needed} + "]";
    reading.book.add(config::Mistake::Kind::Missing, {}, key, "", "an order of every drive that is commanded",
                     "Add it, with the steps of its manual.");
  }
  for (Table* const table : reading.file.each("require_setting"))
    profile.required_settings.push_back(setting_in(*table));

  for (const std::string& name : profile.unverified) {
    const bool known = place_of(name, profile.fields) || place_of(name, profile.setpoints) ||
                       place_of(name, profile.commands);
    if (known) continue;
    reading.about->conflict("unverified", "names of fields, set-points and commands of this file",
                            "Correct " + config::quoted(name) + ", or take it out.");
  }
}

}  // namespace plinth::drivers::profiles
