#include "tests/bench/units_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <stdexcept>

#include "controller/cycle/real_time.hpp"
#include "tests/drivers/fake_server.hpp"

namespace plinth::bench {
namespace {

[[noreturn]] void serve(int port_out, int core) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // never outlives the benchmark
  (void)cycle::schedule_real_time({.cpu = core});
  drivers::test::FakeServer server;
  const std::uint16_t port = server.port();
  (void)!::write(port_out, &port, sizeof port);
  for (;;) ::pause();
}

}  // namespace

UnitsProcess::UnitsProcess(int core) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  child_ = ::fork();
  if (child_ == 0) serve(ends[1], core);
  std::uint16_t port = 0;
  const bool told = child_ > 0 && ::read(ends[0], &port, sizeof port) == sizeof port;
  ::close(ends[0]);
  ::close(ends[1]);
  if (!told) throw std::runtime_error("the units did not start");
  port_ = std::to_string(port);
}

UnitsProcess::~UnitsProcess() {
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

}  // namespace plinth::bench
