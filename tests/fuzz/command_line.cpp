// What somebody types behind plinthctl's options: read exactly, or refused with what would be understood.
#include <cmath>
#include <string>

#include "hmi/ctl/eyes.hpp"
#include "hmi/ctl/prescription_options.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plinth;
  using fuzz::require;
  fuzz::Bytes in{data, size};
  const unsigned which = in.below(6);
  const std::string text{fuzz::as_text(in.all())};
  const auto refused = [&](const auto& result) {
    if (result) return false;
    require(result.error().find("'" + text + "'") != std::string::npos, "a refusal shows what was typed");
    require(result.error().size() > text.size() + 10, "and what would be understood");
    return true;
  };
  v1::Prescription to;
  switch (which) {
    case 0:
      if (refused(ctl::set_phase(to, text))) break;
      require(v1::Phase_IsValid(to.phase()) && to.phase() != v1::PHASE_UNSPECIFIED, "a phase is one of four");
      break;
    case 1:
      if (refused(ctl::set_range(to, text))) break;
      require(to.has_range_low_deg() && to.has_range_high_deg(), "a range has two ends");
      require(std::ranges::count(text, ':') == 1, "with one colon between them");
      break;
    case 2:
      if (refused(ctl::set_tempo(to, text))) break;
      require(to.has_lift_s() && to.has_hold_s() && to.has_lower_s() && to.has_rest_s(),
              "a tempo has four times");
      break;
    case 3: {
      const auto number = ctl::number_in(text);
      if (refused(number) || !std::isfinite(*number)) break;  // what is no number the station refuses
      require(std::ranges::none_of(text, [](char c) { return c == ',' || c == ' ' || c == 'x' || c == 'X'; }),
              "a number is written with a point, and in tens");
      break;
    }
    case 4: {
      const auto count = ctl::count_in(text);
      if (refused(count)) break;
      require(std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }), "a count is digits");
      require(std::to_string(*count) == text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)),
              "and means what it says");
      break;
    }
    default: {
      const auto endpoint = ctl::endpoint_named(text);
      if (!endpoint) {
        require(!endpoint.error().what.empty() && !endpoint.error().next_step.empty(), "a refusal helps");
      } else {
        require("tcp:" + endpoint->host + ":" + endpoint->port == text,
                "an address is read as it is written");
      }
    }
  }
  return 0;
}
