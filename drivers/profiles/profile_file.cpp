#include "drivers/profiles/profile_file.hpp"

#include "controller/config/text_file.hpp"
#include "drivers/profiles/profile_keys.hpp"

namespace plinth::drivers::profiles {

tl::expected<Profile, std::vector<config::Mistake>> profile_from(std::string_view text,
                                                                 const std::filesystem::path& file) {
  Book book{file.string()};
  const auto parsed = config::toml_in(text, book);
  if (!parsed) return tl::unexpected{std::move(book).in_order()};
  Table whole_file{book, *parsed};
  Reading reading{.file = whole_file, .book = book};
  read_about(reading);
  read_link(reading);
  read_blocks(reading);
  read_drive(reading);
  read_writes(reading);
  read_commands(reading);
  read_golden(reading);
  whole_file.refuse_unknown_keys(whole_file);
  if (!book.empty()) return tl::unexpected{std::move(book).in_order()};
  return std::move(reading.profile);
}

tl::expected<Profile, std::vector<config::Mistake>> read_profile(const std::filesystem::path& file) {
  const auto text = config::text_of(
      file, {.start_from = "Start from a profile of drivers/profiles.", .name = "profile file"});
  if (!text) return tl::unexpected{text.error()};
  return profile_from(*text, file);
}

}  // namespace plinth::drivers::profiles
