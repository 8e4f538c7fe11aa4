// The built page, held in memory. Requests are looked up in a table that was filled at start, so no request
// can name a file that was not there: there is no path to traverse.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace plinth::gateway {

struct Page {
  std::string body;
  std::string_view content_type;
  std::string etag;                // strong, with its quotes
  std::string_view cache_control;  // hashed names are for ever, the rest is asked for again
};

class Site {
 public:
  // Reads every file under `folder`. Errors in words: no folder, no index.html, more than 16 MiB, a file type
  // that the page has no business to have.
  static tl::expected<Site, std::string> read(const std::filesystem::path& folder);

  // The page for the target of a request ("/console?x=1"), or nullptr. "/", "/patient" and "/console" are
  // the one page, which looks at its own address.
  [[nodiscard]] const Page* find(std::string_view target) const;

  [[nodiscard]] std::size_t files() const { return pages_.size(); }

 private:
  std::map<std::string, Page, std::less<>> pages_;
};

}  // namespace plinth::gateway
