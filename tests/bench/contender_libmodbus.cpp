#include <modbus/modbus.h>

#include <array>
#include <stdexcept>

#include "drivers/register_map.hpp"
#include "tests/bench/contender.hpp"

namespace plinth::bench {
namespace {

namespace map = drivers::map;

class Unit {
 public:
  Unit(const std::string& port, int unit) : context_{modbus_new_tcp_pi("127.0.0.1", port.c_str())} {
    modbus_set_slave(context_, unit);
    modbus_set_response_timeout(context_, 0, 100'000);
    if (modbus_connect(context_) != 0) throw std::runtime_error("the units do not listen");
  }
  ~Unit() {
    modbus_close(context_);
    modbus_free(context_);
  }
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  template <std::size_t Count>
  bool read(map::Register address, std::array<std::uint16_t, Count>& out) {
    return modbus_read_registers(context_, address, Count, out.data()) == static_cast<int>(Count);
  }
  template <std::size_t Count>
  bool write(map::Register address, const std::array<std::uint16_t, Count>& values) {
    return modbus_write_registers(context_, address, Count, values.data()) == static_cast<int>(Count);
  }

 private:
  modbus_t* context_;
};

class BareLibmodbus final : public Contender {
 public:
  explicit BareLibmodbus(const std::string& port) : drive_{port, 1}, hub_{port, 2} {}

  bool cycle() override {
    ++drive_out_[0];
    ++hub_out_[0];
    return drive_.read(map::drive_in::Begin, drive_in_) && hub_.read(map::hub_in::Begin, hub_in_) &&
           drive_.write(map::drive_out::Begin, drive_out_) && hub_.write(map::hub_out::Begin, hub_out_);
  }

 private:
  Unit drive_;
  Unit hub_;
  std::array<std::uint16_t, map::drive_in::Count> drive_in_{};
  std::array<std::uint16_t, map::hub_in::Count> hub_in_{};
  std::array<std::uint16_t, map::drive_out::Count> drive_out_{};
  std::array<std::uint16_t, map::hub_out::Count> hub_out_{};
};

}  // namespace

std::unique_ptr<Contender> bare_libmodbus(const std::string& port) {
  return std::make_unique<BareLibmodbus>(port);
}

}  // namespace plinth::bench
