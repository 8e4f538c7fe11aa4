#include "controller/sensing/unit_watch.hpp"

#include <algorithm>

namespace plinth::sensing {
namespace {

// Both units count their own samples at 500 Hz or faster, so at any poll rate that we use the counter has
// moved between two polls. Two unchanged polls may still be our own jitter; three are not.
constexpr std::uint8_t FrozenAfterPolls = 3;

// One answer in twenty lost or damaged is no longer chance on a sound cable: a checksum of 16 bits passes one
// in 65 536 of the garbled ones, so what still arrives is not to be trusted for long either.
constexpr std::size_t MostLostOfHundred = 5;

// After so long the counter of a unit that answers has moved: an answer without news is an older one once
// more. Sooner it may be one that we asked for too soon, after a cycle that was late.
constexpr units::Duration CounterMovesWithin = units::milliseconds(5);

// A 16-bit counter at 1 kHz is ambiguous after 32 s. After so long a silence only "unchanged" means anything.
constexpr units::Duration CounterAmbiguousAfter = units::milliseconds(30'000);

// A counter that stands still or steps back is no progress: a late or repeated answer must not pass as new.
bool moved_on(std::uint16_t from, std::uint16_t to, units::Duration meanwhile) {
  if (meanwhile > CounterAmbiguousAfter) return from != to;
  return static_cast<std::int16_t>(to - from) > 0;
}

}  // namespace

BlockHealth UnitWatch::watch(const std::optional<Seen>& seen, Reading reading, units::Instant now) {
  BlockHealth health;
  if (!seen) return health;
  health.ever_seen = true;
  health.fresh = reading == Reading::Fresh;
  health.age = std::max(now - seen->taken_at, units::Duration::zero());

  bool repeated = false;
  if (health.fresh) {
    // A unit that has restarted counts from the beginning again; that it restarted is another room's
    // business.
    const bool progress = !progress_ || progress_->boot_counter != seen->boot_counter ||
                          moved_on(progress_->sequence, seen->sequence, seen->taken_at - progress_->taken_at);
    if (progress) {
      progress_ = Progress{
          .sequence = seen->sequence, .boot_counter = seen->boot_counter, .taken_at = seen->taken_at};
      polls_without_progress_ = 0;
    } else {
      repeated = seen->taken_at - progress_->taken_at >= CounterMovesWithin;
      if (polls_without_progress_ < FrozenAfterPolls) ++polls_without_progress_;
    }
  }
  health.frozen = polls_without_progress_ >= FrozenAfterPolls;

  lost_.set(attempt_, !health.fresh || repeated);
  attempt_ = (attempt_ + 1) % lost_.size();
  health.unreliable = lost_.count() > MostLostOfHundred;
  return health;
}

}  // namespace plinth::sensing
