// What wrong cells, sensors and registers make of an honest block of readings.
//
// The blocks keep a right sum: a lying unit is still a sound speaker, and only its meaning gives it away.
#pragma once

#include <array>
#include <span>

#include "simulator/random.hpp"
#include "simulator/wire.hpp"
#include "simulator/wrongs.hpp"

namespace plinth::simulator {

inline constexpr std::size_t HubInWords = 32;    // 0200–021F
inline constexpr std::size_t DriveInWords = 20;  // 0200–0213

// `before` is the block as it was told last.
void spoil_hub_block(Wrongs& wrongs, Random& chance, const std::array<Word, HubInWords>& before,
                     std::array<Word, HubInWords>& block);
void spoil_drive_block(Wrongs& wrongs, const std::array<Word, DriveInWords>& before,
                       std::array<Word, DriveInWords>& block);

// Up to so many ms an encoder's angle comes late to the drive's own loops; beyond it only to the host.
inline constexpr double LatestInTheLoops = 50.0;

// The encoder between the shaft and the drive: what angle it reports.
class FaultyEncoder {
 public:
  // Once a millisecond, with the true angle in rad. A sound encoder reports it as it is.
  double report(Wrongs& wrongs, double angle) {
    if (!wrongs.any() && missed_ == 0.0) {
      last_ = angle;
      kept_ = 0;
      return angle;
    }
    return falsify(wrongs, angle);
  }

 private:
  double falsify(Wrongs& wrongs, double angle);

  static constexpr std::size_t Memory = 256;  // ms
  std::array<double, Memory> past_{};
  std::size_t newest_ = 0;
  std::size_t kept_ = 0;  // how many of `past_` are known
  double last_ = 0.0;
  double missed_ = 0.0;  // rad that a slipping belt has left behind, also after it has caught again
};

}  // namespace plinth::simulator
