// Keeps the loaded prescription across restarts, in one file that is either the old one or the new one.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <tl/expected.hpp>

#include "controller/rehab/prescription.hpp"

namespace plinth::service {

// Nothing, or why not: a sentence with the path and the system's reason.
using Written = tl::expected<void, std::string>;

// In two steps, because a prescription must be on the disk before it comes into force and must not be read
// back before it has: stage() writes and flushes a file beside the kept one, commit() lets it take the kept
// one's place. A power cut at any moment leaves one whole prescription.
class PrescriptionFile {
 public:
  explicit PrescriptionFile(std::filesystem::path path);

  // What is kept, checked anew by every rule; nothing when nothing was ever kept. The error says what is
  // wrong with which file: a damaged one is never replaced by a default.
  [[nodiscard]] tl::expected<std::optional<rehab::Prescription>, std::string> load() const;

  // After an error the kept one still stands. Both flush, so both may take seconds on a slow card.
  [[nodiscard]] Written stage(const rehab::Prescription& prescription) const;
  [[nodiscard]] Written commit() const;
  void discard() const;

 private:
  std::filesystem::path path_;
  std::filesystem::path staged_;  // beside it: a rename is atomic only within one file system
};

}  // namespace plinth::service
