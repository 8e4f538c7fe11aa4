// The kinds of person that a scenario can put on the bench.
#pragma once

#include <cstdint>
#include <string_view>

namespace plinth::simulator {

enum class PatientModel : std::uint8_t {
  Steady,
  Weak,           // half the strength
  Tremor,         // 5 % at 5 Hz
  Hasty,          // every stroke in half its time
  Asymmetric,     // left leg carries 65 %
  Sags,           // capacity falls by 5 % a second from the second repetition on
  DropsLegs,      // lets go within 60 ms while lowering
  Spasm,          // +80, then −60 N·m while lifting
  Leaves,         // gets up from the bench
  ReleasesGrips,  // opens both hands while lifting
};
inline constexpr int PatientModelCount = 10;
std::string_view name_of(PatientModel model);

}  // namespace plinth::simulator
