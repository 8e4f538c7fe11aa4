// Those who run the same cycle against the same two units: read both, command both.
#pragma once

#include <memory>
#include <string>

namespace plinth::bench {

class Contender {
 public:
  Contender() = default;
  Contender(const Contender&) = delete;
  Contender& operator=(const Contender&) = delete;
  virtual ~Contender() = default;
  // One cycle; false when an answer was missing.
  virtual bool cycle() = 0;
};

// Raw sockets: the bytes of our own requests in the same order, answers counted and not looked at. The floor.
std::unique_ptr<Contender> raw_sockets(const std::string& port);
// libmodbus as its manual shows it: one request after the other, each answer awaited.
std::unique_ptr<Contender> bare_libmodbus(const std::string& port);
// What the daemon runs: both reads in flight, decoded, the whole step with every rule, encoded, sent.
std::unique_ptr<Contender> plinth_cycle(const std::string& port);

}  // namespace plinth::bench
