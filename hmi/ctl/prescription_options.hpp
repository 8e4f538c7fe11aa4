// A prescription as somebody writes it on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "plinth/v1/plinth.pb.h"

namespace plinth::ctl {

// Each sets its fields, or gives a sentence with what would be understood. Only the form is read here: what
// is allowed, the station decides.
[[nodiscard]] tl::expected<void, std::string> set_phase(v1::Prescription& to, std::string_view text);
// "-60:-5"
[[nodiscard]] tl::expected<void, std::string> set_range(v1::Prescription& to, std::string_view text);
// "2-1-4-0": lift, hold, lower, rest; seconds, with a decimal point where needed
[[nodiscard]] tl::expected<void, std::string> set_tempo(v1::Prescription& to, std::string_view text);

// "78.5"; a comma, a unit or a hexadecimal digit is no part of a number.
[[nodiscard]] tl::expected<double, std::string> number_in(std::string_view text);
// "10"; in tens, whatever it begins with, so that "010" is not 8.
[[nodiscard]] tl::expected<std::uint32_t, std::string> count_in(std::string_view text);

}  // namespace plinth::ctl
