// A machine whose units answer in the same process: the closed loop in virtual time, and tests. The bytes of
// every request and answer are those that go over a wire.
#pragma once

#include <concepts>
#include <utility>

#include "controller/safety/machine_io.hpp"
#include "drivers/commissioning.hpp"
#include "drivers/station_protocol.hpp"

namespace plinth::drivers {

// Answers a request PDU into `reply` and returns the reply's size; 0 when the unit stays silent.
template <typename F>
concept UnitHandler = requires(F handle, std::uint8_t unit, std::span<const std::uint8_t> request,
                               std::span<std::uint8_t> reply) {
  { handle(unit, request, reply) } -> std::convertible_to<std::size_t>;
};

struct UnitNumbers {
  std::uint8_t drive = 1;
  std::uint8_t hub = 2;
};

template <UnitHandler Handle>
class DirectMachine final : public safety::MachineIo {
 public:
  explicit DirectMachine(Handle handle, UnitNumbers numbers = {})
      : handle_{std::move(handle)}, numbers_{numbers} {}

  // Identifies both units, installs these limits, and proves the watchdog and the brake. `advance(span)` lets
  // the units' time pass by that much. What could be established shows in `setup()` either way.
  template <std::invocable<units::Duration> Advance>
  Outcome<void> bring_up(const safety::InstalledLimits& limits, Advance advance) {
    const auto pass = [&](units::Duration span) { advance(span); };
    DirectPort<decltype(pass)> hub{*this, numbers_.hub, pass};
    const Outcome<void> hub_done = set_up_hub(hub, setup_);
    if (const auto heartbeat = last_hub_heartbeat(hub)) protocol_.continue_hub_heartbeat_from(*heartbeat);
    const CloseRelay relay = [this](bool closed) {
      relay_closed_ = closed;
      feed_relay();
    };
    const auto pass_with_relay = [&](units::Duration span) {
      advance(span);
      if (relay_closed_) feed_relay();
    };
    DirectPort<decltype(pass_with_relay)> drive{*this, numbers_.drive, pass_with_relay};
    installed_ = limits;
    const Outcome<void> drive_done = set_up_drive(drive, limits, relay, proofs_, setup_);
    return drive_done.and_then([&] { return hub_done; });
  }

  sensing::Sample read(units::Instant now) override {
    protocol_.begin_cycle();
    switch (transact(numbers_.drive, protocol_.drive_read_request())) {
      case Heard::Answer:
        protocol_.accept_drive_answer(answer(), now);
        break;
      case Heard::Useless:
        protocol_.drive_answer_damaged();
        break;
      case Heard::Nothing:
        break;
    }
    switch (transact(numbers_.hub, protocol_.hub_read_request())) {
      case Heard::Answer:
        protocol_.accept_hub_answer(answer(), now);
        break;
      case Heard::Useless:
        protocol_.hub_answer_damaged();
        break;
      case Heard::Nothing:
        break;
    }
    if (is_another_run(protocol_.drive().report, proofs_)) nothing_proven(setup_);
    return {protocol_.drive(), protocol_.hub(), setup_, protocol_.drive_registers(),
            protocol_.hub_registers()};
  }

  void write(const safety::ApprovedCommand& command) override {
    const auto requests = protocol_.command_requests(command);
    transact(numbers_.drive, requests.drive);
    transact(numbers_.hub, requests.hub);
  }

  void install(const safety::InstalledLimits& limits) override {
    const auto no_time = [](units::Duration) {};
    DirectPort<decltype(no_time)> drive{*this, numbers_.drive, no_time};
    installed_ = limits;
    setup_.limits_confirmed = install_limits(drive, limits).has_value();
  }

  void compare_limits() override {
    const auto no_time = [](units::Duration) {};
    DirectPort<decltype(no_time)> drive{*this, numbers_.drive, no_time};
    setup_.limits_confirmed = setup_.limits_confirmed && limits_in_force(drive, installed_).value_or(false);
  }

  [[nodiscard]] const sensing::Setup& setup() const { return setup_; }
  [[nodiscard]] const StationProtocol& protocol() const { return protocol_; }

 private:
  void feed_relay() { transact(numbers_.hub, protocol_.hub_request(relay_closed_)); }

  enum class Heard : std::uint8_t { Answer, Useless, Nothing };

  Heard transact(std::uint8_t unit, std::span<const std::uint8_t> request) {
    answer_size_ = handle_(unit, request, std::span<std::uint8_t>{reply_});
    if (answer_size_ == 0) return Heard::Nothing;
    return AnswerShape{request}.match(answer()) == AnswerShape::Match::Answer ? Heard::Answer
                                                                              : Heard::Useless;
  }
  [[nodiscard]] std::span<const std::uint8_t> answer() const { return std::span{reply_}.first(answer_size_); }

  template <typename Advance>
  class DirectPort final : public RegisterPort {
   public:
    DirectPort(DirectMachine& machine, std::uint8_t unit, const Advance& advance)
        : machine_{machine}, unit_{unit}, advance_{advance} {}

    Outcome<void> read(std::uint16_t address, std::span<std::uint16_t> out) override {
      const auto request = read_request(Function::ReadHolding, address, out.size(), request_);
      const bool good =
          machine_.transact(unit_, request) == Heard::Answer && registers_of(machine_.answer(), out);
      if (!good)
        return failed("unit " + std::to_string(unit_) + " does not answer the read of " +
                      std::to_string(out.size()) + " registers at " + std::to_string(address));
      return {};
    }
    Outcome<void> write(std::uint16_t address, std::span<const std::uint16_t> values) override {
      const auto request = write_request(address, values, request_);
      if (machine_.transact(unit_, request) != Heard::Answer)
        return failed("unit " + std::to_string(unit_) + " does not accept the write of " +
                      std::to_string(values.size()) + " registers at " + std::to_string(address));
      return {};
    }
    units::Instant now() override { return now_; }
    Outcome<void> wait(units::Duration span) override {
      advance_(span);
      now_ += span;
      return {};
    }

   private:
    DirectMachine& machine_;
    std::uint8_t unit_;
    const Advance& advance_;
    units::Instant now_{};
    std::array<std::uint8_t, MaxPdu> request_{};
  };

  Handle handle_;
  UnitNumbers numbers_;
  StationProtocol protocol_;
  sensing::Setup setup_{};
  Proofs proofs_;
  safety::InstalledLimits installed_{};
  bool relay_closed_ = false;  // asked for while the brake is tried
  std::array<std::uint8_t, MaxPdu> reply_{};
  std::size_t answer_size_ = 0;
};

}  // namespace plinth::drivers
