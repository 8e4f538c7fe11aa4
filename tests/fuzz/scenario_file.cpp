// A scenario: refused in words, or one that a station would train.
#include <exception>
#include <string>

#include "simulator/scenario.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plinth;
  using fuzz::require;
  fuzz::Bytes in{data, size};
  const auto bytes = in.all();
  const auto scenario = simulator::parse_scenario(fuzz::as_text(bytes), "patient.toml");
  if (!scenario) {
    require(!scenario.error().empty(), "a refused file has a mistake");
    for (const simulator::Mistake& mistake : scenario.error()) {
      const std::string words = simulator::in_words(mistake);
      require(words.starts_with("patient.toml:") && !mistake.what.empty(), "a mistake says where and what");
      require(std::ranges::none_of(words, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
              "a mistake is one line, fit for a terminal");
    }
    return 0;
  }
  require(scenario->duration > units::Duration{} && scenario->duration <= units::milliseconds(86'400'000),
          "a story ends within a day");
  require(!scenario->name.empty(), "a story has a name");
  const rehab::Prescription prescription = simulator::prescription_of(*scenario);
  const simulator::Routine routine = simulator::routine_of(*scenario);
  require(routine.reps == prescription.reps() && routine.reps > 0, "the patient knows the prescription");
  for (const simulator::PlannedFault& fault : scenario->faults) {
    require(!fault.lasts || *fault.lasts > units::Duration{}, "a fault that ends has lasted");
    require(simulator::fault_named(simulator::name_of(fault.kind)) == fault.kind, "a fault has its name");
  }
  return 0;
}
