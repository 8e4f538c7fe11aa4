// Numbers as people read them in refusals. Private to this folder.
#pragma once

#include <string>
#include <string_view>

namespace plinth::rehab::wording {

// Up to six significant digits, no trailing zeros: "229.4", "-60", "1e+308", "nan".
std::string number(double value);

// An allowed window with its unit, "-60 to -5 °". Both ends are rounded inward to `decimals` places, so that
// what is printed is accepted when somebody types it in.
std::string window(double low, double high, int decimals, std::string_view unit);

// The allowed bound alone, rounded to the safe side: "0.2 s or more".
std::string at_least(double low, int decimals, std::string_view unit);

}  // namespace plinth::rehab::wording
