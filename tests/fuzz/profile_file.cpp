// A device's profile: refused with every mistake in its place and in words, or safe to compile and to run on
// any registers.
#include "drivers/profiles/profile_file.hpp"

#include <string>

#include "drivers/profiles/decode_plan.hpp"
#include "drivers/profiles/drive_class.hpp"
#include "drivers/profiles/encode_plan.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace plinth;
using namespace plinth::drivers::profiles;
using config::Mistake;
using fuzz::require;

bool is_one_line(const std::string& text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void check_mistakes(const std::vector<Mistake>& mistakes, std::string_view text) {
  require(!mistakes.empty(), "a refused file has a mistake");
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  std::uint32_t last = 1;
  for (const Mistake& mistake : mistakes) {
    require(is_one_line(config::in_words(mistake)), "a mistake is one line, fit for a terminal");
    require(!mistake.next_step.empty() || !mistake.allowed.empty(), "a mistake says what would be right");
    require(mistake.line <= lines, "a mistake is somewhere in the file");
    const std::uint32_t place = mistake.line == 0 ? UINT32_MAX : mistake.line;
    require(place >= last, "mistakes are in the order of the lines");
    last = place;
    require(mistake.kind == Mistake::Kind::NotToml || !mistake.key.empty(), "a mistake names its key");
  }
}

// Registers that have nothing to do with the file: they are made of its own bytes.
std::vector<std::uint16_t> registers_like(std::string_view text, std::size_t count) {
  std::vector<std::uint16_t> words(count);
  for (std::size_t at = 0; at < count; ++at)
    words[at] = static_cast<std::uint16_t>(text[at % text.size()] * 257 + static_cast<int>(at));
  return words;
}

void check_reading(const Profile& profile, std::size_t block, std::string_view text) {
  require(profile.reads[block].count <= profile.link.max_read_registers, "a block can be asked for");
  const DecodePlan plan{profile, block};
  Decoded decoded;
  (void)plan.decode(registers_like(text, plan.words()), decoded);
  for (const Field& field : profile.fields) {
    if (field.block != block) continue;
    const auto at = plan.value_named(field.name);
    require(at.has_value() != plan.word_named(field.name).has_value(), "a field is a number or bits");
    if (!at) continue;
    const auto value = decoded.value(*at);
    if (!value) continue;
    // Half a number more, since the scale rounds.
    const double raw = *value / (field.scale.num / field.scale.den);
    require(raw >= static_cast<double>(field.plausible.lowest) - 0.5 &&
                raw <= static_cast<double>(field.plausible.highest) + 0.5,
            "a value that is there is plausible");
  }
}

void check_writing(const Profile& profile, std::size_t block) {
  require(profile.writes[block].count <= 123, "a block can be written");
  const EncodePlan plan{profile, block};
  std::vector<std::uint16_t> words(plan.words());
  for (const std::int32_t number : {0, 1, -1, 65535, INT32_MAX, INT32_MIN}) {
    const std::vector<std::int32_t> numbers(plan.numbers(), number);
    bool inside = true;
    for (const Setpoint& setpoint : profile.setpoints) {
      if (setpoint.block == block)
        inside = inside && setpoint.range.lowest <= number && number <= setpoint.range.highest;
    }
    require(plan.encode(numbers, words) == inside, "what is out of range is refused, and nothing else");
  }
}

void check_profile(const Profile& profile, std::string_view text) {
  require(!profile.id.empty() && is_one_line(profile.vendor), "a profile has names");
  require((profile.kind == Kind::Drive) == drive_class(profile).has_value(), "every drive has a class");
  for (std::size_t block = 0; block < profile.reads.size(); ++block) check_reading(profile, block, text);
  for (std::size_t block = 0; block < profile.writes.size(); ++block) check_writing(profile, block);
  for (const Mode mode : {Mode::Torque, Mode::Velocity, Mode::Position}) {
    const auto allowed = may_command(profile, mode, {.simulated = false, .external_watchdog = true});
    require(!allowed || profile.trust != Trust::Draft, "a draft moves nothing on a real port");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in{data, size};
  const auto bytes = in.all();
  const std::string_view text = fuzz::as_text(bytes);
  const auto profile = profile_from(text, "device.toml");
  if (profile) {
    check_profile(*profile, text);
  } else {
    check_mistakes(profile.error(), text);
  }
  return 0;
}
