// A mistake in a file that people write.
#pragma once

#include <cstdint>
#include <string>

namespace plinth::config {

struct Mistake {
  enum class Kind : std::uint8_t {
    Unreadable,    // the file is missing, a folder, not readable, or too large
    NotToml,       // not TOML from here on, a key said twice, or not UTF-8
    UnknownKey,    //
    Missing,       // a key or table that must be there
    WrongType,     // a text where a number belongs, and the like
    OutsideRange,  // of the right type, but not a value that is allowed
    Conflict,      // allowed by itself, but not together with another value
  };
  Kind kind;
  std::string file;
  std::uint32_t line = 0;  // 1…; 0 when it concerns the whole file
  std::uint32_t column = 0;
  std::string key;        // "drive.unit"; empty when it concerns no key
  std::string found;      // what stands there, as written; empty when nothing does
  std::string allowed;    // what would be right; empty when that has no meaning
  std::string next_step;  // what to do, a sentence

  friend bool operator==(const Mistake&, const Mistake&) = default;
};

// "station.toml:12:8: drive.unit is 300. Allowed: a whole number from 1 to 247. Set it to …"
std::string in_words(const Mistake& mistake);

}  // namespace plinth::config
