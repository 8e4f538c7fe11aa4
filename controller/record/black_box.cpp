#include "controller/record/black_box.hpp"

#include <algorithm>
#include <utility>

namespace plinth::record {

namespace {

constexpr units::Duration LongestKept = units::milliseconds(400'000);
constexpr std::size_t MostCycles = 100'000;
constexpr std::size_t MostLoadings = 64;

// Nobody trains and the brake holds the arm.
bool is_at_rest(const cycle::Frame& frame) {
  const auto permission = frame.outcome.permission;
  return frame.outcome.brake == safety::Brake::Closed &&
         (permission == safety::Permission::Latched || permission == safety::Permission::Ready);
}

bool is_latched(const cycle::Frame& frame) {
  return frame.outcome.first_cause != safety::Cause::None;
}

}  // namespace

std::size_t BlackBox::cycles_for(units::Duration period) {
  return std::min(static_cast<std::size_t>(LongestKept / std::max(period, units::milliseconds(1))),
                  MostCycles);
}

BlackBox::BlackBox(Source source, std::size_t most_cycles)
    : source_{std::move(source)}, ring_(std::max<std::size_t>(most_cycles, 1)) {
  loadings_.reserve(MostLoadings);
  waiting_.reserve(MostWaiting);
}

void BlackBox::add(const cycle::Record& record) {
  const std::optional<cycle::Frame> before =
      next_ > oldest_ ? std::optional{kept(next_ - 1).frame} : std::nullopt;
  follow_rest(record.frame);
  remember(record);
  if (before) watch(*before, record.frame);
}

void BlackBox::follow_rest(const cycle::Frame& frame) {
  if (!is_at_rest(frame)) {
    resting_since_.reset();
    settled_since_.reset();
    return;
  }
  if (!resting_since_) resting_since_ = frame.now;
  const bool changed = next_ > 0 && kept(next_ - 1).frame.outcome.permission != frame.outcome.permission;
  if (!settled_since_ || changed) settled_since_ = frame.now;
  if (frame.now - *resting_since_ >= Lead && frame.now - *settled_since_ >= Settled) rest_ = next_;
}

void BlackBox::remember(const cycle::Record& record) {
  if (next_ - oldest_ == ring_.size()) {
    for (Waiting& waiting : waiting_) {
      if (waiting.begin != oldest_) continue;
      ++waiting.begin;
      waiting.beginning = Beginning::Middle;
    }
    ++oldest_;
  }
  const auto& loaded = record.prescription;
  if (loaded && (loadings_.empty() || loadings_.back().prescription != *loaded)) {
    if (loadings_.size() == MostLoadings) loadings_.erase(loadings_.begin());
    loadings_.push_back({.number = next_, .prescription = *loaded});
  }
  ring_[next_ % ring_.size()] = {.frame = record.frame, .rest = rest_};
  ++next_;
}

// A trip: the latch falls, or a stop becomes a harder one before the brake is shut. The latch with which
// every program begins is none.
void BlackBox::watch(const cycle::Frame& before, const cycle::Frame& frame) {
  for (Waiting& waiting : waiting_) waiting.complete = waiting.complete || frame.now > waiting.window_end;
  const bool falls = is_latched(frame) && !is_latched(before);
  const bool hardens = is_latched(frame) && is_latched(before) &&
                       frame.outcome.action > before.outcome.action &&
                       frame.outcome.brake != safety::Brake::Closed;
  if (!falls && !hardens) return;
  // What gets worse while its record is still open belongs to the same story.
  if (hardens && !waiting_.empty() && !waiting_.back().complete) {
    waiting_.back().window_end = frame.now + KeptAfter;
    return;
  }
  note_trip(frame);
}

std::uint64_t BlackBox::first_since(units::Instant instant, std::uint64_t newest) const {
  std::uint64_t number = newest;
  while (number > oldest_ && kept(number - 1).frame.now >= instant) --number;
  return number;
}

void BlackBox::note_trip(const cycle::Frame& frame) {
  if (waiting_.size() == MostWaiting) return;
  Waiting waiting{.trip = {.cause = frame.outcome.cause,
                           .action = frame.outcome.action,
                           .cycle = frame.cycle,
                           .at = frame.now,
                           .unix_ms = 0},
                  .begin = oldest_,
                  .compare_from = 0,
                  .beginning = Beginning::Middle,
                  .window_begin = frame.now - KeptBefore,
                  .window_end = frame.now + KeptAfter,
                  .complete = false};
  const std::uint64_t window = first_since(waiting.window_begin, next_ - 1);
  const auto rest = kept(window).rest;
  const std::uint64_t lead = rest && *rest >= oldest_ ? first_since(kept(*rest).frame.now - Lead, *rest) : 0;
  const bool all_there = oldest_ == 0 || lead > oldest_;
  if (rest && *rest >= oldest_ && all_there) {
    waiting.begin = lead;
    waiting.compare_from = kept(*rest).frame.cycle;
    waiting.beginning = Beginning::Rest;
  } else if (oldest_ == 0 && kept(0).frame.cycle == 1) {
    waiting.begin = 0;
    waiting.compare_from = 1;
    waiting.beginning = Beginning::Program;
  } else {
    waiting.begin = window;
    waiting.compare_from = kept(window).frame.cycle;
  }
  waiting_.push_back(waiting);
}

TripRecord BlackBox::written(const Waiting& waiting, std::int64_t unix_ms) const {
  std::uint64_t end = waiting.begin;
  while (end < next_ && kept(end).frame.now <= waiting.window_end) ++end;
  Head head{.source = source_,
            .trip = waiting.trip,
            .window_begin = waiting.window_begin,
            .window_end = waiting.window_end,
            .beginning = waiting.beginning,
            .compare_from = waiting.compare_from};
  if (unix_ms != 0) {
    const units::Duration since = kept(next_ - 1).frame.now - waiting.trip.at;
    head.trip.unix_ms = unix_ms - units::in_milliseconds(since);
  }
  auto loading = loadings_.begin();
  for (; loading != loadings_.end() && loading->number < waiting.begin; ++loading)
    head.prescription = loading->prescription;
  RecordWriter writer{head, end - waiting.begin};
  for (std::uint64_t number = waiting.begin; number < end; ++number) {
    std::optional<rehab::Prescription> loaded;
    if (loading != loadings_.end() && loading->number == number) loaded = (loading++)->prescription;
    writer.add(kept(number).frame, loaded);
  }
  return {.trip = head.trip, .file = std::move(writer).finished()};
}

std::optional<TripRecord> BlackBox::take(bool complete_only, std::int64_t unix_ms) {
  if (waiting_.empty() || (complete_only && !waiting_.front().complete)) return std::nullopt;
  const Waiting first = waiting_.front();
  waiting_.erase(waiting_.begin());
  return written(first, unix_ms);
}

std::optional<TripRecord> BlackBox::take_complete(std::int64_t unix_ms) {
  return take(true, unix_ms);
}

std::optional<TripRecord> BlackBox::take_any(std::int64_t unix_ms) {
  return take(false, unix_ms);
}

}  // namespace plinth::record
