// tests/inputs/catalogue.toml as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plinth::inputs {

// One bad input and what must be told about it. What a row leaves out is not looked at.
struct Input {
  int number = 0;
  std::string name;
  std::string door;

  // What is given. `text` is the given text, or the bytes that hexadecimal digits meant.
  std::string text;
  std::vector<std::string> words;  // a command line, or the steps at a station
  std::string base;                // prescription: what lies under the given values; JSON
  std::string replace;             // station file: the text in whose place the given one comes
  std::string role;                // frame: "console", "patient", "viewer", or "none" for no introduction
  std::string closed_by;           // frame: bytes behind the given ones, as often as these
  int times = 1;                   // the text as often, in one message
  int messages = 1;                // and the message as often
  int opcode = 2;                  // WebSocket
  bool masked = true;              //
  bool folder = false;             // a folder lies where the file should
  double patient_kg = 78.0;        // station
  bool nobody_there = false;       //
  std::optional<int> estop_from_ms;

  // What must come of it.
  bool accepted = false;
  bool hangs_up = false;
  bool reaches_control = false;  // some of it may
  std::string code;
  std::string field;
  std::string why;
  std::string allowed;
  std::string next_step;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// Numbers that nothing in the product can be given yet, and why.
struct NotYet {
  int from = 0;
  int to = 0;
  std::string what;
  std::string because;
};

// A refusal that no input alone brings about, and the test that does.
struct Elsewhere {
  std::string code;
  std::string test;
};

struct Catalogue {
  std::vector<Input> inputs;
  std::vector<NotYet> not_yet;
  std::vector<Elsewhere> elsewhere;
};

// Throws std::runtime_error when the file is no catalogue: a key that nobody knows is a slip of the pen.
const Catalogue& catalogue();

}  // namespace plinth::inputs
