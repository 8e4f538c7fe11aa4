#include "hmi/ctl/prescription_options.hpp"

#include <charconv>
#include <optional>
#include <vector>

namespace plinth::ctl {
namespace {

// The numbers of `text` between its separators; nothing when one is none. A separator straight after another
// (or at the beginning) belongs to the number: "-60:-5".
std::optional<std::vector<double>> numbers_in(std::string_view text, char separator) {
  std::vector<double> numbers;
  while (true) {
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return numbers;
    if (text.front() != separator) return std::nullopt;
    text.remove_prefix(1);
  }
}

}  // namespace

tl::expected<void, std::string> set_phase(v1::Prescription& to, std::string_view text) {
  if (text == "foundation") {
    to.set_phase(v1::PHASE_FOUNDATION);
  } else if (text == "strength") {
    to.set_phase(v1::PHASE_STRENGTH);
  } else if (text == "integrated") {
    to.set_phase(v1::PHASE_INTEGRATED);
  } else if (text == "maintenance") {
    to.set_phase(v1::PHASE_MAINTENANCE);
  } else {
    return tl::unexpected{"'" + std::string{text} +
                          "' is no phase: foundation, strength, integrated or maintenance"};
  }
  return {};
}

tl::expected<void, std::string> set_range(v1::Prescription& to, std::string_view text) {
  const auto ends = numbers_in(text, ':');
  if (!ends || ends->size() != 2) {
    return tl::unexpected{"'" + std::string{text} +
                          "' is no range: write its low and high end in degrees, as in --range=-60:-5"};
  }
  to.set_range_low_deg(ends->front());
  to.set_range_high_deg(ends->back());
  return {};
}

tl::expected<void, std::string> set_tempo(v1::Prescription& to, std::string_view text) {
  const auto times = numbers_in(text, '-');
  if (!times || times->size() != 4) {
    return tl::unexpected{"'" + std::string{text} +
                          "' is no tempo: write lift-hold-lower-rest in seconds, as in --tempo 2-1-4-0"};
  }
  to.set_lift_s((*times)[0]);
  to.set_hold_s((*times)[1]);
  to.set_lower_s((*times)[2]);
  to.set_rest_s((*times)[3]);
  return {};
}

tl::expected<double, std::string> number_in(std::string_view text) {
  const auto numbers = numbers_in(text, '\0');
  if (numbers && numbers->size() == 1) return numbers->front();
  return tl::unexpected{
      "'" + std::string{text} +
      "' is no number: write it without its unit and with a point as the decimal sign, as in 78.5"};
}

tl::expected<std::uint32_t, std::string> count_in(std::string_view text) {
  std::uint32_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc{} && stopped == end) return count;
  return tl::unexpected{"'" + std::string{text} + "' is no count: write a whole number, as in 8"};
}

}  // namespace plinth::ctl
