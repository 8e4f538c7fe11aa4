// A bad wire: what becomes of requests on their way to a unit, and of answers on their way back.
//
// Works on PDUs, between the driver's codec and the registers. What a real wire adds (frames, checksums,
// time) is tested over real sockets; here everything is what got through that.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "simulator/pdu.hpp"
#include "simulator/random.hpp"
#include "simulator/wrongs.hpp"

namespace plinth::simulator {

class FaultyBus {
 public:
  explicit FaultyBus(std::uint64_t seed) : chance_{seed} {}

  // Carries one request to `serve(unit, request, reply)` and what it answers back, through whatever is wrong.
  // Returns the reply's length; 0: none came.
  template <typename Serve>
  std::size_t carry(Wrongs& wrongs, std::uint8_t unit, std::span<const std::uint8_t> request,
                    std::span<std::uint8_t> reply, Serve serve) {
    if (refuses(wrongs, unit)) return 0;
    std::size_t length = 0;
    if (exception_instead(wrongs, request, reply, length)) return length;
    std::array<std::uint8_t, MaxPdu> sent{};
    const std::size_t size = copied(request, sent);
    flip_in_request(wrongs, std::span{sent}.first(size));
    const std::uint8_t answering = other_answers(wrongs) ? static_cast<std::uint8_t>(3 - unit) : unit;
    length = serve(answering, std::span<const std::uint8_t>{sent}.first(size), reply);
    return bring_back(wrongs, unit, reply, length);
  }

 private:
  struct Kept {
    std::array<std::uint8_t, MaxPdu> bytes{};
    std::size_t length = 0;
  };

  static std::size_t copied(std::span<const std::uint8_t> from, std::array<std::uint8_t, MaxPdu>& to);
  static bool refuses(Wrongs& wrongs, std::uint8_t unit);
  static bool exception_instead(Wrongs& wrongs, std::span<const std::uint8_t> request,
                                std::span<std::uint8_t> reply, std::size_t& length);
  static bool other_answers(Wrongs& wrongs);
  void flip_in_request(Wrongs& wrongs, std::span<std::uint8_t> request);
  std::size_t bring_back(Wrongs& wrongs, std::uint8_t unit, std::span<std::uint8_t> reply,
                         std::size_t length);
  std::size_t reorder(Wrongs& wrongs, std::uint8_t unit, std::span<std::uint8_t> reply, std::size_t length);
  std::size_t mangle(Wrongs& wrongs, std::span<std::uint8_t> reply, std::size_t length);
  void forge(std::span<std::uint8_t> reply, std::size_t length);
  static std::size_t exchange(Kept& kept, std::span<std::uint8_t> reply, std::size_t length);

  Random chance_;
  Kept late_;
  std::array<Kept, 2> swapped_;  // by unit
  std::array<Kept, 4> earlier_;  // by unit, reading or writing
  std::array<bool, 4> again_{};
};

}  // namespace plinth::simulator
