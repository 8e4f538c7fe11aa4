// The control cycle allocates nothing: every global operator new of this program counts.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "controller/cycle/channels.hpp"
#include "controller/cycle/control_cycle.hpp"
#include "drivers/direct_machine.hpp"
#include "simulator/virtual_station.hpp"

namespace {

std::atomic<std::uint64_t> allocations{0};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void* counted(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;  // NOLINT(cppcoreguidelines-no-malloc)
  throw std::bad_alloc{};
}

}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads,cppcoreguidelines-no-malloc)
void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
// NOLINTEND(misc-new-delete-overloads,cppcoreguidelines-no-malloc)

namespace plinth::cycle {
namespace {

constexpr units::Duration Period = units::milliseconds(10);

TEST(Allocation, IsNoticedByThisTest) {
  const auto before = allocations.load();
  delete new int{1};
  EXPECT_EQ(allocations.load(), before + 1);
}

TEST(ControlCycle, AllocatesNothingFromBootThroughATrainedSet) {
  simulator::VirtualStation station{simulator::StationSetup{}};
  drivers::DirectMachine machine{
      [&station](std::uint8_t unit, std::span<const std::uint8_t> request, std::span<std::uint8_t> reply) {
        return station.handle(unit, request, reply);
      }};
  (void)machine.bring_up(safety::installed_limits(std::nullopt, Period),
                         [&station](units::Duration span) { station.advance_to(station.now() + span); });
  auto draft = rehab::defaults_of(rehab::Phase::Strength);
  draft.sets = 1;
  draft.reps = 2;
  const auto prescription = rehab::Prescription::checked(draft, rehab::typical_person(units::kilograms(78)));
  ASSERT_TRUE(prescription.has_value());

  auto state = std::make_unique<CycleState>(sensing::Calibration{}, Period);
  auto channels = std::make_unique<Channels>();
  std::uint64_t inside = 0;
  std::uint64_t granted = 0;
  for (std::uint64_t id = 1; id <= 4000; ++id) {
    station.advance_to(station.now() + Period);
    const units::Instant now{station.now()};
    CycleInput in{.sample = {}, .intent = std::nullopt, .stop = false, .now = now};
    if (id == 10) in.intent = session::Intent{.id = id, .body = session::LoadPrescription{*prescription}};
    if (id == 200)
      in.intent = session::Intent{.id = id, .body = session::Reset{safety::LatchLevel::Therapist}};
    if (id == 300) in.intent = session::Intent{.id = id, .body = session::Start{}};
    bool install = false;
    {
      const auto before = allocations.load();
      in.sample = machine.read(now);
      const CycleOutput out = step(*state, in);
      machine.write(out.command);
      channels->latest.publish(out.snapshot);
      channels->recorder.push(record_of(in, out.snapshot));
      inside += allocations.load() - before;
      install = out.install_limits;
      if (out.snapshot.verdict.permission == safety::Permission::Granted) ++granted;
      simulator::GuideView view;
      view.hold_grips = out.snapshot.guidance.stage != session::Stage::Ready;
      view.moving = out.snapshot.guidance.stage == session::Stage::Training;
      view.target = out.snapshot.guidance.expectation.target;
      view.target_speed = out.snapshot.guidance.expectation.target_speed;
      station.show_guide(view);
    }
    if (install) machine.install(safety::installed_limits(state->limits, Period));
  }
  EXPECT_GT(granted, 1000U) << "a set was trained while counting";
  EXPECT_EQ(inside, 0U);
}

}  // namespace
}  // namespace plinth::cycle
