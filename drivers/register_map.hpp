// The native register map of the station's units, version 1.0: addresses, bits and codes, and nothing else.
//
// Registers are 16 bits, big-endian on the wire, the high word of a pair first. FC 03 and FC 04 read the same
// words. Every safety-relevant cyclic value is one register, so that neither a torn read nor a swapped word
// order can touch it. Angles are 0.1 mrad, speeds mrad/s, torques 0.1 N·m, forces 0.1 N, all seen from the
// arm: lifting raises the angle, positive torque resists lifting. A value that is invalid reads 0x8000.
#pragma once

#include <cstddef>
#include <cstdint>

namespace plinth::drivers::map {

using Register = std::uint16_t;

inline constexpr Register Invalid = 0x8000;  // in any signed field

enum class UnitClass : Register { ResistanceUnit = 1, LoadCellHub = 2 };

// Who the unit is. Read only; the same in every unit.
namespace identity {
inline constexpr Register Begin = 0x0000;
inline constexpr std::size_t Count = 0x13;
inline constexpr std::uint32_t Magic = 0x52485831;  // "RHX1"
inline constexpr Register MajorVersion = 1;         // high byte of Version
inline constexpr Register WordProbeValue = 0x1234;
inline constexpr std::uint32_t PairProbeValue = 0x01020304;
inline constexpr std::uint32_t FloatProbeValue = 0x42F70000;  // 123.5 as IEEE 754
// Offsets from Begin.
inline constexpr std::size_t MagicAt = 0x00;
inline constexpr std::size_t Version = 0x02;  // major << 8 | minor
inline constexpr std::size_t Class = 0x03;
inline constexpr std::size_t Serial = 0x04;        // pair
inline constexpr std::size_t Firmware = 0x06;      // major.minor, build
inline constexpr std::size_t Capabilities = 0x08;  // pair
inline constexpr std::size_t RatedTorque = 0x0A;   // 0.1 N·m; the hub: channels
inline constexpr std::size_t RatedSpeed = 0x0B;    // mrad/s; the hub: sample rate, Hz
inline constexpr std::size_t ConfigurationCrc = 0x0C;
inline constexpr std::size_t WordProbe = 0x0E;
inline constexpr std::size_t PairProbe = 0x0F;
inline constexpr std::size_t FloatProbe = 0x11;
}  // namespace identity

// Drive, cyclic command: written whole or not applied. A block that is incomplete, or whose checksum is
// wrong, or whose heartbeat did not change, does not feed the drive's watchdog.
namespace drive_out {
inline constexpr Register Begin = 0x0100;
inline constexpr std::size_t Count = 0x11;
enum At : std::size_t {
  Heartbeat,
  Control,
  Mode,
  TorqueCommand,
  VelocityCommand,
  PositionCommand,  // the legs' rest angle in torque and lowering mode
  ResistingLimit,
  SupportingLimit,
  LiftingSpeedLimit,
  Slew,
  LiftingDamping,
  LoweringDamping,
  LoweringSpeedLimit,
  WallLow,
  WallHigh,
  WallStiffness,
  Checksum,  // CRC-16/MODBUS of the bytes of all registers before it
};
static_assert(Checksum + 1 == Count);
namespace control {
inline constexpr Register Enable = 1U << 0;
inline constexpr Register Run = 1U << 1;
inline constexpr Register ControlledStop = 1U << 2;
inline constexpr Register FaultReset = 1U << 3;  // acts on its rising edge
inline constexpr Register HoldPosition = 1U << 4;
}  // namespace control
}  // namespace drive_out

// Drive, cyclic report.
namespace drive_in {
inline constexpr Register Begin = 0x0200;
inline constexpr std::size_t Count = 0x14;
enum At : std::size_t {
  Sequence,
  TimestampHigh,
  TimestampLow,
  HeartbeatEcho,
  Status,
  Mode,
  Limiting,
  FaultCode,
  Safety,
  Position,
  Velocity,
  Torque,
  TorqueSetpoint,
  MotorTemperature,  // 0.1 °C
  DriveTemperature,
  BusVoltage,    // 0.1 V
  WatchdogLeft,  // ms
  LastReject,
  BootCounter,
  Checksum,
};
static_assert(Checksum + 1 == Count);
namespace status {
inline constexpr Register Ready = 1U << 0;
inline constexpr Register Enabled = 1U << 1;
inline constexpr Register TorqueOn = 1U << 2;
inline constexpr Register FaultLatched = 1U << 3;
inline constexpr Register Warning = 1U << 4;
inline constexpr Register Stopping = 1U << 5;
inline constexpr Register Homed = 1U << 6;
inline constexpr Register AtTarget = 1U << 7;
inline constexpr Register BrakeReleased = 1U << 8;
inline constexpr Register WatchdogArmed = 1U << 9;
inline constexpr Register WatchdogTripped = 1U << 10;
inline constexpr Register CyclicOk = 1U << 11;
inline constexpr Register LimitsLocked = 1U << 12;
inline constexpr Register ConfigurationUnsaved = 1U << 13;
inline constexpr Register Regenerating = 1U << 14;
}  // namespace status
namespace safety {
inline constexpr Register StoA = 1U << 0;
inline constexpr Register StoB = 1U << 1;
inline constexpr Register StoDiscrepancy = 1U << 2;
inline constexpr Register EStopA = 1U << 3;  // set: closed
inline constexpr Register EStopB = 1U << 4;
inline constexpr Register Guard = 1U << 5;
inline constexpr Register Pendant = 1U << 6;
inline constexpr Register BrakeFeedback = 1U << 7;
inline constexpr Register Ss1Active = 1U << 8;
}  // namespace safety
}  // namespace drive_in

// Drive, installed limits: writable only while disabled and for 30 s after the key.
namespace installed {
inline constexpr Register UnlockKey = 0x0300;
inline constexpr Register UnlockValue = 0x5AFE;
inline constexpr Register Begin = 0x0301;
inline constexpr std::size_t Count = 10;
enum At : std::size_t {
  WatchdogMs,
  WatchdogAction,
  RampMs,
  TripDamping,
  TorqueMax,
  SpeedMax,
  PositionMin,
  PositionMax,
  SlewMax,
  Polarity,
};
// What the drive really obeys. Read only.
namespace mirror {
inline constexpr Register Begin = 0x0320;
inline constexpr std::size_t Count = 12;
enum At : std::size_t {
  ResistingMax,
  SupportingMax,
  SpeedMax,
  PositionMin,
  PositionMax,
  SlewMax,
  WatchdogMs,
  WatchdogAction,
  RampMs,
  TripDamping,
  ChecksumHigh,  // CRC-32 (IEEE) of the bytes of the installed registers
  ChecksumLow,
};
}  // namespace mirror
}  // namespace installed

// Orders that are carried out once per new sequence number.
namespace mailbox {
inline constexpr Register Order = 0x0400;  // code, sequence, two arguments: one write
inline constexpr std::size_t OrderCount = 4;
inline constexpr Register Answer = 0x0408;  // acknowledged sequence, result, reason
inline constexpr std::size_t AnswerCount = 3;
enum class Code : Register { BrakeTest = 4, WatchdogSelfTest = 6 };
enum class Result : Register { Idle = 0, Busy = 1, Ok = 2, Rejected = 3, Failed = 4, TimedOut = 5 };
}  // namespace mailbox

// Drive, what it has counted since it was switched on.
namespace diagnostics {
inline constexpr Register Begin = 0x0500;
inline constexpr std::size_t Count = 9;
inline constexpr Register FaultHistory = 0x0510;  // eight codes
enum At : std::size_t {
  Uptime = 0,    // s, pair
  FramesOk = 2,  // pair
  ChecksumErrors = 4,
  Exceptions,
  WatchdogTrips,
  WatchdogClosest,  // ms
  RejectedCommands,
};
}  // namespace diagnostics

// Hub, cyclic output: the second shut-off path. The relay drops by itself 100 ms after the last new
// heartbeat.
namespace hub_out {
inline constexpr Register Begin = 0x0100;
inline constexpr std::size_t Count = 3;
enum At : std::size_t { Heartbeat, Permit, Checksum };
inline constexpr Register PermitBit = 1U << 0;
}  // namespace hub_out

// Hub, cyclic report.
namespace hub_in {
inline constexpr Register Begin = 0x0200;
inline constexpr std::size_t Count = 0x20;
inline constexpr std::size_t Channels =
    6;  // strap left, right; pads front left, front right, rear left, rear right
enum At : std::size_t {
  Sequence,
  TimestampHigh,
  TimestampLow,
  Status,
  ValidMask,
  NetForce,                               // one per channel
  ChannelStatus = NetForce + Channels,    // one per channel
  GrossForce = ChannelStatus + Channels,  // one per channel
  PadSum = GrossForce + Channels,
  SecondAngle,
  SecondAngleStatus,
  SampleRate,
  Inputs,
  Excitation,
  BoardTemperature,
  BootCounter,
  Checksum,
};
static_assert(Checksum + 1 == Count);
namespace status {
inline constexpr Register Ok = 1U << 0;
inline constexpr Register AnyFault =
    0x007E;  // warming up, excitation, EEPROM, calibration, auto-zero, overrun
}  // namespace status
namespace channel {
inline constexpr Register Valid = 1U << 0;
}
namespace second_angle {
inline constexpr Register Valid = 1U << 0;
inline constexpr Register Fault = 1U << 1;
inline constexpr Register NotHomed = 1U << 2;
}  // namespace second_angle
namespace inputs {
inline constexpr Register EStopA = 1U << 0;  // set: closed
inline constexpr Register EStopB = 1U << 1;
inline constexpr Register PendantNormallyClosed = 1U << 2;  // set: contact closed, not pressed
inline constexpr Register PendantNormallyOpen = 1U << 3;    // set: contact closed, pressed
inline constexpr Register Guard = 1U << 4;
inline constexpr Register BenchLatch = 1U << 5;
inline constexpr Register GripLeft = 1U << 6;
inline constexpr Register GripRight = 1U << 7;
inline constexpr Register ServiceKey = 1U << 8;
}  // namespace inputs
}  // namespace hub_in

}  // namespace plinth::drivers::map
