#include "controller/record/frame_codec.hpp"

#include <array>
#include <limits>
#include <string_view>

namespace plinth::record {

namespace {

using cycle::Frame;
using cycle::Outcome;
using safety::Cause;

static_assert(safety::CauseCount <= 64, "a set of causes is written as 64 bits");

// Flags by their place in a word. A new one of the Setup must get a place here, at the end.
constexpr std::array SetupFlags{&sensing::Setup::drive_identified, &sensing::Setup::hub_identified,
                                &sensing::Setup::limits_confirmed, &sensing::Setup::watchdog_proven,
                                &sensing::Setup::brake_proven};
static_assert(sizeof(sensing::Setup) == SetupFlags.size(), "a flag of the Setup would be missing in records");
constexpr std::array CommandFlags{&safety::WireCommand::enable, &safety::WireCommand::run,
                                  &safety::WireCommand::controlled_stop, &safety::WireCommand::fault_reset,
                                  &safety::WireCommand::hold_position};

template <typename T, std::size_t N>
void write_flags(ByteWriter& out, const T& value, const std::array<bool T::*, N>& flags) {
  static_assert(N <= 16);
  unsigned word = 0;
  for (std::size_t i = 0; i < N; ++i)
    if (value.*flags[i]) word |= 1U << i;
  out.number(static_cast<std::uint16_t>(word));
}

template <typename T, std::size_t N>
void read_flags(ByteReader& in, T& value, const std::array<bool T::*, N>& flags) {
  const unsigned word = in.number<std::uint16_t>();
  for (std::size_t i = 0; i < N; ++i) value.*flags[i] = ((word >> i) & 1U) != 0;
}

// Every number of the command, in one order for both ways.
template <typename Command, typename Each>
void each_number(Command& command, const Each& each) {
  each(command.torque_dnm);
  each(command.velocity_mrad_s);
  each(command.position_dmrad);
  each(command.resisting_limit_dnm);
  each(command.supporting_limit_dnm);
  each(command.lifting_speed_limit_mrad_s);
  each(command.lowering_speed_limit_mrad_s);
  each(command.slew_nm_s);
  each(command.lifting_damping_dnms);
  each(command.lowering_damping_dnms);
  each(command.wall_low_dmrad);
  each(command.wall_high_dmrad);
  each(command.wall_stiffness_nm_rad);
}

void write_outcome(ByteWriter& out, const Outcome& outcome) {
  out.code(outcome.permission);
  out.code(outcome.action);
  out.code(outcome.cause);
  out.code(outcome.first_cause);
  out.code(outcome.latch);
  out.code(outcome.brake);
  out.number(std::uint64_t{outcome.active.to_ullong()});
  write_flags(out, outcome.command, CommandFlags);
  out.code(outcome.command.mode);
  each_number(outcome.command, [&out](auto number) { out.number(number); });
  out.flag(outcome.permit);
}

std::optional<Outcome> read_outcome(ByteReader& in, const CauseTable& causes) {
  Outcome outcome;
  outcome.permission = in.code(safety::Permission::Granted);
  outcome.action = in.code(safety::Action::TorqueOff);
  const auto cause = causes.cause(in.number<std::uint8_t>());
  const auto first = causes.cause(in.number<std::uint8_t>());
  outcome.latch = in.code(safety::LatchLevel::Service);
  outcome.brake = in.code(safety::Brake::Closed);
  const auto active = causes.causes(in.number<std::uint64_t>());
  read_flags(in, outcome.command, CommandFlags);
  outcome.command.mode = in.code(sensing::DriveMode::Lowering);
  each_number(outcome.command, [&in]<typename T>(T& number) { number = in.number<T>(); });
  outcome.permit = in.flag();
  if (!in.good() || !cause || !first || !active) return std::nullopt;
  outcome.cause = *cause;
  outcome.first_cause = *first;
  outcome.active = *active;
  return outcome;
}

// Every length, angle and number of a prescription, in one order for both ways.
template <typename Draft, typename Real, typename Span, typename Whole>
void each_field(Draft& draft, const Real& real, const Span& span, const Whole& whole) {
  real(draft.range_low);
  real(draft.range_high);
  real(draft.load);
  real(draft.eccentric_ratio);
  span(draft.tempo.lift);
  span(draft.tempo.hold);
  span(draft.tempo.lower);
  span(draft.tempo.rest);
  real(draft.hold_tolerance);
  real(draft.lifting_stop_speed);
  real(draft.lowering_stop_speed);
  whole(draft.sets);
  whole(draft.reps);
  span(draft.rest_between_sets);
  real(draft.leg_support);
}

double raw(double value) {
  return value;
}
template <typename Quantity>
double raw(const Quantity& value) {
  return value.value();
}
void put(double& to, double value) {
  to = value;
}
template <typename Quantity>
void put(Quantity& to, double value) {
  to = Quantity::from_value(value);
}

// Every number of a calibration, in one order for both ways.
template <typename Calibration, typename Each>
void each_measure(Calibration& calibration, const Each& each) {
  const auto channel = [&each](auto& one) {
    each(one.gain);
    each(one.offset);
  };
  channel(calibration.strap_left);
  channel(calibration.strap_right);
  for (auto& pad : calibration.pads) channel(pad);
  each(calibration.second_offset);
  each(calibration.pad_half_length);
  each(calibration.pad_half_width);
  each(calibration.presence_threshold);
}

}  // namespace

bool is_sensible(units::Instant instant) {
  constexpr units::Duration Most = std::chrono::hours{24 * 365 * 100};
  const units::Duration since_boot = instant.time_since_epoch();
  return since_boot >= units::Duration::zero() && since_boot <= Most;
}

void CauseTable::write(ByteWriter& out) {
  out.number(static_cast<std::uint8_t>(safety::CauseCount));
  for (std::size_t number = 0; number < safety::CauseCount; ++number)
    out.text(safety::name_of(static_cast<Cause>(number)));
}

tl::expected<CauseTable, std::string> CauseTable::read(ByteReader& in) {
  CauseTable table;
  const std::size_t count = in.number<std::uint8_t>();
  for (std::size_t number = 0; number < count && in.good(); ++number) {
    const std::string name = in.text();
    std::size_t ours = 0;
    while (ours < safety::CauseCount && safety::name_of(static_cast<Cause>(ours)) != name) ++ours;
    if (in.good() && ours == safety::CauseCount)
      return tl::unexpected{"it names a cause \"" + name.substr(0, 40) +
                            "\" that this version does not know"};
    table.causes_.push_back(static_cast<Cause>(ours));
  }
  return table;
}

std::optional<Cause> CauseTable::cause(std::uint8_t number) const {
  if (number >= causes_.size()) return std::nullopt;
  return causes_[number];
}

std::optional<safety::CauseSet> CauseTable::causes(std::uint64_t bits) const {
  safety::CauseSet set;
  for (std::uint8_t number = 0; number < 64; ++number) {
    if (((bits >> number) & 1U) == 0) continue;
    const auto known = cause(number);
    if (!known) return std::nullopt;
    set.set(static_cast<std::size_t>(*known));
  }
  return set;
}

void write_frame(ByteWriter& out, const Frame& frame) {
  out.number(frame.cycle);
  out.instant(frame.now);
  out.flag(frame.drive_heard);
  out.flag(frame.hub_heard);
  out.code(frame.drive_reading);
  out.code(frame.hub_reading);
  out.instant(frame.drive_taken_at);
  out.instant(frame.hub_taken_at);
  for (const std::uint16_t word : frame.drive) out.number(word);
  for (const std::uint16_t word : frame.hub) out.number(word);
  write_flags(out, frame.setup, SetupFlags);
  out.flag(frame.stop);
  out.code(frame.asked);
  out.code(frame.reset_level);
  write_outcome(out, frame.outcome);
  out.code(frame.moment);
  out.number(frame.set);
  out.number(frame.rep);
}

std::optional<Frame> read_frame(ByteReader& in, const CauseTable& causes) {
  Frame frame;
  frame.cycle = in.number<std::uint64_t>();
  frame.now = in.instant();
  frame.drive_heard = in.flag();
  frame.hub_heard = in.flag();
  frame.drive_reading = in.code(sensing::Reading::Damaged);
  frame.hub_reading = in.code(sensing::Reading::Damaged);
  frame.drive_taken_at = in.instant();
  frame.hub_taken_at = in.instant();
  for (std::uint16_t& word : frame.drive) word = in.number<std::uint16_t>();
  for (std::uint16_t& word : frame.hub) word = in.number<std::uint16_t>();
  read_flags(in, frame.setup, SetupFlags);
  frame.stop = in.flag();
  frame.asked = in.code(cycle::Asked::EndSession);
  frame.reset_level = in.code(safety::LatchLevel::Service);
  const auto outcome = read_outcome(in, causes);
  frame.moment = in.code(rehab::Moment::Unloading);
  frame.set = in.number<std::uint16_t>();
  frame.rep = in.number<std::uint16_t>();
  const bool sensible =
      is_sensible(frame.now) && is_sensible(frame.drive_taken_at) && is_sensible(frame.hub_taken_at);
  if (!in.good() || !outcome || !sensible || in.left() != 0) return std::nullopt;
  frame.outcome = *outcome;
  return frame;
}

void write_prescription(ByteWriter& out, const rehab::Prescription& prescription) {
  const rehab::PrescriptionDraft& draft = prescription.draft();
  out.code(draft.exercise);
  out.code(draft.phase);
  each_field(
      draft, [&out](const auto& value) { out.real(raw(value)); },
      [&out](units::Duration value) { out.duration(value); },
      [&out](int value) { out.number(std::int32_t{value}); });
  out.real(prescription.person().mass.value());
  out.real(prescription.person().height.value());
  const auto& strength = prescription.person().strength;
  out.real(strength ? strength->value() : std::numeric_limits<double>::quiet_NaN());
}

tl::expected<rehab::Prescription, std::string> read_prescription(ByteReader& in) {
  rehab::PrescriptionDraft draft;
  draft.exercise = in.code(rehab::Exercise::ReverseHyper);
  draft.phase = in.code(rehab::Phase::Maintenance);
  each_field(
      draft, [&in](auto& value) { put(value, in.real()); },
      [&in](units::Duration& value) { value = in.duration(); },
      [&in](int& value) { value = in.number<std::int32_t>(); });
  rehab::Person person{};
  person.mass = units::Mass::from_value(in.real());
  person.height = units::Length::from_value(in.real());
  const units::Torque strength = units::Torque::from_value(in.real());
  if (units::is_finite(strength)) person.strength = strength;
  if (!in.good() || in.left() != 0) return tl::unexpected<std::string>{"it is no prescription"};
  auto checked = rehab::Prescription::checked(draft, person);
  if (checked) return *checked;
  const auto& refusal = checked.error().front();
  return tl::unexpected{"its prescription is one that this version refuses: " + refusal.field};
}

void write_calibration(ByteWriter& out, const sensing::Calibration& calibration) {
  each_measure(calibration, [&out](const auto& value) { out.real(raw(value)); });
}

sensing::Calibration read_calibration(ByteReader& in) {
  sensing::Calibration calibration;
  each_measure(calibration, [&in](auto& value) { put(value, in.real()); });
  return calibration;
}

}  // namespace plinth::record
