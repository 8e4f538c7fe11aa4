// A control loop of few words: answers as it is told and shows the stage it is told.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "controller/cycle/channels.hpp"
#include "controller/rehab/person.hpp"
#include "controller/rehab/prescription.hpp"

namespace plinth::service {

inline rehab::Prescription a_prescription(double load_n = 100.0) {
  rehab::PrescriptionDraft draft = rehab::defaults_of(rehab::Phase::Strength);
  draft.load = units::newtons(load_n);
  return rehab::Prescription::checked(draft, rehab::typical_person(units::kilograms(78))).value();
}

// What a control thread does with the channels, one cycle at a time.
class FakeControl {
 public:
  explicit FakeControl(cycle::Channels& channels) : channels_{channels} {
    snapshot.guidance.stage = session::Stage::NoPrescription;
  }

  void cycle() {
    if (channels_.stop.exchange(false)) {
      ++stops;
      if (in_set()) end_set(rehab::SetEnd::Stopped);
    }
    channels_.intents.consume_one([this](const session::Intent& intent) {
      seen.push_back(intent);
      const auto refused = answer ? answer(intent) : std::nullopt;
      if (!refused) obey(intent.body);
      channels_.answers.push(session::Answer{intent.id, refused});
    });
    ++snapshot.cycle;
    snapshot.at += units::milliseconds(10);
    channels_.latest.publish(snapshot);
  }

  void train() { snapshot.guidance.stage = session::Stage::Training; }
  [[nodiscard]] bool in_set() const { return snapshot.guidance.stage == session::Stage::Training; }

  cycle::Snapshot snapshot;
  std::function<std::optional<rehab::RefusalCode>(const session::Intent&)> answer;  // nothing: applied
  std::vector<session::Intent> seen;
  int stops = 0;

 private:
  void obey(const session::IntentBody& body) {
    if (const auto* load = std::get_if<session::LoadPrescription>(&body)) {
      snapshot.prescription = load->prescription;
      snapshot.guidance.stage = session::Stage::Ready;
    }
    if (std::holds_alternative<session::Start>(body)) train();
  }
  void end_set(rehab::SetEnd end) {
    snapshot.guidance.stage = session::Stage::Unloading;
    snapshot.guidance.last_set_end = end;
  }

  cycle::Channels& channels_;
};

}  // namespace plinth::service
