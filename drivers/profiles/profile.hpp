// A device as its profile file describes it: plain values, every reference resolved, nothing compiled yet.
//
// Addresses are those of the wire, from 0. A *word* is a register. Units and ranges stand at each value;
// where a number comes from stands in the profile file, beside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plinth::drivers::profiles {

enum class Kind : std::uint8_t { LoadCell, LoadCellHub, Drive, InputsAndOutputs };

// What somebody has seen with their own eyes; each includes those before it.
enum class Trust : std::uint8_t {
  Draft,       // parts are from memory, or missing
  Documented,  // all of it stands in a source that was read
  Interop,     // agreed with somebody else's client or simulator
  Bench,       // with the device on a table
  Hardware,    // in a station
};

// Which register of a pair comes first: the high word, or the low one.
enum class WordOrder : std::uint8_t { Big, Little };

enum class Type : std::uint8_t { U16, I16, Bits16, U32, I32, F32 };
constexpr std::size_t words_of(Type type) {
  return type == Type::U32 || type == Type::I32 || type == Type::F32 ? 2 : 1;
}

// The numbers of the wire that a type can say; of the two for whole numbers.
struct Range {
  std::int64_t lowest = 0;
  std::int64_t highest = 0;

  friend bool operator==(const Range&, const Range&) = default;
};
constexpr Range range_of(Type type) {
  switch (type) {
    case Type::U16:
    case Type::Bits16:
      return {0, 0xFFFF};
    case Type::I16:
      return {-0x8000, 0x7FFF};
    case Type::U32:
      return {0, 0xFFFFFFFF};
    case Type::I32:
    case Type::F32:  // a floating-point value is held to this range too: no sensor of ours reads beyond
      return {-0x80000000LL, 0x7FFFFFFF};
  }
  return {};
}

enum class Transport : std::uint8_t { Rtu, Tcp };
enum class EchoCheck : std::uint8_t {
  Strict,       // the answer to a single write repeats it
  AddressOnly,  // it repeats the address, and has a value of its own
};

struct Link {
  std::vector<Transport> transports{};
  std::vector<std::uint32_t> baud{};        // bit/s; empty: not documented
  std::vector<std::string> framing{};       // "8N1" …; empty: not documented
  std::uint32_t response_timeout_ms = 100;  // 1–5000
  std::uint32_t inter_frame_min_ms = 0;     // 0–100; silence that the device wants around each frame
  std::uint16_t max_read_registers = 125;   // the protocol's own limits, unless the device has others
  std::uint16_t max_write_registers = 123;
  std::uint8_t read_function = 3;    // 3 or 4
  std::uint8_t write_function = 16;  // 6 or 16
  EchoCheck echo_check = EchoCheck::Strict;
  bool allow_gap_reads = false;  // registers that no field describes may stand inside a block that is read
};

// A register that tells which device this is, and in which order it puts its words.
struct IdentityCheck {
  std::uint16_t address = 0;
  Type type = Type::U16;
  WordOrder word_order = WordOrder::Big;
  std::uint32_t mask = 0xFFFFFFFF;
  std::vector<std::uint32_t> expect_any{};  // empty: recorded and shown
  bool refuse_on_mismatch = true;
};

enum class Checksum : std::uint8_t { None, Crc16InLastWord };
enum class Priority : std::uint8_t { RealTime, Background, StartUp };

// Registers that are read with one request.
struct ReadBlock {
  std::string name{};
  std::uint16_t address = 0;
  std::uint16_t count = 0;    // 1–125
  std::uint8_t function = 3;  // 3 or 4
  bool atomic = false;        // of one instant, as the device promises
  Checksum checksum = Checksum::None;
  Priority priority = Priority::Background;
  std::uint32_t period_ms = 0;   // 0: as often as the schedule has room
  std::uint32_t max_age_ms = 0;  // 0: three periods
};

// Registers that are written with one request.
struct WriteBlock {
  std::string name{};
  std::uint16_t address = 0;
  std::uint16_t count = 0;     // 1–123
  std::uint8_t function = 16;  // 6 or 16
  Checksum checksum = Checksum::None;
};

// Bits of one word of a block.
struct Bits {
  std::uint16_t word = 0;  // from the block's first
  std::uint16_t mask = 0;

  friend bool operator==(const Bits&, const Bits&) = default;
};

// A value counts only while these bits read so.
struct Requirement {
  Bits bits{};
  std::uint16_t equals = 0;
};

// What one number of the wire stands for: number × num / den, in `unit`.
struct Scale {
  double num = 1.0;
  double den = 1.0;
  std::string unit{};      // "N", "rad", "" for a bare number
  bool installer = false;  // it depends on how the device was set up: measured at commissioning
};

struct Field {
  std::string name{};
  std::size_t block = 0;     // of Profile::reads
  std::uint16_t offset = 0;  // words from the block's first
  Type type = Type::U16;
  WordOrder word_order = WordOrder::Big;
  std::optional<Bits> negative_when{};  // the number is a magnitude, and this bit its sign
  Range plausible{};                    // numbers of the wire; beyond them the value is missing
  Scale scale{};
  std::vector<Requirement> requires_all{};
  bool vital = false;  // a report without it is no report
};

// A named bit of a block that is read.
struct Flag {
  std::string name{};
  std::string canonical{};  // what other devices' profiles call it too: "bridge_open"
  std::size_t block = 0;
  Bits bits{};  // any of them
};

// How one sees that a device still measures.
struct Freshness {
  std::optional<std::size_t> sequence{};  // a field that counts
  std::uint32_t frozen_suspect_polls =
      0;  // so many equal readings of a noisy value are suspicious; 0: not judged
};

enum class Mode : std::uint8_t { Torque, Velocity, Position };

// Where a number that is written lands.
enum class Storage : std::uint8_t {
  Unknown,  // may wear a memory out: never written every cycle on a real port
  Ram,
  Eeprom,
};

struct Setpoint {
  std::string name{};
  std::size_t block = 0;  // of Profile::writes
  std::uint16_t offset = 0;
  Type type = Type::U16;
  WordOrder word_order = WordOrder::Big;
  Range range{};  // numbers of the wire
  Scale scale{};
  std::optional<Mode> mode{};  // that it commands
  Storage storage = Storage::Unknown;
};

// A limit inside the drive: written at start, and read back, since a drive may answer and not obey.
struct Limit {
  std::string name{};
  std::uint16_t address = 0;
  Type type = Type::U16;
  WordOrder word_order = WordOrder::Big;
  Range range{};
  Scale scale{};
};

struct Capability {
  std::vector<Mode> modes{};  // that may be commanded over the bus; none: a drive to look at
  bool torque_limit = false;
  bool speed_limit_in_torque_mode = false;
  bool torque_slew = false;
  bool position_limits = false;
  bool sto_status = false;
  bool uptime_counter = false;
};

// What the drive does by itself when nobody talks to it any more.
enum class WatchdogAction : std::uint8_t { Unknown, Continue, Stop, Damping, RampAndBrake, Selectable };
struct NoWatchdog {};
// Fed by a fresh heartbeat in a whole cyclic block; cannot be switched off.
struct NativeWatchdog {
  std::uint32_t min_ms = 0;
  std::uint32_t max_ms = 0;
  WatchdogAction action = WatchdogAction::Unknown;
};
// A time-out that is a parameter of the drive.
struct ParameterWatchdog {
  std::uint16_t address = 0;
  std::optional<std::uint32_t> unit_ms{};  // what one number of the wire stands for; nothing: not documented
  std::optional<std::uint32_t> max_ms{};
  WatchdogAction action = WatchdogAction::Unknown;
};
using Watchdog = std::variant<NoWatchdog, NativeWatchdog, ParameterWatchdog>;

struct Alarm {
  std::uint32_t code = 0;
  std::string canonical{};
  bool disable_first = false;  // it can be reset only while the drive is disabled
};

struct DriveParts {
  Capability capability{};
  Watchdog watchdog{};
  std::vector<Limit> limits{};
  std::vector<Alarm> alarms{};
};

struct WriteWords {
  std::uint16_t address = 0;
  std::uint8_t function = 16;  // 6 or 16
  std::vector<std::uint16_t> values{};
};
struct WriteCoil {
  std::uint16_t address = 0;
  bool on = false;
};
// Until the number of the field is smaller than this either way; the order has failed when that takes longer.
struct WaitForRest {
  std::size_t field = 0;
  std::uint32_t abs_below_raw = 0;
  std::uint32_t timeout_ms = 0;
};
using CommandStep = std::variant<WriteWords, WriteCoil, WaitForRest>;

struct Command {
  std::string name{};
  std::vector<CommandStep> steps{};
  std::vector<std::size_t> requires_flags{};  // of Profile::flags: set before it is given
  std::vector<std::size_t> forbids_flags{};   // clear
  bool persistent = false;                    // written into a memory that wears out
  std::uint32_t min_interval_s = 0;
};

// A setting that must be so for a force to be believed; read at start-up.
struct RequiredSetting {
  std::string name{};
  std::optional<std::uint16_t> address{};  // nothing: the device does not show it, so a person looks
  std::int64_t expect = 0;
};

// A conversation on the wire from the device's manual, and what it means.
struct GoldenFrame {
  std::string name{};
  std::vector<std::uint8_t> request{};  // RTU, with unit and checksum
  std::vector<std::uint8_t> response{};
  struct Number {
    std::size_t index = 0;  // of Profile::fields, or of Profile::setpoints for a write
    double raw = 0;         // the number of the wire, sign included
  };
  std::vector<Number> expect{};
  std::vector<std::size_t> flags{};    // of Profile::flags: exactly these are set
  std::vector<std::size_t> missing{};  // of Profile::fields: they say that they measure nothing
};

struct Profile {
  std::string id{};
  Kind kind = Kind::LoadCell;
  std::string vendor{};
  std::vector<std::string> models{};
  Trust trust = Trust::Draft;
  std::string documented_as{};  // how the manual counts its addresses
  std::vector<std::string> sources{};
  std::vector<std::string> unverified{};  // names of values and commands that are not used yet
  Link link{};
  std::vector<IdentityCheck> identity{};
  std::vector<ReadBlock> reads{};
  std::vector<WriteBlock> writes{};
  std::vector<Field> fields{};
  std::vector<Flag> flags{};
  std::vector<Setpoint> setpoints{};
  Freshness freshness{};
  std::vector<Command> commands{};
  std::vector<RequiredSetting> required_settings{};
  std::optional<DriveParts> drive{};  // of a drive, and of nothing else
  std::vector<GoldenFrame> golden{};
};

}  // namespace plinth::drivers::profiles
