#include "controller/service/picture.hpp"

#include <utility>

#include "controller/safety/limits.hpp"
#include "controller/service/journal.hpp"
#include "controller/service/translate.hpp"

namespace plinth::service {

Picture::News Picture::take(cycle::Channels& channels) {
  (void)channels.health.take(health_);
  cycle::Snapshot snapshot;
  if (!channels.latest.take(snapshot)) return {};
  note_changes(newest_, snapshot);
  const News news{.snapshot = true, .prescription = snapshot.prescription != newest_.prescription};
  newest_ = std::move(snapshot);
  if (news.prescription) {
    force_limit_.reset();
    if (in_force()) force_limit_ = safety::limits_for(*in_force()).force_limit;
  }
  return news;
}

v1::Telemetry Picture::telemetry() const {
  v1::Telemetry telemetry = telemetry_of(newest_, health_, force_limit_);
  telemetry.mutable_units()->mutable_drive()->set_trouble(troubles_.drive);
  telemetry.mutable_units()->mutable_hub()->set_trouble(troubles_.hub);
  return telemetry;
}

}  // namespace plinth::service
