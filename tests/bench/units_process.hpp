// The two units as a process of their own on 127.0.0.1, so that their work is not mistaken for ours.
#pragma once

#include <sys/types.h>

#include <string>

namespace plinth::bench {

class UnitsProcess {
 public:
  // On this core, with the same scheduling as the caller.
  explicit UnitsProcess(int core);
  ~UnitsProcess();
  UnitsProcess(const UnitsProcess&) = delete;
  UnitsProcess& operator=(const UnitsProcess&) = delete;
  [[nodiscard]] const std::string& port() const { return port_; }

 private:
  pid_t child_ = -1;
  std::string port_;
};

}  // namespace plinth::bench
