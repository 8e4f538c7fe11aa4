// A folder of this process's own, in memory where the system has such a place, gone with the process.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace plinth::fuzz {

class Scratch {
 public:
  Scratch() {
    std::error_code error;
    const std::filesystem::path memory{"/dev/shm"};
    const auto base =
        std::filesystem::is_directory(memory, error) ? memory : std::filesystem::temp_directory_path();
    std::string name = (base / "plinth-fuzz-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace plinth::fuzz
