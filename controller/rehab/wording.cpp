#include "controller/rehab/wording.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace plinth::rehab::wording {
namespace {

// A bound that is a round number but for the last bits of a conversion (-45.00000000000001°) stays round.
constexpr double ConversionNoise = 1e-9;

double rounded_up(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::ceil(value * scale - ConversionNoise) / scale;
}

double rounded_down(double value, int decimals) {
  const double scale = std::pow(10.0, decimals);
  return std::floor(value * scale + ConversionNoise) / scale;
}

}  // namespace

std::string number(double value) {
  if (value == 0.0) return "0";         // also minus zero
  if (std::isnan(value)) return "nan";  // whatever its sign
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6).ptr;
  return {text.data(), end};
}

std::string window(double low, double high, int decimals, std::string_view unit) {
  std::string text = number(rounded_up(low, decimals)) + " to " + number(rounded_down(high, decimals));
  if (!unit.empty()) text.append(" ").append(unit);
  return text;
}

std::string at_least(double low, int decimals, std::string_view unit) {
  std::string text = number(rounded_up(low, decimals));
  if (!unit.empty()) text.append(" ").append(unit);
  return text + " or more";
}

}  // namespace plinth::rehab::wording
