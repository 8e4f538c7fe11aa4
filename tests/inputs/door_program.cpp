// The real programs, from the command line.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <set>

#include "tests/inputs/doors.hpp"
#include "tests/service/temporary_folder.hpp"

namespace plinth::inputs {
namespace {

constexpr int PatienceMs = 20'000;

// A port on which somebody listens already.
class TakenPort {
 public:
  TakenPort() : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
        ::listen(socket_, 1) == 0 &&
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
      number_ = ntohs(address.sin_port);
    }
  }
  ~TakenPort() { ::close(socket_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;
  [[nodiscard]] std::string number() const { return std::to_string(number_); }

 private:
  int socket_;
  int number_ = 0;
};

std::string with(std::string text, const std::string& name, const std::string& value) {
  for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
  return text;
}

std::set<std::string> files_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) names.insert(entry.path());
  return names;
}

struct Ending {
  int status = -1;
  std::string said;  // on both streams
};

Ending run(std::vector<std::string> words) {
  words.front() = std::string{PLINTH_BIN} + "/" + words.front();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::dup2(pipe[1], STDERR_FILENO);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  Ending ending;
  std::array<char, 4096> buffer{};
  pollfd readable{.fd = pipe[0], .events = POLLIN, .revents = 0};
  while (::poll(&readable, 1, PatienceMs) > 0) {
    const ssize_t size = ::read(pipe[0], buffer.data(), buffer.size());
    if (size <= 0) break;
    ending.said.append(buffer.data(), static_cast<std::size_t>(size));
  }
  ::close(pipe[0]);
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) == 0) {
    // It may just be ending; one that serves is not.
    for (int i = 0; i < 100 && ::waitpid(child, &status, WNOHANG) == 0; ++i) ::usleep(10'000);
    if (::kill(child, 0) == 0) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
    }
  }
  if (WIFEXITED(status)) ending.status = WEXITSTATUS(status);
  return ending;
}

}  // namespace

Reply through_program(const Input& input) {
  const service::TemporaryFolder folder;
  const service::TemporaryFolder web;
  service::write_text(web.path() / "index.html", "<!doctype html>");
  const TakenPort taken;
  std::vector<std::string> words;
  for (const std::string& word : input.words) {
    words.push_back(with(with(with(word, "@folder@", folder.path().string()), "@web@", web.path().string()),
                         "@taken@", taken.number()));
  }
  const auto before = files_in(folder.path());
  const Ending ending = run(words);
  // The row names the port as it was given.
  const std::string said = with(ending.said, ":" + taken.number(), ":@taken@");
  Reply reply{.told = {{.code = std::to_string(ending.status),
                        .field = {},
                        .why = said,
                        .allowed = said,
                        .next_step = said}},
              .accepted = ending.status == 0};
  if (files_in(folder.path()) != before) reply.changed = "files were written; ";
  return reply;
}

}  // namespace plinth::inputs
