// Where inputs enter. Each door brings one input in, and gives what was told and what has changed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/inputs/catalogue.hpp"

namespace plinth::inputs {

// One refusal, as whoever gave the input got it. Doors that speak in one text give it as `why`, `allowed` and
// `next_step` alike.
struct Telling {
  std::string code{};
  std::string field{};
  std::string why{};
  std::string allowed{};
  std::string next_step{};
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct Reply {
  std::vector<Telling> told{};
  bool accepted = false;
  bool hung_up = false;
  std::string changed{};  // what is not as it was before, in words; empty when all of it is
};

Reply through_prescription(const Input& input);       // a console's SetPrescription, at the desk
Reply through_frame(const Input& input);              // the body of a frame, at the desk
Reply through_prescription_file(const Input& input);  // what lies there when the desk opens
Reply through_socket(const Input& input);             // bytes, on the real local socket
Reply through_station(const Input& input);            // steps at a whole station in virtual time
Reply through_station_file(const Input& input);
Reply through_scenario_file(const Input& input);
Reply through_http(const Input& input);
Reply through_websocket(const Input& input);
Reply through_program(const Input& input);  // the command line of one of the programs

}  // namespace plinth::inputs
