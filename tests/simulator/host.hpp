// A small host for the tests: speaks PDUs to a virtual station as a controller would, with a plain load law.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <vector>

#include "simulator/virtual_station.hpp"

namespace plinth::simulator::testing {

constexpr double Deg = units::RadiansPerDegree;

struct Reply {
  std::vector<std::uint8_t> bytes;
  [[nodiscard]] bool silent() const { return bytes.empty(); }
  [[nodiscard]] int exception() const { return !bytes.empty() && (bytes[0] & 0x80U) != 0 ? bytes[1] : 0; }
};

class Host {
 public:
  explicit Host(VirtualStation& station) : station_{&station} {}

  Reply send(std::uint8_t unit, const std::vector<std::uint8_t>& request) {
    std::array<std::uint8_t, MaxPdu> reply{};
    const std::size_t length = station_->handle(unit, request, reply);
    return {{reply.begin(), reply.begin() + static_cast<std::ptrdiff_t>(length)}};
  }
  Reply read(std::uint8_t unit, Word address, Word count, std::uint8_t function = 4) {
    return send(unit, {function, hi(address), lo(address), hi(count), lo(count)});
  }
  std::vector<Word> words(std::uint8_t unit, Word address, Word count) {
    const Reply reply = read(unit, address, count);
    std::vector<Word> result;
    if (reply.silent() || reply.exception() != 0) {
      ADD_FAILURE() << "no words from unit " << int{unit} << " at " << std::hex << address;
      return std::vector<Word>(count);
    }
    for (std::size_t i = 2; i + 1 < reply.bytes.size(); i += 2)
      result.push_back(static_cast<Word>(static_cast<unsigned>(reply.bytes[i] << 8U) | reply.bytes[i + 1]));
    return result;
  }
  Word word(std::uint8_t unit, Word address) { return words(unit, address, 1)[0]; }
  Reply write_one(std::uint8_t unit, Word address, Word value) {
    return send(unit, {6, hi(address), lo(address), hi(value), lo(value)});
  }
  Reply write(std::uint8_t unit, Word address, const std::vector<Word>& values) {
    std::vector<std::uint8_t> request{0x10,
                                      hi(address),
                                      lo(address),
                                      0,
                                      static_cast<std::uint8_t>(values.size()),
                                      static_cast<std::uint8_t>(2 * values.size())};
    for (const Word value : values) {
      request.push_back(hi(value));
      request.push_back(lo(value));
    }
    return send(unit, request);
  }

  // The drive's cyclic block, by meaning. Written whole, with its sum and a fresh heartbeat.
  struct Block {
    Word control = 0;
    Word mode = 1;
    double torque_nm = 0.0;
    double velocity_rad_s = 0.0;
    double position_rad = -70.0 * Deg;
    double torque_plus_nm = 200.0;
    double torque_minus_nm = 190.0;
    double speed_lifting_rad_s = 2.0;
    Word slew = 2000;
    double damping_lifting = 0.0;
    double damping_lowering = 0.0;
    double speed_lowering_rad_s = 2.0;
    double wall_low_rad = -1.6;
    double wall_high_rad = 0.6;
    Word wall_stiffness = 0;
  };
  std::vector<Word> encode(const Block& block) {
    std::vector<Word> out{heartbeat_,
                          block.control,
                          block.mode,
                          to_signed_word(block.torque_nm, TorqueUnit),
                          to_signed_word(block.velocity_rad_s, SpeedUnit),
                          to_signed_word(block.position_rad, AngleUnit),
                          to_unsigned_word(block.torque_plus_nm, TorqueUnit),
                          to_unsigned_word(block.torque_minus_nm, TorqueUnit),
                          to_unsigned_word(block.speed_lifting_rad_s, SpeedUnit),
                          block.slew,
                          to_unsigned_word(block.damping_lifting, DampingUnit),
                          to_unsigned_word(block.damping_lowering, DampingUnit),
                          to_unsigned_word(block.speed_lowering_rad_s, SpeedUnit),
                          to_signed_word(block.wall_low_rad, AngleUnit),
                          to_signed_word(block.wall_high_rad, AngleUnit),
                          block.wall_stiffness};
    out.push_back(crc16(out));
    return out;
  }
  Reply command(const Block& block) {
    ++heartbeat_;
    return write(VirtualStation::DriveUnitId, 0x0100, encode(block));
  }
  Reply permit(bool on) {
    ++permit_heartbeat_;
    std::vector<Word> out{permit_heartbeat_, static_cast<Word>(on ? 1 : 0)};
    out.push_back(crc16(out));
    return write(VirtualStation::HubUnitId, 0x0100, out);
  }

  // Feeds both units every 10 ms for `seconds`; `each_cycle` may change the block first.
  void run(double seconds, Block& block, const std::function<void(Block&)>& each_cycle = {},
           const std::function<void(const VirtualStation&)>& each_tick = {}) {
    const auto end = station_->now() + units::seconds_long(seconds);
    while (station_->now() < end) {
      if (each_cycle) each_cycle(block);
      permit(true);
      command(block);
      const auto next = station_->now() + units::milliseconds(10);
      station_->advance_to(next, [&](VirtualStation& station) {
        if (each_tick) each_tick(station);
      });
    }
  }
  // From power-up to torque on, brake open.
  void start(Block& block) {
    block.control = 0;
    run(0.1, block);
    block.control = Enable;
    run(0.05, block);
    block.control = Enable | Run;
    run(0.2, block);
    ASSERT_FALSE(station_->drive().brake_closed());
  }

  static constexpr Word Enable = 1;
  static constexpr Word Run = 2;
  static constexpr Word ControlledStop = 4;
  static constexpr Word FaultReset = 8;

  Word heartbeat_ = 0;
  Word permit_heartbeat_ = 0;

 private:
  static std::uint8_t hi(Word word) { return static_cast<std::uint8_t>(word >> 8U); }
  static std::uint8_t lo(Word word) { return static_cast<std::uint8_t>(word & 0xFFU); }
  VirtualStation* station_;
};

// A guide with raised-cosine strokes, as the controller shows it: count-in, then repetitions without end.
struct Tempo {
  double low = -60.0 * Deg;
  double high = -5.0 * Deg;
  double lift_s = 2.0;
  double hold_s = 1.0;
  double lower_s = 4.0;
  double rest_s = 0.0;
  double count_in_s = 3.0;

  [[nodiscard]] GuideView at(double t) const {
    GuideView view{
        .moving = true, .hold_grips = true, .low = units::radians(low), .high = units::radians(high)};
    const auto stroke = [&](Moment moment, double from, double to, double duration, double now) {
      const double turn = std::numbers::pi / duration;
      view.moment = moment;
      view.target = units::radians(from + 0.5 * (1.0 - std::cos(turn * now)) * (to - from));
      view.target_speed = units::radians_per_second(0.5 * turn * std::sin(turn * now) * (to - from));
    };
    view.target = units::radians(low);
    view.moment = Moment::RampIn;
    if (t < count_in_s) return view;
    const double rep_s = lift_s + hold_s + lower_s + rest_s;
    const double trained = t - count_in_s;
    view.rep = static_cast<std::uint16_t>(1.0 + trained / rep_s);
    double in_rep = std::fmod(trained, rep_s);
    if (in_rep < lift_s) {
      stroke(Moment::Lifting, low, high, lift_s, in_rep);
      return view;
    }
    in_rep -= lift_s;
    if (in_rep < hold_s) {
      view.moment = Moment::Holding;
      view.target = units::radians(high);
      return view;
    }
    in_rep -= hold_s;
    if (in_rep < lower_s) {
      stroke(Moment::Lowering, high, low, lower_s, in_rep);
      return view;
    }
    view.moment = Moment::Resting;
    return view;
  }
};

// A station and whoever asks it.
struct Bench {
  VirtualStation station{StationSetup{}};
  Host host{station};
  void pass(int ms) { station.advance_to(station.now() + units::milliseconds(ms)); }
};

// Constant load with the arm's own weight carried, and a speed ceiling: what the controller's law amounts to.
struct LoadLaw {
  double load_n = 120.0;
  double arm_nm = 31.0;
  double ceiling_lifting = 10.0;  // rad/s
  double ceiling_lowering = 10.0;
  [[nodiscard]] double torque(const VirtualStation& station, double ramp) const {
    const double angle = station.drive().angle();
    const double speed = station.drive().speed();
    const double load = load_n * station.plant().cuff_radius();
    double torque = ramp * load - arm_nm * std::cos(angle);
    if (speed > ceiling_lifting) torque += std::min(25.0 * (speed - ceiling_lifting), 0.25 * load);
    if (speed < -ceiling_lowering) torque -= std::min(25.0 * (-ceiling_lowering - speed), ramp * load);
    return torque;
  }
};

}  // namespace plinth::simulator::testing
