#include "controller/config/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

namespace plinth::config {
namespace {

constexpr std::size_t LargestFile = 1 << 20;

tl::unexpected<std::vector<Mistake>> unreadable(const std::filesystem::path& file, std::string reason,
                                                std::string next_step) {
  return tl::unexpected{std::vector{Mistake{.kind = Mistake::Kind::Unreadable,
                                            .file = file.string(),
                                            .key = "",
                                            .found = std::move(reason),
                                            .allowed = "",
                                            .next_step = std::move(next_step)}}};
}

}  // namespace

tl::expected<std::string, std::vector<Mistake>> text_of(const std::filesystem::path& file,
                                                        const FileAdvice& advice) {
  const std::string name{advice.name};
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) {
    return unreadable(file, "there is no such file", std::string{advice.start_from});
  }
  if (std::filesystem::is_directory(status)) {
    return unreadable(file, "it is a folder", "Name the " + name + " inside it.");
  }
  std::ifstream stream{file, std::ios::binary};
  if (!stream) {
    return unreadable(file, std::strerror(errno),  // NOLINT(concurrency-mt-unsafe): start-up, one thread
                      "Let the user who runs plinthd read it.");
  }
  std::string text(LargestFile + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > LargestFile) {
    return unreadable(file, "it is larger than 1 MiB", "Name the " + name + "; this is something else.");
  }
  return text;
}

}  // namespace plinth::config
