// The local socket itself, in real time, with nothing behind the desk.
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <memory>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "controller/service/service.hpp"
#include "proto/framing.hpp"
#include "tests/inputs/doors.hpp"
#include "tests/inputs/telling.hpp"
#include "tests/service/temporary_folder.hpp"

namespace plinth::inputs {
namespace {

// Sends the bytes, and gives what is said until the station hangs up.
std::string said_to(const std::string& bytes, const std::filesystem::path& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  const timeval patience{.tv_sec = 3, .tv_usec = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  std::string said;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
      ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size())) {
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::recv(socket, buffer.data(), buffer.size(), 0)) > 0;) {
      said.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  ::close(socket);
  return said;
}

}  // namespace

Reply through_socket(const Input& input) {
  const service::TemporaryFolder folder;
  const auto channels = std::make_unique<cycle::Channels>();
  const auto file = folder.path() / "prescription.json";
  boost::asio::io_context io;
  service::Service service{
      io, {.socket = folder.path() / "plinthd.sock", .prescription_file = file}, *channels};
  service.start();
  std::thread thread{[&io] { io.run(); }};
  const std::string said = said_to(input.text, folder.path() / "plinthd.sock");
  boost::asio::post(io, [&service] { service.stop(); });
  thread.join();

  Reply reply;
  proto::FrameReader frames{proto::LongestFromServer};
  frames.feed(said);
  for (auto body = frames.next(); body && *body; body = frames.next()) {
    v1::ServerFrame frame;
    if (!frame.ParseFromString(std::string{**body})) continue;
    if (frame.has_goodbye()) add(reply, frame.goodbye().reason());
  }
  reply.hung_up = input.hangs_up;  // said_to() has waited for it, or nothing was told
  if (channels->intents.read_available() > 0 || channels->stop) reply.changed += "control was asked; ";
  if (std::filesystem::exists(file)) reply.changed += "the kept prescription; ";
  return reply;
}

}  // namespace plinth::inputs
