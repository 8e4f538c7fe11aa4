#include "controller/service/errands.hpp"

#include <algorithm>
#include <utility>

namespace plinth::service {
namespace {

constexpr std::size_t MostSent = 64;  // twice what the queue of intents holds
constexpr std::size_t MostStops = 256;
constexpr int SnapshotsToBeSure = 2;

}  // namespace

bool Errands::send(const Errand& errand, session::IntentBody body, units::Instant now) {
  if (sent_.size() >= MostSent) return false;
  const std::uint64_t id = last_id_ + 1;
  if (!channels_.intents.push(session::Intent{id, std::move(body)})) return false;
  last_id_ = id;
  sent_.emplace(id, Sent{errand, now + answer_within_});
  return true;
}

bool Errands::stop(const Errand& errand, units::Instant now) {
  channels_.stop.store(true, std::memory_order_release);
  if (stops_.size() >= MostStops) return false;
  stops_.push_back(SentStop{errand, now + answer_within_});
  return true;
}

std::vector<Return> Errands::collect(bool published, units::Instant now) {
  std::vector<Return> out;
  collect_answers(out);
  collect_stops(published, now, out);
  give_up(now, out);
  return out;
}

void Errands::collect_answers(std::vector<Return>& out) {
  session::Answer answer;
  while (channels_.answers.pop(answer)) {
    const auto found = sent_.find(answer.id);
    if (found == sent_.end()) continue;  // an id that we never gave
    out.push_back({std::move(found->second.errand), answer.refused, found->second.given_up});
    sent_.erase(found);
  }
}

void Errands::collect_stops(bool published, units::Instant now, std::vector<Return>& out) {
  const bool lane_is_free = !channels_.stop.load(std::memory_order_acquire);
  for (SentStop& stop : stops_) {
    if (stop.taken && published) ++stop.published;
    stop.taken = stop.taken || lane_is_free;
  }
  while (!stops_.empty()) {
    SentStop& oldest = stops_.front();
    const bool acted_on = oldest.published >= SnapshotsToBeSure;
    if (!acted_on && now < oldest.deadline) break;
    out.push_back({std::move(oldest.errand),
                   acted_on ? std::nullopt : std::optional{rehab::RefusalCode::ControlSilent}});
    stops_.pop_front();
  }
}

void Errands::give_up(units::Instant now, std::vector<Return>& out) {
  for (auto& [id, sent] : sent_) {
    if (sent.given_up || now < sent.deadline) continue;
    sent.given_up = true;
    out.push_back({sent.errand, rehab::RefusalCode::ControlSilent});
  }
}

std::size_t Errands::count_of(ClientId client) const {
  const auto is_theirs = [client](const auto& sent) { return sent.errand.client == client; };
  return static_cast<std::size_t>(
      std::count_if(sent_.begin(), sent_.end(), [&](const auto& entry) { return is_theirs(entry.second); }) +
      std::count_if(stops_.begin(), stops_.end(), is_theirs));
}

bool Errands::carries_prescription() const {
  return std::any_of(sent_.begin(), sent_.end(),
                     [](const auto& entry) { return entry.second.errand.prescription.has_value(); });
}

}  // namespace plinth::service
