// [[golden]]: conversations that the profile must understand as its writer did.
#include "drivers/profiles/golden.hpp"
#include "drivers/profiles/profile_keys.hpp"

namespace plinth::drivers::profiles {
namespace {

int digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

// "01 03 33 00": two digits a byte, one space between; nothing when it is written otherwise.
std::optional<std::vector<std::uint8_t>> bytes_in(const std::string& text) {
  std::vector<std::uint8_t> bytes;
  if (text.size() % 3 != 2 || text.size() > 3 * 256) return std::nullopt;
  for (std::size_t at = 0; at < text.size(); at += 3) {
    const int high = digit_of(text[at]);
    const int low = digit_of(text[at + 1]);
    if (high < 0 || low < 0 || (at + 2 < text.size() && text[at + 2] != ' ')) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::vector<std::uint8_t> frame_in(Table& table, std::string_view key) {
  const auto text = table.text(
      key, Need::Must, "bytes in hex with a space between, from unit to checksum",
      [](const std::string& written) { return bytes_in(written).has_value(); },
      R"(Write it like "01 03 33 00 00 05 8A 8D".)");
  return text ? bytes_in(*text).value_or(std::vector<std::uint8_t>{}) : std::vector<std::uint8_t>{};
}

template <typename Named>
void read_numbers(Table& table, const std::vector<Named>& all, GoldenFrame& frame) {
  constexpr config::Numbers AnyOf32Bits{-4294967295.0, 4294967295.0};
  for (const std::string& name : table.names()) {
    const auto place = place_of(name, all);
    const auto number = table.number(name, Need::May, AnyOf32Bits);
    if (!place) {
      table.conflict(name, "a name that the file has: " + names_of(all), "Correct the name.");
    } else if (number) {
      frame.expect.push_back({*place, *number});
    }
  }
}

GoldenFrame golden_in(Table& table, const Profile& profile) {
  GoldenFrame frame;
  const auto name = table.text(
      "name", Need::Must, "1 to 120 bytes of text on one line",
      [](const std::string& text) {
        return !text.empty() && text.size() <= 120 && std::ranges::none_of(text, config::is_control);
      },
      "Say what is special about it.");
  frame.name = name.value_or("");
  frame.request = frame_in(table, "request");
  frame.response = frame_in(table, "response");
  Table& expect = table.inner("expect", Need::Must, "raw, status, missing; or write");
  const bool writes = frame.request.size() > 1 && frame.request[1] > 4;
  if (writes) {
    read_numbers(expect.inner("write", Need::Must, "the numbers that are written"), profile.setpoints, frame);
  } else {
    read_numbers(expect.inner("raw", Need::May), profile.fields, frame);
    frame.flags = references(expect, "status", profile.flags);
    frame.missing = references(expect, "missing", profile.fields);
  }
  return frame;
}

}  // namespace

void read_golden(Reading& reading) {
  Profile& profile = reading.profile;
  for (Table* const table : reading.file.each("golden")) {
    profile.golden.push_back(golden_in(*table, profile));
    if (!reading.book.empty()) continue;  // a profile that is wrong already would misread it
    if (const auto wrong = difference(profile, profile.golden.back())) {
      table->conflict_within("not what this profile makes of it: " + *wrong,
                             "a frame and a profile that agree",
                             "Look both up in the manual: one of them is wrong.");
    }
  }
  if (profile.trust == Trust::Draft || !reading.book.empty()) return;
  auto lacking = not_shown(profile);
  if (profile.golden.empty()) lacking.insert(lacking.begin(), "any frame at all");
  for (const std::string& line : lacking) {
    reading.book.add(config::Mistake::Kind::Missing, {}, "[[golden]]", "",
                     "frames of the manual that show " + line, "Add one, or say trust = \"draft\".");
  }
}

}  // namespace plinth::drivers::profiles
