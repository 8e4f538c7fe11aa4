#include "controller/config/mistake.hpp"

namespace plinth::config {
namespace {

std::string what(const Mistake& mistake) {
  switch (mistake.kind) {
    case Mistake::Kind::Unreadable:
      return "the file cannot be read: " + mistake.found;
    case Mistake::Kind::NotToml:
      return "not TOML from here on: " + mistake.found;
    case Mistake::Kind::UnknownKey:
      return mistake.key + " is not known";
    case Mistake::Kind::Missing:
      return mistake.key + " is missing";
    case Mistake::Kind::WrongType:
    case Mistake::Kind::OutsideRange:
    case Mistake::Kind::Conflict:
      return mistake.key + " is " + mistake.found;
  }
  return mistake.key;
}

}  // namespace

std::string in_words(const Mistake& mistake) {
  std::string words = mistake.file;
  if (mistake.line != 0) {
    words.append(":").append(std::to_string(mistake.line)).append(":").append(std::to_string(mistake.column));
  }
  words.append(": ").append(what(mistake)).append(".");
  if (!mistake.allowed.empty()) words.append(" Allowed: ").append(mistake.allowed).append(".");
  if (!mistake.next_step.empty()) words.append(" ").append(mistake.next_step);
  return words;
}

}  // namespace plinth::config
