// The text of a file that people write.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "controller/config/mistake.hpp"

namespace plinth::config {

// What to tell whoever named the wrong file.
struct FileAdvice {
  std::string_view start_from;  // where there is no such file: "Start from deploy/station.example.toml."
  std::string_view name;        // "station file"
};

// At most 1 MiB of text; or the one mistake for which it cannot be read.
tl::expected<std::string, std::vector<Mistake>> text_of(const std::filesystem::path& file,
                                                        const FileAdvice& advice);

}  // namespace plinth::config
