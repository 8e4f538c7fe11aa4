// What is known of the machine here: the newest snapshot that control has published, and what follows from
// it.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "controller/cycle/channels.hpp"

namespace plinth::v1 {
class Telemetry;
}

namespace plinth::service {

// What keeps the units from being used, in words; empty: nothing that is known.
struct UnitTroubles {
  std::string drive;
  std::string hub;
};

// The single reader of control's snapshots.
class Picture {
 public:
  struct News {
    bool snapshot = false;      // there is a newer one
    bool prescription = false;  // and another prescription is in force
  };
  // Takes what is newest, and writes into the log what has changed.
  News take(cycle::Channels& channels);

  void tell(UnitTroubles troubles) { troubles_ = std::move(troubles); }

  [[nodiscard]] const cycle::Snapshot& newest() const { return newest_; }
  [[nodiscard]] const std::optional<rehab::Prescription>& in_force() const { return newest_.prescription; }
  [[nodiscard]] v1::Telemetry telemetry() const;

 private:
  cycle::Snapshot newest_{};
  cycle::LoopHealth health_{};
  UnitTroubles troubles_;
  std::optional<units::Force> force_limit_;  // of the prescription in force
};

}  // namespace plinth::service
