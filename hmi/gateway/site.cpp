#include "hmi/gateway/site.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>
#include <utility>

namespace plinth::gateway {
namespace {

constexpr std::size_t MostBytes = std::size_t{16} * 1024 * 1024;

std::optional<std::string_view> content_type_of(const std::filesystem::path& file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> Types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".webmanifest", "application/manifest+json"},
      {".json", "application/json"},
      {".txt", "text/plain; charset=utf-8"},
  }};
  const std::string extension = file.extension().string();
  for (const auto& [ending, type] : Types) {
    if (extension == ending) return type;
  }
  return std::nullopt;
}

// FNV-1a, 64 bit: tells versions of a file apart; it protects nothing.
std::string etag_of(std::string_view body) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : body) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  constexpr std::string_view Digits = "0123456789abcdef";
  std::string text = "\"";
  for (int shift = 60; shift >= 0; shift -= 4) text += Digits[(hash >> static_cast<unsigned>(shift)) & 0xFU];
  return text + "\"";
}

}  // namespace

tl::expected<Site, std::string> Site::read(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    return tl::unexpected{"web folder " + folder.string() +
                          " does not exist; build the page (npm ci && npm run build in hmi/web)"};
  }
  Site site;
  std::size_t bytes = 0;
  for (auto entry = std::filesystem::recursive_directory_iterator{folder, error};
       !error && entry != std::filesystem::recursive_directory_iterator{}; entry.increment(error)) {
    // A symbolic link may lead out of the folder; the build makes none.
    if (entry->is_symlink() || !entry->is_regular_file()) continue;
    const auto type = content_type_of(entry->path());
    if (!type) {
      return tl::unexpected{entry->path().string() + ": a file of this kind is not served; remove it"};
    }
    std::ifstream file{entry->path(), std::ios::binary};
    std::string body{std::istreambuf_iterator<char>{file}, {}};
    if (!file) return tl::unexpected{entry->path().string() + ": cannot be read"};
    bytes += body.size();
    if (bytes > MostBytes) return tl::unexpected{folder.string() + ": the page is larger than 16 MiB"};
    const std::string name = "/" + entry->path().lexically_relative(folder).generic_string();
    // Vite puts a hash of the content into the names under assets/.
    const std::string_view cache =
        name.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
    Page page{std::move(body), *type, {}, cache};
    page.etag = etag_of(page.body);
    site.pages_.emplace(name, std::move(page));
  }
  if (error) return tl::unexpected{folder.string() + ": " + error.message()};
  if (!site.pages_.contains("/index.html")) {
    return tl::unexpected{folder.string() +
                          " holds no index.html; build the page (npm run build in hmi/web)"};
  }
  return site;
}

const Page* Site::find(std::string_view target) const {
  const std::string_view path = target.substr(0, target.find('?'));
  const bool a_view = path == "/" || path == "/patient" || path == "/console";
  const auto found = pages_.find(a_view ? std::string_view{"/index.html"} : path);
  return found == pages_.end() ? nullptr : &found->second;
}

}  // namespace plinth::gateway
